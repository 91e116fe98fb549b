"""The periods that a leaderboard covers, in the guild's own time zone."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

ALL_TIME = 0
"""The only bucket of the period ALL."""


class Period(StrEnum):
    """The period of a leaderboard. The values are stored and are the choices of `/leaderboard`."""

    LIVE = "live"
    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    LAST_30_DAYS = "30days"
    ALL = "all"


LONG_DAYS = 30
"""Days in LAST_30_DAYS, today included."""

_FIRST_YEAR = 2000
_LAST_DAY = 9999_12_31
_PAST = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")


class Span(NamedTuple):
    """The days, or the one month, from `first` to `last`, as `period_key_of` numbers them."""

    first: int
    last: int

    @property
    def is_month(self) -> bool:
        """Whether this is a month."""
        return self.first < 9999_99


@dataclass(frozen=True, slots=True)
class PastPeriod:
    """A day or a month that somebody asks for by its date, numbered as by `period_key_of`. It need not be over."""

    number: int

    @classmethod
    def of(cls, text: str) -> "PastPeriod | None":
        """Return the period that is written as 2026-10 or 2026-10-31, None for anything else."""
        match = _PAST.fullmatch(text.strip())
        if match is None:
            return None
        year, month, day = (int(part or 0) for part in match.groups())
        return cls.numbered((year * 100 + month) * 100 + day if match[3] else year * 100 + month)

    @classmethod
    def numbered(cls, number: int) -> "PastPeriod | None":
        """Return the period with a number, None if there is no such day or month, or nobody could have sent a gift."""
        try:
            first_day = _first_day(number)
        except (ValueError, OverflowError):
            return None
        return cls(number) if first_day.year >= _FIRST_YEAR else None

    @property
    def span(self) -> Span:
        """What to look up."""
        return Span(self.number, self.number)

    @property
    def first_day(self) -> date:
        """The day, or the first day of the month."""
        return _first_day(self.number)

    def __str__(self) -> str:
        return f"{self.first_day:%Y-%m}" if self.span.is_month else f"{self.first_day:%Y-%m-%d}"


def _first_day(number: int) -> date:
    month, day = (number, 1) if Span(number, number).is_month else divmod(number, 100)
    return date(*divmod(month, 100), day)


def week_of(day: int) -> int:
    """Return the number of the week that a day is in."""
    year, week, _ = _first_day(day).isocalendar()
    return year * 100 + week


def last_30_days(now_ms: int, zone: ZoneInfo) -> Span:
    """Return the days of LAST_30_DAYS. There is no last one: a guild that moves west may count tomorrow already."""
    first = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(zone).date() - timedelta(days=LONG_DAYS - 1)
    return Span(first.year * 10_000 + first.month * 100 + first.day, _LAST_DAY)


def period_key_of(period: Period, at_ms: int, zone: ZoneInfo) -> int:
    """Return the number of the day (20261122), ISO week (202647) or month (202611) that contains `at_ms` in `zone`.

    LIVE and LAST_30_DAYS raise ValueError: one is the id of the live event, the other a `Span`.
    """
    if period is Period.ALL:
        return ALL_TIME
    local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)
    if period is Period.TODAY:
        return local.year * 10_000 + local.month * 100 + local.day
    if period is Period.MONTH:
        return local.year * 100 + local.month
    if period is Period.WEEK:
        year, week, _ = local.isocalendar()
        return year * 100 + week
    raise ValueError(period)


def start_of(period: Period, at_ms: int, zone: ZoneInfo) -> int:
    """Return when the day, week (Monday), month or 30 days that `at_ms` is in began in `zone`, in milliseconds."""
    local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)
    # If clocks go back over midnight, fold=0 is the first of the two midnights.
    day = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if period is Period.WEEK:
        day = _days_earlier(day, day.weekday())
    elif period is Period.LAST_30_DAYS:
        day = _days_earlier(day, LONG_DAYS - 1)
    elif period is Period.MONTH:
        day = day.replace(day=1)
    elif period is not Period.TODAY:
        raise ValueError(period)
    return int(day.timestamp() * 1000)


def _days_earlier(midnight: datetime, days: int) -> datetime:
    # Subtract on wall time, so that a week with a clock change still starts at midnight.
    return (midnight.replace(tzinfo=None) - timedelta(days=days)).replace(tzinfo=midnight.tzinfo)
