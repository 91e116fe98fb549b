"""The gateway: bots identify, resume, send heartbeats and receive events.

Protocol: Discord's documentation, "Gateway".
"""

import asyncio
import math
from enum import IntEnum
from typing import Final, cast

import orjson
from aiohttp import WSCloseCode, WSMsgType, web

from sandbox.discord import intents as bits
from sandbox.discord.jsontypes import JSON, Wire
from sandbox.discord.ready import ready_json
from sandbox.discord.sessions import Connection, Session
from sandbox.discord.world import World

HEARTBEAT_MS: Final = 41_250
ACK_AFTER_S: Final = 0.05
"""The least latency of a heartbeat's answer. If it came at once, discord.py would receive it before noting when it
asked, and would warn that its websocket is a whole heartbeat behind."""
KEEP_SESSIONS: Final = 4
MAX_PAYLOAD: Final = 4096
UNAUTHENTICATED, AUTH_FAILED, TWICE, INVALID_SEQ, TIMED_OUT = 4003, 4004, 4005, 4007, 4009
UNKNOWN_OPCODE, DECODE_ERROR, RATE_LIMITED = 4001, 4002, 4008
_MESSAGES: Final = bits.GUILD_MESSAGES | bits.DIRECT_MESSAGES
INVALID_SHARD, INVALID_INTENTS, DISALLOWED_INTENTS = 4010, 4013, 4014


class Op(IntEnum):
    """What a frame is about, Discord's "opcode"."""

    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE = 3
    VOICE_STATE = 4
    RESUME = 6
    RECONNECT = 7
    REQUEST_MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11
    SOUNDBOARD = 31


_IGNORED: Final = (Op.PRESENCE, Op.VOICE_STATE, Op.SOUNDBOARD)


