"""The anchor: a tight loop on the `sqlite3` module that writes what gifts left behind in the books of commit 5f8d380.

Nothing of the product takes part. The schema (`frozen_books.sql`) and the rows stay as they were then, so that whatever
the product saves or adds since shows in the ratio. Rows are prepared before the clock starts: prices, balances, hashes
and standings are sums here, without any rule. The timed part is one BEGIN IMMEDIATE, one executemany per table and one
COMMIT for each batch, with the pragmas that keep a gift through a power cut.

- each: every gift brings its own rows, as if it came alone: a row of the journal, two entries, the head, the balances
  of its sender and of the house, and four standings.
- merged: rows that several gifts of a batch touch are written once, with the last value, and the totals of the
  leaderboards (`ladders`) are among them.
"""

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

Row = tuple[Any, ...]
Batch = dict[str, list[Row]]
"""The rows of one transaction, by table."""

PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "cache_size=-65536",
    "temp_store=MEMORY",
    "wal_autocheckpoint=16384",
)

_SCHEMA: Final = Path(__file__).with_suffix(".sql")
_GUILD: Final = 1_090_000_000_000_000_001
_COINS: Final = 1_000_000_000
"""Coins of each giver before the first gift."""
_PRICES: Final = (1, 5, 10, 20, 49, 99, 149, 199, 299, 399)
_DAYS: Final = 30
"""Days over which the gifts that are in the books from the start are spread. The timed ones fall on the last day."""
_DAY_MS: Final = 86_400_000
_START_MS: Final = 1_790_812_800_000


def _upsert(table: str, key: str, names: str) -> str:
    columns = f"{key}, {names}"
    changes = ", ".join(f"{name} = excluded.{name}" for name in names.split(", "))
    marks = ", ".join("?" * (columns.count(",") + 1))
    return f"INSERT INTO {table} ({columns}) VALUES ({marks}) ON CONFLICT ({key}) DO UPDATE SET {changes}"


_PERIOD_COLUMNS: Final = "day, day_coins, day_pieces, week, week_coins, week_pieces, month, month_coins, month_pieces"
_TOTAL_COLUMNS: Final = ", ".join(
    f"{span}, {span}_places, {span}_coins, {span}_pieces" for span in ("day", "week", "month")
)
_STATEMENTS: Final = {
    "journal": "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "entries": "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)",
    "heads": _upsert("heads", "guild_id", "seq, hash"),
    "balances": _upsert("balances", "guild_id, owner, kind", "amount"),
    "standings": _upsert("standings", "guild_id, subject, ladder", f"last_seq, coins, pieces, {_PERIOD_COLUMNS}"),
    "ladders": _upsert("ladders", "guild_id, ladder", f"board, scope, event, places, coins, pieces, {_TOTAL_COLUMNS}"),
}
_KEY_LENGTHS: Final = {"heads": 1, "balances": 3, "standings": 3, "ladders": 2}
"""How many columns from the left are the key of each table whose rows can be merged."""


@dataclass(slots=True)
class _Standing:
    """Coins and pieces in all, and in the current day, week and month: [period, coins, pieces] each."""

    coins: int = 0
    pieces: int = 0
    periods: list[list[int]] = field(default_factory=lambda: [[0, 0, 0] for _ in range(3)])

    def add(self, periods: Sequence[int], coins: int) -> tuple[bool, bool, bool]:
        """Add a gift of one piece; return for each of the periods whether it is the first gift in it."""
        self.coins += coins
        self.pieces += 1
        is_first = [False, False, False]
        for number, (total, period) in enumerate(zip(self.periods, periods, strict=True)):
            if total[0] != period:
                is_first[number] = True
                total[:] = [period, 0, 0]
            total[1] += coins
            total[2] += 1
        return is_first[0], is_first[1], is_first[2]


@dataclass(slots=True)
class _FrozenLadder:
    """A leaderboard: its number, what it is called by, and its totals. `places` are those of all and of each period."""

    number: int
    board: str
    scope: int
    total: _Standing = field(default_factory=_Standing)
    places: list[int] = field(default_factory=lambda: [0, 0, 0, 0])

    def count(self, is_new: bool, is_first: Sequence[bool], periods: Sequence[int], coins: int) -> Row:
        """Count a gift; return the row."""
        for number, begins in enumerate(self.total.add(periods, coins)):
            if begins:
                self.places[1 + number] = 0
        for number, enters in enumerate((is_new, *is_first)):
            self.places[number] += enters
        of_periods = (
            value
            for (period, period_coins, pieces), places in zip(self.total.periods, self.places[1:], strict=True)
            for value in (period, places, period_coins, pieces)
        )
        key = (_GUILD, self.number, self.board, self.scope, 0)
        return (*key, self.places[0], self.total.coins, self.total.pieces, *of_periods)


