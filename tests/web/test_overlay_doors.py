"""Who gets onto an overlay, for how long, and what is done with it: links, limits, controls and messages that wait."""

import asyncio
import contextlib
import logging

import pytest

from bot.domain.overlays import OverlayAction, OverlayScope
from bot.storage.stores import creators
from bot.web.overlay.source import NO_HELLO, RESTART, TOO_MANY, WITHDRAWN
from bot.web.overlay.visit import CONTROLS, MESSAGES, PAGES
from tests.rig import until
from tests.storage.town import BOB, GUILD, MIA, NOAH, OTHER_GUILD, Clock, settle_in
from tests.web.overlay_house import House, Page, open_house

CONTROL = OverlayScope.CONTROL


async def refused(house: House, secret: str, **hello: object) -> int | None:
    page = await house.page(secret, **hello)
    return await page.until_gone()


async def test_whoever_brings_no_valid_secret_gets_nothing(house: House):
    await house.go_live()
    secret = await house.linked()
    old = secret
    secret = await house.linked()

    codes = [await refused(house, each) for each in (old, secret[:-1], "", "x" * 4_000, "ü" * 43)]
    silent = await house.connected()
    await silent.say(shown=1)

    assert codes[:3] == [WITHDRAWN] * 3
    assert codes[4] == WITHDRAWN
    assert await silent.until_gone() == NO_HELLO


async def test_a_link_shows_its_own_creators_gifts_alone(house: House):
    await house.go_live()
    page = await house.page(await house.linked(NOAH))

    await house.send("mias", sender_id=BOB)
    last = await house.send("more", sender_id=BOB)
    await page.until_seq(last.seq)

    assert page.welcome["live"] is None
    assert page.seqs == []


@pytest.mark.parametrize("end", ["new link", "revoked", "removed", "guild left"])
async def test_a_link_that_is_withdrawn_closes_its_open_pages(house: House, end: str):
    pages = [await house.page(secret) for secret in [await house.linked()] for _ in range(2)]
    dock = await house.page(await house.linked(scope=CONTROL))

    match end:
        case "new link":
            await house.linked()
        case "revoked":
            await house.services.overlays.revoke(GUILD, MIA)
        case "removed":
            await house.services.creators.remove(GUILD, MIA)
        case _:
            await house.services.guilds.left(GUILD)

    assert [await page.until_gone() for page in pages] == [WITHDRAWN, WITHDRAWN]
    if end == "new link":
        await dock.say(ping=7)
        await dock.until_pong(7)
    else:
        assert await dock.until_gone() == WITHDRAWN


@pytest.mark.databases("sqlite", "postgresql")
async def test_erasing_a_creator_closes_their_pages(house: House):
    page = await house.page(await house.linked())

    await house.services.personal_data.erase(GUILD, MIA)

    assert await page.until_gone() == WITHDRAWN


async def test_a_creator_who_has_left_the_guild_has_no_overlay_any_more(house: House):
    secret = await house.linked()
    page = await house.page(secret)
    house.present.discard(MIA)

    await page.say(ping=1)

    assert await page.until_gone() == WITHDRAWN
    house.present.add(MIA)
    assert await refused(house, secret) == WITHDRAWN


@pytest.mark.databases("postgresql")
async def test_another_process_that_withdraws_a_link_closes_its_pages_here(address: str, clock: Clock, house: House):
    await house.go_live()
    page, dock = await house.page(await house.linked()), await house.page(await house.linked(scope=CONTROL))
    async with open_house(address, clock) as elsewhere:
        far_page = await elsewhere.page(await elsewhere.linked())
        assert await page.until_gone() == WITHDRAWN
        await dock.say(do="pause", seq=None)
        sent = await house.send("a")
        await far_page.until_seq(sent.seq)
        await until(lambda: is_told(far_page, ["pause"]))

        assert far_page.seqs == [sent.seq]
        assert (await elsewhere.page(await elsewhere.linked())).welcome["queue"] == {"paused": True, "muted": False}


async def is_told(page: Page, controls: list[str]) -> bool:
    return page.controls == controls


