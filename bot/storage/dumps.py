"""Backups of a PostgreSQL database, made and put back by PostgreSQL's own tools."""

import os
import shutil
import subprocess
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, Connection, text

from bot.storage.audit import audit_database
from bot.storage.backup import Contents, Progress, check_free, contents_of
from bot.storage.engine import StorageError
from bot.storage.proof.reader import open_reader


def dump(url: URL, target: Path, *, force: bool, audited: Progress) -> Contents:
    """Write a dump of the books at `url`, which may be in use; return what they hold. Raises StorageError.

    The dump is one snapshot, and is read once more from end to end; the audit is that of the database it came from.
    """
    check_free(target, force=force)
    _insist(url, "The database does not pass its audit, so it makes no backup", audited)
    contents = contents_of(_address(url))
    partial = target.with_name(target.name + ".part")
    try:
        _run("pg_dump", url, "--format=custom", "--no-owner", "--file", str(partial))
        _run("pg_restore", url, "--file", os.devnull, str(partial))
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return contents


def restore_dump(saved: Path, url: URL, *, force: bool, audited: Progress) -> tuple[Contents, Path | None]:
    """Put the books in the dump `saved` into the database at `url`, in one transaction; return what they hold.

    Books that are there are dumped beside `saved` first. Raises StorageError if bots use the database, if it holds
    books without `force`, or if what was restored does not pass the audit.
    """
    if not saved.exists():
        raise StorageError(f"There is no backup at {saved}")
    with closing(open_reader(_address(url))) as reader:
        users, holds_books = reader.look(_state)
    if users:
        raise StorageError(f"The database is in use by {users} connections: stop the bot first")
    if holds_books and not force:
        raise StorageError(f"The database {url.database} holds books. To replace them, add --force")
    aside = None
    if holds_books:
        aside = saved.with_name(time.strftime(f"{url.database}.replaced-%Y%m%dT%H%M%SZ.dump", time.gmtime()))
        _run("pg_dump", url, "--format=custom", "--no-owner", "--file", str(aside))
    options = ("--single-transaction", "--exit-on-error", "--clean", "--if-exists", "--no-owner")
    _run("pg_restore", url, *options, "--dbname", url.database or "", str(saved))
    _insist(url, "What was restored does not pass its audit", audited)
    return contents_of(_address(url)), aside


def users_beside(c: Connection) -> int:
    """Return how many other connections the database has."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    return c.execute(text(others)).scalar_one()


def _state(c: Connection) -> tuple[int, bool]:
    """Return how many others are connected, and whether there are books."""
    known = c.execute(text("SELECT to_regclass('heads') IS NOT NULL")).scalar_one()
    return users_beside(c), bool(known and c.execute(text("SELECT EXISTS (SELECT 1 FROM guilds)")).scalar_one())


def _insist(url: URL, sentence: str, audited: Progress) -> None:
    finding = next(audit_database(_address(url), progress=audited), None)
    if finding is not None:
        raise StorageError(f"{sentence} (guild {finding.guild_id} row {finding.seq}: {finding.what})")


def _address(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _run(tool: str, url: URL, *arguments: str) -> None:
    """Run one of PostgreSQL's tools. The password goes by the environment: arguments are for every user to see."""
    path = shutil.which(tool)
    if path is None:
        raise StorageError(f"PostgreSQL's {tool} is not installed here, and it has to be")
    host = url.host or url.query.get("host")
    settings = {"PGHOST": host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password}
    said = {name: str(value) for name, value in {**settings, "PGDATABASE": url.database}.items() if value}
    done = subprocess.run(  # noqa: S603 - a fixed tool, and arguments of our own
        [path, *arguments], env={**os.environ, **said}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise StorageError(f"{tool} failed: {done.stderr.strip() or done.returncode}")
