"""A connection for checks: synchronous on SQLite, with an event loop of its own on PostgreSQL."""

import sqlite3
from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError

from bot.storage.connect.address import StorageError, database_url, file_of, is_shared
from bot.storage.connect.outcomes import Unreachable
from bot.storage.connect.postgresql_errors import is_lost
from bot.storage.connect.sqlite import reading_engine
from bot.storage.connect.sqlite_errors import explained

DRIVER_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What drivers raise when used without Core. The message about a damaged file may not even be valid text."""

P = ParamSpec("P")
T = TypeVar("T")


class BooksReader(Protocol):
    """Reads from a database."""

    def look(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return the result of `query`, run on one consistent state of the database."""
        ...

    def close(self) -> None: ...


class SqliteReader:
    """Reads from a SQLite file."""

    def __init__(self, url: URL) -> None:
        if not file_of(url).exists():
            raise StorageError(f"There is no database at {file_of(url)}")
        self._file = file_of(url)
        self._engine = reading_engine(url)

    def look(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return the result of `query`, run on one consistent state of the database."""
        with explained(self._file), self._engine.connect() as connection:
            # It ends with a rollback: on a damaged file SQLite may fail to commit even a transaction that only read.
            connection.begin()
            return query(connection, *args, **kwargs)

    def close(self) -> None:
        self._engine.dispose()


class SharedReader:
    """Reads from a PostgreSQL database."""

    def __init__(self, url: URL) -> None:
        # Imported only when needed: books in a file do without 9 MiB of this.
        from bot.storage.connect import postgresql  # noqa: PLC0415

        self._connection = postgresql.OwnConnection(url, reads_one_state=True)

    def look(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return the result of `query`, run on one consistent state of the database."""
        try:
            return self._connection.run(lambda connection: query(connection, *args, **kwargs))
        except Unreachable as error:
            raise StorageError(f"The database server cannot be reached or refuses the connection: {error}") from error
        except DBAPIError as error:
            if is_lost(error):
                raise StorageError(f"The connection to the database server was lost: {error.orig}") from error
            raise

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def open_reader(address: str) -> BooksReader:
    """Open the database at `address` for reading; raise StorageError."""
    url = database_url(address)
    return SharedReader(url) if is_shared(url) else SqliteReader(url)