class FrozenBooks:
    """Books of one guild, in memory: each gift changes them and gives the rows that it writes."""

    def __init__(self, *, members: int, creators: int = 10, seed: int = 1) -> None:
        self._random = Random(seed)
        holders = self._random.sample(range(2**52, 2**53), members)
        self._creators, self._givers = holders[:creators], holders[creators:]
        self._coins = dict.fromkeys(self._givers, _COINS)
        self._house = 0
        self._seq = 0
        self._hash = bytes(32)
        self._ladders: dict[tuple[str, int], _FrozenLadder] = {}
        self._standings: dict[tuple[int, int], _Standing] = {}

    def gift(self, day: int) -> Iterator[tuple[str, Row]]:
        """Send a gift on a day, counted from 0; yield (table, row) for all that it writes."""
        random = self._random
        sender, creator, item = (
            random.choice(self._givers),
            random.choice(self._creators),
            random.randrange(len(_PRICES)),
        )
        coins, at_ms = _PRICES[item], _START_MS + day * _DAY_MS
        self._seq += 1
        self._coins[sender] -= coins
        self._house += coins
        seq, previous = self._seq, self._hash
        body = json.dumps(self._facts(sender, creator, item, coins), separators=(",", ":"))
        self._hash = hashlib.sha256(previous + body.encode()).digest()
        key = f"i:{1_390_000_000_000_000_000 + seq}"
        yield "journal", (_GUILD, seq, "gift", key, sender, at_ms, body, previous, self._hash)
        yield "entries", (_GUILD, seq, 0, "promo", sender, -coins)
        yield "entries", (_GUILD, seq, 1, "house", 0, coins)
        yield "heads", (_GUILD, seq, self._hash)
        yield "balances", (_GUILD, sender, "promo", self._coins[sender])
        yield "balances", (_GUILD, 0, "house", self._house)
        for line in (
            ("gifters", 0, sender),
            ("gifters", creator, sender),
            ("creators", 0, creator),
            ("gifts", 0, item),
        ):
            yield from self._count(*line, day, coins)

    def _facts(self, sender: int, creator: int, item: int, coins: int) -> dict[str, Any]:
        return {
            "anonymous": False,
            "channel": 1_190_000_000_000_000_003,
            "coins": coins,
            "count": 1,
            "creator": creator,
            "emoji": "\N{CHERRY BLOSSOM}",
            "event": 0,
            "item": item,
            "live_channel": 0,
            "message": 0,
            "name": "Paper Crane",
            "noted": False,
            "paid": 0,
            "paid_after": 0,
            "price": coins,
            "promo": coins,
            "promo_after": self._coins[sender],
            "share": 0,
            "share_percent": 50,
            "zone": "UTC",
        }

    def _count(self, board: str, scope: int, subject: int, day: int, coins: int) -> Iterator[tuple[str, Row]]:
        ladder = self._ladders.setdefault((board, scope), _FrozenLadder(len(self._ladders) + 1, board, scope))
        standing = self._standings.setdefault((subject, ladder.number), _Standing())
        periods, is_new = (20_260_000 + day, 202_600 + day // 7, 2_026), standing.pieces == 0
        is_first = standing.add(periods, coins)
        of_periods = (value for period in standing.periods for value in period)
        yield "standings", (_GUILD, subject, ladder.number, self._seq, standing.coins, standing.pieces, *of_periods)
        yield "ladders", ladder.count(is_new, is_first, periods, coins)

    def save(self, file: Path, gifts: int) -> None:
        """Make a database at `file` with all givers' coins and this many gifts over the days."""
        batch = merged(row for number in range(gifts) for row in self.gift(number * _DAYS // gifts))
        balances = {(owner, kind): amount for _, owner, kind, amount in batch.get("balances", ())}
        balances |= {(giver, "promo"): coins for giver, coins in self._coins.items()}
        batch["balances"] = [(_GUILD, *key, amount) for key, amount in balances.items()]
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.executescript(_SCHEMA.read_text(encoding="utf-8"))
            _configure(connection)
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO guilds VALUES (?)", (_GUILD,))
            _write(connection, batch)
            connection.execute("COMMIT")

    def batches(self, gifts: int, size: int, *, merge: bool) -> list[Batch]:
        """Return the rows of `gifts` gifts of the last day in batches of `size`, as each or merged."""
        return [
            (merged if merge else each)(row for _ in range(min(size, gifts - first)) for row in self.gift(_DAYS))
            for first in range(0, gifts, size)
        ]


def each(rows: Iterable[tuple[str, Row]]) -> Batch:
    """Return every row of every gift, by table, without the totals of leaderboards."""
    batch: Batch = {}
    for table, row in rows:
        if table != "ladders":
            batch.setdefault(table, []).append(row)
    return batch


def merged(rows: Iterable[tuple[str, Row]]) -> Batch:
    """Return the last value of each row, by table."""
    last_rows: dict[str, dict[Row, Row]] = {}
    for table, row in rows:
        last_rows.setdefault(table, {})[row[: _KEY_LENGTHS.get(table, len(row))]] = row
    return {table: list(by_key.values()) for table, by_key in last_rows.items()}


def write(file: Path, batches: Sequence[Batch]) -> list[float]:
    """Return the seconds until each batch is written and durable."""
    times: list[float] = []
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        _configure(connection)
        for batch in batches:
            began = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            _write(connection, batch)
            connection.execute("COMMIT")
            times.append(time.perf_counter() - began)
    return times


def _configure(connection: sqlite3.Connection) -> None:
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _write(connection: sqlite3.Connection, batch: Batch) -> None:
    for table, rows in batch.items():
        connection.executemany(_STATEMENTS[table], rows)
