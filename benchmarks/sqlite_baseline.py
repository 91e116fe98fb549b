"""The anchor: a tight loop on the `sqlite3` module that writes exactly the rows that gifts leave behind.

The rows are prepared by the bot's own rules and stores, from the same books and requests as the storm's. Each statement
is recorded as it goes to the driver: journal, entries, head, balances and everything that leaderboards consist of. The
timed part is one BEGIN IMMEDIATE, one executemany per table and one COMMIT for each batch, with the writer's own
pragmas (WAL, synchronous=FULL, foreign keys on). There are two forms:

- each: every gift brings its own rows of journal, entries, head, balances and standings, as if it came alone. They are
  grouped by table for each batch. The totals and tallies of leaderboards are left out: they are how this bot makes
  leaderboards fast, not what a gift leaves behind.
- merged: everything that the bot writes. Rows that several gifts of a batch touch are written once, with the last
  value. Merging is part of deciding, so this loop is spared work that no real implementation could avoid.
"""

import re
import sqlite3
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection

from benchmarks.storm import NOW_MS
from bot.domain.commands import Command, SendGift
from bot.services.gifts import GiftRequest
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.ledger.holders import new_holder
from bot.storage.ledger.settle import settle
from bot.storage.sql.statements import cursor_of

Rows = dict[str, list[tuple[Any, ...]]]
"""The rows of one batch, by the statement that writes them."""

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "cache_size=-65536",
    "temp_store=MEMORY",
    "wal_autocheckpoint=16384",
)


_BESIDES = re.compile(r"^(INSERT INTO|UPDATE) (ladders|tallies)\b")
"""The statements that only exist to keep leaderboards fast."""


@dataclass(slots=True)
class _Recording:
    """A cursor that records the rows written through it."""

    cursor: Any
    rows_by_statement: Rows = field(default_factory=dict[str, list[tuple[Any, ...]]])

    def executemany(self, text: str, rows: Sequence[tuple[Any, ...]]) -> None:
        self.rows_by_statement.setdefault(text, []).extend(rows)
        self.cursor.executemany(text, rows)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the driver's cursor has
        return getattr(self.cursor, name)


def rows_of(file: Path, gift_requests: Iterable[GiftRequest], *, batch: int, together: int) -> list[Rows]:
    """Return the rows of `gift_requests` in batches of `batch`, decided `together` at a time.

    The database stays as it was. If `together` equals `batch` the rows are merged; 1 gives each gift its own rows, and
    only of the tables that a gift on its own touches.
    """
    commands = [_command(request) for request in gift_requests]
    engine = writing_engine(database_url(f"sqlite:///{file}"))
    batches: list[Rows] = []
    with engine.connect() as connection:
        recording = _Recording(cursor_of(connection))
        connection.info["cursor"] = recording
        transaction = connection.begin()
        for start in range(0, len(commands), batch):
            recording.rows_by_statement = {}
            for first in range(start, min(start + batch, len(commands)), together):
                _settle(connection, commands[first : min(first + together, start + batch)])
            if together == 1:
                recording.rows_by_statement = {
                    text: rows for text, rows in recording.rows_by_statement.items() if not _BESIDES.search(text)
                }
            batches.append(recording.rows_by_statement)
        transaction.rollback()
        del connection.info["cursor"]
    engine.dispose()
    return batches


def _settle(connection: Connection, commands: Sequence[SendGift]) -> None:
    answers = settle(connection, cast("Sequence[Command]", commands), NOW_MS, new_holder)
    refusals = [answer for answer in answers if isinstance(answer, Exception)]
    assert not refusals, refusals


def _command(request: GiftRequest) -> SendGift:
    return SendGift(
        request.guild_id, request.key, request.sender_id, request.creator_id, int(request.item), request.count, 0
    )


def write(file: Path, batches: Sequence[Rows]) -> list[float]:
    """Return the seconds until each batch is written and durable."""
    times: list[float] = []
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        for batch in batches:
            began = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            for text, rows in batch.items():
                connection.executemany(text, rows)
            connection.execute("COMMIT")
            times.append(time.perf_counter() - began)
    return times
