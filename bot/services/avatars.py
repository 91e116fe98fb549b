"""Avatars and uploads for pictures: only from Discord's CDN, never large, and never waited for long."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from urllib.parse import urlsplit

import aiohttp

from bot.services.byte_cache import ByteCache
from bot.services.single_flight import SingleFlight

CDN = "https://cdn.discordapp.com"
MOST_BYTES = 512 * 1024
"""The most bytes of one file. An avatar of 128 pixels has a tenth of that."""

MOST_UPLOADED = 8 * 1024 * 1024
"""The most bytes of a file that staff upload. A phone's photo has half of that."""

_HOSTS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
_TYPES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
_TIMEOUT = aiohttp.ClientTimeout(total=2)
_UPLOAD_TIMEOUT = aiohttp.ClientTimeout(total=20)
_CONCURRENT = 8
_CACHE_BYTES = 8 * 1024 * 1024
# A file that could not be fetched is not asked for again during this time.
_MISSING_MS = 5 * 60_000
_MOST_MISSING = 1_000


class Avatars:
    """Fetches and caches avatars by URL. A cached file never goes stale: Discord's URLs contain the file's hash.

    `clock` gives milliseconds. `cdn` is Discord's CDN, or a stand-in with the same paths.
    """

    def __init__(self, clock: Callable[[], int], *, cdn: str = CDN, cache_bytes: int = _CACHE_BYTES) -> None:
        self._clock = clock
        self._cdn = cdn.rstrip("/")
        self._cache: ByteCache[str] = ByteCache(cache_bytes)
        self._missing: OrderedDict[str, int] = OrderedDict()
        self._fetching: SingleFlight[str, bytes | None] = SingleFlight()
        self._slots = asyncio.Semaphore(_CONCURRENT)
        self._session: aiohttp.ClientSession | None = None

    async def fetch_all(self, urls: Sequence[str | None]) -> list[bytes | None]:
        """Return the files in the order of the URLs, None if there is no URL or no file."""
        return list(await asyncio.gather(*(self.fetch(url) for url in urls)))

    async def fetch(self, url: str | None) -> bytes | None:
        """Return the file at a URL of Discord's CDN; None for any other URL, or if it takes longer than two seconds."""
        path = _path_of(url) if url else None
        if path is None:
            return None
        if (cached := self._cache.get(path)) is not None:
            return cached
        if self._clock() < self._missing.get(path, 0):
            return None
        return await self._fetching.run(path, lambda: self._fetch(path))

    async def upload(self, url: str) -> bytes | None:
        """Return an uploaded file of up to MOST_UPLOADED bytes, None if it is larger or cannot be fetched now."""
        path = _path_of(url)
        if path is None:
            return None
        try:
            async with self._slots:
                return await self._read(path, MOST_UPLOADED, timeout=_UPLOAD_TIMEOUT)
        except (aiohttp.ClientError, OSError, ValueError):
            return None

    async def close(self) -> None:
        """Cancel what is being fetched, and close the connections."""
        await self._fetching.close(cancel=True)
        if self._session is not None:
            await self._session.close()

    async def _fetch(self, path: str) -> bytes | None:
        try:
            async with self._slots:
                image = await self._read(path, MOST_BYTES, _TYPES)
        except (aiohttp.ClientError, OSError, ValueError):
            image = None
        except asyncio.CancelledError:
            return None  # `close` cancels
        if image is None:
            self._note_missing(path)
        else:
            self._cache.keep(path, image)
        return image

    async def _read(
        self, path: str, most_bytes: int, types: Collection[str] = (), timeout: aiohttp.ClientTimeout = _TIMEOUT
    ) -> bytes | None:
        """Return a file of at most `most_bytes`, and of one of `types` if there are any."""
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        # A redirect could lead away from the CDN.
        async with self._session.get(f"{self._cdn}{path}", allow_redirects=False, timeout=timeout) as response:
            if response.status != 200 or (types and response.content_type not in types):
                return None
            # The header may lie about the length, so the bytes are counted.
            image = bytearray()
            async for part in response.content.iter_any():
                image += part
                if len(image) > most_bytes:
                    return None
            return bytes(image)

    def _note_missing(self, path: str) -> None:
        self._missing[path] = self._clock() + _MISSING_MS
        self._missing.move_to_end(path)
        if len(self._missing) > _MOST_MISSING:
            self._missing.popitem(last=False)


def _path_of(url: str) -> str | None:
    """Return path and query of an https URL of Discord's CDN, None for any other."""
    try:
        parts = urlsplit(url)
        is_cdn = parts.netloc in _HOSTS and parts.scheme == "https"
    except ValueError:
        return None
    # Discord's default avatars all look alike. The initial that is drawn instead tells people apart.
    if not is_cdn or not parts.path.startswith("/") or parts.path.startswith("/embed/"):
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
