"""The gateway: websocket sessions that identify, resume, beat, and hear what happens.

Protocol: Discord's documentation, "Gateway". Frames are plain text unless the client asks for zlib-stream.
"""

import asyncio
import secrets
import zlib
from collections import deque
from typing import Any, Final

import orjson
from aiohttp import WSCloseCode, WSMsgType, web

from sandbox.discord import intents as bits
from sandbox.discord.jsontypes import JSON
from sandbox.discord.world import World

HEARTBEAT_MS: Final = 41_250
KEEP_EVENTS: Final = 10_000
MAX_PAYLOAD: Final = 4096
UNAUTHENTICATED, AUTH_FAILED, TWICE, INVALID_SEQ, TIMED_OUT = 4003, 4004, 4005, 4007, 4009
UNKNOWN_OPCODE, DECODE_ERROR, RATE_LIMITED = 4001, 4002, 4008
INVALID_SHARD, INVALID_INTENTS, DISALLOWED_INTENTS = 4010, 4013, 4014
_ZLIB_TAIL: Final = zlib.Z_SYNC_FLUSH


class Session:
    """One bot session: it outlives connections, so that RESUME can replay what was missed."""

    def __init__(self, intents: int, shard: tuple[int, int]) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self.shard = shard
        self.seq = 0
        self.sent: deque[tuple[int, bytes]] = deque(maxlen=KEEP_EVENTS)
        self.connection: Connection | None = None

    def hears(self, intent: int, guild_id: int | None) -> bool:
        """Say whether an event is for this session."""
        if intent and not intent & self.intents:
            return False
        shard, shards = self.shard
        return (0 if guild_id is None else (guild_id >> 22) % shards) == shard

    def send(self, event: str, data: bytes) -> None:
        """Number an event, keep it for a replay, and send it if someone is connected."""
        self.seq += 1
        frame = b'{"t":"%b","s":%d,"op":0,"d":%b}' % (event.encode(), self.seq, data)
        self.sent.append((self.seq, frame))
        if self.connection is not None:
            self.connection.send(frame)


class Connection:
    """One websocket. Frames queue up and one task writes them, so that nobody waits for the network."""

    def __init__(self, socket: web.WebSocketResponse, compress: bool) -> None:
        self.socket = socket
        self.session: Session | None = None
        self._deflate = zlib.compressobj() if compress else None
        self._queue: deque[bytes] = deque()
        self._ready = asyncio.Event()
        self._received: deque[float] = deque(maxlen=120)

    def send(self, frame: bytes) -> None:
        """Queue one frame."""
        self._queue.append(frame)
        self._ready.set()

    def send_op(self, op: int, data: Any = None) -> None:
        """Queue something that is not an event."""
        self.send(orjson.dumps({"op": op, "d": data, "s": None, "t": None}))

    async def write(self) -> None:
        """Send queued frames until cancelled."""
        while True:
            await self._ready.wait()
            self._ready.clear()
            while self._queue:
                frame = self._queue.popleft()
                if self._deflate is None:
                    await self.socket.send_str(frame.decode())
                else:
                    await self.socket.send_bytes(self._deflate.compress(frame) + self._deflate.flush(_ZLIB_TAIL))

    def too_fast(self, now: float) -> bool:
        """Count a received frame; True beyond 120 in a minute."""
        limited = len(self._received) == 120 and now - self._received[0] < 60
        self._received.append(now)
        return limited


