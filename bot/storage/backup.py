"""Copies of the books that are known to be good, and the way back from one.

A SQLite file is copied while the bot writes to it, and a copy counts only once it was opened and audited. PostgreSQL
has tools of its own for this (`bot.storage.dumps`).
"""

import contextlib
import glob
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.storage import migrate
from bot.storage.audit import audit_database
from bot.storage.engine import StorageError, database_url, prepare_folder
from bot.storage.lock import ProcessLock
from bot.storage.proof.reader import open_reader
from bot.storage.proof.reading import rows
from bot.storage.trouble import in_words

PAGES = 2_048
"""Pages that are copied between two words about the progress."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a copy holds: transactions in all, and the head of each guild's journal as (guild id, row, hash)."""

    rows: int
    heads: tuple[tuple[int, int, bytes], ...]


def contents_of(address: str) -> Contents:
    """Return what the books at `address` hold. Raises StorageError."""
    with closing(open_reader(address)) as reader:
        found = reader.look(
            lambda c: [tuple(row) for row in rows(c, "SELECT guild_id, seq, hash FROM heads ORDER BY 1")]
        )
    return Contents(sum(seq for _, seq, _ in found), tuple((guild, seq, bytes(digest)) for guild, seq, digest in found))


def check_free(target: Path, *, force: bool) -> None:
    """Raise StorageError if `target` exists and may not be replaced."""
    if target.exists() and not force:
        raise StorageError(f"{target} exists. To replace it, add --force")


def backup(source: Path, target: Path, *, force: bool, copied: Progress, audited: Progress) -> Contents:
    """Write a verified copy of the books in `source`, which may be in use; return what it holds.

    `target` appears whole or not at all. Raises StorageError if it exists without `force`, or if the copy does not pass
    the audit.
    """
    if not source.exists():
        raise StorageError(f"There is no database at {source}")
    check_free(target, force=force)
    prepare_folder(target)
    if target.exists() and target.samefile(source):
        raise StorageError(f"{target} is the database itself")
    partial = target.with_name(target.name + ".part")
    try:
        with in_words(source):
            _copy(source, partial, copied)
        _insist(partial, f"{source} does not pass its audit, so it makes no backup", audited)
        contents = contents_of(f"sqlite:///{partial}")
        partial.replace(target)
    finally:
        _remove(partial)
    _sync_folder(target.parent)
    return contents


def restore(
    saved: Path, file: Path, *, force: bool, copied: Progress, audited: Progress
) -> tuple[Contents, Path | None]:
    """Put the books in `saved` where the bot looks for them; return what they hold, and where the old ones went.

    Raises StorageError if a bot uses `file`, if it exists without `force`, or if `saved` does not pass the audit.
    """
    if not saved.exists():
        raise StorageError(f"There is no backup at {saved}")
    prepare_folder(file)
    lock = ProcessLock.acquire(file)
    partial = file.with_name(file.name + ".part")
    try:
        check_free(file, force=force)
        if file.exists() and file.samefile(saved):
            raise StorageError(f"{saved} is the database itself")
        with in_words(saved):
            _copy(saved, partial, copied)
            # An old backup becomes what this version knows, and one from a newer version is refused.
            migrate.upgrade(database_url(f"sqlite:///{partial}"), dumps=None)
        _insist(partial, f"{saved} does not pass its audit: nothing was changed", audited)
        contents = contents_of(f"sqlite:///{partial}")
        aside = _set_aside(file)
        partial.replace(file)
        _sync_folder(file.parent)
    finally:
        _remove(partial)
        lock.release()
    return contents, aside


def _copy(source: Path, partial: Path, copied: Progress) -> None:
    _remove(partial)
    with closing(sqlite3.connect(source, isolation_level=None)) as origin, closing(sqlite3.connect(partial)) as copy:
        # Its own snapshot: a backup begins anew whenever somebody else writes, and in a storm it would never end.
        origin.execute("BEGIN")
        origin.execute("SELECT count(*) FROM sqlite_master").fetchone()
        origin.backup(copy, pages=PAGES, progress=lambda _status, left, all_: copied(all_ - left, all_))
    with partial.open("rb+") as file:
        os.fsync(file.fileno())


def _insist(partial: Path, sentence: str, audited: Progress) -> None:
    finding = next(audit_database(f"sqlite:///{partial}", progress=audited), None)
    if finding is not None:
        raise StorageError(f"{sentence} (guild {finding.guild_id} row {finding.seq}: {finding.what})")


def _set_aside(file: Path) -> Path | None:
    """Give what will be replaced a second name, whatever state it is in; return it."""
    if not file.exists():
        return None
    aside = file.with_name(time.strftime(f"{file.name}.replaced-%Y%m%dT%H%M%SZ", time.gmtime()))
    if aside.exists():
        raise StorageError(f"{aside} exists already: try again in a second")
    _fold_in_log(file)
    os.link(file, aside)
    # Whatever log is left belongs to the old file: beside the new one it would corrupt that.
    for end in ("-wal", "-shm"):
        log = file.with_name(file.name + end)
        if log.exists():
            log.replace(aside.with_name(aside.name + end))
    return aside


def _fold_in_log(file: Path) -> None:
    """Bring what a killed bot left in its log into the file; a damaged one keeps its log."""
    with contextlib.suppress(sqlite3.Error), closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _remove(partial: Path) -> None:
    for left in (partial, *partial.parent.glob(f"{glob.escape(partial.name)}[-.]*")):
        left.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Have the new name of a file survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
