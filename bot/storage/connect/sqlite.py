"""Engines, and everything specific to SQLite: no other file knows its pragmas.
`bot.storage.connect.postgresql` has what is specific to PostgreSQL.

One connection writes and checkpoints: SQLite before 3.51.3 can corrupt a write-ahead log that two connections write.
Readers are separate and cannot write.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError

from bot.domain.errors import BooksClosed, Busy, Refusal
from bot.storage.connect import postgresql_errors
from bot.storage.connect.address import BooksGone
from bot.storage.connect.compilations import SHARED_COMPILATIONS
from bot.storage.sql.statements import cursor_of

BUSY_TIMEOUT_MS = 5_000
"""How long SQLite waits for a lock that another process holds."""

CHECKPOINT_PAGES = 16_384
"""Pages in the write-ahead log, 64 MB, at which they are written back into the file."""

_UNWRITABLE = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    }
)


def writing_engine(url: URL, *, foreign_keys: bool = True) -> Engine:
    """Return the engine whose only connection writes. Migrations switch `foreign_keys` off to rebuild tables."""
    return _writing(_engine(url, connections=1), foreign_keys=foreign_keys)


def reading_engine(url: URL, readers: int = 1) -> Engine:
    """Return an engine with this many connections that only read. Each transaction sees one state of the books."""
    return _reading(_engine(url, connections=readers))


def _engine(url: URL, connections: int) -> Engine:
    return create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        execution_options=SHARED_COMPILATIONS,
        # What members write is among the parameters, and errors are logged.
        hide_parameters=True,
    )


def _writing(engine: Engine, *, foreign_keys: bool) -> Engine:
    _on_connect(
        engine,
        "PRAGMA journal_mode=WAL",
        # An acknowledged gift survives a power cut only if its commit reached the disk.
        "PRAGMA synchronous=FULL",
        f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}",
        f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
        # Negative means KiB. With 100,000 members, folding a gift reads 9 pages from the file with half of this, 3 with
        # this, and hardly fewer with twice as much. Small books never fill it.
        "PRAGMA cache_size=-32768",
        # Under load the same pages change in every commit. A rare checkpoint writes each of them back only once.
        f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}",
        "PRAGMA temp_store=MEMORY",
        # What is deleted must not stay readable in the file. Many builds of SQLite do this anyway.
        "PRAGMA secure_delete=ON",
    )
    # A deferred transaction that starts by reading fails at its first write if somebody else has written since.
    _begin_with(engine, "BEGIN IMMEDIATE")
    return engine


def _reading(engine: Engine) -> Engine:
    event.listen(engine, "do_connect", _open_existing)
    _on_connect(
        engine,
        "PRAGMA query_only=ON",
        "PRAGMA wal_autocheckpoint=0",
        f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
    )
    _begin_with(engine, "BEGIN")
    return engine


def _open_existing(_dialect: Dialect, _record: object, arguments: list[Any], options: dict[str, Any]) -> None:
    """Make SQLite open only an existing file: where the books are gone, a reader would create an empty one."""
    arguments[0] = f"file:{quote(arguments[0])}?mode=rw"
    options["uri"] = True


def _on_connect(engine: Engine, *pragmas: str) -> None:
    def run_pragmas(connection: DBAPIConnection, _record: object) -> None:
        # The driver's own transactions start late, and never for a SELECT. `_begin_with` begins ours.
        connection.isolation_level = None
        with closing(connection.cursor()) as cursor:
            for pragma in pragmas:
                cursor.execute(pragma)

    event.listen(engine, "connect", run_pragmas)


def _begin_with(engine: Engine, statement: str) -> None:
    def begin(connection: Connection) -> None:
        cursor_of(connection).execute(statement)

    event.listen(engine, "begin", begin)


def emptied_log(connection: Connection) -> bool:
    """Write the log back into the file and cut it off, so that it has no earlier state of any page. Call it outside of
    transactions. Return False if a reader needs the log: it is not waited for.
    """
    cursor = cursor_of(connection)
    cursor.execute("PRAGMA busy_timeout=0")
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    ((is_busy, *_),) = cursor.fetchall()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    return not is_busy


def refusal_of(error: Exception) -> Refusal | None:
    """Return the refusal that members get if `error` means that nothing can be written now, None for other errors."""
    if isinstance(error, BooksGone):
        return BooksClosed()
    cause = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(cause, sqlite3.Error):
        return postgresql_errors.refusal_of(error)
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_BUSY:
        return Busy()
    return BooksClosed() if code in _UNWRITABLE else None


def is_passing(error: Exception) -> bool:
    """Return whether `error` says nothing about the books: the server went away, or another process holds a lock."""
    return postgresql_errors.is_lost(error) or isinstance(refusal_of(error), Busy)


def is_in_doubt(error: DBAPIError) -> bool:
    """Return whether a failed commit of SQLite may still take effect: it was written, but the sync to disk failed.

    This process forgets it, and the next commit overwrites it. A process that opens the file before that finds it.
    """
    return getattr(error.orig, "sqlite_errorcode", 0) == sqlite3.SQLITE_IOERR_FSYNC


def copy_database(source: Path, target: Path) -> None:
    """Write a complete, consistent copy of a SQLite file, even one in use. `target` appears complete or not at all."""
    partial = target.with_name(target.name + ".part")
    partial.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as origin, closing(sqlite3.connect(partial)) as copy:
        origin.backup(copy)
    with partial.open("rb+") as file:
        os.fsync(file.fileno())
    partial.replace(target)
