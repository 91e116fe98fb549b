"""What gifts, and what takes them back, change in a challenge: only the days are looked at whose points may differ.

A challenge may last for 92 days, and a member may send gifts to many creators on all of them.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Self

from bot.domain.challenge_points import DayGifts, DayTimes, add_gifts, first_days, points_for
from bot.domain.challenges import Sources

Place = tuple[int, int, bool]
"""A creator, a day, and whether it is in the time of double points: what there is one `DayGifts` of."""


class Gifts(NamedTuple):
    """Gifts of a member in a league, and the day of the first gift to each of their creators, which need not be one of
    `rows`."""

    rows: Sequence[DayGifts]
    first: Mapping[int, int]

    def add_to(self, times: DayTimes, days: Collection[int]) -> None:
        """Add how often they bring points on some days."""
        on_days = [row for row in self.rows if row[1] in days]
        add_gifts(times, on_days, {creator: day for creator, day in self.first.items() if day in days})


NO_GIFTS = Gifts((), {})


class ScoreChange(NamedTuple):
    """How the gifts of a member in a league change.

    `before` and `after` are all gifts to the creators concerned, of which `changed` are different now. The days of
    these, and those to and from which the first gift to a creator moves, are `days`.
    """

    before: Gifts
    after: Gifts
    changed: Sequence[DayGifts]
    days: set[int]

    @classmethod
    def of(cls, before: Sequence[DayGifts], more: Mapping[Place, Sequence[int]]) -> Self:
        """Return the change by so many `more` coins and pieces. `before` has everything for the creators in it."""
        rows: dict[tuple[int, ...], DayGifts] = {row[:3]: row for row in before}
        changed: list[DayGifts] = []
        for place, (coins, pieces) in more.items():
            row = rows.get(place)
            coins_before, pieces_before = (row.coins, row.pieces) if row is not None else (0, 0)
            changed.append(DayGifts(*place, coins_before + coins, pieces_before + pieces))
        rows.update((row[:3], row) for row in changed)
        after = [*rows.values()]
        first_before, first_after = first_days(before), first_days(after)
        days = {row.day for row in changed}
        if first_before != first_after:
            days.update(day for _, day in first_before.items() ^ first_after.items())
        return cls(Gifts(before, first_before), Gifts(after, first_after), changed, days)

    def gain(self, sources: Sources, others: Gifts) -> int:
        """Return the points that come with the change, below zero if they go. `others` are all others on its days."""
        times: DayTimes = {}
        others.add_to(times, self.days)
        times_after = {day: [*counts] for day, counts in times.items()}
        self.before.add_to(times, self.days)
        self.after.add_to(times_after, self.days)
        return points_for(sources, times_after) - points_for(sources, times)
