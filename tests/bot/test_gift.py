"""/gift over the wire: picking, confirming, stock, and what a member reads."""

import pytest

from bot.ui.text.parsing import parse_priced
from sandbox.discord.model import Message
from tests import books
from tests.bot.picking import part, pressable
from tests.bot.test_missed_receipts import lose_answers, wait_until_missed
from tests.rig import Rig, Town


def button(message: Message, label: str) -> str:
    """Return the label of the button that starts with `label`."""
    return next(c["label"] for c in pressable(message) if c.get("label", "").startswith(label))


async def test_autocomplete_offers_what_the_wallet_can_pay_first(town: Town) -> None:
    await town.grant(town.mia, 20)

    choices = await town.mia.autocomplete("gift", "gift", creator=town.noor.user)
    by_name = await town.mia.autocomplete("gift", "gift", gift="lan", creator=town.noor.user)
    by_price = await town.mia.autocomplete("gift", "gift", gift="49", creator=town.noor.user)

    assert [parse_priced(choice["value"])[0] for choice in choices[:5]] == ["1", "2", "3", "4", "5"]
    assert "🔒" not in choices[3]["name"]
    assert "🔒" in choices[4]["name"]
    assert [parse_priced(choice["value"]) for choice in by_name] == [("8", 199)]
    assert {parse_priced(choice["value"])[0] for choice in by_price} == {"5", "10", "14"}


async def test_a_large_gift_asks_first_and_two_clicks_send_one(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 5_000)
    panel = await town.give(town.mia, "Northern Lights", town.noor, message="for *you* @everyone")
    gifts_before = books.gifts(rig.database, town.guild.id)
    send = button(panel, "Send")
    clicks = [await town.mia.click(panel, send), await town.mia.click(panel, send)]
    for click in clicks:
        await click.wait_for_answer()
    announcement = await town.announced(town.general, "Northern Lights")

    assert gifts_before == []
    assert len(books.gifts(rig.database, town.guild.id)) == 1
    assert "Receipt #2" in panel.text
    assert "for \\*you\\*" in announcement.text


async def test_nobody_reads_or_repeats_the_gift_of_a_panel_that_is_somebody_elses(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 5_000)
    await town.grant(town.leo, 5_000)
    panel = await town.give(town.mia, "Northern Lights", town.noor)
    send = part(panel, "gift-send")
    fault = lose_answers(rig)
    await town.mia.click(panel, send["custom_id"])
    await wait_until_missed(rig, town)
    rig.world.faults.end(fault)

    # Discord lets nobody else see the panel, so Leo's own is given its button.
    own_panel = await town.give(town.leo, "Northern Lights", town.noor)
    forged = part(own_panel, "gift-send")
    forged["custom_id"] = send["custom_id"]
    answer = await town.leo.press(own_panel, forged).message()

    assert "There's no receipt with that number in this server." in answer.text
    assert "Receipt #3" not in answer.text
    assert len(books.gifts(rig.database, town.guild.id)) == 1
    assert "5,000" in await town.balance(town.leo)


@pytest.mark.parametrize("action", ["gift-send", "gift-close"])
async def test_a_panel_that_was_pressed_before_an_upgrade_shows_its_receipt_and_charges_nothing(
    rig: Rig, town: Town, action: str
) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 5_000)
    panel = await town.give(town.mia, "Northern Lights", town.noor)
    fault = lose_answers(rig)
    await town.mia.click(panel, part(panel, "gift-send")["custom_id"])
    await wait_until_missed(rig, town)
    rig.world.faults.end(fault)
    ((seq, key),) = books.gifts(rig.database, town.guild.id)
    # As an earlier version has written it.
    of_row = f"guild_id = {town.guild.id} AND seq = {seq}"
    books.change(rig.database, f"UPDATE journal SET key = '{key}:{town.mia.user.id}' WHERE {of_row}")

    answer = await (await town.mia.click(panel, part(panel, action)["custom_id"])).message()
    books.change(rig.database, f"UPDATE journal SET key = '{key}' WHERE {of_row}")

    assert f"Receipt #{seq}" in answer.text
    assert len(books.gifts(rig.database, town.guild.id)) == 1
    assert "3,001" in await town.balance(town.mia)


