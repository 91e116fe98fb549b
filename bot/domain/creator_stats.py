"""What a creator was given in a period: when, what, by how many members, and during which live events.

The rule of anonymous gifts (`bot.domain.anonymity`) applies here, too: they add to sums of coins and pieces, but to no
count of people. Hours and weekdays are those of the guild's time zone when the gift was sent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.buying_limits import DAY_MS
from bot.domain.catalogue import GiftItem
from bot.domain.leaderboards import QUARTER_MS, Standing
from bot.domain.live import LiveEvent
from bot.domain.periods import PastPeriod, Period, Span, period_key_of, start_of

HOURS: Final = 24
WEEKDAYS: Final = 7
FIRST_DAY: Final = 1000_01_01
LAST_DAY: Final = 9999_12_31
"""Day numbers before and after those of all gifts."""


class Hour(NamedTuple):
    """An hour of a day. When clocks are put back, one of them is twice as long."""

    day: int
    hour: int


def hour_of(at_ms: int, zone: str) -> Hour:
    """Return the hour in which a moment is in a time zone. Days are numbered as by `bot.domain.periods`."""
    return _hour_of(at_ms // QUARTER_MS, zone)


@lru_cache(maxsize=1_024)
def _hour_of(quarter: int, zone: str) -> Hour:
    # Every zone's offset is a multiple of a quarter of an hour, so the whole quarter is in the same hour.
    local = datetime.fromtimestamp(quarter * QUARTER_MS / 1000, UTC).astimezone(ZoneInfo(zone))
    return Hour(local.year * 10_000 + local.month * 100 + local.day, local.hour)


def weekday_of(day: int) -> int:
    """Return the weekday of a numbered day, 0 for Monday."""
    year, month, day_of_month = day // 10_000, day // 100 % 100, day % 100
    return date(year, month, day_of_month).weekday()


class Given(NamedTuple):
    """What was given: coins, and pieces of gifts."""

    coins: int
    pieces: int

    def plus(self, more: "Given") -> "Given":
        """Return both together."""
        return Given(self.coins + more.coins, self.pieces + more.pieces)


NOTHING: Final = Given(0, 0)


class DayGiven(NamedTuple):
    """What was given on a day; `anonymous` of it came anonymously."""

    day: int
    sums: Given
    anonymous: Given


class ItemGiven(NamedTuple):
    """What was given of one item of the catalogue."""

    item_id: int
    sums: Given


class EventGiven(NamedTuple):
    """What a creator was given during a live event, and by how many gifters under their own names."""

    event: LiveEvent
    sums: Given
    gifters: int


@dataclass(frozen=True, slots=True)
class CreatorStats:
    """What a creator was given in one period.

    `days` are those with gifts, oldest first, and `hours` and `weekdays` all of them. `anonymous` is the part of the
    total that came anonymously. Gifters gave under their own names. `new_gifters` of them had never done so before the
    period, and it is None for all time. `fans` are the first of them, `items` the most sent, and `events` the latest.
    `catalogue` has the items by id. `since_ms` is when a period of the calendar began, and `event` is set for LIVE.
    While everything is counted, for the first time or again, `counted_percent` says how much of it has been.
    """

    creator_id: int
    period: Period | PastPeriod
    total: Given
    anonymous: Given
    days: Sequence[DayGiven]
    hours: Sequence[Given]
    weekdays: Sequence[Given]
    items: Sequence[ItemGiven]
    gifters: int
    new_gifters: int | None
    fans: Sequence[Standing]
    events: Sequence[EventGiven]
    catalogue: Mapping[int, GiftItem]
    time_zone: str
    event: LiveEvent | None = None
    since_ms: int | None = None
    counted_percent: int | None = None

    @property
    def returning_gifters(self) -> int | None:
        """Those gifters who had given before, None for all time."""
        return None if self.new_gifters is None else self.gifters - self.new_gifters


def total_of(parts: Iterable[Given]) -> Given:
    """Return all of it together."""
    total = NOTHING
    for part in parts:
        total = total.plus(part)
    return total


def by_weekday(days: Iterable[DayGiven]) -> list[Given]:
    """Return what was given on each weekday, Monday first."""
    weekdays = [NOTHING] * WEEKDAYS
    for day, sums, _ in days:
        weekday = weekday_of(day)
        weekdays[weekday] = weekdays[weekday].plus(sums)
    return weekdays


def days_of(period: Period | PastPeriod, now_ms: int, zone: ZoneInfo) -> Span:
    """Return the days of a period. Those that are not over have no last one: a guild that moves west may have
    counted tomorrow already. LIVE raises ValueError: it has no days of its own."""
    if isinstance(period, PastPeriod):
        number = period.number
        return Span(number * 100 + 1, number * 100 + 31) if period.span.is_month else Span(number, number)
    if period is Period.ALL:
        return Span(FIRST_DAY, LAST_DAY)
    return Span(period_key_of(Period.TODAY, start_of(period, now_ms, zone), zone), LAST_DAY)


def days_since(at_ms: int, zone: ZoneInfo) -> Span:
    """Return the days from the one before a moment on, for gifts after it: the guild may have moved since."""
    return Span(period_key_of(Period.TODAY, at_ms - DAY_MS, zone), LAST_DAY)
