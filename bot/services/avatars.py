"""Avatars from Discord's CDN, for pictures: from nowhere else, never large, and never waited for long."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

import aiohttp

CDN = "https://cdn.discordapp.com"
MOST_BYTES = 512 * 1024
"""Of one file; an avatar of 128 pixels is a tenth of it."""

_HOSTS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
_TYPES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
_TIMEOUT = aiohttp.ClientTimeout(total=2)
_AT_ONCE = 8
_KEPT_BYTES = 8 * 1024 * 1024
_MISSING_MS = 5 * 60_000
_MOST_MISSING = 1_000


class Avatars:
    """Fetches avatars by their URL and keeps them: a URL of Discord's has the file's hash in it, and never changes.

    `clock` gives milliseconds. `cdn` is where the files are fetched: Discord's CDN, or a stand-in with the same paths.
    """

    def __init__(self, clock: Callable[[], int], *, cdn: str = CDN, kept_bytes: int = _KEPT_BYTES) -> None:
        self._clock = clock
        self._cdn = cdn.rstrip("/")
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._room = kept_bytes
        self._missing: OrderedDict[str, int] = OrderedDict()
        self._fetching: dict[str, asyncio.Task[bytes | None]] = {}
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._session: aiohttp.ClientSession | None = None

    async def fetch_all(self, urls: Sequence[str | None]) -> list[bytes | None]:
        """Return the files in the order of the URLs, None for those that are not to be had or not asked for."""
        return list(await asyncio.gather(*(self.fetch(url) for url in urls)))

    async def fetch(self, url: str | None) -> bytes | None:
        """Return the file at a URL of Discord's CDN; None if it is none, or cannot be had within two seconds."""
        path = _path_of(url) if url else None
        if path is None:
            return None
        if (found := self._kept.get(path)) is not None:
            self._kept.move_to_end(path)
            return found
        if self._clock() < self._missing.get(path, 0):
            return None
        if path not in self._fetching:
            self._fetching[path] = asyncio.create_task(self._fetched(path), name="avatar")
        # A caller who gives up must not take the file from the others.
        return await asyncio.shield(self._fetching[path])

    async def close(self) -> None:
        """Give up what is being fetched, and close the connections."""
        for task in list(self._fetching.values()):
            task.cancel()
        await asyncio.gather(*self._fetching.values(), return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def _fetched(self, path: str) -> bytes | None:
        try:
            async with self._turns:
                found = await self._read(path)
        except (aiohttp.ClientError, OSError, ValueError):
            found = None
        except asyncio.CancelledError:
            return None  # `close` gives up
        finally:
            del self._fetching[path]
        if found is None:
            self._miss(path)
        else:
            self._keep(path, found)
        return found

    async def _read(self, path: str) -> bytes | None:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=_TIMEOUT, cookie_jar=aiohttp.DummyCookieJar())
        async with self._session.get(f"{self._cdn}{path}", allow_redirects=False) as response:
            if response.status != 200 or response.content_type not in _TYPES:
                return None
            data = bytearray()
            async for part in response.content.iter_any():
                data += part
                if len(data) > MOST_BYTES:
                    return None
            return bytes(data)

    def _keep(self, path: str, data: bytes) -> None:
        self._kept[path] = data
        self._room -= len(data)
        while self._room < 0:
            _, dropped = self._kept.popitem(last=False)
            self._room += len(dropped)

    def _miss(self, path: str) -> None:
        self._missing[path] = self._clock() + _MISSING_MS
        self._missing.move_to_end(path)
        if len(self._missing) > _MOST_MISSING:
            self._missing.popitem(last=False)


def _path_of(url: str) -> str | None:
    """Return path and query of a URL that leads to Discord's CDN over TLS, None for any other."""
    try:
        parts = urlsplit(url)
        plain = parts.netloc in _HOSTS and parts.scheme == "https"
    except ValueError:
        return None
    # Discord's own default faces look all alike: a drawn initial tells people apart.
    if not plain or not parts.path.startswith("/") or parts.path.startswith("/embed/"):
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