async def test_no_answer_is_asked_back_as_what_it_has_become(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 5_000)
    await town.mia.autocomplete("gift", "gift", creator=town.noor.user)
    panel = await town.give(town.mia, "Northern Lights", town.noor)
    await (await town.mia.click(panel, button(panel, "Send"))).wait_for_answer()
    picker = await (await town.mia.user_menu("Send a gift", town.noor.user)).message()
    form = await town.mia.press(picker, part(picker, "pick-note")).modal()
    await (await town.mia.submit(form, **{form.fields[0]["custom_id"]: "hello"})).wait_for_answer()

    answers = [record for record in list(rig.world.requests) if record.path.endswith("/callback")]
    assert len(answers) >= 6
    assert {record.status for record in answers} == {204}


async def test_nobody_is_asked_to_confirm_what_the_wallet_cannot_pay(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 1_998)
    answer = await town.give(town.mia, "Northern Lights", town.noor)

    assert "1,998" in answer.text
    assert button(answer, "Buy coins")


async def test_a_confirm_panel_still_works_after_a_restart(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 5_000)
    panel = await town.give(town.mia, "Northern Lights", town.noor)
    await own_rig.stop_bot()
    await own_rig.start_bot()
    await (await town.mia.click(panel, button(panel, "Send"))).wait_for_answer()
    await own_rig.stop_bot()

    assert "Receipt #2" in panel.text


async def test_a_price_that_rose_since_the_question_charges_nothing(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 5_000)
    panel = await town.give(town.mia, "Northern Lights", town.noor)
    await (await town.sam.slash("catalogue edit", item="13", price=2_500)).message()
    answer = await (await town.mia.click(panel, button(panel, "Send"))).message()

    assert books.gifts(rig.database, town.guild.id) == []
    assert "went up from 🪙\xa01,999 coins to 🪙\xa02,500 coins" in answer.text


async def test_cancelling_charges_nothing(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 5_000)
    panel = await town.give(town.mia, "Northern Lights", town.noor)
    await (await town.mia.click(panel, "Cancel")).wait_for_answer()

    assert "You haven't been charged" in panel.text
    assert books.gifts(rig.database, town.guild.id) == []


async def test_stock_cannot_be_oversold(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await (await town.sam.slash("catalogue add", name="Rare", emoji="🦄", price=1, stock=3)).message()
    exchanges = [await town.mia.slash("gift", gift="Rare", creator=town.noor.user) for _ in range(10)]
    answers = [await exchange.message() for exchange in exchanges]

    assert sum("Receipt #" in answer.text for answer in answers) == 3
    assert len(books.gifts(rig.database, town.guild.id)) == 3


async def test_a_live_only_gift_waits_for_the_show(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await (await town.sam.slash("catalogue add", name="Encore", emoji="🎤", price=5, live_only=True)).message()
    refusal = await town.give(town.mia, "Encore", town.noor)
    await (await town.noor.at(town.live).slash("live start")).message()
    receipt = await town.give(town.mia, "Encore", town.noor)

    assert "You haven't been charged" in refusal.text
    assert "Receipt #" in receipt.text


async def test_promo_coins_are_spent_first_and_earn_nothing(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 30)
    await town.give(town.mia, "Clover", town.noor)
    wallet = await town.balance(town.mia)
    creator = await town.balance(town.noor)

    assert "10 coins" in wallet
    assert "💎" not in creator
    assert (
        books.only_value(
            rig.database, "SELECT amount FROM balances WHERE guild_id = ? AND kind = 'house'", town.guild.id
        )
        == 20
    )


async def test_a_german_member_reads_german(rig: Rig, town: Town) -> None:
    town.mia.user.locale = "de"
    answer = await (await town.mia.slash("balance")).message()
    command = next(command for command in rig.world.commands if command["name"] == "balance")

    assert "Guthaben" in answer.text
    assert "Your balance" not in answer.text
    assert command["description_localizations"]["de"] != command["description"]


async def test_a_gift_whose_answer_discord_no_longer_takes_stands_once(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    rig.world.faults.answer(
        "POST",
        r"/interactions/.*/callback",
        status=404,
        body={"message": "Unknown interaction", "code": 10062},
        times=1,
    )
    exchange = await town.mia.slash("gift", gift="Petal", creator=town.noor.user)
    await town.announced(town.general, "Petal")

    # The answer was lost after the commit, so the gift stands once and is announced.
    assert exchange.interaction.replied is None
    assert len(books.gifts(rig.database, town.guild.id)) == 1
