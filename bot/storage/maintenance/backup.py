"""Make verified copies of the books, and restore one.

A SQLite file is copied while the bot writes to it. A copy counts only once it has been opened and audited. PostgreSQL
has its own tools for this (`bot.storage.maintenance.pg_backup`).
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

from bot.storage.audit.auditor import audit_database
from bot.storage.audit.reader import open_reader
from bot.storage.audit.rows import rows
from bot.storage.connect.address import StorageError, database_url, prepare_folder
from bot.storage.connect.process_lock import ProcessLock
from bot.storage.connect.sqlite_errors import explained
from bot.storage.maintenance import migrate

PAGES = 2_048
"""Pages that are copied between two reports of progress."""

Progress = Callable[[int, int], None]

Requirement = Callable[[str], None]
"""Raises StorageError if the books at an address must not be restored."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents of a copy: the number of transactions, and each guild's head as (guild id, row, hash)."""

    rows: int
    heads: tuple[tuple[int, int, bytes], ...]


def contents_of(address: str) -> Contents:
    """Read what the books at `address` hold. Raises StorageError."""
    with closing(open_reader(address)) as reader:
        heads = reader.look(
            lambda c: [tuple(row) for row in rows(c, "SELECT guild_id, seq, hash FROM heads ORDER BY 1")]
        )
    return Contents(sum(seq for _, seq, _ in heads), tuple((guild, seq, bytes(digest)) for guild, seq, digest in heads))


def check_free(target: Path, *, force: bool) -> None:
    """Raise StorageError if `target` exists and may not be replaced."""
    if target.exists() and not force:
        raise StorageError(f"{target} already exists. To replace it, add --force")


def backup(source: Path, target: Path, *, force: bool, report_copy: Progress, report_audit: Progress) -> Contents:
    """Write a verified copy of the books in `source`, which may be in use, and return what it holds.

    `target` appears complete or not at all. Raises StorageError if it exists and `force` is off, or if the copy fails
    its audit.
    """
    if not source.exists():
        raise StorageError(f"There is no database at {source}")
    check_free(target, force=force)
    prepare_folder(target)
    if target.exists() and target.samefile(source):
        raise StorageError(f"{target} is the database itself")
    partial = target.with_name(target.name + ".part")
    try:
        with explained(source):
            _copy(source, partial, report_copy)
        _require_audit(partial, f"{source} fails its audit, so no backup was made", report_audit)
        contents = contents_of(f"sqlite:///{partial}")
        partial.replace(target)
    finally:
        _remove(partial)
    _sync_folder(target.parent)
    return contents


def restore(
    backup_file: Path, file: Path, *, force: bool, report_copy: Progress, report_audit: Progress, require: Requirement
) -> tuple[Contents, Path | None]:
    """Replace the books in `file` with those in `backup_file`; return what they hold, and where the old ones are kept.

    Raises StorageError if a bot uses `file`, if it exists and `force` is off, or if the backup fails its audit or
    `require`.
    """
    if not backup_file.exists():
        raise StorageError(f"There is no backup at {backup_file}")
    prepare_folder(file)
    lock = ProcessLock.acquire(file)
    partial = file.with_name(file.name + ".part")
    try:
        check_free(file, force=force)
        if file.exists() and file.samefile(backup_file):
            raise StorageError(f"{backup_file} is the database itself")
        with explained(backup_file):
            _copy(backup_file, partial, report_copy)
            # An old backup is migrated to this version. One from a newer version is refused.
            migrate.upgrade(database_url(f"sqlite:///{partial}"), dumps=None)
        _require_audit(partial, f"{backup_file} fails its audit, so nothing was changed", report_audit)
        require(f"sqlite:///{partial}")
        contents = contents_of(f"sqlite:///{partial}")
        old_file = _set_aside(file)
        partial.replace(file)
        _sync_folder(file.parent)
    finally:
        _remove(partial)
        lock.release()
    return contents, old_file


def _copy(source: Path, partial: Path, report_copy: Progress) -> None:
    _remove(partial)
    with closing(sqlite3.connect(source, isolation_level=None)) as origin, closing(sqlite3.connect(partial)) as copy:
        # Hold a snapshot. Without one, a backup starts over whenever somebody writes. Under load it would never end.
        origin.execute("BEGIN")
        origin.execute("SELECT count(*) FROM sqlite_master").fetchone()
        origin.backup(
            copy, pages=PAGES, progress=lambda _status, remaining, total: report_copy(total - remaining, total)
        )
    with partial.open("rb+") as file:
        os.fsync(file.fileno())


def _require_audit(partial: Path, sentence: str, report_audit: Progress) -> None:
    finding = next(audit_database(f"sqlite:///{partial}", progress=report_audit), None)
    if finding is not None:
        raise StorageError(f"{sentence} (guild {finding.guild_id} row {finding.seq}: {finding.what})")


def _set_aside(file: Path) -> Path | None:
    """Give the file that will be replaced a second name, whatever state it is in. Return that name."""
    if not file.exists():
        return None
    aside = file.with_name(time.strftime(f"{file.name}.replaced-%Y%m%dT%H%M%SZ", time.gmtime()))
    if aside.exists():
        raise StorageError(f"{aside} already exists. Try again in a second.")
    _fold_in_log(file)
    os.link(file, aside)
    # A remaining log belongs to the old file. Beside the new one, SQLite would apply it and corrupt the books.
    for suffix in ("-wal", "-shm"):
        log = file.with_name(file.name + suffix)
        if log.exists():
            log.replace(aside.with_name(aside.name + suffix))
    return aside


def _fold_in_log(file: Path) -> None:
    """Fold the log that a killed bot left into the file. A damaged file keeps its log."""
    with contextlib.suppress(sqlite3.Error), closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _remove(partial: Path) -> None:
    for leftover in (partial, *partial.parent.glob(f"{glob.escape(partial.name)}[-.]*")):
        leftover.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Sync a folder, so that the new name of a file in it survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
