"""Quiet hours: the part of each day in which a guild wants its announcements held back."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60


def quiet_until(now_ms: int, start: int, end: int, zone: ZoneInfo) -> int:
    """Return when the quiet hours around `now_ms` end, in milliseconds UTC; 0 outside of them.

    `start` and `end` are minutes after midnight in `zone`. The hours may span midnight. If both are equal, there are
    none.
    """
    local = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(zone)
    minute = local.hour * 60 + local.minute
    if (minute - start) % DAY_MINUTES >= (end - start) % DAY_MINUTES:
        return 0
    # Compute on wall time, so that a clock change in between does not move the end.
    day = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    until = day + timedelta(days=int(end <= minute), minutes=end)
    return int(until.replace(tzinfo=zone).timestamp() * 1000)
