"""Detect missing books, at the start of a bot and while it runs.

A database file that was deleted or replaced while open still takes writes, which nobody will ever read. And a bot that
finds no file at its start would create new books, with every balance at 0, only because a folder was not mounted.
"""

import contextlib
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from bot.storage.connect.address import BooksGone, StorageError

MARKER = ".marker"
"""The suffix of the marker, a file beside the database that tells that there have been books."""

_MARKED = "Rosette keeps its books in {name}. If that file is gone, restore a backup, or start with --new-books.\n"


class FilePresence:
    """Remembers the identity of the database file and of its log. Create it while both are open."""

    def __init__(self, file: Path) -> None:
        self._file = file
        log = file.with_name(file.name + "-wal")
        self._identities = {path: identity for path in (file, log) if (identity := _identity_of(path))}

    def check(self) -> None:
        """Raise BooksGone if a file was deleted or replaced. Costs two microseconds per file."""
        for path, identity in self._identities.items():
            current_identity = _identity_of(path)
            if current_identity != identity:
                fate = "replaced by another file" if current_identity else "deleted or moved away"
                raise BooksGone(f"{path} was {fate} while the bot was running")

    def rescue(self, connection: sqlite3.Connection) -> str:
        """Try to save the contents of the open books beside their old path; return a sentence about the outcome."""
        rescue_file = self._file.with_name(time.strftime(f"{self._file.name}.rescued-%Y%m%dT%H%M%SZ", time.gmtime()))
        try:
            with closing(sqlite3.connect(rescue_file)) as copy:
                connection.backup(copy)
        except (sqlite3.Error, OSError):
            with contextlib.suppress(OSError):
                rescue_file.unlink(missing_ok=True)
            return "Their contents could not be saved beside them. Restore a backup: python -m bot restore BACKUP"
        return f"Their contents were saved. To put them back: python -m bot restore {rescue_file} --force"


def insist_on_books(file: Path) -> None:
    """Raise StorageError if there is no database at `file`, but there was one before."""
    if were_there(file):
        raise StorageError(
            f"The books at {file} are missing. Put the file back, or restore a backup: python -m bot restore BACKUP. "
            "To start with new books: python -m bot run --new-books"
        )


def were_there(file: Path) -> bool:
    """Return whether there is no database at `file`, but was one before."""
    log = file.with_name(file.name + "-wal")
    return not file.exists() and (_marker_of(file).exists() or log.exists())


def leave_marker(file: Path) -> None:
    """Create the marker beside a database file, for a later start that does not find the books. Ignores a full disk."""
    marker = _marker_of(file)
    # Only its existence counts. The text is for people.
    with contextlib.suppress(OSError):
        marker.touch(mode=0o600, exist_ok=False)
        marker.write_text(_MARKED.format(name=file.name), encoding="utf-8")


def _marker_of(file: Path) -> Path:
    return file.with_name(file.name + MARKER)


def _identity_of(path: Path) -> tuple[int, int] | None:
    """Return the identity of the file at `path`, (device, inode), None if there is none."""
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_dev, status.st_ino
