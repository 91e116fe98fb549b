"""One open page of an overlay: what it is sent, in order, and how far behind it may be.

A page that is slower than the gifts is spared the small ones while much is waiting for it. Its sums stay exact. One
that does not read at all is let go, and comes back with its cursor.
"""

import asyncio
import contextlib
from collections import deque
from typing import Final

from aiohttp import WSMsgType, web

from bot.domain.catalogue import Tier
from bot.domain.overlays import OverlayPass, OverlayScope
from bot.web.overlay.frames import Values, encoded

SLOW_BYTES: Final = 128 * 1024
"""With so much waiting, small gifts are left out."""
MOST_BYTES: Final = 1024 * 1024
"""With so much waiting, the page is let go."""

GOODBYE_S: Final = 2.0
"""How long a page has to say goodbye, too."""

WITHDRAWN: Final = 4401
NONSENSE: Final = 1008
NO_HELLO: Final = 4408
TOO_MANY: Final = 4429
RESTART: Final = 1012
FULL: Final = 1013


class Frame:
    """A part of the journal as a message, which ends with row `to`: in full, and for pages that are slow. Made once for
    all pages."""

    def __init__(self, values: Values, to: int) -> None:
        self.to = to
        self._values = values
        self.full = encoded(values)
        self._thin: bytes | None = None

    @property
    def thin(self) -> bytes:
        """The same without small gifts. One whose message waits for approval stays: nobody could let it through."""
        if self._thin is None:
            gifts: list[Values] = self._values["gifts"]
            most_telling = [gift for gift in gifts if gift["tier"] != Tier.SMALL.value or "held" in gift]
            self._thin = encoded(self._values | {"gifts": most_telling})
        return self._thin


class Source:
    """One page. `digest` is that of the secret that it came with; `seq` is the last row that it was sent.

    It is `is_live` once it was sent what the others have been sent, and gets the same from then on. Controls that were
    just opened are told first which messages wait since row `held_seq`; it is None for all other pages.
    """

    def __init__(
        self, socket: web.WebSocketResponse, request: web.Request, overlay_pass: OverlayPass, digest: str, slot: str
    ) -> None:
        self.overlay_pass = overlay_pass
        self.digest = digest
        self.slot = slot
        self.seq = 0
        self.held_seq: int | None = None
        self.is_live = False
        self._socket = socket
        self._request = request
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._writing = asyncio.create_task(self._write(), name="overlay page")
        self._leaving: asyncio.Task[None] | None = None

    @property
    def is_view(self) -> bool:
        """Whether it shows gifts, and does not only control them."""
        return self.overlay_pass.scope is OverlayScope.VIEW

    @property
    def is_closing(self) -> bool:
        """Whether it was told to go."""
        return self._leaving is not None

    def show(self, frame: Frame) -> None:
        """Send gifts."""
        self.send(frame.thin if self._bytes > SLOW_BYTES else frame.full)
        self.seq = frame.to

    def send(self, message: bytes) -> None:
        """Send a message after those that are waiting. A page for which too much is waiting is let go."""
        if self._leaving is not None:
            return
        self._waiting.append(message)
        self._bytes += len(message)
        self._idle.clear()
        self._wake.set()
        if self._bytes > MOST_BYTES:
            self.close(FULL, b"too slow")

    def close(self, code: int, reason: bytes = b"") -> None:
        """Say goodbye with `code`. What is waiting is dropped."""
        if self._leaving is None:
            self._leaving = asyncio.create_task(self._leave(code, reason), name="overlay page leaves")
            self._waiting.clear()
            self._bytes = 0
            self._idle.set()

    async def drained(self) -> None:
        """Wait until nothing is waiting for the page, or it was told to go."""
        await self._idle.wait()

    async def end(self) -> None:
        """Stop writing: the connection is gone, or about to go."""
        self._writing.cancel()
        await asyncio.gather(self._writing, *([self._leaving] if self._leaving else []), return_exceptions=True)

    async def _write(self) -> None:
        # A connection that has gone raises. Whoever reads from it notices, too.
        with contextlib.suppress(ConnectionError, RuntimeError):
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._waiting:
                    message = self._waiting.popleft()
                    await self._socket.send_frame(message, WSMsgType.TEXT)
                    self._bytes -= len(message)
                self._idle.set()
        self._idle.set()

    async def _leave(self, code: int, reason: bytes) -> None:
        self._writing.cancel()
        await asyncio.gather(self._writing, return_exceptions=True)
        try:
            async with asyncio.timeout(GOODBYE_S):
                await self._socket.close(code=code, message=reason)
        except (TimeoutError, asyncio.CancelledError):
            # It reads nothing: the goodbye waits in vain, or was cancelled with the message that waited before it.
            if self._request.transport is not None:
                self._request.transport.abort()
