"""Migrate a database to the revision of this code, after saving a copy. A shared database is migrated under a lock."""

import logging
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from sqlalchemy import URL, Connection, inspect, text

from bot.storage.connect.address import StorageError, file_of, is_shared
from bot.storage.connect.outcomes import Unreachable
from bot.storage.connect.sqlite import copy_database, writing_engine
from bot.storage.maintenance.pg_tools import dump_to

log = logging.getLogger(__name__)

PROJECT = Path(__file__).resolve().parents[3] / "pyproject.toml"
"""The file with Alembic's settings, which name the folder of migrations."""


class DatabaseTooNew(StorageError):  # noqa: N818 - a state of affairs, and its base says Error
    """The database was written by a newer version of the bot. `revision` is that of the database."""

    def __init__(self, revision: str) -> None:
        super().__init__(f"The database is at revision {revision}, which this version does not know. Update the bot.")
        self.revision = revision


LOCK = 7_081_105
"""The key of the advisory lock of migrations. Any number will do, as long as every version uses the same."""

_BEFORE = re.compile(r"""^down_revision\b[^=]*= ["'](\w+)""", re.MULTILINE)

DUMPS = Path("data")
"""The default folder for the dump of a shared database that is made before migrating it."""


def upgrade(url: URL, project: Path = PROJECT, *, dumps: Path | None = DUMPS) -> None:
    """Migrate the database at `url` to the newest revision, each migration in its own transaction. Blocks.

    First an existing file is copied to `<file>.before-<revision>`, or a shared database dumped into the folder `dumps`.
    If `dumps` is None, neither happens. When several processes share a database, one migrates and the others wait.
    Raises DatabaseTooNew, StorageError.
    """

    def save_copy(revision: str) -> None:
        if dumps is not None:
            _save_copy(url, revision, dumps)

    if is_shared(url):
        # Imported only when needed, like Alembic below: books in a file do without 9 MiB of this.
        from bot.storage.connect import postgresql  # noqa: PLC0415

        try:
            postgresql.alone(url, lambda connection: _upgrade_shared(connection, project, save_copy))
        except Unreachable as error:
            raise StorageError(f"The database server cannot be reached or refuses the connection: {error}") from error
        return
    engine = writing_engine(url, foreign_keys=False)
    try:
        with engine.connect() as connection:
            if _upgrade(connection, project, save_copy):
                _check_references(connection)
    finally:
        engine.dispose()


def _upgrade_shared(connection: Connection, project: Path, save_copy: Callable[[str], None]) -> None:
    # The session holds this lock, not a transaction, because each migration has its own transaction. It is released
    # when the connection closes.
    connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
    connection.commit()
    _upgrade(connection, project, save_copy)


def _upgrade(connection: Connection, project: Path, save_copy: Callable[[str], None]) -> bool:
    """Migrate if needed; return whether anything changed. Call `save_copy` before changing an existing database."""
    revision_ids = revisions(project)
    newest, revision = revision_ids[-1], revision_of(connection)
    connection.rollback()
    if revision == newest:
        return False
    if revision is not None:
        if revision not in revision_ids:
            raise DatabaseTooNew(revision)
        save_copy(newest)
    log.info("Migrating the database from revision %s to %s", revision or "nothing", newest)
    _migrate(connection, project)
    return True


def _migrate(connection: Connection, project: Path) -> None:
    # Imported only when needed: Alembic takes 10 MiB of memory, and most starts migrate nothing.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config(toml_file=project)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _save_copy(url: URL, revision: str, dumps: Path) -> None:
    """Save a copy of the database before it is migrated to `revision`."""
    if is_shared(url):
        copy = dumps / f"{url.database}.before-{revision}.dump"
        try:
            dump_to(url, copy)
        except StorageError as error:
            raise StorageError(
                f"The database needs a migration, but it could not be backed up first: {error}. Nothing was changed. "
                "If you have your own backup, run: python -m bot migrate --without-backup"
            ) from error
    else:
        file = file_of(url)
        copy = file.with_name(f"{file.name}.before-{revision}")
        copy_database(file, copy)
    log.info("A copy of the database from before the migration is kept in %s", copy)


@cache
def revisions(project: Path = PROJECT) -> tuple[str, ...]:
    """Return the revisions that this code knows, oldest first. File names of migrations begin with them.

    Each migration names the one before it. Numbers may have been given in another order than the migrations came in.
    """
    files = (project.parent / "migrations" / "versions").glob("[0-9]*_*.py")
    following: dict[str, str] = {}
    for file in files:
        before = _BEFORE.search(file.read_text())
        following[before[1] if before else ""] = file.name.partition("_")[0]
    revision_ids = [following[""]]
    while (newer := following.get(revision_ids[-1])) is not None:
        revision_ids.append(newer)
    return tuple(revision_ids)


def revision_of(connection: Connection) -> str | None:
    """Return the revision of the database, None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def check_newest(connection: Connection) -> None:
    """Raise StorageError unless the database is at the newest revision that this code knows."""
    revision, newest = revision_of(connection), revisions()[-1]
    if revision != newest:
        raise StorageError(
            f"The database is at revision {revision or 'none'}, and this version needs {newest}. Migrate it: "
            "python -m bot migrate"
        )


def _check_references(connection: Connection) -> None:
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    connection.rollback()
    if orphans:
        raise StorageError(f"The migration left {len(orphans)} rows that refer to missing rows")
