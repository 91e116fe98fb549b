"""Whether the books are where they are looked for: now, and when a bot starts.

A database file that was deleted or replaced while it is open goes on taking writes, and nobody will ever read them. And
a start that finds no file makes new books: every balance is 0 then, because a folder was not mounted.
"""

import contextlib
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from bot.storage.engine import BooksGone, StorageError

MARKER = ".marker"
"""What is added to the name of a database file for the one beside it that says that there have been books."""

_MARKED = "Rosette keeps its books in {name}. If that is gone: restore a backup, or run --new-books.\n"


class FilePresence:
    """Remembers which files hold the books: the database and its log. Make it while both are open."""

    def __init__(self, file: Path) -> None:
        self._file = file
        log = file.with_name(file.name + "-wal")
        self._identities = {path: identity for path in (file, log) if (identity := _identity_of(path))}

    def check(self) -> None:
        """Raise BooksGone if another file, or none, has taken the place of one. Costs two microseconds a file."""
        for path, identity in self._identities.items():
            now = _identity_of(path)
            if now != identity:
                fate = "replaced by another file" if now else "deleted, or its folder is no longer there"
                raise BooksGone(f"{path} was {fate} while the bot was running")

    def rescue(self, connection: sqlite3.Connection) -> str:
        """Save what the open books hold beside where they were, if anything can be; say what became of it."""
        rescued = self._file.with_name(time.strftime(f"{self._file.name}.rescued-%Y%m%dT%H%M%SZ", time.gmtime()))
        try:
            with closing(sqlite3.connect(rescued)) as copy:
                connection.backup(copy)
        except (sqlite3.Error, OSError):
            with contextlib.suppress(OSError):
                rescued.unlink(missing_ok=True)
            return "A copy of what they held could not be saved there. Restore a backup: python -m bot restore BACKUP"
        return f"All that they held is saved: python -m bot restore {rescued} --force"


def insist_on_books(file: Path) -> None:
    """Raise StorageError if there is no database at `file`, but there has been one."""
    log = file.with_name(file.name + "-wal")
    if not file.exists() and (_marker_of(file).exists() or log.exists()):
        raise StorageError(
            f"There are no books at {file}, where there have been. Put them back (python -m bot restore BACKUP), "
            "or, if new ones are meant, start with: python -m bot run --new-books"
        )


def leave_marker(file: Path) -> None:
    """Say beside a database file that there are books, for a start that does not find them. A full disk is no error."""
    marker = _marker_of(file)
    # Its being there says it; what is in it is for people.
    with contextlib.suppress(OSError):
        marker.touch(mode=0o600, exist_ok=False)
        marker.write_text(_MARKED.format(name=file.name), encoding="utf-8")


def _marker_of(file: Path) -> Path:
    return file.with_name(file.name + MARKER)


def _identity_of(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from every other, None if there is none at `path`."""
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_dev, status.st_ino
