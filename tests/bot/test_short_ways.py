"""Short ways to a gift: from the board, from the picture of the gifts, and to coins where they are missing."""

from typing import Any

from sandbox.discord.model import Message
from tests import books
from tests.bot.picking import part, pick_gift, pressable
from tests.rig import Rig, Town, until
from tests.ui.test_panels import component, pressed


async def board_of(town: Town) -> Message:
    await (await town.noor.at(town.live).slash("live start")).message()
    return await town.announced(town.live, "live")


async def open_picker(town: Town, board: Message) -> Message:
    """Have Mia press the button of the board, and return the picker."""
    return await town.mia.at(town.live).press(board, part(board, "live-gift")).message()


def labels(message: Message) -> list[str]:
    return [item["label"] for item in pressable(message) if item.get("label")]


async def test_the_last_gift_and_the_favourite_are_two_presses_from_the_board(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 500)
    for _ in range(2):
        await town.give(town.mia, "Warm Heart", town.noor)
    await town.give(town.mia, "Clover", town.noor, count=2)
    board = await board_of(town)

    picker = await open_picker(town, board)
    assert labels(picker)[:2] == [
        "Send Clover × 2 for 🪙\xa040 · ≈\xa0$0.57",
        "Send Warm Heart for 🪙\xa010 · ≈\xa0$0.14",
    ]
    receipt = await pressed(town.mia, picker, "Send Warm Heart for")

    assert "Receipt #" in receipt.text
    assert books.gift_coins(rig.database, town.guild.id) == 70


async def test_a_board_of_several_creators_asks_first_who_gets_the_gift(rig: Rig, town: Town) -> None:
    await town.approve(town.noor, town.kai)
    await town.grant(town.mia, 500)
    noor, mia = town.noor.at(town.live), town.mia.at(town.live)
    status = await (await noor.slash("live start")).message()
    await (await noor.select(status, part(status, "live-creators")["custom_id"], town.kai.user)).message()
    board = await town.announced(town.live, "are live")

    question = await open_picker(town, board)
    creators = part(question, "pick-creator")
    picker = await (await mia.select(question, creators["custom_id"], "Kai")).message()
    receipt = await pressed(mia, await pick_gift(mia, picker, "Clover"), "pick-send")

    assert {option["label"] for option in creators["options"]} == {"Noor", "Kai"}
    assert f"Sent to <@{town.kai.user.id}>" in receipt.text


async def test_who_hid_their_name_last_time_is_offered_to_hide_it_again(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 500)
    await town.give(town.mia, "Clover", town.noor, anonymous=True)

    picker = await open_picker(town, await board_of(town))
    assert labels(picker)[0] == "🎭 Send Clover for 🪙\xa020 · ≈\xa0$0.28"
    receipt = await pressed(town.mia, picker, "Send Clover for")

    assert "Your name stays hidden" in receipt.text


async def test_nothing_is_offered_that_cannot_be_paid_or_sent_any_more(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 35)
    await town.give(town.mia, "Clover", town.noor)
    await town.give(town.mia, "Warm Heart", town.noor)
    await (await town.sam.slash("catalogue archive", item="3")).message()

    picker = await open_picker(town, await board_of(town))

    assert not any(label.startswith("Send ") and "for" in label for label in labels(picker))


async def test_two_presses_of_the_board_show_one_picker(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 500)
    board = await board_of(town)
    first = await open_picker(town, board)
    second = await open_picker(town, board)

    async def is_gone() -> bool:
        return first not in rig.world.messages(town.live.id, town.mia.user.id)

    await until(is_gone)
    assert second in rig.world.messages(town.live.id, town.mia.user.id)


async def test_each_way_to_a_picker_takes_the_last_one_away(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 500)
    mia, board = town.mia.at(town.live), await board_of(town)
    await (await mia.slash("balance")).message()
    news = await town.noticed(mia, "gave you")
    refusal = await (await mia.slash("gift", gift="Clover", creator=town.leo.user)).message()
    shelf = await (await mia.slash("gifts")).message()
    pickers = [
        await (await mia.message_menu("Gift this message", await town.noor.at(town.live).say("hello"))).message(),
        await pressed(mia, news, "Send a gift"),
        await pressed(mia, refusal, "Noor"),
        await (await mia.select(shelf, component(shelf, "gifts-send")["custom_id"], "Clover")).message(),
        await (await mia.user_menu("Send a gift", town.noor.user)).message(),
        await open_picker(town, board),
    ]

    async def is_alone() -> bool:
        messages = rig.world.messages(town.live.id, mia.user.id)
        return [picker for picker in pickers if picker in messages] == pickers[-1:]

    await until(is_alone)


