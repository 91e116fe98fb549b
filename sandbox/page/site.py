"""The page's files and headers. There is no build step, and nothing is loaded from other sites."""

from pathlib import Path
from typing import Final

from aiohttp import web

from sandbox.page import names, uploads
from sandbox.page.bridge import Bridge

_STATIC: Final = Path(__file__).parent / "static"
CONTENT_POLICY: Final = (
    "default-src 'self'; connect-src 'self'; img-src 'self' data:; style-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_OWN_PATHS: Final = ("/static/", "/ws")


class Site:
    """Serves the page and its websocket."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def routes(self, app: web.Application) -> None:
        """Mount the page on an app. Its headers are set on the page's own paths only."""
        app.router.add_get("/", self._index)
        app.router.add_get("/ws", self._bridge.handle)
        app.router.add_post(uploads.PATH, uploads.Uploads(self._bridge.world).handle)
        names.routes(app)
        app.router.add_static("/static/", _STATIC)
        app.on_response_prepare.append(_add_headers)
        app.on_shutdown.append(self._close)

    async def _index(self, _: web.Request) -> web.FileResponse:
        return web.FileResponse(_STATIC / "index.html")

    async def _close(self, _: web.Application) -> None:
        await self._bridge.close()


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    if request.path == "/" or request.path.startswith(_OWN_PATHS):
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
