"""The clock of the whole process, and the only reader of the machine's own.

What is booked and what ends goes by Discord's time. The machine's clock only measures how far that time has moved on.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import aiohttp

from bot.domain.errors import ClockDoubtful
from bot.domain.timekeeping import STEP_MS, Doubt, Timekeeper, bounds_of_date, bounds_of_id

log = logging.getLogger(__name__)

ASK_EVERY_MS = 600_000
"""Discord is asked for the time again when its last answer is this old."""

_DATE_STEP_MS = 1_000
"""`Date` headers have whole seconds, so more than one a second teaches nothing new."""

# CLOCK_BOOTTIME (Linux) keeps running while the machine sleeps.
_MONOTONIC = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def wall_ms() -> int:
    """Return the machine's time, right or wrong, in milliseconds since the epoch, UTC."""
    return time.time_ns() // 1_000_000


def monotonic_ms() -> int:
    """Return milliseconds of a clock that nobody can set."""
    return time.clock_gettime_ns(_MONOTONIC) // 1_000_000


class Clock:
    """Gives milliseconds since the epoch, UTC. Raises ClockDoubtful while the time is in doubt."""

    def __init__(self, wall: Callable[[], int] = wall_ms, monotonic: Callable[[], int] = monotonic_ms) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._keeper = Timekeeper()
        self._clearing = asyncio.Event()
        self._last_date_ms = 0
        self.on_doubt: Callable[[], None] = lambda: None
        """Called when the time comes into doubt."""

    def __call__(self) -> int:
        """Return the time; raise ClockDoubtful."""
        now_ms = self.estimate()
        if self._keeper.doubt is not None:
            raise ClockDoubtful
        return now_ms

    @property
    def is_clear(self) -> bool:
        """Whether the time is beyond doubt."""
        self.estimate()
        return self._keeper.doubt is None

    @property
    def needs_telling(self) -> bool:
        """Whether Discord should be asked for the time."""
        return not self.is_clear or self._monotonic() - self._last_date_ms > ASK_EVERY_MS

    def estimate(self) -> int:
        """Return the best guess, even while in doubt. For waiting and showing, never for booking or ending anything."""
        previous = self._keeper.doubt
        now_ms = self._keeper.look(self._wall(), self._monotonic())
        self._note(previous)
        return now_ms

    def glance(self) -> int:
        """Return the best guess without looking whether the machine's clock has jumped. For ages of what is heard of
        and for figures, which are asked for several times an interaction."""
        return self._keeper.at(self._monotonic())

    async def until_clear(self) -> None:
        """Wait until the time is beyond doubt."""
        while not self.is_clear:
            await self._clearing.wait()

    def hear_id(self, snowflake: int) -> None:
        """Learn the time from the id of an interaction that has just arrived."""
        previous, monotonic = self._keeper.doubt, self._monotonic()
        self._keeper.hear(bounds_of_id(snowflake, monotonic), self._wall(), monotonic)
        self._note(previous)

    def hear_date(self, date: str | None, sent_ms: int) -> None:
        """Learn the time from the `Date` of a response whose request was sent at `sent_ms` of the monotonic clock."""
        previous, monotonic = self._keeper.doubt, self._monotonic()
        if previous is None and monotonic - self._last_date_ms < _DATE_STEP_MS:
            return
        self._last_date_ms = monotonic
        try:
            # Always UTC. Python reads the zone "-0000" as no zone at all.
            date_ms = int(parsedate_to_datetime(date or "").replace(tzinfo=UTC).timestamp()) * 1000
        except ValueError:
            if previous is Doubt.UNHEARD:
                log.warning("Discord's responses carry no Date header, so Rosette trusts this machine's clock")
                self._keeper.trust_wall(self._wall(), monotonic)
                self._clearing.set()
            return
        self._keeper.hear(bounds_of_date(date_ms, sent_ms, monotonic), self._wall(), monotonic)
        self._note(previous)

    def listen(self, trace: aiohttp.TraceConfig) -> None:
        """Learn the time from every response to a session that has this trace."""

        async def on_start(
            _session: aiohttp.ClientSession, context: SimpleNamespace, _start: aiohttp.TraceRequestStartParams
        ) -> None:
            context.sent_ms = self._monotonic()

        async def on_end(
            _session: aiohttp.ClientSession, context: SimpleNamespace, end: aiohttp.TraceRequestEndParams
        ) -> None:
            self.hear_date(end.response.headers.get("Date"), context.sent_ms)

        trace.on_request_start.append(on_start)
        trace.on_request_end.append(on_end)

    def _note(self, previous: Doubt | None) -> None:
        """Log once that the time has come into doubt or out of it, and wake those who wait for that."""
        doubt, ahead_ms = self._keeper.doubt, self._keeper.wall_ahead_ms
        if doubt is previous:
            return
        if doubt is None:
            self._clearing.set()
            if previous is not Doubt.UNHEARD:
                log.warning("The time is certain again, and gifts go through. %s.", _comparison(ahead_ms))
            elif abs(ahead_ms) > STEP_MS:
                log.warning("%s. Set the clock, for example with NTP.", _comparison(ahead_ms))
        elif previous is None:
            self._clearing.clear()
            cause = f"jumped: it is {_difference(ahead_ms)}" if doubt is Doubt.JUMPED else "and Discord's drifted apart"
            log.error(
                "This machine's clock %s. Gifts and payments are paused and no live event ends until Discord has "
                "confirmed the time. Rosette asks for it and continues on its own.",
                cause,
            )
            self.on_doubt()


def _comparison(ahead_ms: int) -> str:
    if abs(ahead_ms) <= STEP_MS:
        return "This machine's clock agrees with Discord's"
    return f"This machine's clock is {_difference(ahead_ms)}. Rosette goes by Discord's"


def _difference(ahead_ms: int) -> str:
    """Return how far a clock is from Discord's, in words for operators."""
    return f"{timedelta(seconds=round(abs(ahead_ms) / 1000))} {'ahead of' if ahead_ms >= 0 else 'behind'} Discord's"
