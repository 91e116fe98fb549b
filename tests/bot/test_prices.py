"""The price in a control is a ceiling: nobody is charged more than the control showed when they pressed it."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from sandbox.discord.model import Message
from tests import books
from tests.bot.picking import on_message, part, pick_gift, press_send
from tests.rig import Rig, Town

Door = Callable[[Town], Awaitable[Message]]

HEART = "3"
"""The id of the Warm Heart, which costs 10 coins."""


async def from_the_member(town: Town) -> Message:
    return await (await town.mia.user_menu("Send a gift", town.noor.user)).message()


async def from_a_message(town: Town) -> Message:
    return await on_message(town.mia, await town.noor.say("first light"))


async def from_the_board(town: Town) -> Message:
    await (await town.noor.at(town.live).slash("live start")).message()
    board = await town.announced(town.live, "live")
    return await town.mia.at(town.live).press(board, part(board, "live-gift")).message()


async def reprice(town: Town, price: int) -> None:
    await (await town.sam.slash("catalogue edit", item=HEART, price=price)).message()


def send_label(panel: Message) -> str:
    return part(panel, "-send")["label"]


@pytest.mark.parametrize("door", [from_the_member, from_a_message, from_the_board])
async def test_a_price_that_rose_is_shown_on_a_new_button_before_anything_is_charged(
    rig: Rig, town: Town, door: Door
) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 5_000)
    panel = await pick_gift(town.mia, await door(town), "Warm Heart")
    assert send_label(panel) == "Send for 🪙\xa010"
    await reprice(town, 999)

    question = await press_send(town.mia, panel)

    assert books.gifts(rig.database, town.guild.id) == []
    assert "The price just went up from 🪙\xa010 coins to 🪙\xa0999 coins." in question.text
    assert send_label(question) == "Send for 🪙\xa0999"

    receipt = await town.mia.press(question, part(question, "-send")).message()

    assert "Receipt #" in receipt.text
    assert books.gift_coins(rig.database, town.guild.id) == 999


async def test_the_price_of_many_pieces_is_a_ceiling_for_all_of_them(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 5_000)
    panel = await pick_gift(town.mia, await from_the_member(town), "Petal")
    panel = await (await town.mia.select(panel, part(panel, "pick-count")["custom_id"], "99")).message()
    await (await town.sam.slash("catalogue edit", item="1", price=10)).message()

    question = await press_send(town.mia, panel)

    assert books.gifts(rig.database, town.guild.id) == []
    assert "from 🪙\xa099 coins to 🪙\xa0990 coins" in question.text


async def test_a_shortcut_to_the_last_gift_carries_the_price_on_it(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 500)
    await town.give(town.mia, "Warm Heart", town.noor, count=2)
    picker = await from_the_member(town)
    await reprice(town, 11)

    question = await town.mia.press(picker, part(picker, "Send Warm Heart × 2 for 🪙\xa020")).message()

    assert books.gift_coins(rig.database, town.guild.id) == 20
    assert "from 🪙\xa020 coins to 🪙\xa022 coins" in question.text
    assert send_label(question) == "Send for 🪙\xa022"


async def test_a_price_that_rises_again_is_asked_about_again(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 5_000)
    panel = await pick_gift(town.mia, await from_the_member(town), "Warm Heart")
    await reprice(town, 1_100)
    question = await press_send(town.mia, panel)
    await reprice(town, 1_200)

    second_question = await town.mia.press(question, part(question, "gift-send")).message()

    assert books.gifts(rig.database, town.guild.id) == []
    assert send_label(second_question) == "Send for 🪙\xa01,200"
    assert "from 🪙\xa01,100 coins to 🪙\xa01,200 coins" in second_question.text


async def test_a_threshold_that_fell_below_the_price_asks_for_the_same_price(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50)
    panel = await pick_gift(town.mia, await from_the_member(town), "Warm Heart")
    form = await (await town.sam.click(await (await town.sam.slash("settings")).message(), "✋")).modal()
    await (await town.sam.submit(form, **{form.fields[0]["custom_id"]: "5"})).message()

    question = await press_send(town.mia, panel)

    assert books.gifts(rig.database, town.guild.id) == []
    assert send_label(question) == "Send for 🪙\xa010"
    assert "went up" not in question.text


async def test_a_price_that_fell_is_charged_as_it_is_now(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50)
    panel = await pick_gift(town.mia, await from_the_member(town), "Warm Heart")
    await reprice(town, 4)

    receipt = await press_send(town.mia, panel)

    assert "for **🪙\xa04 coins**" in receipt.text
    assert books.gift_coins(rig.database, town.guild.id) == 4


async def test_a_price_that_rose_out_of_reach_is_refused_in_words(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50)
    panel = await pick_gift(town.mia, await from_the_member(town), "Warm Heart")
    await reprice(town, 60)

    refusal = await press_send(town.mia, panel)

    assert books.gifts(rig.database, town.guild.id) == []
    assert "10 short" in refusal.text


async def test_a_button_from_before_prices_were_carried_asks_first(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50)
    panel = await pick_gift(town.mia, await from_the_member(town), "Warm Heart")
    send = part(panel, "pick-send")
    send["custom_id"] = send["custom_id"].rpartition(":")[0]

    question = await town.mia.press(panel, send).message()

    assert books.gifts(rig.database, town.guild.id) == []
    assert "This now costs 🪙\xa010 coins." in question.text

    receipt = await town.mia.press(question, part(question, "gift-send")).message()

    assert "Receipt #" in receipt.text


async def test_a_panel_whose_price_was_that_of_one_piece_asks_again(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 5_000)
    panel = await town.give(town.mia, "Northern Lights", town.noor, count=2)
    send = part(panel, "gift-send")
    action, creator, item, pieces, anonymous, _price, *last_fields = send["custom_id"].split(":")
    send["custom_id"] = ":".join([action, creator, item, pieces, anonymous, "1jj", *last_fields])  # 1,999 in base 36

    question = await town.mia.press(panel, send).message()

    assert books.gifts(rig.database, town.guild.id) == []
    assert send_label(question) == "Send for 🪙\xa03,998"


async def test_what_was_picked_from_the_list_carries_its_price(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 500)
    (heart,) = await town.mia.autocomplete("gift", "gift", gift="Warm", creator=town.noor.user)
    await reprice(town, 11)

    question = await town.give(town.mia, heart["value"], town.noor, count=2)

    assert "10 coins" in heart["name"]
    assert "from 🪙\xa020 coins to 🪙\xa022 coins" in question.text

    receipt = await town.mia.press(question, part(question, "gift-send")).message()

    assert "Receipt #" in receipt.text
    assert books.gift_coins(rig.database, town.guild.id) == 22


async def test_what_was_picked_from_the_list_is_sent_at_once_for_the_price_in_it(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 500)
    (heart,) = await town.mia.autocomplete("gift", "gift", gift="Warm", creator=town.noor.user)

    receipt = await town.give(town.mia, heart["value"], town.noor, count=3)

    assert "Receipt #" in receipt.text
    assert books.gift_coins(rig.database, town.guild.id) == 30


async def test_a_gift_for_several_shows_a_price_that_rose_before_anything_is_charged(rig: Rig, town: Town) -> None:
    await town.approve(town.noor, town.leo)
    await town.grant(town.mia, 500)
    team: dict[str, Any] = {"creator": town.noor.user, "second": town.leo.user}
    (heart,) = await town.mia.autocomplete("gift-team", "gift", gift="Warm", **team)
    await reprice(town, 11)

    question = await (await town.mia.slash("gift-team", gift=heart["value"], **team)).message()

    assert books.gifts(rig.database, town.guild.id) == []
    assert "from 🪙\xa010 coins to 🪙\xa011 coins" in question.text

    await reprice(town, 13)
    question = await (await town.mia.click(question, "Send for 🪙\xa011")).message()

    assert books.gifts(rig.database, town.guild.id) == []
    assert "from 🪙\xa011 coins to 🪙\xa013 coins" in question.text

    receipt = await (await town.mia.click(question, "Send for 🪙\xa013")).message()

    assert "Receipt #" in receipt.text
    assert books.gift_coins(rig.database, town.guild.id) == 13
