"""The clock of the whole process, and the only reader of the machine's: Discord's time decides, books and ends."""

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
"""How old the last time that Discord told may be before it is asked again."""

_OFTEN_MS = 1_000
"""A storm of answers tells nothing new within a second."""

# On Linux it goes on while the machine sleeps.
_MONOTONIC = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def wall_ms() -> int:
    """Return what the machine's clock says, right or wrong: milliseconds since the epoch, UTC."""
    return time.time_ns() // 1_000_000


def monotonic_ms() -> int:
    """Return the milliseconds of a clock that nobody sets."""
    return time.clock_gettime_ns(_MONOTONIC) // 1_000_000


class Clock:
    """Gives milliseconds since the epoch, UTC; raises ClockDoubtful while nobody can say what time it is."""

    def __init__(self, wall: Callable[[], int] = wall_ms, monotonic: Callable[[], int] = monotonic_ms) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._keeper = Timekeeper()
        self._clear = asyncio.Event()
        self._heard_ms = 0
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
        """Whether it can be said what time it is."""
        self.estimate()
        return self._keeper.doubt is None

    @property
    def needs_telling(self) -> bool:
        """Whether Discord should be asked for the time."""
        return not self.is_clear or self._monotonic() - self._heard_ms > ASK_EVERY_MS

    def estimate(self) -> int:
        """Return the time also while it is in doubt: for what only waits or shows, and neither books nor ends."""
        before = self._keeper.doubt
        now_ms = self._keeper.look(self._wall(), self._monotonic())
        self._note(before)
        return now_ms

    async def until_clear(self) -> None:
        """Return once it can be said what time it is."""
        while not self.is_clear:
            await self._clear.wait()

    def hear_id(self, snowflake: int) -> None:
        """Take in the id of an interaction that has just come."""
        before, monotonic = self._keeper.doubt, self._monotonic()
        self._keeper.hear(bounds_of_id(snowflake, monotonic), self._wall(), monotonic)
        self._note(before)

    def hear_date(self, date: str | None, asked_ms: int) -> None:
        """Take in the `Date` of a response that was asked for at `asked_ms` of the monotonic clock."""
        before, monotonic = self._keeper.doubt, self._monotonic()
        if before is None and monotonic - self._heard_ms < _OFTEN_MS:
            return
        self._heard_ms = monotonic
        try:
            # Always UTC, also where it says so in a way that Python takes for no zone at all.
            date_ms = int(parsedate_to_datetime(date or "").replace(tzinfo=UTC).timestamp()) * 1000
        except ValueError:
            if before is Doubt.UNHEARD:
                log.warning("Discord's answers carry no Date: Rosette has to believe this machine's clock")
                self._keeper.trust_wall(self._wall(), monotonic)
                self._clear.set()
            return
        self._keeper.hear(bounds_of_date(date_ms, asked_ms, monotonic), self._wall(), monotonic)
        self._note(before)

    def listen(self, trace: aiohttp.TraceConfig) -> None:
        """Hear the time from every answer to a client's session."""

        async def asked(
            _session: aiohttp.ClientSession, context: SimpleNamespace, _start: aiohttp.TraceRequestStartParams
        ) -> None:
            context.asked_ms = self._monotonic()

        async def answered(
            _session: aiohttp.ClientSession, context: SimpleNamespace, end: aiohttp.TraceRequestEndParams
        ) -> None:
            self.hear_date(end.response.headers.get("Date"), context.asked_ms)

        trace.on_request_start.append(asked)
        trace.on_request_end.append(answered)

    def _note(self, before: Doubt | None) -> None:
        """Tell the operators once what has changed, and those who wait."""
        doubt, ahead_ms = self._keeper.doubt, self._keeper.wall_ahead_ms
        if doubt is before:
            return
        if doubt is None:
            self._clear.set()
            if before is not Doubt.UNHEARD:
                log.warning("The time is clear again. %s", _compared(ahead_ms))
            elif abs(ahead_ms) > STEP_MS:
                log.warning("%s. Set it, for example by NTP", _compared(ahead_ms))
        elif before is None:
            self._clear.clear()
            cause = f"jumped: it is {_apart(ahead_ms)}" if doubt is Doubt.JUMPED else "and Discord's went apart"
            log.error(
                "This machine's clock %s. Nothing is booked and nothing ends until Discord has told the time; "
                "Rosette asks it, and goes on by itself",
                cause,
            )
            self.on_doubt()


def _compared(ahead_ms: int) -> str:
    if abs(ahead_ms) <= STEP_MS:
        return "This machine's clock agrees with Discord's"
    return f"This machine's clock is {_apart(ahead_ms)}. Rosette goes by Discord's"


def _apart(ahead_ms: int) -> str:
    """Return by how much a clock differs from Discord's, in words for operators."""
    return f"{timedelta(seconds=round(abs(ahead_ms) / 1000))} {'ahead of' if ahead_ms >= 0 else 'behind'} Discord's"
