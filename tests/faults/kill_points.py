"""Connections with strike points: at one of them the process is killed, or the server's side of the connection.

There is a point before and after each statement and each end of a transaction. A mortal loop has one more before each
step of a task, which is wherever something was awaited, and before it sends anything.

Whoever is killed leaves behind what has left the process: what was sent, written to a file or told to SQLite. Of points
between which nothing has, one stands for all, as a kill at any of them leaves the same. A process that is `sparing`
counts only that one.
"""

import asyncio
import contextvars
import os
import signal
import socket
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Engine, event, func, select
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_connection, AsyncAdapt_asyncpg_cursor

from bot.storage.connect import postgresql
from bot.storage.connect.address import database_url

Strike = Callable[[Any], None]
"""What happens at the point. It gets asyncpg's connection, or None without a server."""

PATIENCE_MS = 10_000


class Fuse:
    """Counts the points that a command passes, and strikes once, at one of them."""

    points = 0
    at: int | None = None
    """The point at which to strike; None while nothing is counted."""
    strike: Strike
    struck = False
    is_sparing = False
    """Whether points do not count where nothing has left the process since the last one that did."""
    has_left_trace = True


def kill(_connection: Any) -> None:
    """Kill this process at once."""
    os.kill(os.getpid(), signal.SIGKILL)


def terminate_on(address: str) -> Strike:
    """Return a strike that terminates the server's side of a connection to `address`, and waits for its end."""

    def terminate(connection: Any) -> None:
        end = select(func.pg_terminate_backend(connection.get_server_pid(), PATIENCE_MS))
        assert postgresql.alone(database_url(address), lambda c: c.execute(end).scalar_one())

    return terminate


def point(_place: str, connection: Any = None) -> None:
    """Pass a point, and strike if it is the chosen one."""
    if Fuse.at is None or (Fuse.is_sparing and not Fuse.has_left_trace):
        return
    Fuse.has_left_trace = False
    Fuse.points += 1
    if Fuse.points == Fuse.at:
        Fuse.at, Fuse.struck = None, True
        Fuse.strike(connection)


def leave_trace() -> None:
    """Note that something has left the process, which a kill from now on leaves behind."""
    Fuse.has_left_trace = True


class MortalSocket(socket.socket):
    """A socket over which something may never be sent."""

    __slots__ = ()

    def send(self, data: Any, flags: int = 0) -> int:
        point("before sending")
        sent = super().send(data, flags)
        leave_trace()
        return sent

    def sendmsg(self, buffers: Iterable[Any], *arguments: Any) -> int:
        point("before sending")
        sent = super().sendmsg(buffers, *arguments)
        leave_trace()
        return sent


class MortalLoop(asyncio.SelectorEventLoop):
    """An event loop in which anything that was awaited may never go on."""

    def _make_socket_transport(self, sock: socket.socket, *arguments: Any, **options: Any) -> asyncio.Transport:
        # Whoever connects has made the socket, and asyncio has no other place that all of them come through.
        sock.__class__ = MortalSocket
        return super()._make_socket_transport(sock, *arguments, **options)  # pyright: ignore[reportAttributeAccessIssue]

    def call_soon(
        self, callback: Callable[..., object], *args: Any, context: contextvars.Context | None = None
    ) -> asyncio.Handle:
        if Fuse.at is None:
            return super().call_soon(callback, *args, context=context)
        return super().call_soon(_step, callback, *args, context=context)


def _step(callback: Callable[..., object], *args: Any) -> None:
    point("step")
    callback(*args)


class MortalCursor(sqlite3.Cursor):
    """A cursor of SQLite. `executemany` has another point between its first two rows."""

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        point(f"before {sql}")
        cursor = super().execute(sql, *parameters)
        leave_trace()
        point(f"after {sql}")
        return cursor

    def executemany(self, sql: str, rows: Iterable[Any]) -> sqlite3.Cursor:
        def marked_rows() -> Iterator[Any]:
            for number, row in enumerate(rows):
                if number == 1:
                    leave_trace()
                    point(f"in the middle of {sql}")
                yield row

        point(f"before {sql}")
        cursor = super().executemany(sql, marked_rows())
        leave_trace()
        point(f"after {sql}")
        return cursor


class MortalConnection(sqlite3.Connection):
    """A connection to SQLite."""

    # The stub has several overloads, and SQLAlchemy uses only one of them.
    def cursor(self, *_: Any) -> sqlite3.Cursor:  # pyright: ignore[reportIncompatibleMethodOverride]
        return super().cursor(MortalCursor)

    def commit(self) -> None:
        point("before COMMIT")
        super().commit()
        leave_trace()
        point("after COMMIT")

    def rollback(self) -> None:
        point("before ROLLBACK")
        super().rollback()
        leave_trace()
        point("after ROLLBACK")


class MortalServerCursor(AsyncAdapt_asyncpg_cursor):
    """A cursor of PostgreSQL."""

    __slots__ = ()

    def execute(self, operation: Any, parameters: Any = None) -> None:
        point(f"before {operation}", self._connection)
        super().execute(operation, parameters)
        point(f"after {operation}", self._connection)

    def executemany(self, operation: Any, seq_of_parameters: Any) -> Any:
        point(f"before {operation}", self._connection)
        outcome = super().executemany(operation, seq_of_parameters)
        point(f"after {operation}", self._connection)
        return outcome


class MortalServerConnection(AsyncAdapt_asyncpg_connection):
    """A connection to PostgreSQL."""

    __slots__ = ()
    _cursor_cls = MortalServerCursor

    async def _start_transaction(self) -> None:
        point("before BEGIN", self._connection)
        await super()._start_transaction()
        point("after BEGIN", self._connection)

    def commit(self) -> None:
        point("before COMMIT", self._connection)
        super().commit()
        point("after COMMIT", self._connection)

    def rollback(self) -> None:
        point("before ROLLBACK", self._connection)
        super().rollback()
        point("after ROLLBACK", self._connection)


def connect(dialect: Any, _record: object, arguments: Sequence[Any], options: dict[str, Any]) -> Any:
    """Return a mortal connection for the drivers under test. None lets SQLAlchemy connect as usual."""
    if dialect.driver == "pysqlite":
        return sqlite3.connect(*arguments, **options, factory=MortalConnection)
    if dialect.driver == "asyncpg":
        connection = dialect.connect(*arguments, **options)
        connection.__class__ = MortalServerConnection
        return connection
    return None


def make_connections_mortal() -> None:
    """Give every connection of this process strike points, except those of SQLite's readers."""
    event.listen(Engine, "do_connect", connect)
