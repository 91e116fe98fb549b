"""The way to the newest revision: it ends at what the tables say, keeps a copy, and never goes back."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import OperationalError

from bot.storage.audit.auditor import audit_database
from bot.storage.connect.address import StorageError, database_url
from bot.storage.connect.sqlite import copy_database
from bot.storage.database import Database
from bot.storage.maintenance import migrate
from bot.storage.maintenance.migrate import DatabaseTooNew
from bot.storage.sql.tables import metadata
from tests.storage.town import Clock, grant, settle_in

FUTURE = "9999"
pytestmark = pytest.mark.databases("sqlite")


def schema(engine: Engine) -> dict[str, Any]:
    """Return everything that autogenerate compares, and the CHECKs, keys and STRICTness that it does not."""
    inspector = inspect(engine)
    tables = [name for name in inspector.get_table_names() if name != "alembic_version"]
    with engine.connect() as connection:
        strict = connection.execute(text("SELECT name, wr, strict FROM pragma_table_list WHERE type = 'table'")).all()
        indexes = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'index'")).all()

    def by_name(rows: list[Any]) -> list[str]:
        return sorted(map(str, rows))

    return {
        "columns": {name: by_name(inspector.get_columns(name)) for name in tables},
        "keys": {name: str(inspector.get_pk_constraint(name)) for name in tables},
        "checks": {name: by_name(inspector.get_check_constraints(name)) for name in tables},
        "uniques": {name: by_name(inspector.get_unique_constraints(name)) for name in tables},
        "references": {name: by_name(inspector.get_foreign_keys(name)) for name in tables},
        "indexes": sorted((row.name, " ".join(row.sql.split())) for row in indexes if row.sql),
        "strict": sorted(map(tuple, (row for row in strict if row.name in tables))),
    }


def set_revision(file: Path, revision: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))


def revision(file: Path) -> str:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]


NEWEST = migrate.revisions()[-1]
NEXT = f"{int(max(migrate.revisions())) + 1:04}"


@pytest.fixture
def next_version(tmp_path: Path) -> Callable[[str], Path]:
    """Write a project that has one more migration, of the given statements; return its pyproject file."""

    def write(statements: str) -> Path:
        project = tmp_path / "next"
        shutil.copytree(migrate.PROJECT.parent / "migrations", project / "migrations")
        numbers = f"revision = '{NEXT}'\ndown_revision = '{NEWEST}'\n"
        script = f"from alembic import op\n\n{numbers}\n\ndef upgrade():\n{statements}"
        (project / "migrations" / "versions" / f"{NEXT}_next.py").write_text(script)
        settings = project / "pyproject.toml"
        settings.write_text('[tool.alembic]\nscript_location = "%(here)s/migrations"\n')
        return settings

    return write


def test_migrations_are_known_by_the_names_of_their_files():
    scripts = ScriptDirectory.from_config(Config(toml_file=migrate.PROJECT)).walk_revisions()

    assert [script.revision for script in scripts] == [*reversed(migrate.revisions())]


def test_a_copy_is_kept_of_how_a_database_was_before(file: Path, address: str, next_version: Callable[[str], Path]):
    project = next_version("    op.execute('CREATE TABLE more (a INTEGER) STRICT')\n")

    migrate.upgrade(database_url(address), project)

    assert revision(file) == NEXT
    assert revision(file.with_name(f"books.db.before-{NEXT}")) == NEWEST


def test_a_migration_that_fails_changes_nothing(file: Path, address: str, next_version: Callable[[str], Path]):
    statements = "    op.execute('CREATE TABLE more (a INTEGER) STRICT')\n    op.execute('DROP TABLE nothing')\n"
    project = next_version(statements)

    with pytest.raises(OperationalError, match="nothing"):
        migrate.upgrade(database_url(address), project)

    assert revision(file) == NEWEST
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master WHERE name = 'more'").fetchall() == []


def test_a_migration_that_breaks_references_is_noticed(file: Path, address: str, next_version: Callable[[str], Path]):
    insert = "INSERT INTO notes VALUES (1, 2, 'to no row')"
    project = next_version(f'    op.execute("{insert}")\n')

    with pytest.raises(StorageError, match="refer to missing rows"):
        migrate.upgrade(database_url(address), project)


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_the_migrations_end_at_what_the_tables_say(tmp_path: Path, file: Path):
    fresh = create_engine(f"sqlite:///{tmp_path / 'made.db'}")
    metadata.create_all(fresh)
    migrated = create_engine(f"sqlite:///{file}")

    assert schema(migrated) == schema(fresh)

    fresh.dispose()
    migrated.dispose()


def test_every_table_is_strict(c: Connection):
    loose = c.execute(text("SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict")).scalars().all()

    assert set(loose) == {"alembic_version", "sqlite_schema", "sqlite_temp_schema"}


def test_amounts_that_are_not_integers_never_get_in(c: Connection):
    for amount in (1.5, "12abc", float("inf"), 2**63):
        with pytest.raises(Exception, match=r"datatype|too large|cannot store"):
            c.execute(text("INSERT INTO balances VALUES (7, 1, 'paid', :amount)"), {"amount": amount})


async def test_opening_makes_folder_file_and_tables(tmp_path: Path, clock: Clock):
    file = tmp_path / "deep" / "down" / "books.db"

    books = await Database.open(f"sqlite:///{file}", clock=clock)
    await books.writer.perform(settle_in)
    await books.close()

    assert file.exists()
    assert sorted(path.name for path in file.parent.iterdir()) == ["books.db", "books.db.lock", "books.db.marker"]


async def test_a_database_from_the_future_is_refused_and_left_alone(file: Path, address: str, clock: Clock):
    set_revision(file, FUTURE)

    with pytest.raises(DatabaseTooNew) as error:
        await Database.open(address, clock=clock)

    assert error.value.revision == revision(file) == FUTURE
    assert list(file.parent.glob("*.before-*")) == []


async def test_a_refused_database_is_not_locked_for_ever(file: Path, address: str, clock: Clock):
    set_revision(file, FUTURE)
    with pytest.raises(DatabaseTooNew):
        await Database.open(address, clock=clock)
    set_revision(file, NEWEST)

    books = await Database.open(address, clock=clock)

    await books.close()


def test_nothing_is_copied_when_there_is_nothing_to_migrate(file: Path, address: str):
    migrate.upgrade(database_url(address))

    assert list(file.parent.glob("*.before-*")) == []


async def test_a_copy_made_while_the_books_are_open_is_whole(file: Path, books: Database, tmp_path: Path):
    await books.writer.submit(grant("g"))
    copy = tmp_path / "copy.db"

    copy_database(file, copy)

    assert list(audit_database(f"sqlite:///{copy}")) == []
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM journal").fetchone() == (1,)


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/books", "nonsense"])
async def test_an_address_that_cannot_work_is_refused_in_words(address: str, clock: Clock):
    with pytest.raises(StorageError, match=r"sqlite:///path/to/file\.db"):
        await Database.open(address, clock=clock)


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, clock: Clock):
    (tmp_path / "file").touch()

    with pytest.raises(StorageError, match="file/books"):
        await Database.open(f"sqlite:///{tmp_path}/file/books/books.db", clock=clock)


def test_the_audit_of_a_database_that_is_not_there_makes_none(tmp_path: Path):
    with pytest.raises(StorageError, match="no database"):
        list(audit_database(f"sqlite:///{tmp_path}/none.db"))

    assert list(tmp_path.iterdir()) == []
