"""Sends small JSON documents over connections that stay open, for what is sent hundreds of times a second.

aiohttp can do all of HTTP, and a request through it costs as much as all that Rosette itself does for a gift. An answer
to an interaction, or an edit of that, needs very little of it: no redirects, no cookies, no compression, no streams.
"""

import asyncio
import ssl
from typing import NamedTuple, Self
from urllib.parse import urlsplit

import httptools

KEPT_S = 15.0
"""Seconds for which an idle connection may be used again. Servers close theirs after minutes, and no request must run
into that."""
TIMEOUT_S = 60.0
"""Seconds that connecting may take, and then the answer, which may be waited for a quarter longer."""
LONGEST = 1 << 20
"""Bytes of an answer. Discord's have a few hundred."""


class Answer(NamedTuple):
    """What the server has said."""

    status: int
    reason: str
    body: bytes


class JsonWire:
    """Sends to the server at `url`, with as many connections as there are requests at once."""

    def __init__(self, url: str, user_agent: str, *, kept_s: float = KEPT_S, timeout_s: float = TIMEOUT_S) -> None:
        place = urlsplit(url)
        self._tls = ssl.create_default_context() if place.scheme == "https" else None
        self._host, self._port = place.hostname or "", place.port or (443 if self._tls else 80)
        host = place.netloc.rpartition("@")[2]
        self._head = f"Host: {host}\r\nUser-Agent: {user_agent}\r\nContent-Type: application/json\r\n"
        self._folder = place.path.rstrip("/")
        self._kept_s, self._timeout_s = kept_s, timeout_s
        self._idle: list[_Connection] = []
        self._all: set[_Connection] = set()
        self._timer: asyncio.TimerHandle | None = None

    async def send(self, method: str, path: str, body: bytes) -> Answer:
        """Send `body` to `path`, which is already quoted, and return the answer, whatever its status.

        Raises OSError (TimeoutError among them) if there is none. The server may have received the request all the
        same.
        """
        connection = self._kept() or await self._connect()
        head = f"{method} {self._folder}{path} HTTP/1.1\r\n{self._head}Content-Length: {len(body)}\r\n\r\n"
        try:
            answer = await connection.exchange(head.encode("ascii") + body)
        except BaseException:
            # Whatever still comes on this connection would be taken for the answer to the next request.
            self._drop(connection)
            raise
        if connection.is_reusable:
            self._idle.append(connection)
        else:
            self._drop(connection)
        return answer

    async def close(self) -> None:
        """Close all connections."""
        if self._timer is not None:
            self._timer.cancel()
        for connection in [*self._all]:
            self._drop(connection)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _kept(self) -> "_Connection | None":
        """Return the connection that was used last; the others are left to age."""
        while self._idle:
            connection = self._idle.pop()
            if self._is_fresh(connection):
                return connection
            self._drop(connection)
        return None

    def _is_fresh(self, connection: "_Connection") -> bool:
        idle_s = asyncio.get_running_loop().time() - connection.answered_s
        return connection.is_reusable and idle_s < self._kept_s

    async def _connect(self) -> "_Connection":
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(self._timeout_s):
            _, connection = await loop.create_connection(
                _Connection, self._host, self._port, ssl=self._tls, happy_eyeballs_delay=0.25
            )
        self._all.add(connection)
        if self._timer is None:
            self._look()
        return connection

    def _look(self) -> None:
        """End requests that wait for too long, and close what is idle. One timer for all: one for each request took
        longer than to read its answer."""
        loop = asyncio.get_running_loop()
        for connection in self._all:
            connection.end_wait(loop.time() - self._timeout_s)
        for connection in [connection for connection in self._idle if not self._is_fresh(connection)]:
            self._idle.remove(connection)
            self._drop(connection)
        self._timer = loop.call_later(self._timeout_s / 4, self._look)

    def _drop(self, connection: "_Connection") -> None:
        self._all.discard(connection)
        connection.abort()


class _Connection(asyncio.Protocol):
    """One connection, and the answer that is coming in."""

    def __init__(self) -> None:
        self.answered_s = 0.0
        """When the last answer was complete, by the loop's clock."""
        self._asked_s = 0.0
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._coming: asyncio.Future[Answer] | None = None
        self._reason, self._body = b"", bytearray()
        self._is_kept_alive = True

    @property
    def is_reusable(self) -> bool:
        """Whether another request may go this way."""
        return self._is_kept_alive and self._transport is not None and not self._transport.is_closing()

    async def exchange(self, request: bytes) -> Answer:
        """Send a request and wait for its answer; raise OSError if there is none."""
        if self._transport is None:
            raise ConnectionResetError
        loop = asyncio.get_running_loop()
        self._coming, self._asked_s = loop.create_future(), loop.time()
        self._transport.write(request)
        return await self._coming

    def end_wait(self, since_s: float) -> None:
        """Give up an answer that was asked for at `since_s` of the loop's clock, or before."""
        if self._coming is not None and self._asked_s <= since_s:
            self._fail(TimeoutError())

    def abort(self) -> None:
        """Close at once."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Called by asyncio."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(ConnectionAbortedError(f"no HTTP: {error}"))
        else:
            if len(self._body) > LONGEST:
                self._fail(ConnectionAbortedError("an answer without end"))

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by asyncio."""
        self._transport = None
        self._fail(ConnectionResetError(f"closed before the answer: {exc}"))

    def on_message_begin(self) -> None:
        """Called by the parser, as all below."""
        self._reason, self._body = b"", bytearray()

    def on_status(self, reason: bytes) -> None:
        """May come in pieces."""
        self._reason += reason

    def on_body(self, body: bytes) -> None:
        """May come in pieces."""
        self._body += body

    def on_message_complete(self) -> None:
        """Hand the answer over, unless it only says that one will come."""
        status = self._parser.get_status_code()
        if status < 200:
            return
        self._is_kept_alive = self._parser.should_keep_alive()
        coming, self._coming = self._coming, None
        if coming is None:
            # Nothing was asked: whatever this is, it is not the answer to the next request.
            self._fail(ConnectionAbortedError("an answer without a question"))
        elif not coming.done():
            self.answered_s = asyncio.get_running_loop().time()
            coming.set_result(Answer(status, self._reason.decode("latin-1"), bytes(self._body)))

    def _fail(self, error: OSError) -> None:
        self._is_kept_alive = False
        coming, self._coming = self._coming, None
        if coming is not None and not coming.done():
            coming.set_exception(error)
        self.abort()
