"""The periods that a leaderboard covers, in the guild's own time zone."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

ALL_TIME = 0
"""The only bucket of the period ALL."""


class Period(StrEnum):
    """The period of a leaderboard. The values are stored and are the choices of `/leaderboard`."""

    LIVE = "live"
    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    ALL = "all"


def period_key_of(period: Period, at_ms: int, zone: ZoneInfo) -> int:
    """Return the number of the day (20261122), ISO week (202647) or month (202611) that contains `at_ms` in `zone`.

    LIVE raises ValueError, because its bucket is the id of the live event.
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
    """Return when the day, week (Monday) or month around `at_ms` began in `zone`, in milliseconds."""
    local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)
    # If clocks go back over midnight, fold=0 is the first of the two midnights.
    day = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if period is Period.WEEK:
        # Subtract on wall time, so that a week with a clock change still starts at midnight.
        day = (day.replace(tzinfo=None) - timedelta(days=day.weekday())).replace(tzinfo=zone)
    elif period is Period.MONTH:
        day = day.replace(day=1)
    elif period is not Period.TODAY:
        raise ValueError(period)
    return int(day.timestamp() * 1000)
