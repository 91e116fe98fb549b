"""Reading a moment as a manager types it, in the guild's own time zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.ui.refusals import InvalidMoment

_FORMS = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d")


def parse_moment(typed: str, time_zone: str) -> int:
    """Return "2030-12-24", midnight, or "2030-12-24 18:00" in milliseconds UTC; raise InvalidMoment.

    An hour that a clock change skips or repeats is read as its first occurrence.
    """
    cleaned = " ".join(typed.split())
    for form in _FORMS:
        try:
            local = datetime.strptime(cleaned, form).replace(tzinfo=ZoneInfo(time_zone))
            return int(local.timestamp() * 1000)
        except (ValueError, OverflowError):
            continue
    raise InvalidMoment(typed[:40])
