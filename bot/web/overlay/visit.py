"""The connection of one page: how it introduces itself, what it may say, and when it is shown the door."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, cast

import orjson
from aiohttp import WSMsgType, web

from bot.domain.errors import NotACreator, Refusal
from bot.domain.overlays import OverlayAction, OverlayPass, OverlayScope, digest_of, slot_of
from bot.services.overlays import Overlays
from bot.web.overlay.frames import Reason, encoded, refusal_values
from bot.web.overlay.hub import Hub
from bot.web.overlay.limits import Allowance, HelloLimit
from bot.web.overlay.overlay import Overlay
from bot.web.overlay.source import FULL, NO_HELLO, NONSENSE, RESTART, TOO_MANY, WITHDRAWN, Source

log = logging.getLogger(__name__)

HELLO_S: Final = 5.0
"""How long a page has to introduce itself."""
SILENCE_S: Final = 60.0
"""How long a page may say nothing. It pings four times as often."""
PAGES: Final = 20
"""Pages that may be open with one link, in one process."""
MOST_BYTES: Final = 4_096
"""Of a message from a page."""
LONGEST_SECRET: Final = 128
MESSAGES: Final = 100
CONTROLS: Final = 30
PER_S: Final = 10.0
"""In so many seconds, a page may send so many messages, and controls among them."""
GOODBYE_S: Final = 2.0

Message = Mapping[str, Any]


class Visits:
    """Receives pages. `version` names the page that this process has. `is_here` tells whether a creator is still in the
    guild. `settle` is called with the connection of a page that has introduced itself, and returns whether it may stay.
    """

    def __init__(
        self,
        hub: Hub,
        overlays: Overlays,
        version: str,
        is_here: Callable[[int, int], Awaitable[bool]],
        settle: Callable[[asyncio.BaseTransport | None], bool],
        clock: Callable[[], float],
    ) -> None:
        self._hub = hub
        self._overlays = overlays
        self._version = version
        self._is_here = is_here
        self._settle = settle
        self._clock = clock
        self._hellos = HelloLimit(clock)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve a page until it leaves."""
        if self._hub.is_closing:
            return web.Response(status=503, text="try again")
        socket = web.WebSocketResponse(
            timeout=GOODBYE_S, max_msg_size=MOST_BYTES, compress=False, writer_limit=64 * 1024
        )
        await socket.prepare(request)
        try:
            code = await self._receive(request, socket)
        except Refusal as refusal:
            log.warning("A page of an overlay cannot be served now: %r", refusal)
            code = RESTART
        if code and not socket.closed:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GOODBYE_S):
                    await socket.close(code=code)
        if request.transport is not None and not socket.closed:
            request.transport.abort()
        return socket

    async def _receive(self, request: web.Request, socket: web.WebSocketResponse) -> int:
        """Serve a page that has just connected. Return the code to close with, 0 if that was done."""
        hello = await _next(socket, HELLO_S)
        if hello is None or hello.get("hello") != 1:
            return NO_HELLO
        address = request.remote or ""
        if not self._hellos.admits(address):
            return TOO_MANY
        secret = hello.get("token")
        overlay_pass = await self._admit(secret) if isinstance(secret, str) and len(secret) <= LONGEST_SECRET else None
        if overlay_pass is None or not isinstance(secret, str):
            return WITHDRAWN
        digest = digest_of(secret)
        if self._hub.count_of(digest) >= PAGES:
            return TOO_MANY
        if not self._settle(request.transport):
            return FULL
        source = Source(socket, request, overlay_pass, digest, slot_of(hello.get("slot")))
        overlay = await self._let_in(source, hello)
        if overlay is None:
            await source.end()
            return WITHDRAWN
        try:
            code = await self._listen(overlay, source, socket)
        finally:
            await self._hub.leave(overlay, source)
        return 0 if source.is_closing else code

    async def _admit(self, secret: str) -> OverlayPass | None:
        """Return whose overlay a secret opens. Creators who have left the guild have none any more."""
        overlay_pass = await self._hub.shows.admit(secret)
        if overlay_pass is None:
            return None
        if not await self._is_here(overlay_pass.guild_id, overlay_pass.creator_id):
            await self._overlays.revoke(overlay_pass.guild_id, overlay_pass.creator_id)
            return None
        return overlay_pass

    async def _let_in(self, source: Source, hello: Message) -> Overlay | None:
        """Add a page to its overlay, and send it what it has missed. None if its link was withdrawn just now."""
        overlay_pass, shows = source.overlay_pass, self._hub.shows
        name = hello.get("epoch")
        epoch = await shows.epoch(overlay_pass.guild_id, name if isinstance(name, str) else None)
        cursor = await shows.cursor(overlay_pass, source.slot)
        overlay = await self._hub.enter(overlay_pass, source.digest)
        assert overlay.setup is not None
        if source.digest not in overlay.setup.digests:
            # It was withdrawn after it was looked up.
            return None
        after = hello.get("after")
        is_same = epoch == name and isinstance(after, int) and 0 <= after <= overlay.seq
        overlay.begin(source, after if is_same else None, cursor)
        overlay.sources.add(source)
        source.send(overlay.welcome(epoch, self._version, source, self._hub.now_ms()))
        return overlay

    async def _listen(self, overlay: Overlay, source: Source, socket: web.WebSocketResponse) -> int:
        """Hear a page until it leaves, says nothing for long or too much. Return the code to close with."""
        catching_up = asyncio.create_task(self._catch_up(overlay, source), name="overlay page catches up")
        try:
            await self._hub.shows.note_seen([source.digest])
            messages, controls = Allowance(MESSAGES, PER_S, self._clock), Allowance(CONTROLS, PER_S, self._clock)
            while (message := await _next(socket, SILENCE_S)) is not None:
                if not messages.takes():
                    return TOO_MANY
                await self._hear(overlay, source, message, controls)
            return NONSENSE
        finally:
            catching_up.cancel()
            await asyncio.gather(catching_up, return_exceptions=True)

    async def _catch_up(self, overlay: Overlay, source: Source) -> None:
        try:
            await overlay.catch_up(source)
        except Exception as error:
            # It comes back with its cursor, and is sent the rest then.
            source.close(RESTART, b"try again")
            if not isinstance(error, Refusal):
                log.exception("A page of an overlay in guild %s could not be sent what it missed", overlay.guild_id)

    async def _hear(self, overlay: Overlay, source: Source, message: Message, controls: Allowance) -> None:
        """Do what a page says. What it may not say, or what makes no sense, is passed over."""
        if (number := message.get("ping")) is not None:
            source.send(encoded({"pong": number}))
            if not await self._is_here(overlay.guild_id, overlay.creator_id):
                await self._overlays.revoke(overlay.guild_id, overlay.creator_id)
        row = message.get("shown")
        if source.is_view and isinstance(row, int):
            overlay.note_shown(source.slot, min(row, source.seq))
        action = message.get("do")
        if isinstance(action, str) and action in {*OverlayAction} and source.overlay_pass.scope is OverlayScope.CONTROL:
            await self._steer(overlay, source, OverlayAction(action), message.get("seq"), controls)

    async def _steer(
        self, overlay: Overlay, source: Source, action: OverlayAction, seq: object, controls: Allowance
    ) -> None:
        """Do with an overlay what its controls say, or tell them why not."""
        if not controls.takes():
            source.send(encoded(refusal_values(action, Reason.LATER)))
            return
        about = seq if isinstance(seq, int) and 0 < seq <= overlay.seq else None
        try:
            await self._overlays.control(overlay.guild_id, overlay.creator_id, action, about)
        except NotACreator:
            source.send(encoded(refusal_values(action, Reason.CREATOR)))
        except Refusal:
            source.send(encoded(refusal_values(action, Reason.LATER)))
        else:
            self._hub.notice()


async def _next(socket: web.WebSocketResponse, within_s: float) -> Message | None:
    """Return the next message of a page, None if it sends none in time, leaves, or sends what is no message."""
    try:
        frame = await socket.receive(timeout=within_s)
    except TimeoutError:
        return None
    if frame.type is not WSMsgType.TEXT:
        return None
    try:
        message: Any = orjson.loads(frame.data)
    except orjson.JSONDecodeError:
        return None
    return cast("Message", message) if isinstance(message, dict) else None