async def test_ten_sources_are_open_at_once_and_each_is_sent_everything(house: House):
    await house.go_live()
    secret = await house.linked()
    pages = [await house.page(secret, slot=f"scene-{number}") for number in range(10)]

    seqs = [(await house.send(f"gift {number}", sender_id=BOB)).seq for number in range(20)]
    for page in pages:
        await page.until_seq(seqs[-1])

    assert [page.seqs for page in pages] == [seqs] * 10
    # The same bytes for all: a guild is read once, however many pages show it.
    assert len({page.raw[-1] for page in pages}) == 1
    assert house.hub.sources == 10
    link = await house.services.overlays.link(GUILD, MIA, OverlayScope.VIEW)
    assert link is not None
    assert link.sources == 10


async def test_a_link_opens_so_many_pages_and_no_more(house: House):
    secret = await house.linked()
    pages = [await house.page(secret) for _ in range(PAGES)]

    assert await refused(house, secret) == TOO_MANY
    await pages[0].leave()
    await until(lambda: sources_are(house, PAGES - 1))
    assert (await house.page(secret)).welcome["scope"] == "view"


async def sources_are(house: House, count: int) -> bool:
    return house.hub.sources == count


async def test_controls_reach_every_page_and_only_from_the_controls(house: House):
    await house.go_live()
    page, dock = await house.page(await house.linked()), await house.page(await house.linked(scope=CONTROL))
    await page.say(do="clear", seq=None)

    await dock.say(do="pause", seq=None)
    await dock.say(do="fly", seq=None)
    await until(lambda: is_told(page, ["pause"]))
    await house.services.overlays.test(GUILD, MIA)
    await until(lambda: is_told(page, ["pause", "test"]))

    assert dock.welcome["scope"] == "control"
    numbers = [message["nr"] for message in page.messages if "do" in message]
    assert numbers == sorted({*numbers})
    await until(lambda: is_told(dock, ["pause", "test"]))


@pytest.mark.parametrize("scope", [*OverlayScope])
async def test_a_page_that_says_hello_without_end_is_told_that_it_is_too_much(house: House, scope: OverlayScope):
    secret = await house.linked(scope=scope)
    page = await house.page(secret)
    with contextlib.suppress(ConnectionError):
        for _ in range(MESSAGES + 50):
            await page.hello(secret)

    assert await page.until_gone() == TOO_MANY
    await until(lambda: sources_are(house, 0))


async def test_a_link_of_another_creator_or_another_guild_opens_nothing_of_this_one(house: House):
    await house.database.writer.perform(settle_in, OTHER_GUILD)
    await house.go_live()
    noahs, elsewhere = await house.linked(NOAH), await house.linked(MIA, guild_id=OTHER_GUILD)
    pages = [await house.page(secret) for secret in (noahs, elsewhere)]
    page = await house.page(await house.linked())
    sent = await house.send("a", sender_id=BOB)
    await page.until_seq(sent.seq)
    await house.services.overlays.control(GUILD, MIA, OverlayAction.PAUSE)
    await until(lambda: is_told(page, ["pause"]))

    assert [(each.welcome["live"], each.gifts, each.controls) for each in pages] == [(None, [], [])] * 2
    # A link of the control page does not show gifts, and one that shows them does not control.
    assert {each.welcome["scope"] for each in pages} == {"view"}


async def test_controls_of_a_creator_who_was_removed_are_told_that_nothing_was_done(house: House):
    page, dock = await house.page(await house.linked()), await house.page(await house.linked(scope=CONTROL))
    # Without the withdrawal of links that follows, which closes the page.
    await house.database.writer.perform(creators.remove, GUILD, MIA, house.clock())

    await dock.say(do="test", seq=None)

    await until(lambda: is_refused(dock, {"refused": "test", "because": "creator"}))
    assert page.controls == []


async def test_controls_that_say_too_much_at_once_are_told_to_wait(house: House):
    dock = await house.page(await house.linked(scope=CONTROL))
    for _ in range(CONTROLS + 1):
        await dock.say(do="skip", seq=None)

    await until(lambda: is_refused(dock, {"refused": "skip", "because": "later"}))
    await until(lambda: is_told(dock, ["skip"] * CONTROLS))


async def test_controls_are_heard_however_the_link_changes_meanwhile(house: House):
    dock = await house.page(await house.linked(scope=CONTROL))
    for number in range(1, 4):
        await house.services.overlays.control(GUILD, MIA, OverlayAction.SKIP)
        # A link that is newer than what was read last makes the overlay be read anew.
        await house.page(await house.linked())
        await until(lambda: is_told(dock, ["skip"] * number))  # noqa: B023 - awaited at once


