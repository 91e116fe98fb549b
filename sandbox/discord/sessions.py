"""Sessions and connections of the gateway. A session outlives its websockets, so that RESUME can replay its events.

Frames are plain text unless the client asks for zlib-stream.
"""

import asyncio
import contextlib
import secrets
import socket
import zlib
from collections import deque
from typing import Final

import orjson
from aiohttp import WSMsgType, web

from sandbox.discord.jsontypes import Wire

KEEP_EVENTS: Final = 10_000
FRAMES_PER_MINUTE: Final = 120
_CORK: Final[int | None] = getattr(socket, "TCP_CORK", None)


class Session:
    """One bot session with its recent events, which RESUME replays on a new connection."""

    def __init__(self, intents: int, shard: tuple[int, int]) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self.shard = shard
        self.seq = 0
        self.events: deque[tuple[int, bytes]] = deque(maxlen=KEEP_EVENTS)
        self.connection: Connection | None = None

    def hears(self, intent: int, guild_id: int | None) -> bool:
        """Return whether the session's intents and shard cover an event."""
        if intent and not intent & self.intents:
            return False
        shard, shards = self.shard
        return (0 if guild_id is None else (guild_id >> 22) % shards) == shard

    def send(self, event: str, data: bytes) -> None:
        """Number an event, keep it for a replay, and send it if a client is connected."""
        self.seq += 1
        frame = b'{"t":"%b","s":%d,"op":0,"d":%b}' % (event.encode(), self.seq, data)
        self.events.append((self.seq, frame))
        if self.connection is not None:
            self.connection.send(frame)

    def acknowledge(self, seq: Wire) -> None:
        """Drop the events that a heartbeat says have arrived."""
        if isinstance(seq, int):
            while self.events and self.events[0][0] <= seq:
                self.events.popleft()

    def replay(self, seq: int) -> bool:
        """Send all events after `seq` again; return False if some of them are no longer kept."""
        first = self.events[0][0] if self.events else self.seq + 1
        if self.connection is None or seq < first - 1:
            return False
        for number, frame in self.events:
            if number > seq:
                self.connection.send(frame)
        return True


class Connection:
    """One websocket. Frames are queued and written by one task, so that senders never wait for the network."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None, *, compress: bool) -> None:
        self.socket = socket
        self.session: Session | None = None
        self._deflate = zlib.compressobj() if compress else None
        self._transport = transport
        self._closed_here = False
        self._queue: deque[tuple[bytes, WSMsgType | None]] = deque()
        self._ready = asyncio.Event()
        self._received: deque[float] = deque(maxlen=FRAMES_PER_MINUTE)

    def send(self, frame: bytes, raw: WSMsgType | None = None) -> None:
        """Queue one frame. `raw` sends it uncompressed, as a message of that type, even on a compressed connection."""
        self._queue.append((frame, raw))
        self._ready.set()

    def send_op(self, op: int, data: Wire = None) -> None:
        """Queue a frame that is not an event."""
        self.send(orjson.dumps({"op": op, "d": data, "s": None, "t": None}))

    async def write(self) -> None:
        """Send queued frames until cancelled. Frames that wait together are sent together, as on a busy network."""
        while True:
            await self._ready.wait()
            self._ready.clear()
            burst = len(self._queue) > 1
            if burst:
                self._cork(True)
            while self._queue:
                frame, raw = self._queue.popleft()
                if raw is not None or self._deflate is None:
                    await self.socket.send_frame(frame, raw or WSMsgType.TEXT)
                else:
                    await self.socket.send_bytes(self._deflate.compress(frame) + self._deflate.flush(zlib.Z_SYNC_FLUSH))
            if burst:
                self._cork(False)

    def _cork(self, corked: bool) -> None:
        """Let the kernel collect frames instead of waking the bot for each. Without TCP_CORK this does nothing."""
        line = self._transport.get_extra_info("socket") if self._transport is not None else None
        if line is not None and _CORK is not None:
            # The connection may have been cut at this very moment.
            with contextlib.suppress(OSError):
                line.setsockopt(socket.IPPROTO_TCP, _CORK, corked)

    @property
    def has_left(self) -> bool:
        """Whether the client itself ended the session, by closing with 1000 or 1001."""
        return not self._closed_here and self.socket.close_code in (1000, 1001)

    async def close(self, code: int) -> None:
        """Close the connection with a code."""
        self._closed_here = True
        await self.socket.close(code=code)

    def cut(self) -> None:
        """Abort the connection without a close frame, as a network failure would."""
        if self._transport is not None:
            self._transport.abort()

    def too_fast(self, now: float) -> bool:
        """Count a received frame and return whether the client exceeds 120 in a minute."""
        limited = len(self._received) == FRAMES_PER_MINUTE and now - self._received[0] < 60
        self._received.append(now)
        return limited
