"""What one engine has compiled serves all engines of its database's kind, and of no other."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Connection, Select, func, select
from sqlalchemy.engine.interfaces import CacheStats

from bot.storage.connect import postgresql
from bot.storage.connect.address import database_url, is_shared
from bot.storage.connect.sqlite import reading_engine
from bot.storage.sql.tables import journal


def is_compiled_anew(url: URL, statement: Select[Any]) -> bool:
    """Whether an engine of its own had to compile a statement."""

    def execute(connection: Connection) -> bool:
        return connection.execute(statement).context.cache_hit is CacheStats.CACHE_MISS

    if is_shared(url):
        return postgresql.alone(url, execute)
    engine = reading_engine(url)
    with engine.connect() as connection:
        is_new = execute(connection)
    engine.dispose()
    return is_new


def test_a_statement_is_compiled_once_for_all_engines(address: str, books_kind: str):
    # A statement of this test alone, and of this kind of database.
    statement = select(func.count().label(f"rows_of_{books_kind}")).where(journal.c.seq > 4_711)

    assert [is_compiled_anew(database_url(address), statement) for _ in range(3)] == [True, False, False]


@pytest.mark.databases("postgresql")
def test_no_database_gets_what_was_compiled_for_another(address: str, migrated: Path):
    statement = select(func.count().label("rows_of_any_kind")).where(journal.c.key == "key")

    assert is_compiled_anew(database_url(f"sqlite:///{migrated}"), statement)
    assert is_compiled_anew(database_url(address), statement)
