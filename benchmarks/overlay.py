"""Overlays in Chromium: how long a gift takes from the journal to the screen, and how smoothly it is painted.

The bot is a process of its own, members send their gifts over the wire, and the pages come from the bot's web part. The
bars are for one source as big as a stream. Eight sources on these two cores, which also drive the bot and its members,
are there to show that none of them misses a gift: seven of them are small, as widgets of other scenes are.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from benchmarks.figures import Figure, below, percentile, say
from benchmarks.live import show, stream
from bot.domain.catalogue import Tier, tier_of
from sandbox.discord.model.message import walk
from tests import books
from tests.browsing import CHROMIUM
from tests.rig import Town, until

ALONE, CROWD = 1, 8
"""How many sources are open: one, as the bars mean it, or as many as a creator's scenes have."""
FULL, SMALL = (1920, 1080), (480, 270)
GIFTS = ("1", "2", "1", "3", "1", "4", "1", "2", "1", "5", "1", "2", "1", "3", "7", "8", "9", "10", "12", "15")
"""Ids of the gifts that are sent: in twenty, fourteen small, four medium, a large and a grand one."""
LAST_S = 20
"""Seconds that the last gifts have to appear: what takes longer has its delay, and counts as not shown."""
BAR_MS = 250
FRAME_BAR_MS = 20
SLOW_FRAME_MS = 33.4

RECORD = """
    window.painted = [];
    window.gaps = [];
    document.addEventListener("rosette:shown", ({ detail }) => {
        if (detail.lane !== "feed") return;
        // The second frame after a change begins when the first has been handed to the screen.
        requestAnimationFrame(() => requestAnimationFrame(() => window.painted.push([Date.now(), detail.seqs])));
    });
    let before = null;
    const count = (now) => {
        if (before !== null) window.gaps.push(now - before);
        before = now;
        requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
"""


@dataclass(slots=True)
class Sources:
    """The open pages of one link, of which the first has the size of a stream."""

    town: Town
    pages: list[Page] = field(default_factory=list[Page])

    async def open(self, browser: Browser, secret: str, count: int) -> None:
        """Open pages of the link with this secret until there are `count`, and wait until the bot knows them."""
        for number in range(len(self.pages), count):
            width, height = SMALL if number else FULL
            page = await browser.new_page(viewport={"width": width, "height": height})
            await page.add_init_script(RECORD)
            root = f"http://127.0.0.1:{self.town.rig.web_port}"
            await page.goto(f"{root}/overlay?volume=0&slot=scene{number}#{secret}")
            # Before its welcome, a page has no place in the journal.
            await page.wait_for_selector("html[data-coin]")
            self.pages.append(page)

    async def forget(self) -> None:
        """Begin a new measurement."""
        for page in self.pages:
            await page.evaluate("window.gaps.length = window.painted.length = 0")

    async def until_shown(self, count: int) -> None:
        """Wait until each page has painted this many gifts of the feed, or for LAST_S seconds."""

        async def is_level() -> bool:
            painted = "window.painted.reduce((sum, [, seqs]) => sum + seqs.length, 0)"
            return all([await page.evaluate(painted) >= count for page in self.pages])

        try:
            await until(is_level, LAST_S)
        except TimeoutError:
            say("overlay: not every gift was shown")

    async def painted(self) -> list[dict[int, int]]:
        """Return for each page the milliseconds since the epoch at which each gift of the feed was on screen."""
        changes: list[Sequence[tuple[int, Sequence[int]]]] = [
            await page.evaluate("window.painted") for page in self.pages
        ]
        return [{seq: at_ms for at_ms, seqs in page for seq in seqs} for page in changes]


async def measured(_folder: Path, *, long: bool) -> Iterator[Figure]:
    """Measure at 5 and at 500 gifts a second, for as long as the bars require if `long`."""
    if not CHROMIUM.exists():
        say("overlay: no Chromium here")
        return iter(())
    figures: list[Figure] = []
    async with async_playwright() as playwright, show() as town:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        sources, secret = Sources(town), await _link(town)
        for count in (ALONE, CROWD):
            await sources.open(browser, secret, count)
            for rate in (5, 500):
                say(f"overlay, {count} open, {rate}/s")
                figures += await _figures(sources, rate, 60 if long else 10)
        await browser.close()
    return iter(figures)


async def _link(town: Town) -> str:
    """Have the creator make the link of their overlay, and return its secret."""
    status = await (await town.noor.at(town.live).slash("live status")).message()
    card = await (await town.noor.click(status, "Overlay")).message()
    card = await (await town.noor.click(card, "Make the link")).message()
    (address,) = [part["url"] for part in walk(card.components) if "/overlay#" in part.get("url", "")]
    return address.partition("#")[2]


async def _figures(sources: Sources, rate: int, seconds: float) -> list[Figure]:
    town = sources.town
    head = max(_feed_gifts(town, after=0), default=0)
    await sources.forget()
    await stream(town, rate, seconds, live=True, gifts=GIFTS)
    gaps: Sequence[float] = await sources.pages[0].evaluate("window.gaps")
    gifts = _feed_gifts(town, after=head)
    await sources.until_shown(len(gifts))
    painted = await sources.painted()
    delays = [times[seq] - at_ms for times in painted for seq, at_ms in gifts.items() if seq in times]
    missing = sum(len(gifts.keys() - times.keys()) for times in painted)
    is_alone = len(sources.pages) == ALONE
    name = f"overlay, {'one source' if is_alone else f'{CROWD} sources'}, {rate}/s"
    latency = percentile(delays, 99)
    figures = [
        below(f"{name}: gifts of the feed not shown", missing, "", 0),
        below(f"{name}: commit to paint, p99", latency, "ms", BAR_MS)
        if is_alone
        else Figure(f"{name}: commit to paint, p99", latency, "ms"),
    ]
    if is_alone and rate > 100:
        slow = 100 * sum(gap > SLOW_FRAME_MS for gap in gaps) / len(gaps)
        figures.append(below(f"{name}: from frame to frame, p95", percentile(gaps, 95), "ms", FRAME_BAR_MS))
        figures.append(below(f"{name}: frames above 33 ms", slow, "%", 1))
    return figures


def _feed_gifts(town: Town, *, after: int) -> dict[int, int]:
    """Return when each gift of the feed was committed, in milliseconds since the epoch, by its row in the journal.

    Larger ones have lanes of their own, in which they wait for each other.
    """
    query = "SELECT seq, at_ms, body FROM journal WHERE guild_id = ? AND kind = 'gift' AND seq > ?"
    rows = [
        (seq, at_ms, json.loads(body))
        for seq, at_ms, body in books.rows(town.rig.database, query, town.guild.id, after)
    ]
    return {seq: at_ms for seq, at_ms, body in rows if not _is_large(body)}


def _is_large(body: dict[str, Any]) -> bool:
    return tier_of(body["price"]).reaches(Tier.LARGE)
