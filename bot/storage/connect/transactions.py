"""Run writing transactions. This hides the only difference between databases that the writer would see."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.connect.address import BooksGone, file_of
from bot.storage.connect.postgresql import (
    NO_CONNECTION,
    OutcomeUnknown,
    Unreachable,
    insist_on_durability,
    is_busy,
    is_conflict,
    is_gone,
    is_lost,
    is_standby,
)
from bot.storage.connect.sqlite import is_in_doubt
from bot.storage.file_presence import FilePresence
from bot.storage.sql import deadline_notes

log = logging.getLogger(__name__)

T = TypeVar("T")

ATTEMPTS = 5
"""How often a transaction is tried that fails because of another process or a lost connection."""
PAUSE_S = 0.02
"""The pause after the first attempt. Each further one is twice as long."""
DOUBT_S = 15.0
"""How long the outcome of a commit without an answer is asked for. Members wait that long."""


class Transactions(Protocol):
    """Runs writing transactions on the one connection that writes, one at a time."""

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

    def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` and return its result once it is committed. Raises OutcomeUnknown if the commit is in doubt.

        Raises BooksGone from the moment on that the database file is deleted or replaced.
        """
        connection = self._connection
        if connection is None:
            connection = self._connection = self._engine.connect()
        # A failed rollback can leave one open. Without this, the next commit would include its changes.
        if connection.in_transaction():
            log.error("A transaction was left open and has been rolled back")
            connection.rollback()
        self._insist_on_file(connection)
        try:
            with connection.begin():
                return work(connection)
        except DBAPIError as error:
            if is_in_doubt(error):
                raise OutcomeUnknown(str(error)) from error
            raise

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


class _InDoubt(Exception):  # noqa: N818 - a state of affairs
    """The connection was lost between the commit and its answer."""


class AwaitedTransactions:
    """Transactions on one awaited connection (PostgreSQL's), which is replaced when it is lost.

    `work` may run several times. A command is safe to repeat, because its key then finds what the first run recorded.
    Jobs are written to be repeatable. A commit that was cut off is repeated until its outcome is known.
    """

    def __init__(self, engine: AsyncEngine, *, doubt_s: float = DOUBT_S) -> None:
        self._engine = engine
        self._doubt_s = doubt_s
        self._connection: AsyncConnection | None = None

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` and return its result once it is committed.

        Raises Unreachable if nothing was done, OutcomeUnknown if that is not known, and whatever `work` raises.
        """
        pause_s = PAUSE_S
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._run(work)
            except _InDoubt:
                # A plain repetition could report a failure although the first commit went through.
                return await self._resolve(work)
            except Exception as error:
                if is_gone(error):
                    raise BooksGone(
                        f"The tables of the database disappeared while the bot was running: {error}"
                    ) from error
                if attempt == ATTEMPTS or not (is_conflict(error) or _is_of_no_use(error)):
                    raise
                log.warning("Attempt %d at a transaction failed; trying again: %s", attempt, error)
            await asyncio.sleep(pause_s)
            pause_s *= 2
        raise AssertionError("the last attempt returns or raises")

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()
        await self._engine.dispose()

    async def abandon(self) -> None:
        """Cut the connection. The server rolls back what is not committed."""
        if self._connection is not None:
            raw: Any = self._connection.sync_connection
            raw.connection.driver_connection.terminate()

    async def _resolve(self, work: Callable[[Connection], T]) -> T:
        """Repeat `work`, which may have been committed, until a server answers or `doubt_s` is over."""
        loop = asyncio.get_running_loop()
        deadline, pause_s = loop.time() + self._doubt_s, PAUSE_S
        failure: Exception | None = None
        while loop.time() < deadline:
            log.warning("The database connection was lost during a commit. Asking again whether it went through.")
            try:
                return await self._run(work)
            except (Unreachable, _InDoubt) as error:
                failure = error
            except Exception as error:
                # Failing to get a lock proves nothing: the first attempt may still hold it.
                if not (is_busy(error) or _is_of_no_use(error)):
                    raise
                failure = error
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, 1.0)
        raise OutcomeUnknown from failure

    async def _run(self, work: Callable[[Connection], T]) -> T:
        connection = await self._connected()
        transaction = await connection.begin()
        try:
            value = await connection.run_sync(work)
        except BaseException as error:
            try:
                await (self._drop() if _is_of_no_use(error) else transaction.rollback())
            except NO_CONNECTION:
                await self._drop()
            raise
        try:
            await transaction.commit()
        except Exception as error:
            # After a failed commit, the state of the connection is anybody's guess.
            await self._drop()
            if is_lost(error):
                raise _InDoubt from error
            raise
        return value

    async def _connected(self) -> AsyncConnection:
        if self._connection is None:
            try:
                self._connection = await self._engine.connect()
                await self._connection.run_sync(insist_on_durability)
                # Reading the settings has begun a transaction.
                await self._connection.commit()
            except NO_CONNECTION as error:
                await self._drop()
                if is_gone(error):
                    raise BooksGone(f"The database was dropped while the bot was running: {error}") from error
                raise Unreachable(str(error)) from error
        return self._connection

    async def _drop(self) -> None:
        """Release an unusable connection, ignoring its errors."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(Exception):
                await connection.invalidate()
            with contextlib.suppress(Exception):
                await connection.close()


class NoticedTransactions:
    """Transactions that report the earliest deadline that each of them has set, once it is committed."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._listeners: list[Callable[[int], None]] = []

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


def _is_of_no_use(error: BaseException) -> bool:
    """Return whether the connection is unusable, and another one may work."""
    return is_lost(error) or is_standby(error)
