"""Bringing a database file to the form that this code knows, with a copy kept of how it was."""

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection

from bot.storage.engine import StorageError, copy_database, file_of, writing_engine

log = logging.getLogger(__name__)

PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
"""Where Alembic finds its settings, and with them the migrations."""


class DatabaseTooNew(StorageError):  # noqa: N818 - a state of affairs, and its base says Error
    """The database was written by a newer version. `revision` is the one it is at."""

    def __init__(self, revision: str) -> None:
        super().__init__(f"The database is at revision {revision}, which this version does not know: update the bot")
        self.revision = revision


def upgrade(url: URL, project: Path = PROJECT) -> None:
    """Migrate the database at `url` to the newest revision, each migration in one transaction.

    An existing database is copied to `<file>.before-<revision>` first. Raises DatabaseTooNew, StorageError.
    """
    config = Config(toml_file=project)
    scripts = ScriptDirectory.from_config(config)
    newest = scripts.get_current_head()
    engine = writing_engine(url, foreign_keys=False)
    try:
        with engine.connect() as connection:
            found = revision_of(connection)
            connection.rollback()
            if found == newest:
                return
            if found is not None:
                _check_known(scripts, found)
                copy_database(file_of(url), file_of(url).with_name(f"{file_of(url).name}.before-{newest}"))
            log.info("Migrating the database from revision %s to %s", found or "nothing", newest)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            _check_references(connection)
    finally:
        engine.dispose()


def revision_of(connection: Connection) -> str | None:
    """Return the revision that the database is at, None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def _check_known(scripts: ScriptDirectory, revision: str) -> None:
    if revision not in {script.revision for script in scripts.walk_revisions()}:
        raise DatabaseTooNew(revision)


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    connection.rollback()
    if broken:
        raise StorageError(f"The migration left {len(broken)} rows that refer to nothing")
