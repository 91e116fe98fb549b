"""Where the figures come from: the objects of the running bot, and what has to be read for each scrape."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from bot.announcer.announcer import FOLLOWER
from bot.announcer.live_boards import LiveBoards
from bot.client import Rosette
from bot.discord_requests import DiscordRequests
from bot.logs import of_kind
from bot.metrics.loop_lag import LoopLag
from bot.metrics.money import MoneyFigures
from bot.storage.database import Database
from bot.storage.lags import Lags, lags
from bot.storage.maintenance import marks
from bot.storage.maintenance.marks import Marks
from bot.storage.probe import Probe
from bot.storage.watch import Watch
from bot.web.overlay.hub import Hub
from bot.web.server import WebServer

log = logging.getLogger(__name__)

PATIENCE_S = 2.0
"""How long a scrape waits for the books. Prometheus waits ten seconds by default, and the other figures matter most
when the books do not answer."""


class Running(NamedTuple):
    """The running bot."""

    database: Database
    client: Rosette
    boards: LiveBoards
    overlays: Hub
    probe: Probe
    watch: Watch
    web: WebServer
    requests: DiscordRequests


class Build(NamedTuple):
    """What runs: the versions of the code, of the database and of Python."""

    version: str
    schema: str
    python: str


class Sources:
    """All of it. `read` brings up to date what is not in memory: do that before each scrape.

    `marks_file` is where operators' commands note what they did. `clock` gives milliseconds since the epoch. It needs a
    running event loop.
    """

    def __init__(self, running: Running, build: Build, marks_file: Path, clock: Callable[[], int]) -> None:
        self.running, self.build = running, build
        self.loop_lag = LoopLag()
        self.money = MoneyFigures(running.client.services.payment_events.provider_names)
        self.marks = Marks()
        self.lags: Lags | None = None
        """None while the books do not answer: then their figures are left out, rather than outdated."""
        self._marks_file = marks_file
        self._clock = clock
        running.database.writer.subscribe(self.money.hear)
        running.client.services.orders.on_settled(self.money.settled)

    async def read(self) -> None:
        """Read the marks, and what waits in the books."""
        self.marks = await asyncio.to_thread(marks.read, self._marks_file)
        try:
            async with asyncio.timeout(PATIENCE_S):
                self.lags = await self.running.database.follower_books.read(lags, FOLLOWER)
        except Exception:
            # Whatever went wrong, the other figures are now needed all the more.
            self.lags = None
            log.exception("Metrics go without what waits in the books", extra=of_kind("metrics without books"))

    def follower_lags_s(self) -> dict[str, float]:
        """Return for how many seconds the oldest row has been waiting for each follower."""
        if self.lags is None:
            return {}
        # A guild that the bot was removed from has nobody to tell, and another process's guilds are its own affair.
        reached = [row.since_ms for row in self.lags.announcements if self.running.client.get_guild(row.guild_id)]
        return {
            "announcements": self._ago_s(reached),
            "standings": self._ago_s([row.since_ms for row in self.lags.standings]),
        }

    def _ago_s(self, times_ms: list[int]) -> float:
        return max(0, self._clock() - min(times_ms)) / 1000 if times_ms else 0.0