async def test_a_picker_that_became_a_receipt_stays(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 500)
    board = await board_of(town)
    mia = town.mia.at(town.live)
    receipt = await pressed(mia, await pick_gift(mia, await open_picker(town, board), "Clover"), "pick-send")
    await open_picker(town, board)
    await open_picker(town, board)

    assert "Receipt #" in receipt.text
    assert receipt in rig.world.messages(town.live.id, town.mia.user.id)


async def test_a_picker_whose_gift_was_refused_makes_room_for_the_next_one(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 500)
    mia, board = town.mia.at(town.live), await board_of(town)
    panel = await (await town.noor.slash("creator block")).message()
    words = await (await town.noor.click(panel, "Change the words")).modal()
    await (await town.noor.submit(words, **{words.fields[0]["custom_id"]: "goose"})).message()
    picker = await pick_gift(mia, await open_picker(town, board), "Clover")
    form = await mia.press(picker, component(picker, "pick-note")).modal()
    picker = await (await mia.submit(form, **{form.fields[0]["custom_id"]: "silly goose"})).message()
    refusal = await pressed(mia, picker, "pick-send")
    newer = await open_picker(town, board)

    async def is_gone() -> bool:
        return picker.deleted

    await until(is_gone)
    assert "Leave that word out" in refusal.text
    assert "Receipt #" in (await pressed(mia, await pick_gift(mia, newer, "Clover"), "pick-send")).text


async def test_who_has_no_coins_finds_the_packages_in_the_picker(town: Town) -> None:
    await town.approve(town.noor)

    picker = await open_picker(town, await board_of(town))
    shop = await pressed(town.mia.at(town.live), picker, "Buy coins")

    assert "Buy coins" in shop.text


async def test_the_picture_of_the_gifts_leads_to_the_picker_with_the_gift_in_it(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 500)
    shelf = await (await town.mia.slash("gifts")).message()

    picker = await (await town.mia.select(shelf, component(shelf, "gifts-send")["custom_id"], "Clover")).message()
    receipt = await pressed(town.mia, picker, "Send for 🪙\xa020")

    assert shelf is not picker
    assert "Receipt #" in receipt.text
    assert books.gift_coins(rig.database, town.guild.id) == 20


async def test_the_gift_is_not_forgotten_where_a_creator_has_to_be_picked(town: Town) -> None:
    await town.approve(town.noor, town.kai)
    await town.grant(town.mia, 500)
    shelf = await (await town.mia.slash("gifts")).message()

    question = await (await town.mia.select(shelf, component(shelf, "gifts-send")["custom_id"], "Clover")).message()
    picker = await (await town.mia.select(question, component(question, "pick-creator")["custom_id"], "Kai")).message()

    assert f"For <@{town.kai.user.id}>" in picker.text
    assert component(picker, "Send for 🪙\xa020")


async def test_the_price_in_money_stands_wherever_coins_are_about_to_be_spent(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50_000)
    picker = await pick_gift(
        town.mia, await (await town.mia.user_menu("Send a gift", town.noor.user)).message(), "Clover"
    )
    question = await town.give(town.mia, "Phoenix", town.noor)
    choices: list[dict[str, Any]] = await town.mia.autocomplete("gift", "gift", gift="Clo", creator=town.noor.user)

    assert "🪙\xa020 coins · ≈\xa0$0.28" in picker.text
    assert "≈\xa0$" in question.text
    assert choices[0]["name"].endswith("≈\xa0$0.28")


async def test_what_begins_with_the_typed_letters_comes_first(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50_000)

    choices = await town.mia.autocomplete("gift", "gift", gift="ro", creator=town.noor.user)

    names = [choice["name"] for choice in choices]
    assert "Rosette" in names[0]
    assert any("Carousel" in name for name in names)
