"""From the packages to the coins: the form with both consents, and no dead end behind any outcome."""

from typing import Any

import pytest

from bot.domain.packages import MOST_PACKAGES
from sandbox.discord.people import Refused
from tests import books
from tests.bot.buying import buy_package, consent, consent_form, labels, link_of, order_package
from tests.bot.test_journeys import wait_text
from tests.rig import Rig, Town
from tests.ui.test_panels import component, pressed

ORDERS = "SELECT count(*) FROM orders WHERE guild_id = ?"


async def test_the_form_shows_the_whole_price_and_two_boxes_that_nobody_has_ticked(town: Town) -> None:
    form = await consent_form(town)
    (boxes,) = form.fields
    text = form.components[0]["content"]

    assert "$0.99" in text
    assert "70 coins" in text
    assert "cannot be turned back into money" in text
    assert "Test mode" in text
    assert [option.get("default", False) for option in boxes["options"]] == [False, False]


async def test_one_box_is_not_enough_for_discord_nor_for_the_bot(rig: Rig, town: Town) -> None:
    form = await consent_form(town)
    (boxes,) = form.fields
    with pytest.raises(Refused):
        await town.mia.submit(form, **{boxes["custom_id"]: ["0"]})

    boxes["min_values"] = 1  # as no client would
    refusal = await (await town.mia.submit(form, **{boxes["custom_id"]: ["0"]})).message()

    assert refusal.text.startswith("Tick both boxes")
    assert books.only_value(rig.database, ORDERS, town.guild.id) == 0


async def test_an_order_keeps_the_version_of_the_text_and_the_time(rig: Rig, town: Town) -> None:
    await order_package(town)

    ((version, at_ms),) = books.rows(
        rig.database, "SELECT consent_version, consented_ms FROM orders WHERE guild_id = ?", town.guild.id
    )

    assert version == 1
    assert at_ms > 0


async def test_a_form_that_is_sent_twice_is_one_order(rig: Rig, town: Town) -> None:
    form = await consent_form(town)
    (boxes,) = form.fields
    sent = [await town.mia.submit(form, **{boxes["custom_id"]: ["0", "1"]}) for _ in range(2)]
    answers = [await exchange.message() for exchange in sent]

    assert books.only_value(rig.database, ORDERS, town.guild.id) == 1
    assert any("Waiting for your payment" in answer.text for answer in answers)


@pytest.mark.parametrize(
    ("change", "news", "price"),
    [
        ({"price": "5.00"}, "from 🪙\xa070 coins for $0.99 to 🪙\xa070 coins for $5.00", "$5.00"),
        ({"coins": 60}, "from 🪙\xa070 coins for $0.99 to 🪙\xa060 coins for $0.99", "60 coins"),
        ({"currency": "EUR"}, "from 🪙\xa070 coins for $0.99 to 🪙\xa070 coins for €0.99", "€0.99"),
        ({"archived": True}, "no longer on sale", None),
    ],
)
async def test_a_package_that_changed_while_the_form_was_open_is_offered_anew(
    rig: Rig, town: Town, change: dict[str, Any], news: str, price: str | None
) -> None:
    panel = await (await town.mia.slash("buy")).message()
    form = await (await town.mia.click(panel, "Buy for $0.99")).modal()
    await (await town.sam.slash("packages edit", package="1", **change)).message()

    refusal = await consent(town.mia, form)

    assert news in refusal.text
    assert "You haven't been charged" in refusal.text
    assert books.only_value(rig.database, ORDERS, town.guild.id) == 0
    assert "See all packages" in labels(refusal)
    assert ("See the new price" in labels(refusal)) == (price is not None)
    if price is not None:
        new_form = await (await town.mia.click(refusal, "See the new price")).modal()
        assert price in new_form.components[0]["content"]


@pytest.mark.parametrize(
    ("action", "title", "reason"),
    [
        ("decline", "Payment declined", "provider declined your payment"),
        ("cancel", "Not paid", "checkout closed before you paid"),
    ],
)
async def test_a_payment_that_came_to_nothing_is_called_what_it_was_and_can_be_tried_again(
    rig: Rig, town: Town, action: str, title: str, reason: str
) -> None:
    panel = await buy_package(town, "70 ")
    await rig.pay(link_of(panel), action)
    await wait_text(panel, title)
    text = panel.text

    await consent(town.mia, await (await town.mia.click(panel, "Try again")).modal())
    await rig.pay(link_of(panel))
    await wait_text(panel, r"Receipt #1\b")

    assert reason in text
    assert "You haven't been charged" in text


async def test_a_cancelled_order_can_be_tried_again(town: Town) -> None:
    panel = await order_package(town)
    await pressed(town.mia, panel, "Cancel")

    await consent(town.mia, await (await town.mia.click(panel, "Try again")).modal())

    assert "Waiting for your payment" in panel.text


async def test_a_receipt_leads_to_a_gift_for_the_only_creator(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    panel = await buy_package(town, "70 ")
    await rig.pay(link_of(panel))
    await wait_text(panel, r"Receipt #1\b")

    picker = await (await town.mia.click(panel, "Send a gift")).message()

    assert f"For <@{town.noor.user.id}>" in picker.text
    assert picker.ephemeral_for == town.mia.user.id
    assert "Receipt #1" in panel.text


async def test_a_receipt_asks_for_the_creator_where_there_are_several_and_the_live_one_is_first(
    rig: Rig, town: Town
) -> None:
    await town.approve(town.noor, town.kai)
    await (await town.kai.at(town.live).slash("live start")).message()
    panel = await buy_package(town, "70 ")
    await rig.pay(link_of(panel))
    await wait_text(panel, r"Receipt #1\b")

    question = await (await town.mia.click(panel, "Send a gift")).message()

    assert [option["label"] for option in component(question, "pick-creator")["options"]] == ["Kai", "Noor"]


async def test_a_receipt_in_a_guild_without_creators_says_so(rig: Rig, town: Town) -> None:
    panel = await buy_package(town, "70 ")
    await rig.pay(link_of(panel))
    await wait_text(panel, r"Receipt #1\b")

    answer = await (await town.mia.click(panel, "Send a gift")).message()

    assert "nobody to send a gift to here yet" in answer.text


async def test_as_many_packages_as_there_can_be_have_a_button_each(town: Town) -> None:
    for number in range(MOST_PACKAGES - 7):
        await (await town.sam.slash("packages add", coins=20_000 + number, price=f"300.{number:02}")).message()

    panel = await (await town.mia.slash("buy")).message()
    offers = {label for label in labels(panel) if label.startswith("Buy for")}
    for _ in range(2):
        await pressed(town.mia, panel, "Next")
        offers |= {label for label in labels(panel) if label.startswith("Buy for")}

    assert len(offers) == MOST_PACKAGES


async def test_a_menu_of_an_earlier_version_still_leads_to_its_package(town: Town) -> None:
    panel = await (await town.mia.slash("buy")).message()
    button = component(panel, "Buy for $4.99")
    button["custom_id"] = button["custom_id"].rpartition(":")[0]

    form = await town.mia.press(panel, button, ["2"]).modal()

    assert "350 coins" in form.components[0]["content"]


async def test_a_package_is_found_by_the_number_of_its_coins_however_much_of_it_is_typed(town: Town) -> None:
    for typed in ("14", "1400", "1,4"):
        choices = await town.mia.autocomplete("buy", "package", package=typed)
        assert choices[0]["name"] == "🪙\xa01,470 coins · $19.99"

    forms = [await consent_form(town, typed) for typed in ("1400", "1,400", "1470")]

    assert all("1,470 coins" in form.components[0]["content"] for form in forms)
