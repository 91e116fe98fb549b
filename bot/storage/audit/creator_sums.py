"""Count what rows of the journal do to the tables of what creators were given, and of what moved their earnings.

What a row does is said once, in the domain. It is added up here without the code that folds it.
"""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from bot.domain.bookings import Bookings
from bot.domain.creator_stats import hour_of
from bot.domain.holds import day_of
from bot.domain.leaderboards import QUARTER_MS, Credit

Sums = dict[tuple[Any, ...], list[int]]
"""Sums by key, which is that of the stored row without its guild."""


class CreatorSums:
    """What a stretch of rows adds to each of the three tables. Its length is how many sums it holds.

    Rows whose number is in `uncounted_seqs` are left out, and so is what undoes them.
    """

    def __init__(self, uncounted_seqs: frozenset[int] = frozenset()) -> None:
        self.hours: Sums = {}
        self.items: Sums = {}
        self.bookings: Sums = {}
        self._uncounted_seqs = uncounted_seqs
        self._quarter_ms = -QUARTER_MS
        self._zone: str = ""
        self._day, self._hour = 0, 0

    def __len__(self) -> int:
        return len(self.hours) + len(self.items) + len(self.bookings)

    def count(
        self,
        seq: int,
        at_ms: int,
        facts: Mapping[str, Any],
        credit: Credit | None,
        bookings_of: Callable[[Mapping[str, Any]], Bookings] | None,
    ) -> None:
        """Count a row. Facts that make no sense raise one of Python's own errors before anything is counted."""
        if self._uncounted_seqs and (seq in self._uncounted_seqs or facts.get("of") in self._uncounted_seqs):
            return
        bookings = bookings_of(facts) if bookings_of is not None else ()
        if credit is not None:
            self._add_given(credit)
        for creator, of_type, is_anonymous, *amounts in bookings:
            _add(self.bookings, (creator, day_of(at_ms), of_type.value, int(is_anonymous)), (1, *amounts))

    def _add_given(self, credit: Credit) -> None:
        # There are millions of gifts, so all of this is written out.
        _gift_seq, at_ms, zone, _sender, creator, item, is_anonymous, event, coins, pieces = credit
        if not self._quarter_ms <= at_ms < self._quarter_ms + QUARTER_MS or zone != self._zone:
            self._day, self._hour = hour_of(at_ms, zone)
            self._quarter_ms, self._zone = at_ms // QUARTER_MS * QUARTER_MS, zone
        day = self._day
        key = creator, day, self._hour, event
        of_hour = self.hours.get(key)
        if of_hour is None:
            of_hour = self.hours[key] = [0, 0, 0, 0]
        of_hour[0] += coins
        of_hour[1] += pieces
        if is_anonymous:
            of_hour[2] += coins
            of_hour[3] += pieces
        key = creator, day, item, event
        of_item = self.items.get(key)
        if of_item is None:
            self.items[key] = [coins, pieces]
        else:
            of_item[0] += coins
            of_item[1] += pieces

    def packed(self) -> bytes:
        """Return the sums for a file."""
        return orjson.dumps([[[key, amounts] for key, amounts in sums.items()] for sums in self._tables()])

    def take(self, packed: bytes) -> None:
        """Add sums that were packed."""
        for sums, more in zip(self._tables(), orjson.loads(packed), strict=True):
            for key, amounts in more:
                _add(sums, tuple(key), amounts)

    def _tables(self) -> tuple[Sums, Sums, Sums]:
        return self.hours, self.items, self.bookings


def _add(sums: Sums, key: tuple[Any, ...], amounts: list[int] | tuple[int, ...]) -> None:
    of_key = sums.get(key)
    if of_key is None:
        sums[key] = [*amounts]
        return
    for place, amount in enumerate(amounts):
        of_key[place] += amount