class Gateway:
    """All sessions and connections of the bot."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.heartbeat_ms = HEARTBEAT_MS
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.identifies = 0
        self.resumes = 0
        world.attach(self)

    def dispatch(self, event: str, data: JSON, intent: int, guild_id: int | None) -> None:
        """Send an event to every session that listens for it."""
        encoded: bytes | None = None
        for session in self.sessions.values():
            if session.hears(intent, guild_id):
                if intent & (bits.GUILD_MESSAGES | bits.DIRECT_MESSAGES):
                    session.send(event, orjson.dumps(self._visible(session, data, guild_id)))
                    continue
                encoded = orjson.dumps(data) if encoded is None else encoded
                session.send(event, encoded)

    def _visible(self, session: Session, data: JSON, guild_id: int | None) -> JSON:
        """Return a message event without what needs the message content intent."""
        if session.intents & bits.MESSAGE_CONTENT or guild_id is None or "author" not in data:
            return data
        bot = str(self.world.bot_user.id)
        if data["author"]["id"] == bot or any(one["id"] == bot for one in data["mentions"]):
            return data
        return {**data, "content": "", "embeds": [], "attachments": [], "components": []}

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one websocket from HELLO to its close."""
        socket = web.WebSocketResponse(max_msg_size=1 << 20, compress=False)
        await socket.prepare(request)
        connection = Connection(socket, request.query.get("compress") == "zlib-stream")
        self.connections.add(connection)
        writer = asyncio.create_task(connection.write())
        connection.send_op(10, {"heartbeat_interval": self.heartbeat_ms, "_trace": []})
        try:
            async for message in socket:
                code = self._receive(connection, message.type, message.data, request)
                if code:
                    await socket.close(code=code)
        finally:
            writer.cancel()
            self.connections.discard(connection)
            self._disconnected(connection)
        return socket

    def _disconnected(self, connection: Connection) -> None:
        session = connection.session
        if session is not None and session.connection is connection:
            session.connection = None
            # A client that closes with 1000 or 1001 gives its session up; anything else may resume.
            if connection.socket.close_code in (1000, 1001):
                self.sessions.pop(session.id, None)
        self.world.set_bot_online(any(one.connection for one in self.sessions.values()))

    def _receive(self, connection: Connection, kind: WSMsgType, raw: Any, request: web.Request) -> int:
        if kind not in (WSMsgType.TEXT, WSMsgType.BINARY):
            return 0
        if len(raw) > MAX_PAYLOAD:
            return DECODE_ERROR
        if connection.too_fast(asyncio.get_running_loop().time()):
            return RATE_LIMITED
        try:
            frame: JSON = orjson.loads(raw)
            op, data = frame["op"], frame.get("d")
        except (ValueError, KeyError, TypeError):
            return DECODE_ERROR
        if op == 1:
            connection.send_op(11)
            return 0
        if op == 2:
            return self._identify(connection, data, request)
        if op == 6:
            return self._resume(connection, data)
        if connection.session is None:
            return UNAUTHENTICATED
        if op == 8:
            self._members(connection.session, data)
            return 0
        return 0 if op in (3, 4, 31) else UNKNOWN_OPCODE

    def _identify(self, connection: Connection, data: JSON, request: web.Request) -> int:
        if connection.session is not None:
            return TWICE
        problem = self._refusal(data)
        if problem:
            return problem
        self.identifies += 1
        shard: list[int] = data.get("shard") or [0, 1]
        session = Session(data["intents"], (shard[0], shard[1]))
        self.sessions[session.id] = session
        self._take_over(session, connection)
        world = self.world
        guilds = [one for one in world.guilds.values() if one.has_bot and session.hears(0, one.id)]
        ready: JSON = {
            "v": 10,
            "user": {**world.bot_user.to_json(), "verified": True, "mfa_enabled": True, "email": None},
            "guilds": [{"id": str(one.id), "unavailable": True} for one in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": f"ws://{request.host}{request.path}",
            "application": {"id": str(world.application.id), "flags": 0},
            "private_channels": [],
            "relationships": [],
            "geo_ordered_rtc_regions": [],
            "presences": [],
            "auth": {},
            "user_settings": {},
            "_trace": [],
        }
        if data.get("shard"):
            ready["shard"] = shard
        session.send("READY", orjson.dumps(ready))
        if session.intents & bits.GUILDS:
            for guild in guilds:
                if not guild.unavailable:
                    session.send("GUILD_CREATE", orjson.dumps(guild.create_json(world.bot_user.id)))
        world.set_bot_online(True)
        return 0

    def _refusal(self, data: JSON) -> int:
        """Return the close code for a bad IDENTIFY, 0 for a good one."""
        if data.get("token") != self.world.application.token:
            return AUTH_FAILED
        shard = data.get("shard")
        if shard is not None and not 0 <= shard[0] < shard[1]:
            return INVALID_SHARD
        wanted: Any = data.get("intents")
        if not isinstance(wanted, int) or wanted & ~bits.KNOWN:
            return INVALID_INTENTS
        if wanted & bits.PRIVILEGED & ~self.world.application.privileged_intents:
            return DISALLOWED_INTENTS
        return 0

    def _resume(self, connection: Connection, data: JSON) -> int:
        if data.get("token") != self.world.application.token:
            return AUTH_FAILED
        session = self.sessions.get(data.get("session_id", ""))
        seq: Any = data.get("seq")
        if session is not None and isinstance(seq, int) and seq > session.seq:
            return INVALID_SEQ
        lost = session is None or seq is None or (session.sent and session.sent[0][0] > seq + 1)
        if session is None or lost:
            connection.send_op(9, False)
            return 0
        self.resumes += 1
        self._take_over(session, connection)
        for number, frame in session.sent:
            if number > seq:
                connection.send(frame)
        session.send("RESUMED", b'{"_trace":[]}')
        self.world.set_bot_online(True)
        return 0

    def _take_over(self, session: Session, connection: Connection) -> None:
        session.connection = connection
        connection.session = session

    def _members(self, session: Session, data: JSON) -> None:
        """Answer a request for guild members with one chunk."""
        guild = self.world.guilds.get(int(data["guild_id"]))
        if guild is None or not guild.has_bot:
            return
        found = list(guild.members.values())
        if wanted := data.get("user_ids"):
            ids = {int(one) for one in (wanted if isinstance(wanted, list) else [wanted])}
            found = [one for one in found if one.user.id in ids]
        elif query := str(data.get("query") or "").lower():
            found = [one for one in found if one.shown_name.lower().startswith(query)]
        if limit := int(data.get("limit") or 0):
            found = found[:limit]
        chunk: JSON = {
            "guild_id": str(guild.id),
            "members": [one.to_json() for one in found],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [],
        }
        if data.get("nonce"):
            chunk["nonce"] = data["nonce"]
        session.send("GUILD_MEMBERS_CHUNK", orjson.dumps(chunk))

    async def drop(self, *, code: int | None = None) -> None:
        """Close every connection with a code, or cut it without one. Sessions stay resumable."""
        for connection in tuple(self.connections):
            if code is None:
                transport: Any = connection.socket._req.transport  # noqa: SLF001
                transport.abort()
            else:
                await connection.socket.close(code=code)

    async def ask_reconnect(self) -> None:
        """Send op 7: the client should come back and resume."""
        for connection in self.connections:
            connection.send_op(7)

    async def invalidate(self, *, resumable: bool) -> None:
        """Send op 9; when not resumable, the sessions are gone."""
        for connection in self.connections:
            connection.send_op(9, resumable)
        if not resumable:
            self.sessions.clear()

    async def close(self) -> None:
        """Say goodbye to everyone, as a server that shuts down."""
        for connection in tuple(self.connections):
            await connection.socket.close(code=WSCloseCode.GOING_AWAY)
