"""Runs writing transactions. This hides the only difference between the databases that the writer would see."""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.domain.receipts import OutcomeUnknown
from bot.storage.connect.address import BooksGone, file_of
from bot.storage.connect.sqlite import emptied_log, is_in_doubt
from bot.storage.file_presence import FilePresence
from bot.storage.sql import deadline_notes

log = logging.getLogger(__name__)

T = TypeVar("T")


_LOG = "log_to_empty"
"""The key under which a connection notes that its log is to be emptied, and after how many more transactions."""

TRANSACTIONS_BETWEEN = 64
"""Transactions between two attempts to empty the log while somebody reads from it."""


def empty_log(connection: Connection) -> None:
    """Have the log of a SQLite file emptied soon after this transaction. A server takes care of its own log."""
    if connection.dialect.name == "sqlite":
        connection.info[_LOG] = 0


class Transactions(Protocol):
    """Runs writing transactions on the one connection that writes, one at a time."""

    @property
    def commit_s(self) -> float:
        """How many seconds the last commit took."""
        ...

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` and return its result once it is committed. If it raises, its changes are rolled back."""
        ...

    async def close(self) -> None: ...

    async def abandon(self) -> None:
        """Release a connection on which a transaction hangs, without waiting long."""
        ...


class OwnTransactions:
    """Transactions on one connection of a synchronous driver (SQLite's), run in the calling thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._presence: FilePresence | None = None
        self._gone: str | None = None
        self.commit_s = 0.0
        """How many seconds the last commit took."""

    def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` and return its result once it is committed. Raises OutcomeUnknown if the commit is in doubt.

        Raises BooksGone once the database file is deleted or replaced.
        """
        connection = self._connection
        if connection is None:
            connection = self._connection = self._engine.connect()
        # A failed rollback can leave a transaction open. Without this, the next commit would include its changes.
        if connection.in_transaction():
            log.error("A transaction was left open and has been rolled back")
            connection.rollback()
        self._insist_on_file(connection)
        try:
            with connection.begin():
                value = work(connection)
                worked_s = time.perf_counter()
            self.commit_s = time.perf_counter() - worked_s
        except DBAPIError as error:
            if is_in_doubt(error):
                raise OutcomeUnknown(str(error)) from error
            raise
        if (wait := connection.info.get(_LOG)) is not None:
            self._empty_log(connection, wait)
        return value

    def _empty_log(self, connection: Connection, wait: int) -> None:
        """Empty the log, which still has pages from before a deletion, after `wait` more transactions."""
        if wait:
            connection.info[_LOG] = wait - 1
        elif emptied_log(connection):
            del connection.info[_LOG]
        else:
            connection.info[_LOG] = TRANSACTIONS_BETWEEN

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()

    def _insist_on_file(self, connection: Connection) -> None:
        if self._gone is not None:
            raise BooksGone(self._gone)
        if self._presence is None:
            self._presence = FilePresence(file_of(self._engine.url))
        try:
            self._presence.check()
        except BooksGone as gone:
            raw: Any = connection.connection.driver_connection
            self._gone = f"{gone}. {self._presence.rescue(raw)}"
            raise BooksGone(self._gone) from gone


class ThreadTransactions:
    """Transactions of a synchronous driver in one thread of this process.

    A batch is one trip to the thread. With aiosqlite, where every statement is a trip of its own, a single gift took
    three times as long (1.22 against 0.44 ms, side by side).
    """

    def __init__(self, engine: Engine) -> None:
        self._own = OwnTransactions(engine)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")

    @property
    def commit_s(self) -> float:
        return self._own.commit_s

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in the thread, and return its result once it is committed."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._own.run, work)

    async def close(self) -> None:
        """Close the connection in the thread that used it, and end the thread."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._own.close)
        self._thread.shutdown()

    async def abandon(self) -> None:
        """Abandon the thread, because a thread cannot be killed."""
        self._thread.shutdown(wait=False, cancel_futures=True)


class NoticedTransactions:
    """Transactions that report the earliest deadline that each of them has set, once it is committed."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._listeners: list[Callable[[int], None]] = []

    @property
    def commit_s(self) -> float:
        """How many seconds the last commit took."""
        return self._transactions.commit_s

    def on_deadline(self, listener: Callable[[int], None]) -> None:
        """Call `listener` with the time of a deadline after each commit that has set one."""
        self._listeners.append(listener)

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work`, and return its result once it is committed."""
        # A partial, not a closure, because it may be pickled for another process.
        value, deadline_ms = await self._transactions.run(partial(deadline_notes.run, work=work))
        if deadline_ms is not None:
            for listener in self._listeners:
                listener(deadline_ms)
        return value

    async def close(self) -> None:
        """Release the connection."""
        await self._transactions.close()

    async def abandon(self) -> None:
        """Release a connection on which a transaction hangs."""
        await self._transactions.abandon()
