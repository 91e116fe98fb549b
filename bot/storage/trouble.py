"""What is wrong with a database file, in the operator's words: a code of SQLite's helps nobody at night."""

import os
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bot.storage.engine import StorageError

_RESTORE = "Keep the file as it is, and restore a backup: python -m bot restore BACKUP"

_PERMISSIONS = "Look at the owner and the permissions of it, and of the files beside it that begin with its name"

_SENTENCES = {
    sqlite3.SQLITE_BUSY: "{file} is locked by another program: close that, and start again",
    sqlite3.SQLITE_READONLY: "{file} cannot be written to. " + _PERMISSIONS,
    sqlite3.SQLITE_CANTOPEN: "{file} cannot be opened. " + _PERMISSIONS,
    sqlite3.SQLITE_FULL: "There is no room left on the disk of {file}",
    sqlite3.SQLITE_IOERR: "The disk of {file} fails, or is full ({error})",
    sqlite3.SQLITE_CORRUPT: "{file} is damaged ({error}). " + _RESTORE,
    sqlite3.SQLITE_NOTADB: "{file} is damaged, or never was a database. " + _RESTORE,
}


@contextmanager
def in_words(file: Path) -> Generator[None]:
    """Raise StorageError with a sentence for whatever SQLite finds wrong with `file` in the block.

    An empty file is refused, too: SQLite would take it for new books, and the old ones may have been in it.
    """
    if file.is_file() and not file.stat().st_size:
        raise StorageError(f"{file} is empty. Restore a backup, or remove the file and start with --new-books")
    try:
        yield
    except UnicodeDecodeError as error:
        # Not even SQLite's message is text any more.
        raise StorageError(_SENTENCES[sqlite3.SQLITE_CORRUPT].format(file=file, error=error.reason)) from error
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        sentence = _SENTENCES.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
        if sentence is None:
            raise
        raise StorageError(sentence.format(file=file, error=cause)) from error


def check_writable(file: Path) -> None:
    """Raise StorageError or sqlite3.Error if the database `file` exists, and takes no changes."""
    if not file.exists():
        return
    # Asked before SQLite is, which would leave a log behind that is read only, too.
    if not os.access(file, os.W_OK):
        raise StorageError(_SENTENCES[sqlite3.SQLITE_READONLY].format(file=file))
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        # Of a file that is read only, BEGIN IMMEDIATE makes a transaction that reads: only a change tells.
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE is_this_writable (answer)")
        connection.execute("ROLLBACK")
