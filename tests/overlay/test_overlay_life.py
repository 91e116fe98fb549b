"""A source's long life: hidden, withdrawn, reloaded, one of eight, and the same size after thousands of gifts."""

import pytest

from tests.overlay.watching import until

SECOND = 1_000
MINUTE = 60 * SECOND

HIDE = {
    "by OBS": (
        "dispatchEvent(new CustomEvent('obsSourceVisibleChanged', { detail: { visible: false } }))",
        "dispatchEvent(new CustomEvent('obsSourceVisibleChanged', { detail: { visible: true } }))",
    ),
    "by the browser": (
        "Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })",
        "delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange'))",
    ),
}


@pytest.mark.parametrize("way", HIDE)
async def test_what_came_while_the_source_was_hidden_is_one_card(opener, speaker, way):
    source = await opener.open(clock=True)
    hide, show = HIDE[way]
    await source.page.evaluate(hide)
    for number in range(37):
        speaker.gift(name=f"Member {number % 12}", age_ms=-SECOND)
    await speaker.flush()
    await source.page.clock.run_for(MINUTE)
    assert await source.events() == []

    await source.page.evaluate(show)
    await source.page.clock.run_for(SECOND)
    await source.until_shown(37)

    assert await source.lanes() == {"away": 1}
    assert await source.visible(".rosette-chip").count() == 0
    assert await source.visible(".rosette-large .rosette-name").text_content() == "While you were away"
    assert await source.visible(".rosette-large .rosette-gift-name").text_content() == "37 gifts from 12 people"


async def test_after_a_gap_the_new_play_the_old_fold_and_the_large_come_one_by_one(opener, speaker):
    speaker.cursors["main"] = 0
    for _ in range(9):
        speaker.gift(age_ms=2 * MINUTE)
    speaker.gift("large", age_ms=15 * MINUTE)
    speaker.gift("large", age_ms=5 * MINUTE)
    speaker.gift(age_ms=5 * SECOND)
    source = await opener.open()

    await source.until_shown(12)

    assert await source.lanes() == {"away": 1, "feed": 1, "large": 1}


async def test_a_card_that_waits_behind_a_large_gift_is_shown_after_a_reload(opener, speaker):
    speaker.is_pictured = False
    source = await opener.open(clock=True)
    await speaker.send("large")
    await source.until_shown(1)
    await source.page.clock.pause_at(await source.page.evaluate("Date.now()") + SECOND)
    for number in range(9):
        speaker.gift(name=f"Member {number}", age_ms=2 * MINUTE)
    await speaker.flush()

    async def is_noted():
        await source.page.clock.run_for(100)
        return await source.page.evaluate("Object.values(sessionStorage).some((text) => text.includes('\"to\":10'))")

    await until(is_noted)
    assert await source.lanes() == {"large": 1}
    await source.page.reload()
    await until(lambda: len(speaker.hellos) == 2)
    await source.page.clock.resume()
    await source.until_shown(10)

    assert await source.lanes() == {"large": 1, "away": 1}
    assert sorted(await source.seqs()) == list(range(1, 11))
    assert await source.visible(".rosette-large .rosette-gift-name").text_content() == "9 gifts from 9 people"
    await until(lambda: speaker.cursors["main"] == 10)


async def test_a_link_that_is_withdrawn_says_so_for_ten_seconds_and_is_silent_then(opener, speaker):
    source = await opener.open(clock=True)
    speaker.tokens.clear()
    await speaker.cut(4401)
    status = source.page.locator(".rosette-status")
    await status.wait_for()
    assert await status.text_content() == "This link is no longer valid. Get a new one in Discord."

    await source.page.clock.run_for(11 * SECOND)
    assert not await status.is_visible()

    await source.page.clock.run_for(5 * MINUTE)
    assert len(speaker.hellos) == 1


async def test_a_wrong_or_missing_token_shows_nothing_but_the_reason(opener):
    stranger = await opener.open(token="w" * 43, wait=False)
    missing = await opener.open(token="", wait=False)

    for page, text in ((stranger.page, "no longer valid"), (missing.page, "incomplete")):
        await page.locator(".rosette-status", has_text=text).wait_for()


async def test_a_short_gap_is_not_told_and_a_long_one_once(opener, speaker):
    source = await opener.open(clock=True)
    status = source.page.locator(".rosette-status")
    speaker.is_failing = True
    await speaker.cut()
    await source.page.clock.run_for(4 * SECOND)
    assert not await status.is_visible()

    await source.page.clock.run_for(3 * SECOND)
    assert await status.is_visible()

    await source.page.clock.run_for(MINUTE)
    assert not await status.is_visible()
    speaker.is_failing = False

    async def connected():
        await source.page.clock.run_for(2 * SECOND)
        return speaker.sources

    await until(connected)


async def test_a_silent_connection_is_given_up(opener, speaker):
    speaker.is_silent = True
    source = await opener.open(clock=True)
    await source.page.clock.run_for(44 * SECOND)

    await until(lambda: len(speaker.hellos) >= 2)


async def test_a_new_page_version_is_fetched_once_nothing_plays(opener, speaker):
    source = await opener.open(clock=True)
    await speaker.send("large")
    await source.until_shown(1)
    speaker.page = "p2"
    await speaker.cut(1012)
    await source.page.clock.run_for(3 * SECOND)
    await until(lambda: len(speaker.hellos) == 2)
    assert speaker.hellos[1]["page"] == "p1"

    await source.page.clock.run_for(20 * SECOND)
    await until(lambda: len(speaker.hellos) == 3)
    assert speaker.hellos[2]["page"] is None
    assert await source.seqs() == [1]


async def test_eight_sources_of_one_host_are_connected_together(opener, speaker):
    context = await opener.context(size=(640, 360))
    sources = [await opener.open(f"&slot=s{number}", context=context) for number in range(8)]
    await speaker.send()

    for source in sources:
        await source.until_shown(1)


async def test_thousands_of_gifts_leave_the_page_as_big_as_it_was(opener, speaker):
    speaker.is_pictured = False
    source = await opener.open(clock=True)
    session = await source.page.context.new_cdp_session(source.page)

    async def play(count):
        for number in range(count):
            speaker.gift("medium" if number % 5 == 0 else "small", name=f"Member {number % 400}")
            if number % 100 == 99:
                await speaker.flush()
                await source.page.clock.run_for(SECOND // 5)
        await source.until_shown(len(speaker.journal))
        await source.page.evaluate("window.shown.length = 0; sessionStorage.removeItem('shown-by-test')")
        await source.page.clock.run_for(20 * SECOND)
        await session.send("HeapProfiler.collectGarbage")
        counters = await session.send("Memory.getDOMCounters")
        heap = await session.send("Runtime.getHeapUsage")
        del speaker.journal[:]
        return counters["nodes"], heap["usedSize"]

    await session.send("HeapProfiler.enable")
    await play(2_000)
    speaker.epoch = "e2"
    sizes = []
    for times in range(2):
        await speaker.cut(1012)
        await source.page.clock.run_for(3 * SECOND)
        await until(lambda: speaker.is_settled and len(speaker.hellos) == 2 + times)  # noqa: B023 - awaited at once
        sizes.append(await play(2_000))
        speaker.epoch = f"e{times + 3}"

    (nodes, heap), (nodes_later, heap_later) = sizes
    assert nodes_later <= nodes * 1.1
    assert heap_later <= heap * 1.1
