"""Exactly this gift, over the wire: refused for lack of coins, bought for it, and sent when the payment arrives."""

import re
from typing import Any

from sandbox.discord.model import Message
from tests import books
from tests.bot.buying import consent, labels, link_of
from tests.bot.picking import on_message, part, pick_gift
from tests.bot.test_journeys import wait_text
from tests.bot.test_missed_receipts import GONE, wait_until_missed, with_followup
from tests.rig import Rig, Town, until

CLOSED = {"message": "Cannot send messages to this user", "code": 50007}
BUY = "Buy for $0.99 and send it"


async def refused(town: Town, **options: Any) -> Message:
    """Have Mia, who has nothing, try to send a gift of 10 coins."""
    await town.approve(town.noor)
    return await town.give(town.mia, "Warm Heart", town.noor, **options)


async def waiting_for(town: Town, message: Message) -> tuple[Message, str]:
    """Press the button for the gift, agree to the form; return the panel that waits, and what the form said."""
    form = await (await town.mia.click(message, BUY)).modal()
    return await consent(town.mia, form), form.components[0]["content"]


async def test_a_gift_that_was_refused_goes_out_with_the_coins_that_were_bought_for_it(rig: Rig, town: Town) -> None:
    refusal = await refused(town, message="for *you*", count=3)
    words, offered = refusal.text, labels(refusal)
    panel, form = await waiting_for(town, refusal)
    before = books.gifts(rig.database, town.guild.id)
    await rig.pay(link_of(panel))
    await wait_text(panel, r"Receipt #1\b")
    announcement = await town.announced(town.general, "Warm Heart")

    assert "You're 🪙\xa030 short" in words
    assert "Buy **🪙\xa070 coins** for **$0.99**, and **💗 \u2068Warm Heart\u2069 × 3** goes to" in words
    assert "You haven't been charged" in words
    assert "Buy coins" in offered
    # Its button has gone with it: the gift has been sent, and is not bought a second time.
    assert panel is refusal
    assert labels(panel) == ["Send a gift"]
    assert f"**💗 \u2068Warm Heart\u2069 × 3** goes to <@{town.noor.user.id}> for 🪙\xa030 coins" in form
    assert "for \\*you\\*" in form
    assert "This form also confirms the gift" in form
    assert before == []
    assert f"went to <@{town.noor.user.id}> for 🪙\xa030 coins" in panel.text
    assert "You now have 🧪\xa040 test coins" in panel.text
    assert "Gift: receipt #2" in panel.text
    assert "for \\*you\\*" in announcement.text
    query = "SELECT note FROM planned_gifts WHERE guild_id = ?"
    assert books.only_value(rig.database, query, town.guild.id) == ""


async def test_nobody_buys_coins_for_a_gift_at_a_price_they_have_not_seen(town: Town) -> None:
    refusal = await refused(town)
    await (await town.sam.slash("catalogue edit", item="3", price=60)).message()

    answer = await (await town.mia.click(refusal, BUY)).message()

    assert "The price just went up from 🪙\xa010 coins to 🪙\xa060 coins." in answer.text


