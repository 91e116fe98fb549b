"""A small speaker of the overlay's protocol: it serves the pages' own files, and tests say what it sends.

It has a journal of gifts like the bot's, resumes by cursor, and can be made to fail in every way that a network can.
"""

import asyncio
import contextlib
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from aiohttp import WSMsgType, web

from bot.domain.catalogue import Tier
from bot.imaging import artwork
from bot.imaging.values import GiftLook

STATIC = Path(__file__).parents[2] / "bot" / "web" / "overlay" / "static"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self'; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
TOKEN = "t" * 43
CONTROL_TOKEN = "c" * 43

GIFTS = {
    "small": (1, "Petal", "🌸", 1),
    "medium": (7, "Music Box", "🎶", 100),
    "large": (14, "Tall Ship", "⛵", 2_000),
    "grand": (16, "Sky Castle", "🏰", 8_000),
    "legendary": (17, "Phoenix", "🔥", 25_000),
}


@lru_cache(maxsize=32)
def picture(name: str, emoji: str, tier: str) -> bytes:
    return artwork.gift(GiftLook(name, emoji, Tier(tier)), 512 if tier not in ("small", "medium") else 128)


def abort(socket: web.WebSocketResponse) -> None:
    request = socket._req
    if request is not None and request.transport is not None:
        request.transport.abort()


@dataclass(eq=False)
class Source:
    """One socket: which slot it is, and up to which seq it has been sent the journal."""

    socket: web.WebSocketResponse
    slot: str
    scope: str
    position: int


