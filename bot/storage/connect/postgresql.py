"""How connections to PostgreSQL are made. `bot.storage.connect.postgresql_errors` knows what its errors mean.

Several processes share one database. A process that changes a guild's books locks the guild's head first, and works at
READ COMMITTED: each statement after the lock sees what its previous holder committed. A stricter level would take its
snapshot before waiting for the lock, and fail whenever another process was faster.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, text
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi as driver
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.storage.connect.compilations import SHARED_COMPILATIONS
from bot.storage.connect.outcomes import Unreachable

CONNECT_TIMEOUT_S = 5
COMMAND_TIMEOUT_S = 30
"""Seconds after which a silent server counts as lost."""

LOCK_TIMEOUT_MS = 5_000
"""How long a batch waits for another process, like SQLite's busy timeout."""
IDLE_TIMEOUT_MS = 30_000
"""How long a process that hangs inside a transaction can hold the heads of its guilds."""

T = TypeVar("T")

NO_CONNECTION = (OSError, DBAPIError, driver.Error)
"""What an attempt to connect may raise."""


def writing_engine(url: URL) -> AsyncEngine:
    """Return the engine whose only connection writes."""
    limits = {"lock_timeout": str(LOCK_TIMEOUT_MS), "idle_in_transaction_session_timeout": str(IDLE_TIMEOUT_MS)}
    return _engine(
        url,
        limits,
        isolation_level="READ COMMITTED",
        execution_options=SHARED_COMPILATIONS,
        pool_size=1,
        max_overflow=0,
    )


def reading_engine(url: URL, connections: int) -> AsyncEngine:
    """Return an engine whose transactions each see one state of the books and cannot write."""
    return _engine(
        url,
        {},
        isolation_level="REPEATABLE READ",
        execution_options=SHARED_COMPILATIONS | {"postgresql_readonly": True},
        pool_size=connections,
        max_overflow=0,
    )


def _engine(url: URL, server_settings: dict[str, str], **options: Any) -> AsyncEngine:  # noqa: ANN401 - SQLAlchemy's
    return create_async_engine(
        url,
        # What members write is among the parameters, and errors are logged.
        hide_parameters=True,
        connect_args={
            "timeout": CONNECT_TIMEOUT_S,
            "command_timeout": COMMAND_TIMEOUT_S,
            "server_settings": {"application_name": "rosette", **server_settings},
            # Each `Lookup` has one statement per power of two of keys.
            "prepared_statement_cache_size": 500,
        },
        **options,
    )


class OwnConnection:
    """One connection with an event loop in a thread of its own, because the caller's may already run one. Blocks.

    With `reads_one_state`, each run sees one state of the database and cannot write.
    """

    def __init__(self, url: URL, *, reads_one_state: bool = False) -> None:
        self._engine = create_async_engine(
            url,
            poolclass=NullPool,
            hide_parameters=True,
            connect_args={"timeout": CONNECT_TIMEOUT_S},
            isolation_level="REPEATABLE READ" if reads_one_state else "READ COMMITTED",
            execution_options=SHARED_COMPILATIONS | {"postgresql_readonly": reads_one_state},
        )
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._loop = asyncio.Runner()
        self._connection: AsyncConnection | None = None

    def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work`, and return its result. `work` must commit its changes itself. Raises Unreachable."""
        return self._thread.submit(lambda: self._loop.run(self._run(work))).result()

    def close(self) -> None:
        """Close the connection."""
        self._thread.submit(self._end).result()
        self._thread.shutdown()

    async def _run(self, work: Callable[[Connection], T]) -> T:
        if self._connection is None:
            try:
                self._connection = await self._engine.connect()
            except NO_CONNECTION as error:
                raise Unreachable(str(error)) from error
        try:
            return await self._connection.run_sync(work)
        finally:
            await self._connection.rollback()

    def _end(self) -> None:
        with self._loop:
            if self._connection is not None:
                self._loop.run(self._connection.close())


def alone(url: URL, work: Callable[[Connection], T]) -> T:
    """Run `work` on a connection of its own, and return its result. Blocks. For commands, and before the bot runs.

    `work` must commit its changes itself. Raises Unreachable.
    """
    with closing(OwnConnection(url)) as connection:
        return connection.run(work)


def insist_on_durability(c: Connection) -> None:
    """Make commits of this session wait for the disk, even if the server is set to acknowledge them earlier."""
    if c.execute(text("SHOW synchronous_commit")).scalar_one() == "off":
        c.execute(text("SET synchronous_commit TO on"))


def wait_for_standbys(c: Connection) -> None:
    """Make the commit of this transaction wait for synchronous standbys, if there are any, even if it changes nothing.

    A commit that gave up waiting for them is complete on the primary, where its key is found. Only a later entry in the
    server's log that they confirm proves that they have it, too.
    """
    if has_standbys(c):
        c.execute(text("SELECT pg_logical_emit_message(true, 'rosette', '')"))


def has_standbys(c: Connection) -> bool:
    """Return whether commits wait for synchronous standbys."""
    return c.execute(text("SHOW synchronous_standby_names")).scalar_one() != ""
