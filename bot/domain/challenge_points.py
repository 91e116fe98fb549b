"""The points of a challenge: what members have done in it, by day, and what that is worth.

What is stored is what happened, not its worth. So a gift that is taken back takes away exactly its points, also where
the most that a day brings had left some of them out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.challenges import Source, SourceRule, Sources
from bot.domain.leaderboards import period_keys
from bot.domain.periods import Period, start_of

HALF_HOUR: Final = 30
"""Minutes of attendance that bring points each time."""

DOUBLE: Final = 2

_MINUTE_MS: Final = 60_000

_SOURCES = tuple(Source)
_COINS, _DAY, _CREATOR, _ATTENDANCE = range(len(_SOURCES))
_NO_TIMES = (0,) * len(_SOURCES)
_NO_POINTS = SourceRule(0)


class DayGifts(NamedTuple):
    """What a member gifted a creator on a day (20261122) of the challenge, in its time of double points or outside."""

    creator: int
    day: int
    is_double: bool
    coins: int
    pieces: int


class DayMinutes(NamedTuple):
    """How long a member attended live events on a day, in the time of double points or outside."""

    day: int
    is_double: bool
    minutes: int


class Window(NamedTuple):
    """When what members do counts for a challenge, and when it counts twice, in milliseconds UTC, 0 for never."""

    challenge_id: int
    starts_ms: int
    ends_ms: int
    double_from_ms: int
    double_until_ms: int
    zone: str

    def day_of(self, at_ms: int) -> tuple[int, bool] | None:
        """Return the day that a moment is in, and whether it counts twice; None for a moment that does not count."""
        if not self.starts_ms <= at_ms < self.ends_ms:
            return None
        return period_keys(at_ms, self.zone).day, self.double_from_ms <= at_ms < self.double_until_ms


Presses = Iterable[tuple[int, int]]
"""Presses of *Hop on*, each from a moment up to another one, in milliseconds UTC."""


def attended_days(presses: Presses, window: Window) -> list[DayMinutes]:
    """Return how long presses cover of a challenge, day by day. What overlaps counts once."""
    covered_ms: dict[tuple[int, bool], int] = {}
    for start_ms, stop_ms in _without_overlaps(presses, window):
        cuts = [window.double_from_ms, window.double_until_ms, _midnight(stop_ms, window.zone)]
        moments = sorted({start_ms, stop_ms, *(cut for cut in cuts if start_ms < cut < stop_ms)})
        for first_ms, last_ms in pairwise(moments):
            day = window.day_of(first_ms)
            assert day is not None, first_ms
            covered_ms[day] = covered_ms.get(day, 0) + last_ms - first_ms
    return [DayMinutes(*day, minutes=ms // _MINUTE_MS) for day, ms in sorted(covered_ms.items())]


def _without_overlaps(presses: Presses, window: Window) -> Iterator[tuple[int, int]]:
    end_ms = window.starts_ms
    for from_ms, until_ms in sorted(presses):
        start_ms, stop_ms = max(from_ms, end_ms), min(until_ms, window.ends_ms)
        if stop_ms > start_ms:
            yield start_ms, stop_ms
            end_ms = stop_ms


def _midnight(at_ms: int, zone: str) -> int:
    """Return when the day began that the moment before `at_ms` is in."""
    return start_of(Period.TODAY, at_ms - 1, ZoneInfo(zone))


DayPoints = Mapping[tuple[int, Source], int]
"""Points by day and source."""


def day_points(sources: Sources, gifts: Sequence[DayGifts], attended: Sequence[DayMinutes] = ()) -> DayPoints:
    """Return the points of one member in one league. No source brings more in a day than it may."""
    times: DayTimes = {}
    add_gifts(times, gifts, first_days(gifts))
    minutes: dict[int, int] = {}
    for each in attended:
        minutes[each.day] = minutes.get(each.day, 0) + each.minutes * (DOUBLE if each.is_double else 1)
    for day, in_day in minutes.items():
        times.setdefault(day, [*_NO_TIMES])[_ATTENDANCE] = in_day // HALF_HOUR
    rules = _rules(sources)
    return {
        (day, source): points
        for day, counts in times.items()
        for source, points in zip(_SOURCES, _points(rules, counts), strict=True)
        if points
    }


DayTimes = dict[int, list[int]]
"""How often each source, in the order of `Source`, brings points on a day. In the time of double points, each time is
two."""


def first_days(gifts: Iterable[DayGifts]) -> dict[int, int]:
    """Return the day of the first gift to each creator. What was taken back as a whole was no gift."""
    days: dict[int, int] = {}
    for creator, day, _, _, pieces in gifts:
        if pieces > 0 and day <= days.get(creator, day):
            days[creator] = day
    return days


def add_gifts(times: DayTimes, gifts: Iterable[DayGifts], first: Mapping[int, int]) -> None:
    """Add how often gifts bring points. `first` has the creators whose first gift is among them, each with its day.

    What is in `times` already is of gifts to others.
    """
    double_days: set[tuple[int, int]] = set()
    for creator, day, is_double, coins, pieces in gifts:
        if pieces <= 0:
            continue
        if day not in times:
            times[day] = [*_NO_TIMES]
        counts, worth = times[day], DOUBLE if is_double else 1
        if is_double:
            double_days.add((creator, day))
        counts[_COINS] += coins * worth
        counts[_DAY] = max(worth, counts[_DAY])
    for creator, day in first.items():
        times[day][_CREATOR] += DOUBLE if (creator, day) in double_days else 1


def points_for(sources: Sources, times: DayTimes) -> int:
    """Return all points for what was done so often."""
    rules = _rules(sources)
    return sum([sum(_points(rules, counts)) for counts in times.values()])


def _rules(sources: Sources) -> list[SourceRule]:
    return [sources.get(source, _NO_POINTS) for source in _SOURCES]


def _points(rules: Sequence[SourceRule], counts: Sequence[int]) -> list[int]:
    """Return the points that each source brings on a day."""
    return [
        min(points * count, most) if most else points * count
        for (points, most), count in zip(rules, counts, strict=True)
    ]


def total(points: DayPoints) -> int:
    """Return all points."""
    return sum(points.values())


def today(points: DayPoints, day: int) -> dict[Source, int]:
    """Return the points of a day by source."""
    return {source: count for (of_day, source), count in points.items() if of_day == day}


def by_source(points: DayPoints) -> dict[Source, int]:
    """Return all points by source."""
    sums: dict[Source, int] = {}
    for (_, source), count in points.items():
        sums[source] = sums.get(source, 0) + count
    return sums


def in_league(rows: Iterable[DayGifts], creator: int) -> list[DayGifts]:
    """Return the rows that count in the league of a creator."""
    return [row for row in rows if row.creator == creator]
