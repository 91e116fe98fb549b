"""Open books: one writer, a few readers, and for a file the lock that keeps other processes out.

What only books on a server need is imported where they are opened: it takes 9 MiB of memory.
"""
# ruff: noqa: PLC0415

import asyncio
import contextlib
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import URL, Connection

import bot.storage.stores  # noqa: F401  # pyright: ignore[reportUnusedImport] - registers what the rules read
from bot.domain.errors import BooksClosed, Busy
from bot.storage.connect.address import database_url, file_of, is_shared, prepare_folder
from bot.storage.connect.process_lock import ProcessLock
from bot.storage.connect.readers import READERS, Readers, ThreadReaders
from bot.storage.connect.replication import Replication
from bot.storage.connect.sqlite import reading_engine, writing_engine
from bot.storage.connect.sqlite_errors import check_writable, explained
from bot.storage.connect.transactions import NoticedTransactions, ThreadTransactions, Transactions
from bot.storage.connect.writer_process import ProcessTransactions
from bot.storage.file_presence import insist_on_books, leave_marker
from bot.storage.folds import folding
from bot.storage.folds.planning import apply_plan
from bot.storage.ledger import holders
from bot.storage.ledger.fold_plans import Planner
from bot.storage.ledger.writer import Writer
from bot.storage.maintenance import migrate
from bot.unhurried import READS_AT_ONCE, Turns

PATIENCE_S = 5.0
"""How long a starting bot waits for the lock. The process of a killed bot may still be writing its last transaction."""

FOLD_PATIENCE_S = 1.5
"""How long a read waits for folds. Discord waits three seconds for an answer, and a reply needs time to be made."""

_PLANNING = (sys.executable, "-m", "bot.storage.folds.child")

P = ParamSpec("P")
T = TypeVar("T")


class OpenBooks:
    """Open books. Stores are called with a connection through `read`, or through the writer's `perform`."""

    def __init__(self, readers: Readers, writer: Writer) -> None:
        self._readers = readers
        self._turns = Turns(READS_AT_ONCE)
        self.writer = writer

    async def read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return the result of `query`, run on one consistent, read-only state of the books. Unhurried ones take turns.

        Raises BooksClosed while the server cannot be reached.
        """
        async with self._turns.turn():
            return await self._readers.run(partial(_call, query=query, args=args, kwargs=kwargs))

    async def catch_up(self, guild_id: int) -> None:
        """Wait until the folds of a guild have counted everything committed so far. Raises BooksClosed or Busy.

        If they have counted it already, nothing is written.
        """
        if (await self.read(folding.progress, guild_id)).backlog:
            await self.writer.catch_up(guild_id)

    async def read_folded(
        self, guild_id: int, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Like `read`, after the folds of a guild have counted everything that was committed before.

        While that cannot be, because nothing can be written or it takes longer than FOLD_PATIENCE_S, the
        result is of what they have counted so far: `bot.storage.folds.folding.late_since` tells since when.
        """
        values = await self.read(_if_folded, guild_id, query, args, kwargs)
        if not values:
            with contextlib.suppress(BooksClosed, Busy, TimeoutError):
                await asyncio.wait_for(self.writer.catch_up(guild_id), FOLD_PATIENCE_S)
            values = [await self.read(query, *args, **kwargs)]
        return values[0]

    async def dispose(self) -> None:
        """Close the connections that read."""
        await self._readers.close()


def _call(connection: Connection, query: Callable[..., T], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> T:
    return query(connection, *args, **kwargs)


def _if_folded(
    connection: Connection, guild_id: int, query: Callable[..., T], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> list[T]:
    """Return the result of `query`, nothing if there are rows that are not folded yet: then the result would be
    useless."""
    return [] if folding.progress(connection, guild_id).backlog else [query(connection, *args, **kwargs)]


class Database(OpenBooks):
    """An open database.

    `follower_books` are the same books over a separate connection. It is for followers of the journal, so that their
    queries do not queue behind those of a crowd of members.
    """

    def __init__(
        self,
        url: URL,
        lock: ProcessLock | None,
        transactions: Transactions,
        replication: Replication,
        *,
        clock: Callable[[], int],
        new_holder: Callable[[], int],
        planner: Planner | None = None,
    ) -> None:
        self._url = url
        self._lock = lock
        self._planner = planner
        transactions = self._transactions = NoticedTransactions(transactions)
        super().__init__(
            readers_of(url, READERS, replication),
            Writer(transactions, folding.FOLDING, clock=clock, new_holder=new_holder, planner=planner),
        )
        self.follower_books = OpenBooks(readers_of(url, 1, replication), self.writer)

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
        """Create or migrate the database at `address` (see `connect.address.database_url`), and open it.

        `clock` returns milliseconds since the epoch, UTC. `dumps` is as in `maintenance.migrate.upgrade`. A SQLite file
        is written by `process`, or else by a thread of this one. Only with a `process`, another one plans folds.

        Raises DatabaseInUse, DatabaseTooNew, or StorageError for an address that cannot be used, and if a file is
        missing where books have been, unless `new_books` is set.
        """
        url = database_url(address)
        lock = await asyncio.to_thread(_prepare, url, dumps, PATIENCE_S if process else 0.0, new_books)
        replication, planner = Replication(), None
        if process is None or lock is None:
            transactions = transactions_of(url, replication)
        else:
            await process.open(url, lock.descriptor)
            transactions = process
            planner = Planner([*_PLANNING, str(file_of(url))], apply_plan)
        return cls(url, lock, transactions, replication, clock=clock, new_holder=new_holder, planner=planner)

    @property
    def is_shared(self) -> bool:
        """Whether several processes may have these books open."""
        return is_shared(self._url)

    @property
    def address(self) -> str:
        """The address for another process of ours that reads these books. It may hold a password."""
        return self._url.render_as_string(hide_password=False)

    def on_deadline(self, listener: Callable[[int], None]) -> None:
        """Call `listener` with the time of a deadline after each transaction of this process that has set one."""
        self._transactions.on_deadline(listener)

    async def close(self) -> None:
        """Settle what waits, then close. The writer goes last: the last connection to close cleans up the log."""
        await self.dispose()
        await self.follower_books.dispose()
        if self._planner is not None:
            await self._planner.close()
        await self.writer.close()
        if self._lock is not None:
            self._lock.release()


def transactions_of(url: URL, replication: Replication) -> Transactions:
    """Return the runner of writing transactions for the database at `url`. A file has no standbys."""
    if is_shared(url):
        from bot.storage.connect import awaited, postgresql

        return awaited.AwaitedTransactions(postgresql.writing_engine(url), replication)
    return ThreadTransactions(writing_engine(url))


def readers_of(url: URL, count: int, replication: Replication) -> Readers:
    """Return `count` connections that read the database at `url`. A file has no standbys."""
    if is_shared(url):
        from bot.storage.connect import awaited, postgresql

        return awaited.AwaitedReaders(postgresql.reading_engine(url, count), replication)
    return ThreadReaders(reading_engine(url, count), count)


def _prepare(url: URL, dumps: Path | None, patience_s: float, new_books: bool) -> ProcessLock | None:
    if is_shared(url):
        migrate.upgrade(url, dumps=dumps)
        return None
    file = file_of(url)
    prepare_folder(file)
    lock = ProcessLock.acquire(file, patience_s)
    try:
        with explained(file):
            if not new_books:
                insist_on_books(file)
            check_writable(file)
            migrate.upgrade(url, dumps=dumps)
            leave_marker(file)
    except BaseException:
        lock.release()
        raise
    return lock
