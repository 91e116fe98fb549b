"""The files of overlays: their pages, and the pictures on them. Nothing here needs a secret."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from aiohttp import web

from bot.web.overlay.art import Art
from bot.web.overlay.people import People

FOLDER: Final = Path(__file__).parent / "static"

HEADERS: Final = {
    # The box for CSS in streaming programs adds a style to the page, so 'unsafe-inline'.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "media-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_TYPES: Final = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ogg": "audio/ogg",
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".woff2": "font/woff2",
}
_TEXTS: Final = frozenset({".html", ".js", ".css", ".json", ".svg"})
_FOREVER: Final = "public, max-age=31536000, immutable"
_ASK_FIRST: Final = "no-cache"


class StaticFile(NamedTuple):
    """A file as it is served."""

    content: bytes
    etag: str
    suffix: str


def files_in(folder: Path) -> dict[str, StaticFile]:
    """Return the files of a folder that browsers may have, by their paths in it."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix in _TYPES)
    return {path.relative_to(folder).as_posix(): _file(path) for path in paths}


def version_of(files: Mapping[str, StaticFile]) -> str:
    """Return what names all of these files together."""
    return hashlib.sha256(repr([(name, file.etag) for name, file in files.items()]).encode()).hexdigest()[:12]


class Pages:
    """Serves `files`. They are in memory: there are few, and none changes while the bot runs."""

    def __init__(self, files: Mapping[str, StaticFile], people: People, art: Art) -> None:
        self._files = files
        self._people = people
        self._art = art
        self.version = version_of(files)

    async def overlay(self, request: web.Request) -> web.Response:
        """Serve the page that shows gifts."""
        return self._serve(request, "overlay.html")

    async def control(self, request: web.Request) -> web.Response:
        """Serve the page with the controls."""
        return self._serve(request, "control.html")

    async def static(self, request: web.Request) -> web.Response:
        """Serve one of the files of these pages."""
        return self._serve(request, request.match_info["name"])

    async def art(self, request: web.Request) -> web.Response:
        """Serve the picture of a gift."""
        return _picture(await self._art.picture(request.match_info["name"]))

    async def face(self, request: web.Request) -> web.Response:
        """Serve somebody's avatar."""
        return _picture(await self._people.face(request.match_info["name"]))

    def _serve(self, request: web.Request, name: str) -> web.Response:
        file = self._files.get(name)
        if file is None:
            return web.Response(status=404, text="not found", headers=HEADERS)
        headers = HEADERS | {"ETag": f'"{file.etag}"', "Cache-Control": _ASK_FIRST}
        if any(tag.value in {file.etag, "*"} for tag in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        charset = "utf-8" if file.suffix in _TEXTS else None
        return web.Response(body=file.content, content_type=_TYPES[file.suffix], charset=charset, headers=headers)


def _file(path: Path) -> StaticFile:
    content = path.read_bytes()
    return StaticFile(content, hashlib.sha256(content).hexdigest()[:24], path.suffix)


def _picture(png: bytes | None) -> web.Response:
    if png is None:
        # It may be there in a moment: it is being drawn, or fetched.
        return web.Response(status=404, text="not found", headers=HEADERS | {"Cache-Control": "no-store"})
    return web.Response(body=png, content_type="image/png", headers=HEADERS | {"Cache-Control": _FOREVER})