class Gateway:
    """All gateway sessions and connections of the bot."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.heartbeat_ms = HEARTBEAT_MS
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.identifies = 0
        self.hasty_identifies = 0
        self.identify_spacing_s = 0.0
        """Discord's is 5: a bot that identifies earlier is told to begin again. Most tests start bots more often."""
        self._identified_at = -math.inf
        self.resumes = 0
        world.attach(self)

    def dispatch(self, event: str, data: JSON | bytes, intent: int, guild_id: int | None) -> None:
        """Send an event to every session that subscribes to it."""
        encoded = data if isinstance(data, bytes) else None
        for session in self.sessions.values():
            if not session.hears(intent, guild_id):
                continue
            if intent & _MESSAGES and not isinstance(data, bytes):
                session.send(event, orjson.dumps(self._visible(session, data, guild_id)))
                continue
            encoded = orjson.dumps(data) if encoded is None else encoded
            session.send(event, encoded)

    def hears(self, intent: int, guild_id: int | None) -> bool:
        """Return whether any session subscribes to such an event."""
        return any(session.hears(intent, guild_id) for session in self.sessions.values())

    def _visible(self, session: Session, data: JSON, guild_id: int | None) -> JSON:
        """Return a message event, without its content if the session lacks the message content intent."""
        if session.intents & bits.MESSAGE_CONTENT or guild_id is None or "author" not in data:
            return data
        bot = str(self.world.bot_user.id)
        if data["author"]["id"] == bot or any(user["id"] == bot for user in data["mentions"]):
            return data
        return {**data, "content": "", "embeds": [], "attachments": [], "components": []}

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one websocket from HELLO to its close."""
        socket = web.WebSocketResponse(max_msg_size=1 << 20, compress=False)
        await socket.prepare(request)
        compress = request.query.get("compress") == "zlib-stream"
        connection = Connection(socket, request.transport, compress=compress)
        self.connections.add(connection)
        writer = asyncio.create_task(connection.write())
        connection.send_op(Op.HELLO, {"heartbeat_interval": self.heartbeat_ms, "_trace": []})
        try:
            async for message in socket:
                code = self._receive(connection, message.type, message.data, request)
                if code:
                    await connection.close(code)
        finally:
            writer.cancel()
            self.connections.discard(connection)
            self._disconnected(connection)
        return socket

    def _disconnected(self, connection: Connection) -> None:
        session = connection.session
        if session is not None and session.connection is connection:
            session.connection = None
            # A client that closes with 1000 or 1001 gives up its session. After anything else it may resume.
            if connection.has_left:
                self.sessions.pop(session.id, None)
        self.world.set_bot_online(any(session.connection for session in self.sessions.values()))

    def _receive(self, connection: Connection, kind: WSMsgType, raw: Wire, request: web.Request) -> int:
        """Check and handle one websocket message; return the close code that it leads to, 0 for none."""
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
        return self._handle_frame(connection, op, data, request)

    def _handle_frame(self, connection: Connection, op: int, data: Wire, request: web.Request) -> int:
        """Handle a frame and return the close code that it leads to, 0 for none."""
        session = connection.session
        if op == Op.HEARTBEAT:
            if session is not None:
                session.acknowledge(data)
            asyncio.get_running_loop().call_later(ACK_AFTER_S, connection.send_op, Op.HEARTBEAT_ACK)
        elif op == Op.IDENTIFY:
            return self._identify(connection, data, request)
        elif op == Op.RESUME:
            return self._resume(connection, data)
        elif session is None:
            return UNAUTHENTICATED
        elif op == Op.REQUEST_MEMBERS:
            self._send_members(session, data)
        elif op not in _IGNORED:
            return UNKNOWN_OPCODE
        return 0

    def _identify(self, connection: Connection, data: JSON, request: web.Request) -> int:
        if connection.session is not None:
            return TWICE
        problem = self._refusal(data)
        if problem:
            return problem
        if not self._is_in_time():
            self.hasty_identifies += 1
            connection.send_op(Op.INVALID_SESSION, False)
            return 0
        self.identifies += 1
        shard: list[int] = data.get("shard") or [0, 1]
        session = Session(data["intents"], (shard[0], shard[1]))
        # Before the new session is added, which has no connection yet.
        self._forget_orphans()
        self.sessions[session.id] = session
        self._take_over(session, connection)
        world = self.world
        guilds = [guild for guild in world.guilds.values() if guild.has_bot and session.hears(0, guild.id)]
        ready = ready_json(world, session, guilds, f"ws://{request.host}{request.path}")
        if data.get("shard"):
            ready["shard"] = shard
        session.send("READY", orjson.dumps(ready))
        if session.intents & bits.GUILDS:
            for guild in guilds:
                if not guild.unavailable:
                    session.send("GUILD_CREATE", orjson.dumps(guild.create_json(world.bot_user.id)))
        world.set_bot_online(True)
        return 0

    def _is_in_time(self) -> bool:
        now = asyncio.get_running_loop().time()
        is_in_time = now - self._identified_at >= self.identify_spacing_s
        self._identified_at = now if is_in_time else self._identified_at
        return is_in_time

    def _refusal(self, data: JSON) -> int:
        """Return the close code for a bad IDENTIFY, 0 for a valid one."""
        if data.get("token") != self.world.application.token:
            return AUTH_FAILED
        shard = data.get("shard")
        if shard is not None and not 0 <= shard[0] < shard[1]:
            return INVALID_SHARD
        intents: Wire = data.get("intents")
        if not isinstance(intents, int) or intents & ~bits.KNOWN:
            return INVALID_INTENTS
        if intents & bits.PRIVILEGED & ~self.world.application.privileged_intents:
            return DISALLOWED_INTENTS
        return 0

    def _resume(self, connection: Connection, data: JSON) -> int:
        if data.get("token") != self.world.application.token:
            return AUTH_FAILED
        session = self.sessions.get(data.get("session_id", ""))
        seq: Wire = data.get("seq")
        if session is None or not isinstance(seq, int):
            connection.send_op(Op.INVALID_SESSION, False)
            return 0
        if seq > session.seq:
            return INVALID_SEQ
        self._take_over(session, connection)
        if not session.replay(seq):
            session.connection = connection.session = None
            del self.sessions[session.id]
            connection.send_op(Op.INVALID_SESSION, False)
            return 0
        self.resumes += 1
        session.send("RESUMED", b'{"_trace":[]}')
        self.world.set_bot_online(True)
        return 0

    def _forget_orphans(self) -> None:
        """Drop the oldest sessions that no client has resumed."""
        orphans = [session for session in self.sessions.values() if session.connection is None]
        for session in orphans[: max(0, len(orphans) - KEEP_SESSIONS)]:
            del self.sessions[session.id]

    def _take_over(self, session: Session, connection: Connection) -> None:
        session.connection = connection
        connection.session = session

    def _send_members(self, session: Session, data: JSON) -> None:
        """Answer a request for guild members with one chunk."""
        guild = self.world.guilds.get(int(data["guild_id"]))
        if guild is None or not guild.has_bot:
            return
        members = list(guild.members.values())
        if user_ids := data.get("user_ids"):
            listed = cast("list[Wire]", user_ids if isinstance(user_ids, list) else [user_ids])
            ids = {int(user_id) for user_id in listed}
            members = [member for member in members if member.user.id in ids]
        elif query := str(data.get("query") or "").lower():
            members = [member for member in members if member.matches(query)]
        if limit := int(data.get("limit") or 0):
            members = members[:limit]
        chunk: JSON = {
            "guild_id": str(guild.id),
            "members": [member.to_json() for member in members],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [],
        }
        if data.get("nonce"):
            chunk["nonce"] = data["nonce"]
        session.send("GUILD_MEMBERS_CHUNK", orjson.dumps(chunk))

    def send_malformed(self, event: str, data: bytes) -> None:
        """Send every session an event with arbitrary data, which need not even be JSON."""
        for session in self.sessions.values():
            session.send(event, data)

    def send_raw(self, message: bytes, *, binary: bool = False) -> None:
        """Send every connection a raw message, outside of any session: a resume does not replay it."""
        for connection in self.connections:
            connection.send(message, WSMsgType.BINARY if binary else WSMsgType.TEXT)

    async def drop(self, *, code: int | None = None) -> None:
        """Close every connection with a code, or cut it if there is none. Sessions stay resumable."""
        for connection in tuple(self.connections):
            if code is None:
                connection.cut()
            else:
                await connection.close(code)

    async def ask_reconnect(self) -> None:
        """Ask clients to reconnect and resume."""
        for connection in self.connections:
            connection.send_op(Op.RECONNECT)

    async def invalidate(self, *, resumable: bool) -> None:
        """Tell clients that their sessions are invalid. Unless `resumable`, all sessions are dropped."""
        for connection in self.connections:
            connection.send_op(Op.INVALID_SESSION, resumable)
        if not resumable:
            self.sessions.clear()

    async def close(self) -> None:
        """Close all connections with "going away", as a server does when it shuts down."""
        for connection in tuple(self.connections):
            await connection.close(WSCloseCode.GOING_AWAY)
