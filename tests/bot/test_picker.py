"""The gift picker over the wire: every way to open it, and what it does with a choice."""

import pytest

from tests import books
from tests.bot.picking import on_message, part, pick_gift, press_send
from tests.rig import Rig, Town, until


async def test_the_menu_of_a_member_leads_to_a_gift_with_count_message_and_mask(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50)
    panel = await (await town.mia.user_menu("Send a gift", town.noor.user)).message()
    panel = await pick_gift(town.mia, panel, "Spark")
    panel = await (await town.mia.select(panel, part(panel, "pick-count")["custom_id"], "5")).message()
    form = await town.mia.press(panel, part(panel, "pick-note")).modal()
    panel = await (await town.mia.submit(form, **{form.fields[0]["custom_id"]: "for the *encore*"})).message()
    panel = await town.mia.press(panel, part(panel, "pick-anonymous")).message()

    assert "Spark" in panel.text
    assert "25 coins" in panel.text
    assert "encore" in panel.text
    assert part(panel, "pick-send")["label"] == "Send for 🪙\xa025"

    receipt = await press_send(town.mia, panel)
    message = await town.announced(town.general, "encore")

    assert "Receipt #" in receipt.text
    assert "You have 🪙\xa025 coins left" in receipt.text
    assert "Someone" in message.text
    assert str(town.mia.user.id) not in message.text


async def test_any_number_can_be_typed(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50)
    panel = await (await town.mia.user_menu("Send a gift", town.noor.user)).message()
    panel = await pick_gift(town.mia, panel, "Petal")
    form = await (await town.mia.select(panel, part(panel, "pick-count")["custom_id"], "0")).modal()
    panel = await (await town.mia.submit(form, **{form.fields[0]["custom_id"]: "17"})).message()
    receipt = await press_send(town.mia, panel)

    assert "× 17" in receipt.text


async def test_a_double_click_and_a_restart_in_between_charge_once(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 50)
    panel = await (await town.mia.user_menu("Send a gift", town.noor.user)).message()
    await own_rig.kill_bot()
    await own_rig.start_bot()
    panel = await pick_gift(town.mia, panel, "Spark")
    send = part(panel, "pick-send")
    presses = [town.mia.press(panel, send) for _time in range(3)]
    for press in presses:
        await press.message()
    await town.announced(town.general, "Spark")
    await own_rig.stop_bot()

    assert books.gift_coins(own_rig.database, town.guild.id) == 5


async def test_a_gift_from_a_picker_that_a_newer_one_has_just_taken_away_shows_its_receipt(
    rig: Rig, town: Town
) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50)
    picker = await pick_gift(
        town.mia, await (await town.mia.user_menu("Send a gift", town.noor.user)).message(), "Spark"
    )
    send = part(picker, "pick-send")
    newer_picker = await (await town.mia.user_menu("Send a gift", town.noor.user)).message()

    async def is_gone() -> bool:
        return picker.deleted

    await until(is_gone)
    receipt = await town.mia.press(picker, send).message()

    assert "Receipt #" in receipt.text
    assert receipt.ephemeral_for == town.mia.user.id
    assert part(newer_picker, "pick-item")
    assert books.gift_coins(rig.database, town.guild.id) == 5


async def test_gifts_come_in_the_order_in_which_they_can_be_paid(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 10)
    panel = await (await town.mia.user_menu("Send a gift", town.noor.user)).message()
    options = part(panel, "pick-item")["options"]
    opening = panel.text
    panel = await pick_gift(town.mia, panel, "Cupcake")

    assert [option["label"] for option in options[:3]] == ["Petal", "Spark", "Warm Heart"]
    assert all("🔒" in option["description"] for option in options[3:])
    assert "🔒 marks gifts you can't send right now. Pick one to see why." in opening
    assert "39 coins short" in panel.text
    assert part(panel, "pick-send")["disabled"]
    assert part(panel, "Buy for $0.99 and send it")


async def test_a_large_gift_asks_once_more(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 5_000)
    message = await town.noor.say("first light")
    panel = await pick_gift(town.mia, await on_message(town.mia, message), "Northern Lights")
    question = await press_send(town.mia, panel)
    assert books.gift_coins(rig.database, town.guild.id) == 0

    receipt = await town.mia.press(question, part(question, "gift-send")).message()
    reply = await town.announced(town.general, "1,999")

    assert "Receipt #" in receipt.text
    assert reply.referenced is message


async def test_what_cannot_be_sent_now_is_not_in_the_menu(town: Town) -> None:
    await town.approve(town.noor)
    await (await town.sam.slash("catalogue edit", item="1", live_only=True)).message()
    await (await town.sam.slash("catalogue edit", item="2", raw=True, **{"from": "2999-01-01"})).message()
    await (await town.sam.slash("catalogue edit", item="3", stock=4)).message()
    panel = await (await town.mia.user_menu("Send a gift", town.noor.user)).message()
    labels = [option["label"] for option in part(panel, "pick-item")["options"]]
    panel = await pick_gift(town.mia, panel, "Warm Heart")

    assert "Petal" not in labels
    assert "Spark" not in labels
    assert [option["value"] for option in part(panel, "pick-count")["options"]] == ["1", "0"]


