"""The weekly recap: what a creator's last week was like, and which week is due.

Weeks are those of leaderboards: from Monday's midnight to the next, in the guild's time zone. Each has its ISO number
(202647), and numbers only grow. A guild notes the last week that it has finished, so nothing is sent twice, whatever
happens to the bot, the clock or the zone. After weeks without the bot, only the latest is due.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.buying_limits import DAY_MS
from bot.domain.creator_stats import NOTHING, CreatorStats, DayGiven, Given
from bot.domain.earnings import Release
from bot.domain.live import LargestGift
from bot.domain.periods import Period, Span, period_key_of, start_of

_LONGER_THAN_A_WEEK_MS: Final = 8 * DAY_MS
"""Added to the start of any week, this falls into the next: clock changes make no week longer than seven days and a
bit."""


class Week(NamedTuple):
    """A week of a guild's calendar. It begins at `start_ms` and is over at `end_ms`."""

    number: int
    start_ms: int
    end_ms: int

    def days(self, zone: ZoneInfo) -> Span:
        """Return its first and its last day."""
        first, last = (period_key_of(Period.TODAY, at_ms, zone) for at_ms in (self.start_ms, self.end_ms - 1))
        return Span(first, last)


def week_at(at_ms: int, zone: ZoneInfo) -> Week:
    """Return the week that a moment is in."""
    start_ms = start_of(Period.WEEK, at_ms, zone)
    end_ms = start_of(Period.WEEK, start_ms + _LONGER_THAN_A_WEEK_MS, zone)
    return Week(period_key_of(Period.WEEK, at_ms, zone), start_ms, end_ms)


def week_before(at_ms: int, zone: ZoneInfo) -> Week:
    """Return the last week that was over at a moment."""
    return week_at(start_of(Period.WEEK, at_ms, zone) - 1, zone)


def due_week(now_ms: int, zone: ZoneInfo, done: int | None) -> Week | None:
    """Return the week whose recaps are due, None if there is none. `done` is the last week that is done with.

    Without one the guild has only just begun: its first recaps are of the week that runs.
    """
    week = week_before(now_ms, zone)
    return week if done is not None and week.number > done else None


class Trend(StrEnum):
    """How a week compares with the one before."""

    FIRST = "first"
    """There was nothing the week before."""
    MORE = "more"
    SAME = "same"
    FEWER = "fewer"


def trend_of(now: Given, before: Given) -> Trend:
    """Return how the coins of a week compare with those of the week before."""
    if not before.pieces:
        return Trend.FIRST
    if now.coins == before.coins:
        return Trend.SAME
    return Trend.MORE if now.coins > before.coins else Trend.FEWER


@dataclass(frozen=True, slots=True)
class CreatorWeek:
    """What a creator's week was like.

    `days` are its first and its last. `before` is what was given the week before. `earned` is in diamonds, without what
    was taken back, and `earned_in_tests` is what test coins earned. `goals` counts the goals that were reached during
    live events. `release` is the next part of the held earnings to become available. `largest` is the largest gift,
    None if all were small, and `largest_id` the member who sent it, 0 if nobody may be named.
    """

    week: Week
    days: Span
    stats: CreatorStats
    before: Given = NOTHING
    earned: int = 0
    earned_in_tests: int = 0
    goals: int = 0
    release: Release | None = None
    largest: LargestGift | None = None
    largest_id: int = 0

    @property
    def trend(self) -> Trend:
        """How it compares with the week before."""
        return trend_of(self.stats.total, self.before)

    @property
    def difference(self) -> int:
        """How many coins more or fewer than the week before, never negative."""
        return abs(self.stats.total.coins - self.before.coins)

    @property
    def is_worth_telling(self) -> bool:
        """Whether anything came in."""
        return self.stats.total.pieces > 0 or self.earned > 0 or self.earned_in_tests > 0

    @property
    def best_day(self) -> DayGiven | None:
        """The day with the most coins; of equals, the first."""
        return max(self.stats.days, key=lambda day: (day.sums.coins, -day.day), default=None)

    @property
    def best_hour(self) -> int | None:
        """The hour of the day with the most coins."""
        return best_hour(self.stats.hours)


def best_hour(hours: Sequence[Given]) -> int | None:
    """Return the hour with the most coins; of equals, the first. None if there were no coins."""
    most = max((hour.coins for hour in hours), default=0)
    return next((number for number, hour in enumerate(hours) if most and hour.coins == most), None)
