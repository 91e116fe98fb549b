"""The page's files and headers. There is no build step, and nothing is loaded from other sites.

The page loads 65 files. It asks for them below a name that changes whenever one of them does, so that the browser keeps
them and asks for none of them again.
"""

import hashlib
from pathlib import Path
from typing import Final

from aiohttp import web

from sandbox.page import names, uploads
from sandbox.page.bridge import Bridge

STATIC: Final = Path(__file__).parent / "static"
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
_KEEP: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
_OWN_PATHS: Final = ("/static/", "/ws")


class Site:
    """Serves the page and its websocket."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._version = ""

    def routes(self, app: web.Application) -> None:
        """Mount the page on an app. Its headers are set on the page's own paths only."""
        app.router.add_get("/", self._index)
        app.router.add_get("/ws", self._bridge.handle)
        app.router.add_post(uploads.PATH, uploads.Uploads(self._bridge.world).handle)
        names.routes(app)
        app.router.add_get("/static/{version:[0-9a-f]{16}}/{name:.+}", self._file)
        app.router.add_static("/static/", STATIC)
        app.on_response_prepare.append(_add_headers)
        app.on_shutdown.append(self._close)

    async def _index(self, _: web.Request) -> web.Response:
        self._version = version_of(STATIC)
        text = (STATIC / "index.html").read_text(encoding="utf-8")
        return web.Response(text=text.replace("/static/", f"/static/{self._version}/"), content_type="text/html")

    async def _file(self, request: web.Request) -> web.FileResponse:
        file = (STATIC / request.match_info["name"]).resolve()
        if not file.is_relative_to(STATIC) or not file.is_file():
            raise web.HTTPNotFound
        # A page that was loaded before its files changed gets the new ones, but does not keep them under the old name.
        return web.FileResponse(file, headers=_KEEP if request.match_info["version"] == self._version else None)

    async def _close(self, _: web.Application) -> None:
        await self._bridge.close()


def version_of(folder: Path) -> str:
    """Return a name for the current contents of all files in a folder."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.*")):
        status = file.stat()
        digest.update(f"{file.name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    if request.path == "/" or request.path.startswith(_OWN_PATHS):
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
