"""Every bought coin is in the lot of an order. The journal is replayed to find out which.

The rules are those of `bot.domain.lots` when this was written. Rows of the journal never change, so what each of them
took out of lots or brought back is kept beside them, in `unlisted_lots`: later reversals need to know it.
"""

import json
from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0035"

BATCH = 10_000
"""Rows of the journal that are in memory at a time."""

_ROWS = sa.text("""
    SELECT journal.seq, journal.kind, journal.body, entries.owner, entries.amount FROM journal
    LEFT JOIN entries ON entries.guild_id = journal.guild_id AND entries.seq = journal.seq AND entries.kind = 'paid'
    WHERE journal.guild_id = :guild AND journal.seq > :after AND journal.seq <= :until
        AND (entries.owner IS NOT NULL OR journal.kind = 'reversal')
    ORDER BY journal.seq
""")
_BODY = sa.text("SELECT body FROM journal WHERE guild_id = :guild AND seq = :seq")
_UNLISTED = sa.text("SELECT lot, coins FROM unlisted_lots WHERE guild_id = :guild AND seq = :seq ORDER BY lot")
_ADD_UNLISTED = sa.text("INSERT INTO unlisted_lots (guild_id, seq, lot, coins) VALUES (:guild, :seq, :lot, :coins)")
_ADD_LOT = sa.text("INSERT INTO lots (guild_id, owner, kind, seq, coins) VALUES (:guild, :owner, 'paid', :seq, :coins)")

Lots = dict[int, int]
"""Coins by the row of the order that they come from."""


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def _of_journal(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["guild_id", "seq"], ["journal.guild_id", "journal.seq"], name=f"fk_{table}_guild_id_seq"
    )


