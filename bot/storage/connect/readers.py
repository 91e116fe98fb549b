"""Run queries on connections that only read. This hides the difference between databases from the stores."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.domain.errors import BooksClosed

READERS = 4
"""Connections that read for members, each with a thread of its own on SQLite."""

T = TypeVar("T")


class Readers(Protocol):
    """Runs queries, each on one consistent state of the books that it cannot change."""

    async def run(self, query: Callable[[Connection], T]) -> T:
        """Return the result of `query`. Raises BooksClosed while the books cannot be reached."""
        ...

    async def close(self) -> None: ...


class ThreadReaders:
    """Reads on connections of a synchronous driver (SQLite's), in `count` threads.

    A query is one trip to a thread, however many statements it runs.
    """

    def __init__(self, engine: Engine, count: int) -> None:
        self._engine = engine
        self._threads: ThreadPoolExecutor | None = ThreadPoolExecutor(count, thread_name_prefix="readers")

    async def run(self, query: Callable[[Connection], T]) -> T:
        """Return the result of `query`. Raises BooksClosed if the file cannot be opened."""
        if self._threads is None:
            raise BooksClosed
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, query)

    async def close(self) -> None:
        """Finish what is being read, and close the connections. A second call does nothing."""
        threads, self._threads = self._threads, None
        if threads is not None:
            await asyncio.to_thread(threads.shutdown)
            self._engine.dispose()

    def _run(self, query: Callable[[Connection], T]) -> T:
        try:
            connection = self._engine.connect()
        except DBAPIError as error:
            raise BooksClosed from error
        with connection:
            # Begin here, because statements on the driver's cursor do not begin a transaction. It ends with a rollback:
            # there is nothing to commit, and on a damaged file SQLite may fail to commit even that.
            connection.begin()
            return query(connection)
