"""Add up what creators are given and what changes their earnings, and subtract what reversals take back.

One gift of two Petals, 2 coins, to Mia at 20:15 in Berlin changes one row of each table:

    what was given    Mia   20261031   hour 20   2 coins   2 pieces
                      Mia   20261031   Petal     2 coins   2 pieces
    what was earned   Mia   day 20757  gift      1 entry   2 pieces   2 coins   1 diamond

What undoes a gift is taken from the hour of the gift, as on leaderboards. Earnings change on the day of the reversal.
"""

from collections.abc import Collection, Sequence
from operator import add
from typing import Any

from sqlalchemy import Connection, Table, delete, select

from bot.domain.creator_stats import hour_of
from bot.domain.holds import day_of
from bot.domain.leaderboards import Credit
from bot.domain.ledger import bookings_of
from bot.storage.folds.fold import Fold, FoldRow
from bot.storage.folds.uncounted import seqs_left_out
from bot.storage.sql.statements import InsertMany, Lookup
from bot.storage.sql.statistics_tables import creator_bookings, creator_hours, creator_items

NAME = "fold:creators"
"""The name that is stored with its cursor."""

TABLES = (creator_hours, creator_items, creator_bookings)


class _Sums:
    """What is to be added to the rows of a table, by the rest of their key after the guild."""

    def __init__(self, table: Table) -> None:
        key = [*table.primary_key]
        names = [column.name for column in [*table.c][len(key) :]]
        self._rest = len(key)
        self._stored = Lookup(select(*table.c), key)
        self._save = InsertMany(tuple(table.c), update=lambda new: {name: new[name] for name in names})

    def save(self, c: Connection, guild_id: int, sums: dict[tuple[Any, ...], list[int]]) -> None:
        """Add `sums` to what is stored."""
        for row in self._stored.rows(c, {(guild_id, *key) for key in sums}):
            amounts = sums[tuple(row[1 : self._rest])]
            amounts[:] = map(add, amounts, row[self._rest :])
        self._save.run(c, [(guild_id, *key, *amounts) for key, amounts in sums.items()])


_HOURS, _ITEMS, _BOOKINGS = _Sums(creator_hours), _Sums(creator_items), _Sums(creator_bookings)

Counts = dict[tuple[Any, ...], list[int]]
"""Sums by key."""


class Counted:
    """What rows of the journal add to the three tables."""

    def __init__(self) -> None:
        self.hours: Counts = {}
        self.items: Counts = {}
        self.bookings: Counts = {}

    def add(self, kind: str, at_ms: int, facts: dict[str, Any], credit: Credit | None) -> None:
        """Count a row."""
        if credit is not None:
            self._add_given(credit)
        for booking in bookings_of(kind, facts):
            key = booking.creator, day_of(at_ms), booking.type.value, int(booking.anonymous)
            sums = self.bookings.setdefault(key, [0, 0, 0, 0])
            sums[:] = map(add, sums, (1, booking.pieces, booking.coins, booking.diamonds))

    def _add_given(self, credit: Credit) -> None:
        day, hour = hour_of(credit.at_ms, credit.zone)
        coins, pieces = credit.coins, credit.pieces
        by_hour = self.hours.setdefault((credit.creator, day, hour, credit.event_id), [0, 0, 0, 0])
        by_item = self.items.setdefault((credit.creator, day, credit.item, credit.event_id), [0, 0])
        by_hour[0] += coins
        by_hour[1] += pieces
        if credit.is_anonymous:
            by_hour[2] += coins
            by_hour[3] += pieces
        by_item[0] += coins
        by_item[1] += pieces


def fold(c: Connection, guild_id: int, rows: Sequence[FoldRow]) -> None:
    """Count `rows`, which are in order and follow all that were counted before."""
    counted = Counted()
    uncounted_seqs: Collection[int] | None = None
    for row in rows:
        if "of" in row.facts:
            # What undoes a row that was never counted has nothing to take back.
            if uncounted_seqs is None:
                uncounted_seqs = seqs_left_out(c, guild_id, NAME)
            if row.facts["of"] in uncounted_seqs:
                continue
        counted.add(row.kind, row.at_ms, row.facts, row.credit)
    _HOURS.save(c, guild_id, counted.hours)
    _ITEMS.save(c, guild_id, counted.items)
    _BOOKINGS.save(c, guild_id, counted.bookings)


def is_astray(_c: Connection, _guild_id: int, _now_ms: int) -> bool:
    """Return False: every gift counts for the hour in which it was sent, whatever the clock said."""
    return False


def reset(c: Connection, guild_id: int, _now_ms: int) -> None:
    """Remove what is counted for a guild."""
    for table in TABLES:
        c.execute(delete(table).where(table.c.guild_id == guild_id))


FOLD = Fold(NAME, fold, is_astray, reset, TABLES)