def upgrade() -> None:
    op.create_table(
        "lots",
        *map(_int, ("guild_id", "owner")),
        sa.Column("kind", sa.Text, nullable=False),
        *map(_int, ("seq", "coins")),
        sa.PrimaryKeyConstraint("guild_id", "owner", "kind", "seq", name="pk_lots"),
        _of_journal("lots"),
        sa.CheckConstraint("coins > 0", name=op.f("ck_lots_lot_has_coins")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "unlisted_lots",
        *map(_int, ("guild_id", "seq", "lot", "coins")),
        sa.PrimaryKeyConstraint("guild_id", "seq", "lot", name="pk_unlisted_lots"),
        _of_journal("unlisted_lots"),
        sa.CheckConstraint("coins > 0", name=op.f("ck_unlisted_lots_coins_move")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    for guild_id, head in connection.execute(sa.text("SELECT guild_id, seq FROM heads ORDER BY guild_id")).all():
        replay = Replay(connection, guild_id)
        for after in range(0, head, BATCH):
            replay.read(after, after + BATCH)
        replay.save()


class Replay:
    """The lots of one guild, up to the row that was read last."""

    def __init__(self, connection: sa.Connection, guild_id: int) -> None:
        self._connection = connection
        self._guild_id = guild_id
        self._lots: defaultdict[int, Lots] = defaultdict(dict)
        self._pieces_back: defaultdict[int, int] = defaultdict(int)
        self._unsaved: dict[int, Lots] = {}

    def read(self, after: int, until: int) -> None:
        """Replay the rows `after` + 1 to `until`."""
        rows = self._connection.execute(_ROWS, {"guild": self._guild_id, "after": after, "until": until}).all()
        for seq, kind, body, owner, amount in rows:
            facts = json.loads(body)
            lots = self._moved(seq, kind, facts, self._lots[owner] if owner else {}, amount or 0)
            if not owner:
                continue
            sign = 1 if amount > 0 else -1
            if sum(lots.values()) != sign * amount:
                # No version did this. The coins are a lot of the row that brought them, or are spent like others.
                lots = {seq: amount} if amount > 0 else _oldest(self._lots[owner], -amount)
            _add(self._lots[owner], lots, sign)
            if kind != "order":
                self._unsaved[seq] = lots
        values = [
            {"guild": self._guild_id, "seq": seq, "lot": lot, "coins": coins}
            for seq, lots in self._unsaved.items()
            for lot, coins in lots.items()
        ]
        if values:
            self._connection.execute(_ADD_UNLISTED, values)
        self._unsaved = {}

    def save(self) -> None:
        """Write the lots that have coins."""
        values = [
            {"guild": self._guild_id, "owner": owner, "seq": seq, "coins": coins}
            for owner, lots in self._lots.items()
            for seq, coins in lots.items()
        ]
        for start in range(0, len(values), BATCH):
            self._connection.execute(_ADD_LOT, values[start : start + BATCH])

    def _moved(self, seq: int, kind: str, facts: dict[str, Any], lots: Lots, amount: int) -> Lots:
        """Return which lots the coins of a row come out of, or go into."""
        if kind == "order":
            return {seq: amount}
        if kind == "reversal" and facts["of_kind"] == "gift":
            return self._back_from_gift(facts)
        if kind == "reversal":
            own = facts["of"] if facts["of_kind"] == "order" else 0
            return _oldest(lots, -amount, first=own)
        if kind == "reinstatement":
            return self._back_from_reversal(facts)
        return _oldest(lots, -amount)

    def _back_from_gift(self, facts: dict[str, Any]) -> Lots:
        """Return the lots that a reversed gift refills: in proportion, without what paid off a debt."""
        of, paid = facts["of"], facts["paid"]
        gift = self._facts_of(of)
        before = gift["paid"] * self._pieces_back[of] // gift["count"]
        self._pieces_back[of] += facts["part"]
        lots = self._moved_by(of)
        back = _first_coins(lots, before + paid)
        _add(back, _first_coins(lots, before), -1)
        _add(back, _oldest(back, min(facts["payoff"], paid)), -1)
        return back

    def _back_from_reversal(self, facts: dict[str, Any]) -> Lots:
        """Return the lots that are refilled when the money of an order returns."""
        undone = self._facts_of(facts["undoes"])
        debt_back = undone["debt"] - min(facts["payoff"], undone["debt"])
        back = dict(self._moved_by(facts["undoes"]))
        _add(back, _oldest(back, undone["paid"] + debt_back - facts["paid"]), -1)
        _add(back, {undone["of"]: debt_back}, 1)
        return back

    def _facts_of(self, seq: int) -> dict[str, Any]:
        return json.loads(self._connection.execute(_BODY, {"guild": self._guild_id, "seq": seq}).scalar_one())

    def _moved_by(self, seq: int) -> Lots:
        lots = self._unsaved.get(seq)
        if lots is not None:
            return lots
        rows = self._connection.execute(_UNLISTED, {"guild": self._guild_id, "seq": seq})
        return {row.lot: row.coins for row in rows}


def _oldest(lots: Lots, coins: int, first: int = 0) -> Lots:
    """Return the `coins` of lots that are spent next: of the lot `first`, then of the oldest."""
    takes: Lots = {}
    for seq in sorted(lots, key=lambda seq: (seq != first, seq)):
        if coins > 0:
            takes[seq] = min(lots[seq], coins)
            coins -= takes[seq]
    return takes


def _first_coins(lots: Lots, coins: int) -> Lots:
    """Return `coins` of the lots, in proportion to each."""
    total = sum(lots.values())
    portions: Lots = {}
    for seq in sorted(lots):
        portions[seq] = coins * lots[seq] // total
        coins, total = coins - portions[seq], total - lots[seq]
    return portions


def _add(lots: Lots, more: Lots, sign: int) -> None:
    """Add to lots, or subtract from them. Empty ones are removed."""
    for seq, coins in more.items():
        lots[seq] = lots.get(seq, 0) + sign * coins
        if not lots[seq]:
            del lots[seq]
