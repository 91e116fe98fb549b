"""Attendance: who was there while a creator was live, as shown by presses of *Hop on* on the live event's board.

One press is good for ten minutes, and the next one counts once they are over. They count in full, even if the live
event ends first. A member who attends two live events at once has attended both, but the time counts once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, NamedTuple

from bot.domain.live import LiveEvent

PRESS_MS: Final = 10 * 60_000
"""How much attendance one press is good for."""

_MINUTE_MS: Final = 60_000


class Press(NamedTuple):
    """A press that counts, from `from_ms` up to, but not including, `until_ms`, in milliseconds UTC."""

    from_ms: int
    until_ms: int


class HopOnOutcome(Enum):
    """The outcome of a press."""

    ABOARD = auto()
    """It counts from now on."""
    ALREADY = auto()
    """An earlier one still counts."""
    ON_STAGE = auto()
    """The presser is one of the creators, and attends anyway."""


@dataclass(frozen=True, slots=True)
class HopOn:
    """The answer to a press: until when it counts, and the minutes attended in this live event."""

    outcome: HopOnOutcome
    until_ms: int = 0
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class AttendedShow:
    """A live event with how many members attended it."""

    event: LiveEvent
    attendees: int


def press_at(now_ms: int, latest: Press | None) -> Press | None:
    """Return the press that counts from `now_ms` on, None while the `latest` of the same live event still does."""
    if latest is not None and now_ms < latest.until_ms:
        return None
    return Press(now_ms, now_ms + PRESS_MS)


def minutes_attended(presses: Iterable[Press], from_ms: int, until_ms: int) -> int:
    """Return the full minutes that presses cover in a time, without `until_ms`. What overlaps counts once."""
    covered_ms, end_ms = 0, from_ms
    for press in sorted(presses):
        start_ms, stop_ms = max(press.from_ms, end_ms), min(press.until_ms, until_ms)
        if stop_ms > start_ms:
            covered_ms += stop_ms - start_ms
            end_ms = stop_ms
    return covered_ms // _MINUTE_MS
