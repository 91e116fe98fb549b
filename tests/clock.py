"""A clock that tests turn: its sleepers wake in order, and no real time passes."""

import asyncio
import heapq
import itertools
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_SETTLED = 20
"""Rounds of the event loop after which all tasks are taken to be waiting for the clock."""


class Clock:
    """Counts seconds from 0. Pass it as a clock, and `sleep` wherever something waits."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock has been turned by this many seconds."""
        wake_up = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, next(self._numbers), wake_up))
        await wake_up

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Turn the clock as far as `work` needs, and return its result."""
        task = asyncio.ensure_future(work)
        while True:
            for _round in range(_SETTLED):
                await asyncio.sleep(0)
            if task.done():
                return task.result()
            assert self._sleepers, "waits for something that the clock does not bring"
            due_s, _number, wake_up = heapq.heappop(self._sleepers)
            if not wake_up.done():
                self.now = max(self.now, due_s)
                wake_up.set_result(None)