async def test_more_gifts_than_a_menu_holds_have_pages(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50)
    for number in range(10):
        await (await town.sam.slash("catalogue add", name=f"Extra {number}", emoji="🎯", price=50 + number)).message()
    panel = await (await town.mia.user_menu("Send a gift", town.noor.user)).message()
    panel = await town.mia.press(panel, part(panel, "Next")).message()
    labels = [option["label"] for option in part(panel, "pick-item")["options"]]

    assert labels == ["Sky Castle", "Phoenix", "Milky Way"]


async def test_gifts_on_a_message_are_added_up_in_one_reply_that_grows(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    for member in (town.mia, town.leo):
        await town.grant(member, 100)
    message = await town.noor.say("look what I made")
    await press_send(town.mia, await pick_gift(town.mia, await on_message(town.mia, message), "Spark"))
    reply = await town.announced(town.general, "5 coins")
    await press_send(town.leo, await pick_gift(town.leo, await on_message(town.leo, message), "Clover"))
    await town.announced(town.general, "25 coins")

    assert reply.referenced is message
    assert "2 gifters" in reply.text
    assert sum(post.author.bot for post in rig.world.messages(town.general.id)) == 1
    assert not reply.mentions


async def test_the_slash_form_takes_a_link(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    message = await town.noor.at(town.gifts).say("over here")
    link = f"https://discord.com/channels/{town.guild.id}/{town.gifts.id}/{message.id}"
    await town.give(town.mia, "Spark", town.noor, link=link)
    reply = await town.announced(town.gifts, "5 coins")
    refusal = await town.give(town.mia, "Spark", town.kai, link=link)

    assert reply.referenced is message
    assert f"<@{town.noor.user.id}> wrote that message" in refusal.text


@pytest.mark.parametrize(
    "link", ["hello", "https://discord.com/channels/1/2/3", "https://discord.com/channels/@me/2/3"]
)
async def test_a_link_to_nowhere_here_is_refused(town: Town, link: str) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    refusal = await town.give(town.mia, "Spark", town.noor, link=link)

    assert "can't find that message" in refusal.text
    assert "You haven't been charged" in refusal.text


async def test_a_message_of_the_bot_or_of_nobody_cannot_be_gifted(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await town.give(town.mia, "Spark", town.noor)
    answer = await on_message(town.leo, await town.announced(town.general, "Spark"))

    assert "Bots can't receive gifts" in answer.text


async def test_the_author_has_to_be_a_creator_who_is_here(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    own_message = await on_message(town.noor, await town.noor.say("mine"))
    message = await town.noor.say("bye")
    rig.world.leave(town.guild, town.noor.user)
    departed = await on_message(town.mia, message)
    stranger = await on_message(town.mia, await town.leo.say("hi"))

    assert "to yourself" in own_message.text
    assert "isn't a creator" in stranger.text
    assert "no longer in this server" in departed.text


async def test_a_message_that_is_deleted_keeps_its_gifts_and_gets_no_reply(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    message = await town.noor.say("oops")
    panel = await pick_gift(town.mia, await on_message(town.mia, message), "Spark")
    rig.world.delete_message(message)
    receipt = await press_send(town.mia, panel)
    await town.give(town.mia, "Clover", town.noor)
    await town.announced(town.general, "Clover")

    assert "Receipt #" in receipt.text
    assert books.gift_coins(rig.database, town.guild.id) == 25


async def test_a_reply_that_is_taken_away_stays_away(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    message = await town.noor.say("quiet please")
    await press_send(town.mia, await pick_gift(town.mia, await on_message(town.mia, message), "Spark"))
    rig.world.delete_message(await town.announced(town.general, "5 coins"))
    for _time in range(2):
        await press_send(town.mia, await pick_gift(town.mia, await on_message(town.mia, message), "Spark"))
    await town.give(town.mia, "Clover", town.noor)
    await town.announced(town.general, "Clover")

    async def has_tried_to_edit() -> bool:
        return any(record.method == "PATCH" and record.status == 404 for record in list(rig.world.requests))

    await until(has_tried_to_edit)
    assert sum(post.author.bot for post in rig.world.messages(town.general.id)) == 1


async def test_a_thread_is_a_place_like_any_other(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    thread = rig.world.add_channel(town.guild, "details", kind="thread", parent=town.general)
    message = await town.noor.at(thread).say("more of it")
    panel = await pick_gift(town.mia, await on_message(town.mia.at(thread), message), "Spark")
    await press_send(town.mia.at(thread), panel)
    reply = await town.announced(thread, "5 coins")

    assert reply.referenced is message
