"""Streaks: weeks in a row in which a member took part. One week a month may be missed.

A week counts with one gift, sent under the member's own name and not taken back, or with one live event attended. It is
the ISO week of the guild's time zone at that moment, so a changed time zone changes no week that is over. A missed week
belongs to the month of its Thursday, just as an ISO week belongs to the year of its Thursday.

A streak is the longest run of weeks up to now in which at most one week of each month is missing. Missed weeks do not
count, and the week that is not over yet is not missed. So no gift ever makes a streak shorter, and no reversal longer.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Streak:
    """A member's streak in weeks, and the longest that they have had.

    `has_this_week` tells whether this week counts already. With `is_grace_used`, a week of this month was missed and
    forgiven, so the next one is not.
    """

    weeks: int = 0
    longest: int = 0
    has_this_week: bool = False
    is_grace_used: bool = False


def streak_of(weeks: Collection[int], this_week: int) -> Streak:
    """Return the streak of a member who took part in `weeks`, numbered as by `bot.domain.periods.week_of`.

    After a move of the guild to the west, the next week may have begun already. Weeks after that were booked by a clock
    that was wrong, and do not count.
    """
    now = _monday(this_week)
    mondays = {monday for monday in map(_monday, weeks) if monday <= now + _WEEK}
    current = now + _WEEK if now + _WEEK in mondays else now
    count, grace_months = _run(mondays, current)
    longest = max((_run(mondays, monday)[0] for monday in mondays), default=0)
    is_grace_used = count > 0 and _month(current) in grace_months
    return Streak(count, longest, current in mondays, is_grace_used)


_WEEK = timedelta(weeks=1)

_Month = tuple[int, int]


def _monday(week: int) -> date:
    year, number = divmod(week, 100)
    return date.fromisocalendar(year, number, 1)


def _month(monday: date) -> _Month:
    thursday = monday + timedelta(days=3)
    return thursday.year, thursday.month


def _run(mondays: Collection[date], last: date) -> tuple[int, set[_Month]]:
    """Return how many weeks the run up to the week of `last` has, and the months of its missed weeks.

    The last week may be missing: it is not over.
    """
    count = 0
    months: set[_Month] = set()
    months_in_run: set[_Month] = set()
    earliest = min(mondays, default=last)
    monday = last if last in mondays else last - _WEEK
    while monday >= earliest:
        if monday in mondays:
            count += 1
            # A week that is missed before the first one of the run is none of the run's.
            months_in_run = set(months)
        elif _month(monday) in months:
            break
        else:
            months.add(_month(monday))
        monday -= _WEEK
    return count, months_in_run
