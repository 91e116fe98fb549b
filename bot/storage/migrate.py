"""Bringing a database to the form that this code knows, after a copy of it was made; a shared database under a lock."""

import logging
from collections.abc import Callable
from functools import cache
from pathlib import Path

from sqlalchemy import URL, Connection, inspect, text

from bot.storage import postgresql
from bot.storage.engine import StorageError, copy_database, file_of, is_shared, writing_engine
from bot.storage.tools import dump_to

log = logging.getLogger(__name__)

PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
"""Where Alembic finds its settings, and with them the migrations."""


class DatabaseTooNew(StorageError):  # noqa: N818 - a state of affairs, and its base says Error
    """The database was written by a newer version. `revision` is the one it is at."""

    def __init__(self, revision: str) -> None:
        super().__init__(f"The database is at revision {revision}, which this version does not know: update the bot")
        self.revision = revision


LOCK = 7_081_105
"""The advisory lock of migrations: any number, as long as every version uses the same."""


DUMPS = Path("data")
"""Where a shared database is dumped to before it is migrated, unless the operator says otherwise."""


def upgrade(url: URL, project: Path = PROJECT, *, dumps: Path | None = DUMPS) -> None:
    """Migrate the database at `url` to the newest revision, each migration in one transaction; blocks.

    An existing file is copied to `<file>.before-<revision>` first, a shared database dumped into the folder `dumps`;
    if that is None, neither is. Of several processes that share a database one migrates, and the others wait for it.
    Raises DatabaseTooNew, StorageError.
    """

    def keep(revision: str) -> None:
        if dumps is not None:
            _keep(url, revision, dumps)

    if is_shared(url):
        try:
            postgresql.alone(url, lambda connection: _upgrade_shared(connection, project, keep))
        except postgresql.Unreachable as error:
            raise StorageError(f"The database server cannot be used: {error}") from error
        return
    engine = writing_engine(url, foreign_keys=False)
    try:
        with engine.connect() as connection:
            if _upgrade(connection, project, keep):
                _check_references(connection)
    finally:
        engine.dispose()


def _upgrade_shared(connection: Connection, project: Path, keep: Callable[[str], None]) -> None:
    # Held by the session, not by a transaction: each migration has one of its own. It ends with the connection.
    connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
    connection.commit()
    _upgrade(connection, project, keep)


def _upgrade(connection: Connection, project: Path, keep: Callable[[str], None]) -> bool:
    """Do what is to be done; call `keep` before an existing database is changed; return whether anything was."""
    known = revisions(project)
    newest, found = known[-1], revision_of(connection)
    connection.rollback()
    if found == newest:
        return False
    if found is not None:
        if found not in known:
            raise DatabaseTooNew(found)
        keep(newest)
    log.info("Migrating the database from revision %s to %s", found or "nothing", newest)
    _migrate(connection, project)
    return True


def _migrate(connection: Connection, project: Path) -> None:
    # Imported where it is needed: it brings 10 MiB along, and a start that migrates nothing is the rule.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config(toml_file=project)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _keep(url: URL, revision: str, dumps: Path) -> None:
    """Write a copy of the database as it was before `revision`."""
    if is_shared(url):
        kept = dumps / f"{url.database}.before-{revision}.dump"
        try:
            dump_to(url, kept)
        except StorageError as error:
            raise StorageError(
                f"The database has to be migrated, and no backup can be made before that: {error}. Nothing was changed."
                " If you have a backup of your own: python -m bot migrate --without-backup"
            ) from error
    else:
        file = file_of(url)
        kept = file.with_name(f"{file.name}.before-{revision}")
        copy_database(file, kept)
    log.info("The database as it was is kept in %s", kept)


@cache
def revisions(project: Path = PROJECT) -> tuple[str, ...]:
    """Return the revisions that the code knows, oldest first: each migration's file is named after its own."""
    files = (project.parent / "migrations" / "versions").glob("[0-9]*_*.py")
    return tuple(sorted(file.name.partition("_")[0] for file in files))


def revision_of(connection: Connection) -> str | None:
    """Return the revision that the database is at, None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def check_newest(connection: Connection) -> None:
    """Raise StorageError unless the database is at the revision that this code reads."""
    found, newest = revision_of(connection), revisions()[-1]
    if found != newest:
        raise StorageError(
            f"The database is at revision {found or 'none'}, and this version reads {newest}: python -m bot migrate"
        )


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    connection.rollback()
    if broken:
        raise StorageError(f"The migration left {len(broken)} rows that refer to nothing")
