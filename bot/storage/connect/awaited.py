"""Transactions and reads on connections that are awaited: PostgreSQL's.

This loads SQLAlchemy's asyncio part and its driver, 9 MiB. So only books on a server import it.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncGenerator, Callable
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.errors import BooksClosed
from bot.domain.receipts import OutcomeUnknown
from bot.storage.connect.address import BooksGone
from bot.storage.connect.outcomes import Unreachable
from bot.storage.connect.postgresql import NO_CONNECTION, has_standbys, insist_on_durability, wait_for_standbys
from bot.storage.connect.postgresql_errors import is_busy, is_conflict, is_dropped, is_gone, is_lost, is_standby
from bot.storage.connect.readers import READERS
from bot.storage.connect.replication import NotReplicated, Replication
from bot.storage.sql import row_notes
from bot.storage.sql.row_notes import RowNotes

log = logging.getLogger(__name__)

T = TypeVar("T")

ATTEMPTS = 5
"""How often a transaction is tried that fails because of another process or a lost connection."""
PAUSE_S = 0.02
"""The pause after the first attempt. Each further one is twice as long."""
DOUBT_S = 15.0
"""How long the outcome of a commit without an answer is asked for. Members wait that long."""


class _InDoubt(Exception):  # noqa: N818 - a state of affairs
    """The connection was lost between the commit and its answer, or nobody waited for the standbys."""


def _gone(error: Exception) -> BooksGone:
    # Whether a transaction or the next connection is the first to notice is a matter of luck.
    what = "The database was dropped" if is_dropped(error) else "The tables of the database disappeared"
    return BooksGone(f"{what} while the bot was running: {error}")


class AwaitedTransactions:
    """Transactions on one awaited connection (PostgreSQL's), which is replaced when it is lost.

    `work` may run several times. A command is safe to repeat, because its key then finds what the first run recorded.
    Jobs are written to be repeatable. A commit that was cut off is repeated until its outcome is known. From then on
    until a commit is answered, each transaction waits for the standbys, also one that only looks: what it finds may be
    on a primary alone that nobody will see again. So does one that finds receipts which the standbys are not known to
    have, because another process may have left them there.
    """

    def __init__(self, engine: AsyncEngine, replication: Replication, *, doubt_s: float = DOUBT_S) -> None:
        self._engine = engine
        self._replication = replication
        self._doubt_s = doubt_s
        self._connection: AsyncConnection | None = None
        self._is_in_doubt = False
        self.commit_s = 0.0
        """How many seconds the last commit took."""

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
                    raise _gone(error) from error
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
            value, notes = await connection.run_sync(row_notes.run, work)
            if self._is_in_doubt or not self._replication.has(notes.read):
                await connection.run_sync(wait_for_standbys)
        except BaseException as error:
            try:
                await (self._drop() if _is_of_no_use(error) else transaction.rollback())
            except NO_CONNECTION:
                await self._drop()
            raise
        began_s = time.perf_counter()
        try:
            await _commit(connection)
        except Exception as error:
            # After a failed commit, the state of the connection is anybody's guess.
            await self._drop()
            if is_lost(error) or isinstance(error, NotReplicated):
                self._is_in_doubt = True
                raise _InDoubt from error
            raise
        self._is_in_doubt = False
        self._replication.note(notes)
        self.commit_s = time.perf_counter() - began_s
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
                    raise _gone(error) from error
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


class AwaitedReaders:
    """Reads on the connections of an engine, each on one state of the books.

    Receipts are only returned once the standbys have them, too.
    """

    def __init__(self, engine: AsyncEngine, replication: Replication) -> None:
        self._engine = engine
        self._replication = replication

    async def run(self, query: Callable[[Connection], T]) -> T:
        """Return the result of `query`. Raises BooksClosed while the server or its standbys cannot be reached."""
        failure: Exception | None = None
        # After a restart of the server, every connection in the pool is dead, and each is noticed only when it is used.
        for _ in range(READERS + 1):
            try:
                value, notes = await self._run(query)
            except Unreachable as error:
                raise BooksClosed from error
            except Exception as error:
                if not is_lost(error):
                    raise
                failure = error
            else:
                # By now the connection is free for whoever reads something else.
                await self._replication.confirm(notes, self._wait_for_standbys)
                return value
        raise BooksClosed from failure

    async def close(self) -> None:
        """Close the connections."""
        await self._engine.dispose()

    async def _run(self, query: Callable[[Connection], T]) -> tuple[T, RowNotes]:
        async with self._connected() as connection:
            try:
                value, notes = await connection.run_sync(row_notes.run, query)
                if not (self._replication.has(notes.read) or await connection.run_sync(has_standbys)):
                    self._replication.note(notes)
            except Exception as error:
                if is_lost(error):
                    await connection.invalidate()
                raise
            return value, notes

    async def _wait_for_standbys(self) -> None:
        """Return once the standbys have whatever could be read before. Raises NotReplicated, or Unreachable."""
        async with self._connected() as connection:
            try:
                await connection.run_sync(insist_on_durability)
                await connection.run_sync(wait_for_standbys)
                await _commit(connection)
            except NO_CONNECTION as error:
                await connection.invalidate()
                raise Unreachable(str(error)) from error
            except BaseException:
                # Also for whoever has waited long enough: to end a commit in good order takes a server that answers.
                await connection.invalidate()
                raise

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncGenerator[AsyncConnection]:
        async with contextlib.AsyncExitStack() as stack:
            try:
                connection = await stack.enter_async_context(self._engine.connect())
                # Begin here, because statements on the driver's cursor do not begin a transaction. Where nothing is
                # committed, it ends with a rollback.
                await connection.begin()
            except NO_CONNECTION as error:
                raise Unreachable(str(error)) from error
            yield connection


async def _commit(connection: AsyncConnection) -> None:
    """Commit. Raises NotReplicated if an operator has told the server not to wait for standbys any longer.

    Then the server only warns, and answers as if they had what was committed.
    """
    raw: Any = connection.sync_connection
    session = raw.connection.driver_connection
    warnings: list[object] = []

    def hear(_: object, message: object) -> None:
        warnings.append(message)

    if not session.is_closed():
        session.add_log_listener(hear)
    try:
        await connection.commit()
    finally:
        session.remove_log_listener(hear)
    if warnings:
        raise NotReplicated(str(warnings[0]))


def _is_of_no_use(error: BaseException) -> bool:
    """Return whether the connection is unusable, and another one may work."""
    return is_lost(error) or is_standby(error)
