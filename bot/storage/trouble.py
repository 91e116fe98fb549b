"""What is wrong with a database file, in the operator's words: a code of SQLite's helps nobody at night."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bot.storage.engine import StorageError

_RESTORE = "Keep the file as it is, and restore a backup: python -m bot restore BACKUP"

_SENTENCES = {
    sqlite3.SQLITE_BUSY: "{file} is locked by another program: close that, and start again",
    sqlite3.SQLITE_READONLY: "{file} cannot be written to: look at the owner and the permissions of it and its folder",
    sqlite3.SQLITE_CANTOPEN: "{file} cannot be opened: look at the owner and the permissions of it and its folder",
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
        raise StorageError(f"{file} is empty. Restore a backup, or remove the file to begin new books")
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        sentence = _SENTENCES.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
        if sentence is None:
            raise
        raise StorageError(sentence.format(file=file, error=cause)) from error
