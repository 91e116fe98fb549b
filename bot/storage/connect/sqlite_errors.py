"""Explain what is wrong with a database file in the operator's words: an SQLite error code helps nobody at night."""

import os
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bot.storage.connect.address import StorageError, ownership

_RESTORE = "Keep the file as it is and restore a backup: python -m bot restore BACKUP"

_PERMISSIONS = "Check the owner and permissions of it and of the files beside it that start with its name"

_SENTENCES = {
    sqlite3.SQLITE_BUSY: "{file} is locked by another program. Close that and start again.",
    sqlite3.SQLITE_READONLY: "{file} is not writable. " + _PERMISSIONS,
    sqlite3.SQLITE_CANTOPEN: "{file} cannot be opened. " + _PERMISSIONS,
    sqlite3.SQLITE_FULL: "The disk of {file} is full. Make room and start again.",
    sqlite3.SQLITE_IOERR: "The disk of {file} is failing or full ({error})",
    sqlite3.SQLITE_CORRUPT: "{file} is damaged ({error}). " + _RESTORE,
    sqlite3.SQLITE_NOTADB: "{file} is damaged or not a database. " + _RESTORE,
}


@contextmanager
def explained(file: Path) -> Generator[None]:
    """Turn SQLite's errors about `file` in the block into StorageError with a sentence for the operator.

    An empty file is refused, too: SQLite would take it for a new database, but it may have held the books.
    """
    if file.is_file() and not file.stat().st_size:
        raise StorageError(f"{file} is empty. Restore a backup, or delete the file and start with --new-books.")
    try:
        yield
    except UnicodeDecodeError as error:
        # In a damaged file, even SQLite's error message may not be valid text.
        raise StorageError(_SENTENCES[sqlite3.SQLITE_CORRUPT].format(file=file, error=error.reason)) from error
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        sentence = _SENTENCES.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
        if sentence is None:
            raise
        raise StorageError(sentence.format(file=file, error=cause)) from error


def check_writable(file: Path) -> None:
    """Raise StorageError or sqlite3.Error if the database `file` exists but cannot be changed."""
    if not file.exists():
        return
    # Check this before SQLite opens the file, which would leave a read-only log behind.
    if not os.access(file, os.W_OK):
        raise StorageError(f"{file} is not writable: {ownership(file, f'chown {os.geteuid()} {file}*')}")
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        # On a read-only file, BEGIN IMMEDIATE succeeds and starts a reading transaction. Only a change reveals it.
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE is_this_writable (answer)")
        connection.execute("ROLLBACK")