async def test_a_hidden_sender_stays_hidden_and_a_large_gift_asks_nothing_more(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    refusal = await town.give(town.mia, "Northern Lights", town.noor, anonymous=True)
    form = await (await town.mia.click(refusal, "Buy for $49.99 and send it")).modal()
    panel = await consent(town.mia, form)
    await rig.pay(link_of(panel))
    await wait_text(panel, r"Receipt #1\b")
    announcement = await town.announced(town.general, "Northern Lights")

    assert "Your name stays hidden" in form.components[0]["content"]
    assert "Your name stays hidden" in panel.text
    assert str(town.mia.user.id) not in announcement.text


async def test_a_picker_leads_to_the_gift_that_is_picked_on_a_message(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    post = await town.noor.say("a new song")
    picker = await pick_gift(town.mia, await on_message(town.mia, post), "Warm Heart")
    offered, text, send = labels(picker), picker.text, part(picker, "pick-send")
    panel, _ = await waiting_for(town, picker)
    await rig.pay(link_of(panel))
    await wait_text(panel, r"Receipt #1\b")
    reply = await town.announced(town.general, "💗 **🧪 \u2068Warm Heart\u2069**")

    assert BUY in offered
    assert "Buy coins" not in offered
    assert "goes to" in text
    assert reply.referenced is post
    assert send["disabled"]
    assert panel is picker


async def test_an_order_from_a_picker_that_a_newer_one_has_taken_away_is_seen(town: Town) -> None:
    await town.approve(town.noor)
    picker = await pick_gift(town.mia, await on_message(town.mia, await town.noor.say("a new song")), "Warm Heart")
    form = await (await town.mia.click(picker, BUY)).modal()
    await (await town.mia.user_menu("Send a gift", town.noor.user)).message()

    async def is_gone() -> bool:
        return picker.deleted

    await until(is_gone)
    panel = await consent(town.mia, form)

    assert panel.ephemeral_for == town.mia.user.id
    assert link_of(panel)


async def test_a_message_that_is_deleted_before_the_payment_leaves_the_coins(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    post = await town.noor.say("a new song")
    panel, _ = await waiting_for(town, await pick_gift(town.mia, await on_message(town.mia, post), "Warm Heart"))
    rig.world.delete_message(post)
    await rig.pay(link_of(panel))
    await wait_text(panel, r"Receipt #1\b")

    assert "The message it was for is gone. You keep the coins." in panel.text
    assert "You now have 🧪\xa070 test coins" in panel.text
    assert books.gifts(rig.database, town.guild.id) == []


async def test_a_creator_who_leaves_before_the_payment_gets_nothing(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    panel, _ = await waiting_for(town, await refused(town))
    await own_rig.kill_bot()
    town.noor.leave()
    await own_rig.pay(link_of(panel))
    await own_rig.start_bot()
    await wait_text(panel, r"Receipt #1\b")
    await own_rig.stop_bot()

    assert "They can't receive gifts here any more. You keep the coins." in panel.text
    assert books.gifts(own_rig.database, town.guild.id) == []


async def test_sending_the_same_again_leads_there_too(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 20)
    receipt = await town.give(town.mia, "Warm Heart", town.noor)
    again = part(receipt, "gift-again")
    await town.give(town.mia, "Warm Heart", town.noor)
    refusal = await town.mia.press(receipt, again).message()
    panel, _ = await waiting_for(town, refusal)
    await rig.pay(link_of(panel))
    await wait_text(panel, r"Receipt #4\b")

    assert "Gift: receipt #5" in panel.text
    assert len(books.gifts(rig.database, town.guild.id)) == 3


async def test_a_bot_that_is_killed_between_the_form_and_the_payment_sends_the_gift(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    panel, _ = await waiting_for(town, await refused(town, message="still for you"))
    await own_rig.kill_bot()
    await own_rig.pay(link_of(panel))
    await own_rig.start_bot()
    await wait_text(panel, r"Receipt #1\b")
    announcement = await town.announced(town.general, "still for you")
    await own_rig.stop_bot()

    assert re.search("Warm Heart.*went to", panel.text)
    assert announcement is not None
    assert len(books.gifts(own_rig.database, town.guild.id)) == 1


async def test_a_plain_purchase_afterwards_sends_nothing(rig: Rig, town: Town) -> None:
    panel, _ = await waiting_for(town, await refused(town))
    newer = await consent(town.mia, await (await town.mia.slash("buy", package="1")).modal())
    await rig.pay(link_of(newer))
    await wait_text(newer, r"Receipt #1\b")

    assert "You opened this package again" in panel.text
    assert "went to" not in newer.text
    assert books.gifts(rig.database, town.guild.id) == []


async def test_where_nothing_covers_the_gift_the_shop_is_all_there_is(town: Town) -> None:
    await town.approve(town.noor)
    refusal = await town.give(town.mia, "Milky Way", town.noor)

    assert labels(refusal) == ["Buy coins"]


async def test_another_try_after_a_cancelled_order_is_for_the_same_gift(rig: Rig, town: Town) -> None:
    panel, _ = await waiting_for(town, await refused(town, message="for *you*", count=3))
    await (await town.mia.click(panel, "Cancel")).message()
    words = panel.text
    form = await (await town.mia.click(panel, "Try again")).modal()
    again = await consent(town.mia, form)
    await rig.pay(link_of(again))
    await wait_text(again, r"Receipt #1\b")
    announcement = await town.announced(town.general, "Warm Heart")

    assert f"**💗 \u2068Warm Heart\u2069 × 3** didn't go to <@{town.noor.user.id}>." in words
    assert "This form also confirms the gift" in form.components[0]["content"]
    assert "Gift: receipt #2" in again.text
    assert "for \\*you\\*" in announcement.text


async def test_another_try_after_a_declined_payment_is_for_the_same_gift(rig: Rig, town: Town) -> None:
    panel, _ = await waiting_for(town, await refused(town, message="for *you*"))
    await rig.pay(link_of(panel), "decline")
    await wait_text(panel, "declined")
    form = await (await town.mia.click(panel, "Try again")).modal()

    assert f"didn't go to <@{town.noor.user.id}>" in panel.text
    assert "for \\*you\\*" in form.components[0]["content"]


async def test_a_buyer_who_cannot_be_reached_reads_with_the_next_reply_why_the_gift_stayed(
    rig: Rig, town: Town
) -> None:
    post = await town.noor.at(town.general).say("a new song")
    await town.approve(town.noor)
    panel, _ = await waiting_for(town, await pick_gift(town.mia, await on_message(town.mia, post), "Warm Heart"))
    rig.world.delete_message(post)
    faults = [
        rig.world.faults.answer("PATCH", r"/webhooks/.*/@original", status=404, body=GONE, times=None),
        rig.world.faults.answer("POST", r"/users/@me/channels", status=403, body=CLOSED, times=None),
    ]
    await rig.pay(link_of(panel))
    await wait_until_missed(rig, town)
    for fault in faults:
        rig.world.faults.end(fault)
    notice = await with_followup(await town.mia.slash("balance"))

    assert "Your payment went through: 🧪\xa070 test coins, receipt #1." in notice.text
    assert "didn't go to" in notice.text
    assert "The message it was for is gone. You keep the coins." in notice.text


async def test_a_form_that_was_refused_leaves_a_picker_that_makes_room_for_the_next_one(town: Town) -> None:
    await town.approve(town.noor)
    picker = await (await town.mia.user_menu("Send a gift", town.noor.user)).message()
    picker = await pick_gift(town.mia, picker, "Warm Heart")
    form = await (await town.mia.click(picker, BUY)).modal()
    (boxes,) = form.fields
    boxes["min_values"] = 1  # as no client would
    refusal = await (await town.mia.submit(form, **{boxes["custom_id"]: ["0"]})).message()
    newer = await (await town.mia.user_menu("Send a gift", town.noor.user)).message()

    async def is_gone() -> bool:
        return picker.deleted

    await until(is_gone)
    assert "Tick both boxes" in refusal.text
    assert not newer.deleted
