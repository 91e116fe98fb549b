"""Databases for the storage suites: migrated once, copied for each test, audited after each."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.storage import migrate
from bot.storage.audit import audit_database
from bot.storage.database import Database
from bot.storage.engine import database_url, writing_engine
from tests.storage.town import Clock, settle_in


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at the newest revision."""
    file = tmp_path_factory.mktemp("migrated") / "books.db"
    migrate.upgrade(database_url(f"sqlite:///{file}"))
    return file


@pytest.fixture
def file(migrated: Path, tmp_path: Path) -> Path:
    """A test's own database file."""
    return Path(shutil.copy(migrated, tmp_path / "books.db"))


@pytest.fixture
def address(file: Path) -> str:
    """The address of the test's database."""
    return f"sqlite:///{file}"


@pytest.fixture
def c(address: str) -> Iterator[Connection]:
    """A connection that may write, in a transaction, to the books of one guild."""
    engine = writing_engine(database_url(address))
    with engine.connect() as connection, connection.begin():
        settle_in(connection)
        yield connection
    engine.dispose()


@pytest.fixture
def clock() -> Clock:
    """The writer's clock."""
    return Clock()


@pytest.fixture
async def books(address: str, clock: Clock) -> AsyncIterator[Database]:
    """An open database with the books of one guild. Whatever a test did, they must add up in the end."""
    database = await Database.open(address, clock=clock)
    await database.writer.perform(settle_in)
    yield database
    await database.close()
    assert list(audit_database(address)) == []
