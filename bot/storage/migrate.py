"""Bringing a database to the form that this code knows: a file after a copy of it, a shared database under a lock."""

import logging
from collections.abc import Callable
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, text

from bot.storage import postgresql
from bot.storage.engine import StorageError, copy_database, file_of, is_shared, writing_engine

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


def upgrade(url: URL, project: Path = PROJECT) -> None:
    """Migrate the database at `url` to the newest revision, each migration in one transaction; blocks.

    An existing file is copied to `<file>.before-<revision>` first. Of several processes that share a database one
    migrates, and the others wait for it. Raises DatabaseTooNew, StorageError.
    """
    config = Config(toml_file=project)
    if is_shared(url):
        try:
            postgresql.alone(url, lambda connection: _upgrade_shared(connection, config))
        except postgresql.Unreachable as error:
            raise StorageError(f"The database server cannot be used: {error}") from error
        return
    engine = writing_engine(url, foreign_keys=False)
    try:
        with engine.connect() as connection:
            if _upgrade(connection, config, lambda newest: _copy(url, newest)):
                _check_references(connection)
    finally:
        engine.dispose()


def _upgrade_shared(connection: Connection, config: Config) -> None:
    # Held by the session, not by a transaction: each migration has one of its own. It ends with the connection.
    connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
    connection.commit()
    _upgrade(connection, config, lambda _newest: None)


def _upgrade(connection: Connection, config: Config, prepare: Callable[[str], None]) -> bool:
    """Do what is to be done; call `prepare` before an existing database is changed; return whether anything was."""
    scripts = ScriptDirectory.from_config(config)
    newest = scripts.get_current_head()
    found = revision_of(connection)
    connection.rollback()
    if found == newest:
        return False
    if found is not None:
        _check_known(scripts, found)
        prepare(str(newest))
    log.info("Migrating the database from revision %s to %s", found or "nothing", newest)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return True


def _copy(url: URL, revision: str) -> None:
    file = file_of(url)
    copy_database(file, file.with_name(f"{file.name}.before-{revision}"))


def revision_of(connection: Connection) -> str | None:
    """Return the revision that the database is at, None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def check_newest(connection: Connection) -> None:
    """Raise StorageError unless the database is at the revision that this code reads."""
    found = revision_of(connection)
    if found != _newest():
        raise StorageError(
            f"The database is at revision {found or 'none'}, and this version reads {_newest()}: python -m bot migrate"
        )


@cache
def _newest() -> str | None:
    return ScriptDirectory.from_config(Config(toml_file=PROJECT)).get_current_head()


def _check_known(scripts: ScriptDirectory, revision: str) -> None:
    if revision not in {script.revision for script in scripts.walk_revisions()}:
        raise DatabaseTooNew(revision)


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    connection.rollback()
    if broken:
        raise StorageError(f"The migration left {len(broken)} rows that refer to nothing")