async def is_refused(page: Page, refusal: dict[str, str]) -> bool:
    return [message for message in page.messages if "refused" in message] == [refusal]


async def test_a_message_that_waits_is_for_the_controls_until_it_is_let_through(house: House):
    await house.services.guilds.change(GUILD, overlay_notes_from="small", overlay_holds_since_ms=house.clock())
    await house.go_live()
    page, dock = await house.page(await house.linked()), await house.page(await house.linked(scope=CONTROL))

    gift = await house.send("a", note="Hello <@12>, <:wave:123>!")
    bad = await house.send("b", sender_id=BOB, note="rude")
    for each in (page, dock):
        await each.until_seq(bad.seq)
    waiting = [(each["note"], each.get("held")) for each in dock.gifts]
    await dock.say(do="approve", seq=gift.seq)
    await dock.say(do="reject", seq=bad.seq)
    await until(lambda: is_told(page, ["approve", "reject"]))

    assert waiting == [("Hello @Bob, :wave:!", True), ("rude", True)]
    assert [each["note"] for each in page.gifts] == [None, None]
    notes = [message["note"] for message in page.messages if "note" in message]
    assert notes == [{"seq": gift.seq, "text": "Hello @Bob, :wave:!"}]
    late = await house.page(await house.linked(), after=0, epoch=page.welcome["epoch"])
    await late.until_seq(bad.seq)
    assert [each["note"] for each in late.gifts] == ["Hello @Bob, :wave:!", None]


async def test_messages_below_the_tier_or_with_a_word_of_the_list_stay_out(house: House):
    await house.services.guilds.change(GUILD, overlay_notes_from="small")
    await house.go_live()
    page = await house.page(await house.linked())
    first = await house.send("a", note="fine")
    await page.until_seq(first.seq)
    await house.services.guilds.change(GUILD, note_words="rude")
    await house.services.guilds.change(GUILD, overlay_notes_from="medium")

    late = await house.page(await house.linked(), after=0, epoch=page.welcome["epoch"])
    await late.until_seq(first.seq)

    assert [each["note"] for each in page.gifts] == ["fine"]
    assert [each["note"] for each in late.gifts] == [None]
    assert late.welcome["settings"] == {"notes_from": "medium", "hold_notes": False}


async def test_a_server_that_stops_tells_its_pages_to_come_back(address: str, clock: Clock, house: House):
    secret = await house.linked()
    page = await house.page(secret)

    await house.hub.close()

    assert await page.until_gone() == RESTART


async def test_no_log_has_the_secret_of_a_link(house: House, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    secret = await house.linked()
    page = await house.page(secret)
    await page.say(do="nonsense", seq=[secret])
    await page.say(hello=secret)
    await page.socket.send_str(f"{secret} is no JSON")
    await page.until_gone()
    await refused(house, secret[:-1])

    assert secret[:-1] not in caplog.text


async def test_a_page_that_reads_nothing_is_let_go_and_keeps_nobody_waiting(house: House):
    await house.go_live()
    secret = await house.linked()
    page = await house.page(secret)
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port, limit=1_024)
    writer.write(
        b"GET /overlay/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    await reader.readuntil(b"\r\n\r\n")
    text = b'{"hello":1,"token":"' + secret.encode() + b'","slot":"stuck"}'
    writer.write(bytes([0x81, 0x80 | len(text)]) + bytes(4) + text)
    await until(lambda: sources_are(house, 2))

    source = next(each for each in house.hub.pages if each.slot == "stuck")
    writer.transport.pause_reading()  # pyright: ignore[reportAttributeAccessIssue]
    while not source.is_closing:
        source.send(b"x" * 50_000)
        await asyncio.sleep(0)
    await until(lambda: sources_are(house, 1))
    last = await house.send("a")
    await page.until_seq(last.seq)

    assert page.seqs == [last.seq]
    writer.close()


async def test_what_approving_needs_is_checked(house: House):
    await house.go_live()
    page, dock = await house.page(await house.linked()), await house.page(await house.linked(scope=CONTROL))
    await dock.say(do="replay", seq=10**9)
    await dock.say(do="replay", seq="1")
    await until(lambda: is_told(page, ["replay", "replay"]))

    assert [message["seq"] for message in page.messages if "do" in message] == [None, None]
    assert {*OverlayAction} >= {"replay"}
