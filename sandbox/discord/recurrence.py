"""When a recurring event happens next. Source: Discord's documentation, "Guild Scheduled Event Recurrence Rule Object".

When an occurrence ends, its event stays: Discord moves it to the next occurrence and never reports a completion
(discord/discord-api-docs#6885). Rules are stored in Discord's JSON.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from typing import Final, cast

from sandbox.discord.ids import iso, parse_iso
from sandbox.discord.jsontypes import JSON, Wire
from sandbox.discord.limits.problems import REQUIRED, Problems


class Frequency(IntEnum):
    """The unit of a rule."""

    YEARLY = 0
    MONTHLY = 1
    WEEKLY = 2
    DAILY = 3


_BY: Final = ("by_weekday", "by_n_weekday", "by_month", "by_month_day")
_NEEDS: Final = {
    Frequency.YEARLY: {"by_month", "by_month_day"},
    Frequency.MONTHLY: {"by_n_weekday"},
    Frequency.WEEKLY: {"by_weekday"},
    Frequency.DAILY: set[str](),
}
_DAYS: Final = ([0, 1, 2, 3, 4], [1, 2, 3, 4, 5], [6, 0, 1, 2, 3], [4, 5], [5, 6], [6, 0])
"""The sets of weekdays that a daily event may have; Monday is 0."""
_LONGEST_DAYS: Final = 5 * 366
_DAY: Final = 86_400.0


def weekly(starts_at: float) -> JSON:
    """Return the rule of an event that happens every week at the same time."""
    return rule(Frequency.WEEKLY, starts_at, by_weekday=[datetime.fromtimestamp(starts_at, UTC).weekday()])


def daily(starts_at: float) -> JSON:
    """Return the rule of an event that happens every day."""
    return rule(Frequency.DAILY, starts_at)


def rule(frequency: Frequency, starts_at: float, **by: Wire) -> JSON:
    """Return a rule with an interval of 1, no end, and only the given `by_…` fields."""
    empty: JSON = {**dict.fromkeys(_BY), "by_year_day": None, "count": None, "end": None}
    return {"start": iso(starts_at), "frequency": int(frequency), "interval": 1, **empty, **by}


def read_rule(value: Wire, where: str, problems: Problems) -> JSON | None:
    """Return the rule of a form; record mistakes in `problems` and return None for an invalid or absent one."""
    if value is None:
        return None
    if not isinstance(value, dict):
        problems.add((where,), "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return None
    form = cast("JSON", value)
    if form.get("start") is None:
        problems.add((where, "start"), *REQUIRED)
        return None
    if not problems.choice(form.get("frequency"), (where, "frequency"), tuple(Frequency)):
        return None
    frequency = Frequency(form["frequency"])
    by_keys = {key for key in _BY if form.get(key)}
    interval = form.get("interval") or 1
    fits = by_keys == _NEEDS[frequency] or (frequency is Frequency.DAILY and form.get("by_weekday") in _DAYS)
    max_interval = 2 if frequency is Frequency.WEEKLY else 1
    single = frequency is Frequency.DAILY or all(isinstance(form[key], list) and len(form[key]) == 1 for key in by_keys)
    if not fits or not single or not 1 <= interval <= max_interval:
        problems.add((where,), "GUILD_SCHEDULED_EVENT_RECURRENCE_RULE_INVALID", "Invalid recurrence rule.")
        return None
    by_fields = {key: form[key] for key in _BY if form.get(key)}
    return {**rule(frequency, parse_iso(form["start"])), "interval": interval, **by_fields}


def next_start(of: JSON, starts_at: float, now: float) -> float:
    """Return the next occurrence, after `now`, of an event whose current one starts at `starts_at`."""
    happens = _calendar(of)
    for days in range(1, _LONGEST_DAYS):
        later = starts_at + days * _DAY
        if later > now and happens(datetime.fromtimestamp(later, UTC).date()):
            return later
    raise ValueError(of)


def _calendar(of: JSON) -> Callable[[date], bool]:
    """Return a function that says whether an event with this rule takes place on a day."""
    first = datetime.fromtimestamp(parse_iso(of["start"]), UTC).date()
    match Frequency(of["frequency"]):
        case Frequency.DAILY:
            return lambda day: not of["by_weekday"] or day.weekday() in of["by_weekday"]
        case Frequency.WEEKLY:
            monday = first - timedelta(days=first.weekday())
            return lambda day: day.weekday() in of["by_weekday"] and (day - monday).days // 7 % int(of["interval"]) == 0
        case Frequency.MONTHLY:
            nth: JSON = of["by_n_weekday"][0]
            return lambda day: day.weekday() == nth["day"] and (day.day - 1) // 7 + 1 == nth["n"]
        case Frequency.YEARLY:
            return lambda day: day.month in of["by_month"] and day.day in of["by_month_day"]
