"""Settings that change while pages are open: they hold for every gift that is sent after them."""

import asyncio

import orjson
import pytest

from bot.domain.overlays import OverlayAction, OverlayScope
from bot.services.overlay_shows import PAGE
from bot.web.overlay.overlay import LATEST
from bot.web.overlay.source import Frame
from tests.rig import until
from tests.storage.town import BOB, GUILD, MIA, ROB
from tests.web.overlay_house import House

pytestmark = pytest.mark.databases("sqlite", "postgresql")


async def test_messages_wait_from_the_moment_in_which_that_is_switched_on(house: House):
    await house.services.guilds.change(GUILD, overlay_notes_from="small")
    await house.go_live()
    page, dock = (
        await house.page(await house.linked()),
        await house.page(await house.linked(scope=OverlayScope.CONTROL)),
    )
    before = await house.send("before", note="before")
    await page.until_seq(before.seq)

    await house.services.guilds.change(GUILD, overlay_holds_since_ms=house.clock())
    receipt = await house.send("held", sender_id=BOB, note="held")
    for each in (page, dock):
        await each.until_seq(receipt.seq)

    assert [gift["note"] for gift in page.gifts] == ["before", None]
    assert [(gift["note"], gift.get("held")) for gift in dock.gifts] == [("before", None), ("held", True)]


async def test_messages_are_shown_from_the_moment_in_which_they_need_not_wait(house: House):
    await house.services.guilds.change(GUILD, overlay_notes_from="small", overlay_holds_since_ms=house.clock())
    await house.go_live()
    page, dock = (
        await house.page(await house.linked()),
        await house.page(await house.linked(scope=OverlayScope.CONTROL)),
    )
    receipt = await house.send("held", note="held")
    await page.until_seq(receipt.seq)

    await house.services.guilds.change(GUILD, overlay_holds_since_ms=None)
    free = await house.send("free", sender_id=BOB, note="free")
    for each in (page, dock):
        await each.until_seq(free.seq)
    # What waits still does: whoever has the controls open sees it there, and may let it through.
    await dock.say(do="approve", seq=receipt.seq)

    async def is_let_through() -> bool:
        return {"note": {"seq": receipt.seq, "text": "held"}} in page.messages

    await until(is_let_through)
    assert [gift["note"] for gift in page.gifts] == [None, "free"]


async def test_controls_that_are_opened_in_a_busy_show_have_what_waits_since_before(house: House):
    await house.services.guilds.change(GUILD, overlay_notes_from="small", overlay_holds_since_ms=house.clock())
    await house.go_live()
    receipt = await house.send("held", note="held")
    *_, last = [await house.send(f"gift {number}", sender_id=BOB) for number in range(100)]

    dock = await house.page(await house.linked(scope=OverlayScope.CONTROL))

    async def is_listed() -> bool:
        return last.seq in dock.seqs

    await until(is_listed)
    assert [gift["seq"] for gift in dock.gifts if gift.get("held")] == [receipt.seq]


async def test_controls_that_are_opened_late_have_all_that_waits_and_nothing_that_is_settled(house: House):
    await house.services.guilds.change(GUILD, overlay_notes_from="small")
    await house.go_live()
    await house.send("shown", note="shown")
    house.clock.now_ms += 1
    await house.services.guilds.change(GUILD, overlay_holds_since_ms=house.clock())
    held = await asyncio.gather(*(house.send(f"held {number}", note="held") for number in range(PAGE + 5)))
    await asyncio.gather(*(house.send(f"gift {number}", sender_id=BOB) for number in range(LATEST)))
    good, bad, undone, *waiting = sorted(receipt.seq for receipt in held)
    for action, seq in ((OverlayAction.APPROVE, good), (OverlayAction.REJECT, bad)):
        await house.services.overlays.control(GUILD, MIA, action, seq)
    reversals = house.services.reversals
    await reversals.reverse(GUILD, key="undo", actor_id=ROB, seq=undone, part=None, reason="a mistake")
    last = await house.send("last", sender_id=BOB)

    dock = await house.page(await house.linked(scope=OverlayScope.CONTROL))

    async def is_listed() -> bool:
        return last.seq in dock.seqs

    await until(is_listed)
    assert [gift["seq"] for gift in dock.gifts if gift.get("held")] == waiting
    assert dock.cursor == last.seq


def test_a_page_that_is_slow_is_spared_small_gifts_but_no_message_that_waits():
    gifts = [{"seq": 1, "tier": "small"}, {"seq": 2, "tier": "small", "held": True}, {"seq": 3, "tier": "large"}]

    thin = orjson.loads(Frame({"gifts": gifts}, 3).thin)

    assert [gift["seq"] for gift in thin["gifts"]] == [2, 3]


async def test_the_tier_and_the_words_hold_for_the_next_gift(house: House):
    await house.services.guilds.change(GUILD, overlay_notes_from="small")
    await house.go_live()
    page = await house.page(await house.linked())
    assert page.welcome["settings"] == {"notes_from": "small", "hold_notes": False}

    await house.services.guilds.change(GUILD, overlay_notes_from="large")
    small = await house.send("small", note="small")
    await page.until_seq(small.seq)
    await house.services.guilds.change(GUILD, overlay_notes_from="small")
    again = await house.send("again", sender_id=BOB, note="again")
    await page.until_seq(again.seq)

    assert [gift["note"] for gift in page.gifts] == [None, "again"]
    assert page.gifts[-1]["to"] == "Mia"
    # No page reads these settings: what it is to show of a message comes with each gift.
    late = await house.page(await house.linked())
    assert late.welcome["settings"] == {"notes_from": "small", "hold_notes": False}
