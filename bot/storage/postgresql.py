"""Everything that only PostgreSQL needs: how its connections are made, and what its errors mean.

Several processes share one database. Whoever changes a guild's books locks its head first, and works at READ COMMITTED:
each statement after that sees what the holder of the lock before us committed. A stricter level would take its one
snapshot before it waits for the lock, and fail whenever another process had been faster.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, text
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi as driver
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.domain.errors import BooksClosed, Busy, Refusal

CONNECT_TIMEOUT_S = 5
COMMAND_TIMEOUT_S = 30
"""After this a server that says nothing counts as lost."""

LOCK_TIMEOUT_MS = 5_000
"""How long a batch waits for another process; like SQLite's busy timeout."""
IDLE_TIMEOUT_MS = 30_000
"""A process that stopped in the middle of a transaction holds its guilds' heads for this long, at most."""

_CONFLICTS = frozenset({"40001", "40P01"})
"""Serialization failure, deadlock: the same again may well succeed."""
_BUSY = _CONFLICTS | {"55P03", "57014"}
"""Besides, a lock or an answer that did not come in time."""
_LOST = frozenset({"25P03", "53300", "57P01", "57P02", "57P03", "57P05"})
"""Stopping, starting, or no more room for connections. Class 08 is lost, too."""
_GONE = frozenset({"3D000", "3F000", "42P01"})
"""No such database, schema or table."""
_STANDBY = "25006"
"""The server only reads: it is, or has become, the standby of another."""
_UNWRITABLE = ("53", "58", "XX")
"""Classes of what the server suffers from: no disk, no memory, input and output, corruption."""

T = TypeVar("T")

NO_CONNECTION = (OSError, DBAPIError, driver.Error)
"""What an attempt to connect may raise."""


class Unreachable(Exception):  # noqa: N818 - a state of affairs
    """No connection can be made. Nothing was asked, so nothing was done."""


class OutcomeUnknown(Exception):  # noqa: N818 - a state of affairs
    """The connection was lost at the commit, and the server did not come back in time to be asked what became of it.

    Also of a file whose disk failed at the commit: see `bot.storage.engine.is_in_doubt`.
    """


def writing_engine(url: URL) -> AsyncEngine:
    """Return the engine whose one connection writes."""
    limits = {"lock_timeout": str(LOCK_TIMEOUT_MS), "idle_in_transaction_session_timeout": str(IDLE_TIMEOUT_MS)}
    return _engine(url, limits, isolation_level="READ COMMITTED", pool_size=1, max_overflow=0)


def reading_engine(url: URL, connections: int) -> AsyncEngine:
    """Return an engine whose transactions each see one state of the books, and cannot write."""
    return _engine(
        url,
        {},
        isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
        pool_size=connections,
        max_overflow=0,
    )


def _engine(url: URL, server_settings: dict[str, str], **options: Any) -> AsyncEngine:  # noqa: ANN401 - SQLAlchemy's
    return create_async_engine(
        url,
        connect_args={
            "timeout": CONNECT_TIMEOUT_S,
            "command_timeout": COMMAND_TIMEOUT_S,
            "server_settings": {"application_name": "rosette", **server_settings},
            # Each lookup has a text for each power of two.
            "prepared_statement_cache_size": 500,
        },
        **options,
    )


def alone(url: URL, work: Callable[[Connection], T]) -> T:
    """Return what `work` returns, on a connection of its own; blocks. For the terminal, and before the bot runs.

    `work` commits what it means to keep. Raises Unreachable.
    """

    async def run() -> T:
        engine = create_async_engine(url, poolclass=NullPool, connect_args={"timeout": CONNECT_TIMEOUT_S})
        try:
            try:
                connection = await engine.connect()
            except NO_CONNECTION as error:
                raise Unreachable(str(error)) from error
            try:
                return await connection.run_sync(work)
            finally:
                await connection.close()
        finally:
            await engine.dispose()

    return _complete(run())


def _complete(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in a thread of its own: the caller's may have a loop that runs already."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def insist_on_durability(c: Connection) -> None:
    """Have commits of this session reach the disk, where the server would acknowledge them earlier."""
    if c.execute(text("SHOW synchronous_commit")).scalar_one() == "off":
        c.execute(text("SET synchronous_commit TO on"))


def _state_of(error: BaseException) -> str:
    """Return the SQLSTATE of an error, "" for one that the server did not send."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return getattr(cause, "sqlstate", None) or ""


def is_conflict(error: BaseException) -> bool:
    """Whether another process was in the way, and the transaction is worth another try."""
    return _state_of(error) in _CONFLICTS


def is_busy(error: BaseException) -> bool:
    """Whether another process was in the way, or the server too slow."""
    return _state_of(error) in _BUSY


def is_gone(error: BaseException) -> bool:
    """Whether there is no such database any more, or none of its tables."""
    return _state_of(error) in _GONE


def is_standby(error: BaseException) -> bool:
    """Whether the connection leads to a server that does not write (any more)."""
    return _state_of(error) == _STANDBY


def is_lost(error: BaseException) -> bool:
    """Whether the connection is of no more use, because it ended, went silent, or its server is stopping."""
    state = _state_of(error)
    if state:
        return state in _LOST or state.startswith("08")
    cause = error.orig if isinstance(error, DBAPIError) else error
    # Without a SQLSTATE come the system's errors, and the driver's own about a connection that it knows to be closed.
    return isinstance(cause, OSError) or (isinstance(cause, driver.Error) and "closed" in str(cause))


def refusal_of(error: BaseException) -> Refusal | None:
    """Return what members are told if `error` means that nothing can be written now; None for any other error."""
    if isinstance(error, Unreachable):
        return BooksClosed()
    if isinstance(error, OutcomeUnknown):
        return None
    if is_busy(error):
        return Busy()
    state = _state_of(error)
    closed = is_lost(error) or is_standby(error) or state.startswith(_UNWRITABLE)
    return BooksClosed() if closed else None
