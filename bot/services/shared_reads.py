"""Reading the books once for all who ask at the same time: after a start, every guild has the same questions."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from typing import Generic, TypeVar

from bot.unhurried import hurried

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class SharedReads(Generic[K, V]):
    """Answers a question about each key. Keys that come while one read is on its way share the next.

    `read` returns the answers of many keys, nothing for those that have none. Whoever asks gets an answer that was read
    after they asked.
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
            # Members may wait for a read that was begun where nobody waits.
            with hurried():
                self._reading = asyncio.create_task(self._read_on())
        # A caller who is cancelled must not cancel what others wait for.
        return await asyncio.shield(answer)

    async def _read_on(self) -> None:
        while self._waiting:
            waiting, self._waiting = self._waiting, {}
            try:
                answers = await self._read(waiting.keys())
            except Exception as error:  # noqa: BLE001 - it is theirs who asked
                for answer in waiting.values():
                    answer.set_exception(error)
            else:
                for key, answer in waiting.items():
                    answer.set_result(answers.get(key))
