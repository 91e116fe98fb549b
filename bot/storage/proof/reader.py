"""A connection for checks: synchronous on SQLite, with an event loop of its own on PostgreSQL."""

import sqlite3
from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DBAPIError

from bot.storage import postgresql
from bot.storage.engine import StorageError, database_url, file_of, is_shared, reading_engine
from bot.storage.trouble import in_words

DRIVER_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What the drivers raise where Core does not stand between; of a damaged file even the error may not be text."""

P = ParamSpec("P")
T = TypeVar("T")


class Reader(Protocol):
    """Looks into a database."""

    def look(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what `query` makes of one state of the database."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...


class SqliteReader:
    """Looks into a SQLite file."""

    def __init__(self, url: URL) -> None:
        if not file_of(url).exists():
            raise StorageError(f"There is no database at {file_of(url)}")
        self._file = file_of(url)
        self._engine = reading_engine(url)

    def look(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what `query` makes of one state of the database."""
        with in_words(self._file), self._engine.connect() as connection:
            # Ended by a rollback: of a damaged file SQLite may not even commit what was only read.
            connection.begin()
            return query(connection, *args, **kwargs)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()


class SharedReader:
    """Looks into a PostgreSQL database."""

    def __init__(self, url: URL) -> None:
        self._url = url

    def look(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what `query` makes of one state of the database."""

        def work(connection: Connection) -> T:
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
            return query(connection, *args, **kwargs)

        try:
            return postgresql.alone(self._url, work)
        except postgresql.Unreachable as error:
            raise StorageError(f"The database server cannot be used: {error}") from error
        except DBAPIError as error:
            if postgresql.is_lost(error):
                raise StorageError(f"The database server went away: {error.orig}") from error
            raise

    def close(self) -> None:
        """Let go of nothing: each look has a connection of its own."""


def open_reader(address: str) -> Reader:
    """Open the database at `address` for reading; raise StorageError."""
    url = database_url(address)
    return SharedReader(url) if is_shared(url) else SqliteReader(url)