@dataclass
class Speaker:
    """The server side of the overlay. `epoch`, `page`, `live`, `top`, `train` and `match` are what a welcome says."""

    epoch: str = "e1"
    page: str = "p1"
    lang: str = "en"
    emoji: str = "🪙"
    live: dict | None = None
    top: list = field(default_factory=list)
    train: dict | None = None
    match: dict | None = None
    queue: dict = field(default_factory=lambda: {"paused": False, "muted": False})
    journal: list[dict[str, Any]] = field(default_factory=list)
    cursors: dict = field(default_factory=lambda: defaultdict(int))
    tokens: dict = field(default_factory=lambda: {TOKEN: "view", CONTROL_TOKEN: "control"})
    orders: list[str] = field(default_factory=list)
    hellos: list = field(default_factory=list)
    sources: set[Source] = field(default_factory=set)
    is_failing: bool = False
    is_silent: bool = False
    refusals: int = 0
    is_pictured: bool = True
    easel: asyncio.Event | None = None
    """What pictures wait for, if anything."""
    paintings: int = 0
    """How many pictures were asked for."""
    clock: Callable[[], int] = lambda: round(time.time() * 1000)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/overlay", self._page("overlay.html"))
        app.router.add_get("/overlay/control", self._page("control.html"))
        app.router.add_get("/overlay/ws", self._socket)
        app.router.add_get("/overlay/art/{item}-{hash}.png", self._art)
        app.router.add_static("/overlay/static", STATIC)
        app.on_response_prepare.append(self._headers)
        return app

    def gift(self, tier: str = "small", *, name: str | None = "Mia", age_ms: int = 0, **changes: Any) -> dict[str, Any]:
        """Put a gift into the journal; `send` or `flush` tells the sources."""
        item, title, _emoji, price = GIFTS[tier]
        art = f"/overlay/art/{item}-ab12.png"
        gift: dict[str, Any] = {
            "seq": len(self.journal) + 1,
            "at_ms": self.clock() - age_ms,
            "sender": {"name": name, "face": None},
            "to": "Noor",
            "gift": {"id": item, "name": title, "art": art if self.is_pictured else None},
            "count": 1,
            "coins": price,
            "tier": tier,
            "combo": 1,
            "note": None,
            "test": False,
            **changes,
        }
        self.journal.append(gift)
        return gift

    @property
    def is_settled(self) -> bool:
        """Whether the last that said hello is a source by now, and those before it are gone."""
        return len(self.sources) == 1 and not any(source.socket.closed for source in self.sources)

    async def flush(self, **totals: Any) -> None:
        """Send to each source what it has not been sent, 500 gifts a frame."""
        for source in [*self.sources]:
            await self._catch_up(source, totals)

    async def send(self, tier="small", **what):
        gift = self.gift(tier, **what)
        await self.flush()
        return gift

    async def tell(self, message, *, scope=None):
        for source in [*self.sources]:
            if scope in (None, source.scope):
                await self._say(source, message)

    async def order(self, name, seq=None):
        await self.tell({"do": name, "seq": seq, "nr": len(self.orders) + 1})
        self.orders.append(name)

    async def cut(self, code=None):
        """End all connections: with a close code, or as a cable does that is pulled."""
        for source in [*self.sources]:
            if code is None:
                abort(source.socket)
            else:
                await source.socket.close(code=code)

    def welcome(self, scope):
        return {
            "welcome": 1,
            "epoch": self.epoch,
            "page": self.page,
            "head": len(self.journal),
            "scope": scope,
            "lang": self.lang,
            "currency": {"name": "coins", "emoji": self.emoji},
            "queue": self.queue,
            "settings": {"notes_from": "medium", "hold_notes": False},
            "now_ms": self.clock(),
            **self._totals(),
        }

    def _totals(self):
        return {"live": self.live, "top": self.top, "train": self.train, "match": self.match}

    def _page(self, name):
        async def page(_request):
            if self.is_failing:
                return web.Response(status=503, text="no bot")
            return web.FileResponse(STATIC / name)

        return page

    async def _art(self, request):
        self.paintings += 1
        if self.easel is not None:
            await self.easel.wait()
        number = int(request.match_info["item"])
        name, emoji, tier = next(
            (title, sign, tier) for tier, (item, title, sign, _price) in GIFTS.items() if item == number
        )
        return web.Response(body=await asyncio.to_thread(picture, name, emoji, tier), content_type="image/png")

    @staticmethod
    async def _headers(request, response):
        if not request.path.startswith("/overlay/ws"):
            response.headers["Content-Security-Policy"] = CSP
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["X-Content-Type-Options"] = "nosniff"
            is_art = request.path.startswith("/overlay/art/")
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_art else "no-cache"

    async def _socket(self, request):
        if self.is_failing:
            self.refusals += 1
            return web.Response(status=503, text="no bot")
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        hello = orjson.loads((await socket.receive()).data)
        self.hellos.append(hello)
        scope = self.tokens.get(hello["token"])
        if scope is None:
            await socket.close(code=4401)
            return socket
        source = Source(socket, hello["slot"], scope, self._begin(hello))
        await socket.send_str(orjson.dumps(self.welcome(scope)).decode())
        self.sources.add(source)
        try:
            await self._catch_up(source, {})
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    await self._hear(source, orjson.loads(message.data))
        finally:
            self.sources.discard(source)
        return socket

    def _begin(self, hello):
        if hello["after"] is not None and hello["epoch"] == self.epoch:
            return min(hello["after"], len(self.journal))
        cursor = self.cursors.get(hello["slot"])
        return len(self.journal) if cursor is None else min(cursor, len(self.journal))

    async def _hear(self, source, message):
        if self.is_silent:
            return
        if "ping" in message:
            await self._say(source, {"pong": message["ping"]})
        elif "shown" in message:
            self.cursors[source.slot] = max(self.cursors[source.slot], message["shown"])
        elif "do" in message:
            await self.order(message["do"], message.get("seq"))

    async def _catch_up(self, source, totals):
        while source.position < len(self.journal):
            gifts = self.journal[source.position : source.position + 500]
            frame = {"from": source.position + 1, "to": source.position + len(gifts), "gifts": gifts, "gone": []}
            source.position += len(gifts)
            await self._say(source, {**frame, **self._totals(), **totals})

    @staticmethod
    async def _say(source, message):
        with contextlib.suppress(ConnectionError):
            await source.socket.send_str(orjson.dumps(message).decode())


@contextlib.asynccontextmanager
async def speaking(speaker: Speaker, port: int = 0) -> AsyncGenerator[str]:
    """Serve a speaker and yield its address."""
    runner = web.AppRunner(speaker.app(), access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
