"""The bot's public address: a proxy in front of its web part, as operators run one, that lets the overlay through.

The overlay forbids all pages to show it in a frame, so that none can hide it below something else. The bot has no
setting for that. An operator's proxy may change headers, though, and so does this one, which lets the sandbox's own
page frame the overlay. It changes nothing else, so whatever works here works behind other proxies.
"""

import asyncio
from typing import Any, Final

import aiohttp
from aiohttp import web

PATIENCE: Final = aiohttp.ClientTimeout(total=30.0)
LARGEST_FRAME: Final = 4 * 1024 * 1024
GONE: Final = 1012
"""The code of a socket whose bot is gone: the page connects again."""

_FRAMES: Final = "frame-ancestors 'none'"
_OWN_FRAMES: Final = "frame-ancestors 'self'"
_NOT_PASSED: Final = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"})
_SOCKET_HEADERS: Final = ("Host", "Origin", "User-Agent")
_UNSENDABLE: Final = frozenset({None, 1005, 1006, 1015})
"""Codes that stand for an end without a code, which nobody may send."""

_Socket = web.WebSocketResponse | aiohttp.ClientWebSocketResponse


class PublicAddress:
    """Passes `/overlay` and all below it to the bot."""

    def __init__(self, bot_address: str) -> None:
        self._bot_address = bot_address
        self._session: aiohttp.ClientSession | None = None
        self._sockets: set[web.WebSocketResponse] = set()

    def routes(self, app: web.Application) -> None:
        """Mount it on an app."""
        app.router.add_get("/overlay", self._pass)
        app.router.add_get("/overlay/{rest:.+}", self._pass)
        app.on_startup.append(self._open)
        app.on_shutdown.append(self._hang_up)
        app.on_cleanup.append(self._close)

    async def _open(self, _: web.Application) -> None:
        self._session = aiohttp.ClientSession(
            self._bot_address, timeout=PATIENCE, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()
        )

    async def _hang_up(self, _: web.Application) -> None:
        for socket in tuple(self._sockets):
            await socket.close(code=GONE)

    async def _close(self, _: web.Application) -> None:
        if self._session is not None:
            await self._session.close()

    async def _pass(self, request: web.Request) -> web.StreamResponse:
        assert self._session is not None
        try:
            if request.headers.get("Upgrade", "").lower() == "websocket":
                return await self._pass_socket(request, self._session)
            return await self._pass_page(request, self._session)
        except (aiohttp.ClientError, TimeoutError):
            return web.Response(status=502, text="The bot does not answer.")

    async def _pass_page(self, request: web.Request, session: aiohttp.ClientSession) -> web.Response:
        wanted = {name: value for name, value in request.headers.items() if name.lower() not in _NOT_PASSED}
        async with session.get(request.rel_url, headers=wanted, allow_redirects=False) as answer:
            body = await answer.read()
        headers = {name: value for name, value in answer.headers.items() if name.lower() not in _NOT_PASSED}
        policy = headers.get("Content-Security-Policy")
        if policy is not None:
            headers["Content-Security-Policy"] = policy.replace(_FRAMES, _OWN_FRAMES)
        return web.Response(status=answer.status, body=body, headers=headers)

    async def _pass_socket(self, request: web.Request, session: aiohttp.ClientSession) -> web.WebSocketResponse:
        headers = {name: request.headers[name] for name in _SOCKET_HEADERS if name in request.headers}
        async with session.ws_connect(request.rel_url, headers=headers, max_msg_size=LARGEST_FRAME) as bot:
            page = web.WebSocketResponse(max_msg_size=LARGEST_FRAME)
            await page.prepare(request)
            self._sockets.add(page)
            ways = [asyncio.create_task(_carry(page, bot)), asyncio.create_task(_carry(bot, page))]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                self._sockets.discard(page)
                for way in ways:
                    way.cancel()
            # The end that has closed gave a reason, which is passed on to the other.
            await page.close(code=_sendable(bot.close_code), message=b"")
            await bot.close(code=_sendable(page.close_code))
        return page


async def _carry(source: _Socket, sink: _Socket) -> None:
    """Send on what comes, until either end is gone."""
    message: Any
    async for message in source:
        if message.type is not aiohttp.WSMsgType.TEXT:
            return
        try:
            await sink.send_str(message.data)
        except ConnectionError:
            return


def _sendable(code: int | None) -> int:
    return GONE if code is None or code in _UNSENDABLE else code
