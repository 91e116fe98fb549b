"""The overlay's part of the web server: its addresses, and what answers there."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from bot.services.overlays import Overlays
from bot.web.overlay.hub import Hub
from bot.web.overlay.pages import FOLDER, Pages, files_in
from bot.web.overlay.visit import Visits

SOCKET: Final = "/overlay/ws"
"""Where connections stay open for as long as a page does."""


class OverlayPart:
    """Everything under `/overlay`. `is_here` tells, by guild and member, whether somebody is still in the guild.

    `clock` counts seconds.
    """

    def __init__(
        self,
        hub: Hub,
        overlays: Overlays,
        is_here: Callable[[int, int], Awaitable[bool]],
        clock: Callable[[], float],
    ) -> None:
        self.hub = hub
        self._overlays = overlays
        self._is_here = is_here
        self._clock = clock
        overlays.count_sources = hub.count

    def add_to(self, router: web.UrlDispatcher, settle: Callable[[asyncio.BaseTransport | None], bool]) -> None:
        """Answer under `/overlay`. `settle` says whether the connection of a page may stay."""
        pages = Pages(files_in(FOLDER), self.hub.people, self.hub.art)
        visits = Visits(self.hub, self._overlays, pages.version, self._is_here, settle, self._clock)
        router.add_get("/overlay", pages.overlay)
        router.add_get("/overlay/control", pages.control)
        router.add_get(r"/overlay/static/{name:[\w./-]+}", pages.static)
        router.add_get(r"/overlay/art/{name:[\w.-]+}", pages.art)
        router.add_get(r"/overlay/face/{name:[\w.-]+}", pages.face)
        router.add_get(SOCKET, visits.serve)
