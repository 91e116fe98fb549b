"""The books, open: one writer, a few readers, and the lock that says they are ours."""

import asyncio
from collections.abc import Callable
from typing import Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import URL, Connection

from bot.storage import holders, migrate
from bot.storage.engine import async_reading_engine, database_url, file_of, prepare_folder, writing_engine
from bot.storage.lock import ProcessLock
from bot.storage.transactions import ThreadTransactions
from bot.storage.writer import Writer

P = ParamSpec("P")
T = TypeVar("T")


class Database:
    """An open database. Stores get a connection of it through `read` and through the writer's `perform`."""

    def __init__(self, url: URL, lock: ProcessLock, *, clock: Callable[[], int], new_holder: Callable[[], int]) -> None:
        self._lock = lock
        self._read_engine = async_reading_engine(url)
        self.writer = Writer(ThreadTransactions(writing_engine(url)), clock=clock, new_holder=new_holder)

    @classmethod
    async def open(
        cls, address: str, *, clock: Callable[[], int], new_holder: Callable[[], int] = holders.new_holder
    ) -> Self:
        """Open, and first create or migrate, the database at `address` (`sqlite:///path/to/file.db`).

        `clock` gives milliseconds since the epoch, UTC. Raises StorageError: DatabaseInUse, DatabaseTooNew, or for an
        address that cannot be used.
        """
        url = database_url(address)
        lock = await asyncio.to_thread(_prepare, url)
        return cls(url, lock, clock=clock, new_holder=new_holder)

    async def read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what `query` makes of one consistent state of the books, which it cannot change."""
        # Begun here, because statements on the driver's cursor do not begin anything.
        async with self._read_engine.begin() as connection:
            return await connection.run_sync(query, *args, **kwargs)

    async def close(self) -> None:
        """Settle what waits, then close. The writer goes last: whoever closes last tidies up the log."""
        await self._read_engine.dispose()
        await self.writer.close()
        self._lock.release()


def _prepare(url: URL) -> ProcessLock:
    file = file_of(url)
    prepare_folder(file)
    lock = ProcessLock.acquire(file)
    try:
        migrate.upgrade(url)
    except BaseException:
        lock.release()
        raise
    return lock
