"""What is unspent of test purchases becomes test coins.

Rows of the journal never change: a row of the kind `test_coins` is appended for each member who has such coins. It
takes back the sale of those coins, and records it among test coins. `lots` says which coins they are. The hash is
computed as the journal did when this was written, because the same rows have to be written for ever.

It is done here rather than by the bot once that runs, so that no payment, refund or gift can come before it, and no
clock is needed: each row has the time of the row before it.

One gap is left: coins of a test purchase that were spent on a gift before this, whose gift is reversed after it, come
back as paid coins. A gift's row lists the lots that it took from, and not whether their orders were tests. The rule
knows only the books, which hold no orders of lots, so it cannot tell these coins apart.
"""

import hashlib
import json
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"

BATCH = 1_000
"""Members whose rows are written at a time."""

_LOTS = sa.text("""
    SELECT lots.owner, lots.seq, lots.coins, journal.body FROM lots
    JOIN journal ON journal.guild_id = lots.guild_id AND journal.seq = lots.seq
    WHERE lots.guild_id = :guild AND lots.kind = 'paid' AND lots.owner > :after AND lots.owner <= :last
        AND journal.kind = 'order'
    ORDER BY lots.owner, lots.seq
""")
_LAST_OWNER = sa.text("""
    SELECT max(owner) FROM (
        SELECT DISTINCT owner FROM lots WHERE guild_id = :guild AND owner > :after ORDER BY owner LIMIT :most
    ) AS owners
""")
_LAST_TIME = sa.text("SELECT at_ms FROM journal WHERE guild_id = :guild AND seq = :seq")
_MOVE_LOT = sa.text(
    "UPDATE lots SET kind = 'test' WHERE guild_id = :guild AND owner = :owner AND kind = 'paid' AND seq = :seq"
)
_TAKE = sa.text(
    "UPDATE balances SET amount = amount - :coins WHERE guild_id = :guild AND owner = :owner AND kind = 'paid'"
)
_GIVE = sa.text("INSERT INTO balances (guild_id, owner, kind, amount) VALUES (:guild, :owner, 'test', :coins)")
_UNSELL = sa.text(
    "UPDATE balances SET amount = amount + :coins WHERE guild_id = :guild AND owner = 0 AND kind = 'sold'"
)
_SELL = sa.text("INSERT INTO balances (guild_id, owner, kind, amount) VALUES (:guild, 0, 'test_sold', :coins)")
_SET_HEAD = sa.text("UPDATE heads SET seq = :seq, hash = :hash WHERE guild_id = :guild").bindparams(
    sa.bindparam("hash", type_=sa.LargeBinary)
)
_JOURNAL = sa.table(
    "journal",
    *(sa.column(name, sa.BigInteger) for name in ("guild_id", "seq", "actor", "at_ms")),
    *(sa.column(name, sa.Text) for name in ("kind", "key", "body")),
    *(sa.column(name, sa.LargeBinary) for name in ("previous", "hash")),
)
_ENTRIES = sa.table(
    "entries",
    *(sa.column(name, sa.BigInteger) for name in ("guild_id", "seq", "leg", "owner", "amount")),
    sa.column("kind", sa.Text),
)


class Unspent(NamedTuple):
    """What a member has not spent of test purchases: the lots, (row of the order, coins) each."""

    owner: int
    lots: list[list[int]]

    @property
    def coins(self) -> int:
        """The coins of all lots."""
        return sum(coins for _, coins in self.lots)


def upgrade() -> None:
    connection = op.get_bind()
    for guild_id, seq, digest in connection.execute(sa.text("SELECT guild_id, seq, hash FROM heads")).all():
        _convert(connection, guild_id, seq, bytes(digest))


def _convert(connection: sa.Connection, guild_id: int, seq: int, digest: bytes) -> None:
    """Append the rows of one guild, whose journal ends with row `seq` and its hash."""
    at_ms = connection.execute(_LAST_TIME, {"guild": guild_id, "seq": seq}).scalar() or 0
    total, after = 0, 0
    while last := connection.execute(_LAST_OWNER, {"guild": guild_id, "after": after, "most": BATCH}).scalar():
        people = _unspent(connection, guild_id, after, last)
        rows: list[dict[str, Any]] = []
        for person in people:
            seq += 1
            row = _row(guild_id, seq, at_ms, person, digest)
            rows.append(row)
            digest = _hash(row, _entries(person))
        if people:
            _write(connection, guild_id, people, rows)
        total, after = total + sum(person.coins for person in people), last
    if total:
        connection.execute(_UNSELL, {"guild": guild_id, "coins": total})
        connection.execute(_SELL, {"guild": guild_id, "coins": -total})
        connection.execute(_SET_HEAD, {"guild": guild_id, "seq": seq, "hash": digest})


def _unspent(connection: sa.Connection, guild_id: int, after: int, last: int) -> list[Unspent]:
    lots = connection.execute(_LOTS, {"guild": guild_id, "after": after, "last": last}).all()
    tests = [(owner, [seq, coins]) for owner, seq, coins, body in lots if json.loads(body).get("test")]
    return [Unspent(owner, [lot for _, lot in group]) for owner, group in groupby(tests, key=lambda test: test[0])]


def _entries(person: Unspent) -> list[tuple[str, int, int]]:
    """Return the entries of a row: kind and owner of the account, and amount."""
    coins = person.coins
    return [("paid", person.owner, -coins), ("sold", 0, coins), ("test_sold", 0, -coins), ("test", person.owner, coins)]


def _row(guild_id: int, seq: int, at_ms: int, person: Unspent, previous: bytes) -> dict[str, Any]:
    """Return a row of the journal without its own hash."""
    facts = {"coins": person.coins, "lots": person.lots}
    return {
        "guild_id": guild_id,
        "seq": seq,
        "kind": "test_coins",
        "key": f"test_coins:{person.owner}",
        "actor": person.owner,
        "at_ms": at_ms,
        "body": json.dumps(facts, sort_keys=True, separators=(",", ":")),
        "previous": previous,
    }


def _hash(row: dict[str, Any], entries: list[tuple[str, int, int]]) -> bytes:
    """Set the hash of a row, and return it."""
    legs = ";".join(f"{kind},{owner},{amount}" for kind, owner, amount in entries)
    fields = (str(row[name]) for name in ("guild_id", "seq", "kind", "key", "actor", "at_ms"))
    line = "\0".join([*fields, legs, ""])
    digest = hashlib.sha256(row["previous"] + line.encode() + row["body"].encode()).digest()
    row["hash"] = digest
    return digest


def _write(connection: sa.Connection, guild_id: int, people: list[Unspent], rows: list[dict[str, Any]]) -> None:
    connection.execute(sa.insert(_JOURNAL), rows)
    legs = [
        {"guild_id": guild_id, "seq": row["seq"], "leg": leg, "kind": kind, "owner": owner, "amount": amount}
        for row, person in zip(rows, people, strict=True)
        for leg, (kind, owner, amount) in enumerate(_entries(person))
    ]
    connection.execute(sa.insert(_ENTRIES), legs)
    lots = [{"guild": guild_id, "owner": person.owner, "seq": seq} for person in people for seq, _ in person.lots]
    connection.execute(_MOVE_LOT, lots)
    changes = [{"guild": guild_id, "owner": person.owner, "coins": person.coins} for person in people]
    connection.execute(_TAKE, changes)
    connection.execute(_GIVE, changes)
