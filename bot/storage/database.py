"""The books, open: one writer, a few readers, and for a file the lock that says it is ours."""

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import URL, Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.errors import BooksClosed
from bot.storage import holders, migrate, postgresql
from bot.storage.engine import (
    READERS,
    async_reading_engine,
    database_url,
    file_of,
    is_shared,
    prepare_folder,
    reading_engine,
    writing_engine,
)
from bot.storage.lock import ProcessLock
from bot.storage.presence import insist_on_books, leave_marker
from bot.storage.process import ProcessTransactions
from bot.storage.transactions import AwaitedTransactions, ThreadTransactions, Transactions
from bot.storage.trouble import check_writable, in_words
from bot.storage.writer import Writer

PATIENCE_S = 5.0
"""How long a bot waits for the process of one that was killed, which may still be writing its last transaction."""

P = ParamSpec("P")
T = TypeVar("T")


class Books:
    """Open books. Stores get a connection to them through `read` and through the writer's `perform`."""

    def __init__(self, engine: AsyncEngine, writer: Writer) -> None:
        self._read_engine = engine
        self.writer = writer

    async def read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what `query` makes of one consistent state of the books, which it cannot change.

        Raises BooksClosed while the server cannot be reached.
        """
        failure: Exception | None = None
        # After a restart of the server every connection of the pool is a dead one, found out one by one.
        for _ in range(READERS + 1):
            try:
                return await self._read(query, *args, **kwargs)
            except postgresql.Unreachable as error:
                raise BooksClosed from error
            except Exception as error:
                if not postgresql.is_lost(error):
                    raise
                failure = error
        raise BooksClosed from failure

    async def _read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        async with contextlib.AsyncExitStack() as stack:
            try:
                connection = await stack.enter_async_context(self._read_engine.connect())
                # Begun here, because statements on the driver's cursor do not begin anything. It ends with a rollback:
                # there is nothing to commit, and on a damaged file SQLite may not even commit that.
                await connection.begin()
            except postgresql.NO_CONNECTION as error:
                raise postgresql.Unreachable(str(error)) from error
            try:
                return await connection.run_sync(query, *args, **kwargs)
            except Exception as error:
                if postgresql.is_lost(error):
                    await connection.invalidate()
                raise

    async def dispose(self) -> None:
        """Close what reads."""
        await self._read_engine.dispose()


class BooksInThread(Books):
    """Books in a file, read in a thread of their own: one wait for a whole query, however many statements it has."""

    def __init__(self, url: URL, writer: Writer) -> None:
        self._engine = reading_engine(url)
        self._thread: ThreadPoolExecutor | None = ThreadPoolExecutor(1, thread_name_prefix="followers")
        self.writer = writer

    async def _read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        def work() -> T:
            with self._engine.connect() as connection:
                # As above: it ends with a rollback.
                connection.begin()
                return query(connection, *args, **kwargs)

        if self._thread is None:
            raise BooksClosed
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def dispose(self) -> None:
        """Close what reads, in the thread that has opened it; again does nothing."""
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.get_running_loop().run_in_executor(thread, self._engine.dispose)
            thread.shutdown()


class Database(Books):
    """An open database. `aside` are the same books over a connection of their own, for those who follow the journal: a
    crowd's questions, which wait for the others, do not go before theirs."""

    def __init__(
        self,
        url: URL,
        lock: ProcessLock | None,
        transactions: Transactions,
        *,
        clock: Callable[[], int],
        new_holder: Callable[[], int],
    ) -> None:
        self._url = url
        self._lock = lock
        super().__init__(async_reading_engine(url), Writer(transactions, clock=clock, new_holder=new_holder))
        alone = async_reading_engine(url, readers=1) if is_shared(url) else None
        self.aside = Books(alone, self.writer) if alone else BooksInThread(url, self.writer)

    @classmethod
    async def open(
        cls,
        address: str,
        *,
        clock: Callable[[], int],
        new_holder: Callable[[], int] = holders.new_holder,
        dumps: Path | None = migrate.DUMPS,
        new_books: bool = False,
        process: ProcessTransactions | None = None,
    ) -> Self:
        """Open, and first create or migrate, the database at `address`, as `bot.storage.engine.database_url` takes it.

        `clock` gives milliseconds since the epoch, UTC; `dumps` is as in `bot.storage.migrate.upgrade`; a SQLite file
        is written by `process`, or by a thread of this one. Raises StorageError: DatabaseInUse, DatabaseTooNew, for an
        address that cannot be used, or if no file is where books have been, unless `new_books` are meant.
        """
        url = database_url(address)
        lock = await asyncio.to_thread(_prepare, url, dumps, PATIENCE_S if process else 0.0, new_books)
        if process is None or lock is None:
            transactions = transactions_of(url)
        else:
            await process.open(url, lock.descriptor)
            transactions = process
        return cls(url, lock, transactions, clock=clock, new_holder=new_holder)

    async def close(self) -> None:
        """Settle what waits, then close. The writer goes last: whoever closes last tidies up the log."""
        await self.dispose()
        await self.aside.dispose()
        await self.writer.close()
        if self._lock is not None:
            self._lock.release()


def transactions_of(url: URL) -> Transactions:
    """Return what runs writing transactions in the database at `url`."""
    if is_shared(url):
        return AwaitedTransactions(postgresql.writing_engine(url))
    return ThreadTransactions(writing_engine(url))


def _prepare(url: URL, dumps: Path | None, patience_s: float, new_books: bool) -> ProcessLock | None:
    if is_shared(url):
        migrate.upgrade(url, dumps=dumps)
        return None
    file = file_of(url)
    prepare_folder(file)
    lock = ProcessLock.acquire(file, patience_s)
    try:
        with in_words(file):
            if not new_books:
                insist_on_books(file)
            check_writable(file)
            migrate.upgrade(url, dumps=dumps)
            leave_marker(file)
    except BaseException:
        lock.release()
        raise
    return lock
