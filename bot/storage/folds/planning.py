"""Work out a slice of the folds beside the writer, which then only has to write the result.

A plan is made on a connection that only reads: what folds would write is recorded. The writer applies it if all that
was read still holds, and else folds the rows itself. Nobody but folds writes to the tables of folds, and the journal
never changes. So it is enough to compare the cursors, and what was read from any other table.
"""

import pickle
import re
from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple, Never

from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import DBAPICursor

from bot.storage.folds.folding import fold_rows, lock_cursors, progress
from bot.storage.folds.registry import FOLDS
from bot.storage.ledger.fold_steps import Progress
from bot.storage.sql import deadline_notes
from bot.storage.sql.statements import cursor_of, using_cursor
from bot.storage.sql.tables import cursors, journal, metadata

_SETTLED = frozenset({journal.name, cursors.name, *(table.name for fold in FOLDS for table in fold.tables)})
"""What nobody else changes as long as the cursors stay where they are."""

Statement = tuple[str, Sequence[Any]]
"""A statement, with the parameters that it takes, or the rows that it writes."""


class Plan(NamedTuple):
    """What a slice writes. `seqs` is how far each fold has come before it, and `rows` how many rows it counts.

    `checks` are queries outside of the folds' own tables, each with its result. `deadline_ms` is the earliest deadline
    that the slice sets, None without any.
    """

    seqs: dict[str, int]
    rows: int
    checks: Sequence[tuple[Statement, Sequence[Any]]]
    writes: Sequence[Statement]
    deadline_ms: int | None


class Unplannable(Exception):  # noqa: N818 - a state of affairs
    """The slice reads what it has written itself, or does what cannot be recorded. Only the writer can fold it."""


class _Recorder:
    """A cursor that reads, and records what it should write. Statements of `bot.storage.sql.statements` run on it."""

    def __init__(self, cursor: DBAPICursor) -> None:
        self._cursor = cursor
        self._query: Statement | None = None
        self._written_tables = frozenset[str]()
        self.checks: list[tuple[Statement, Sequence[Any]]] = []
        self.writes: list[Statement] = []

    def execute(self, text: str, parameters: Sequence[Any]) -> None:
        """Run a query. Raises Unplannable if it reads what has been recorded."""
        tables = _tables_of(text)
        if tables & self._written_tables:
            raise Unplannable
        self._cursor.execute(text, parameters)
        self._query = None if tables <= _SETTLED else (text, parameters)

    def fetchall(self) -> Sequence[Any]:
        """Return the rows of the last query."""
        rows = self._cursor.fetchall()
        if self._query is not None:
            self.checks.append((self._query, rows))
        return rows

    def executemany(self, text: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Record a statement that writes."""
        self._written_tables |= _tables_of(text)
        self.writes.append((text, rows))


@lru_cache(maxsize=1_024)
def _tables_of(text: str) -> frozenset[str]:
    """Return the tables that a statement names. A column of the same name counts, too, which is on the safe side."""
    return frozenset(re.findall(r"\w+", text)) & metadata.tables.keys()


def plan_slice(c: Connection, guild_id: int, most: int, now_ms: int | None) -> bytes | None:
    """Return the pickled plan of the next slice, of up to `most` rows. None if only the writer can fold it."""
    recorder: Any = _Recorder(cursor_of(c))
    work = partial(fold_rows, guild_id=guild_id, most=most, now_ms=now_ms)
    event.listen(c, "before_cursor_execute", _refuse)
    try:
        with using_cursor(c, recorder):
            (seqs, rows), deadline_ms = deadline_notes.run(c, work)
    except Unplannable:
        return None
    finally:
        event.remove(c, "before_cursor_execute", _refuse)
    # As bytes it passes through the process between this one and the writer, which does not need to look inside.
    return pickle.dumps(Plan(seqs, rows, recorder.checks, recorder.writes, deadline_ms), pickle.HIGHEST_PROTOCOL)


def _refuse(*_: object) -> Never:
    """Refuse a statement that SQLAlchemy would run past the recorder."""
    raise Unplannable


def apply_plan(c: Connection, guild_id: int, plan: bytes) -> Progress | None:
    """Write what a plan says, and return how far the guild is folded then. None if the plan no longer holds."""
    seqs, rows, checks, writes, deadline_ms = Plan(*pickle.loads(plan))  # noqa: S301 - our own process's
    cursor = cursor_of(c)
    if lock_cursors(c, guild_id) != seqs or not all(_holds(cursor, query, result) for query, result in checks):
        return None
    for text, values in writes:
        cursor.executemany(text, values)
    if deadline_ms is not None:
        deadline_notes.note(c, deadline_ms)
    return progress(c, guild_id)._replace(rows=rows)


def _holds(cursor: DBAPICursor, query: Statement, result: Sequence[Any]) -> bool:
    cursor.execute(*query)
    return cursor.fetchall() == result
