"""The queue of events for one page. In a storm only the newest state of a message is sent, ten times a second."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from itertools import count
from typing import Final

import orjson
from aiohttp import ClientConnectionError, web

Event = dict[str, object]

REST_SECONDS: Final = 0.1
"""The pause between two batches. A page that draws every change of a storm would take CPU time from the bot."""


class Outbox:
    """Collects events and sends them in order. An event replaces a queued one with the same key.

    `sleep` takes seconds and pauses between two batches.
    """

    def __init__(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._sleep = sleep
        self._queue: dict[Hashable, Event | Callable[[], Event]] = {}
        self._serial = count()
        self._ready = asyncio.Event()

    def put(self, event: Event | Callable[[], Event], *, key: Hashable | None = None) -> None:
        """Queue an event, or a function that builds it on sending. `key` says what it is about: ("message", id)."""
        self._queue[key if key is not None else next(self._serial)] = event
        self._ready.set()

    def clear(self) -> None:
        """Drop all queued events, because a complete state follows."""
        self._queue.clear()

    async def drain(self, socket: web.WebSocketResponse) -> None:
        """Send queued events until the page disconnects."""
        try:
            while not socket.closed:
                await self._ready.wait()
                self._ready.clear()
                batch, self._queue = self._queue, {}
                for entry in batch.values():
                    event = entry() if callable(entry) else entry
                    await socket.send_str(orjson.dumps(event).decode())
                await self._sleep(REST_SECONDS)
        except ClientConnectionError:
            return
