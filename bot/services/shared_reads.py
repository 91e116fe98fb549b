"""Reading the books once for many keys: after a start, the same question is asked about every guild."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from typing import Generic, TypeVar

from bot.unhurried import hurried

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class SharedReads(Generic[K, V]):
    """Answers a question about each key. Keys that are asked about during one read share the next one.

    `read` returns the answers for many keys, and leaves out keys that have none. Every answer was read after it was
    asked for.
    """

    def __init__(self, read: Callable[[Collection[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._read = read
        self._waiting: dict[K, asyncio.Future[V | None]] = {}
        self._reading: asyncio.Task[None] | None = None

    async def get(self, key: K) -> V | None:
        """Return the answer, None if there is none. Raises what `read` raises."""
        answer = self._waiting.get(key)
        if answer is None:
            answer = self._waiting[key] = asyncio.get_running_loop().create_future()
        if self._reading is None or self._reading.done():
            # A member may ask later and share a read that an unhurried task has started.
            with hurried():
                self._reading = asyncio.create_task(self._read_on())
        # Cancelling one caller must not cancel what others wait for.
        return await asyncio.shield(answer)

    async def _read_on(self) -> None:
        while self._waiting:
            waiting, self._waiting = self._waiting, {}
            try:
                answers = await self._read(waiting.keys())
            except Exception as error:  # noqa: BLE001 - the callers get it
                for answer in waiting.values():
                    answer.set_exception(error)
                    # If all who asked have gone, asyncio would report an exception that nobody took.
                    answer.exception()
            else:
                for key, answer in waiting.items():
                    answer.set_result(answers.get(key))
