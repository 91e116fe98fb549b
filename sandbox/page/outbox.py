"""What waits to be sent to one page. In a storm only the newest form of a message is sent, ten times a second."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from itertools import count
from typing import Final

import orjson
from aiohttp import ClientConnectionError, web

Event = dict[str, object]

REST_SECONDS: Final = 0.1
"""Between two batches: a page that takes every change of a storm takes the processor from the bot."""


class Outbox:
    """Collects events and sends them in order; an event with the key of a waiting one takes its place.

    `sleep` waits for seconds between two batches.
    """

    def __init__(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._sleep = sleep
        self._queue: dict[Hashable, Event | Callable[[], Event]] = {}
        self._serial = count()
        self._ready = asyncio.Event()

    def put(self, event: Event | Callable[[], Event], *, key: Hashable | None = None) -> None:
        """Queue an event, or what makes it when it is sent; `key` names what it is about, such as ("message", id)."""
        self._queue[key if key is not None else next(self._serial)] = event
        self._ready.set()

    def clear(self) -> None:
        """Forget what waits, because a whole new state follows."""
        self._queue.clear()

    async def drain(self, socket: web.WebSocketResponse) -> None:
        """Send until the page is gone."""
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
