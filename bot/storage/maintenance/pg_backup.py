"""Back up and restore a PostgreSQL database with PostgreSQL's own tools."""

import time
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, Connection, text

from bot.storage.audit.auditor import audit_database
from bot.storage.audit.reader import open_reader
from bot.storage.connect.address import StorageError
from bot.storage.maintenance import migrate
from bot.storage.maintenance.backup import Contents, Progress, Requirement, check_free, contents_of
from bot.storage.maintenance.pg_tools import dump_to, restore_from


def dump(url: URL, target: Path, *, force: bool, report_audit: Progress) -> Contents:
    """Write a dump of the books at `url`, which may be in use, and return what they hold. Raises StorageError.

    The dump is one snapshot, and is read back from end to end. The audit runs on the database, not on the dump.
    """
    check_free(target, force=force)
    _require_audit(url, "The database fails its audit, so no backup was made", report_audit)
    contents = contents_of(_address(url))
    dump_to(url, target)
    return contents


def restore_dump(
    dump_file: Path, url: URL, *, force: bool, report_audit: Progress, require: Requirement
) -> tuple[Contents, Path | None]:
    """Put the books in `dump_file` into the database at `url` in one transaction.

    The old contents are dumped beside `dump_file` first. Return what the new books hold, and that old dump, if any.
    Raises StorageError if bots use the database, if it has tables and `force` is off, or if the restored books fail
    their audit or `require`.
    """
    if not dump_file.exists():
        raise StorageError(f"There is no backup at {dump_file}")
    with closing(open_reader(_address(url))) as reader:
        users, tables = reader.look(_state)
    if users:
        raise StorageError(f"The database is in use by {users} connections. Stop the bot first.")
    if tables and not force:
        raise StorageError(f"The database {url.database} is not empty. To replace its contents, add --force")
    old_dump = None
    if tables:
        old_dump = dump_file.with_name(time.strftime(f"{url.database}.replaced-%Y%m%dT%H%M%SZ.dump", time.gmtime()))
        dump_to(url, old_dump)
    restore_from(dump_file, url, instead_of=tables)
    # An old backup is migrated to this version.
    migrate.upgrade(url, dumps=None)
    _require_audit(url, "The restored books fail their audit", report_audit)
    require(_address(url))
    return contents_of(_address(url)), old_dump


def users_beside(c: Connection) -> int:
    """Return the number of other connections to the database."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    return c.execute(text(query)).scalar_one()


def _state(c: Connection) -> tuple[int, list[str]]:
    """Return the number of other connections, and the names of the tables."""
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
    return users_beside(c), [*c.execute(text(tables)).scalars()]


def _require_audit(url: URL, sentence: str, report_audit: Progress) -> None:
    finding = next(audit_database(_address(url), progress=report_audit), None)
    if finding is not None:
        raise StorageError(f"{sentence} (guild {finding.guild_id} row {finding.seq}: {finding.what})")


def _address(url: URL) -> str:
    return url.render_as_string(hide_password=False)
