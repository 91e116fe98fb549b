"""One timer for all waits of the same length, which nearly always end before they are over.

A timer of the event loop for each costs a heap of its own, which compares them in Python: two of them for each answer
took a thirtieth of what a gift costs.
"""

import asyncio
from collections.abc import Callable
from itertools import count


class SharedTimer:
    """Calls back where something is not stopped within `delay_s` seconds. For one event loop."""

    def __init__(self, delay_s: float) -> None:
        self.delay_s = delay_s
        self._numbers = count()
        self._waits: dict[int, tuple[float, Callable[[], object]]] = {}
        """When each wait is over, by the event loop's clock, and whom to call then: the earliest first."""
        self._timer: asyncio.TimerHandle | None = None

    def start(self, call: Callable[[], object]) -> int:
        """Begin a wait, after which `call` is called, and return its number."""
        loop, number = asyncio.get_running_loop(), next(self._numbers)
        due_s = loop.time() + self.delay_s
        self._waits[number] = due_s, call
        if self._timer is None:
            self._timer = loop.call_at(due_s, self._look)
        return number

    def stop(self, number: int) -> None:
        """End a wait, unless its call was made already: from now on there is none."""
        self._waits.pop(number, None)

    def _look(self) -> None:
        loop, self._timer = asyncio.get_running_loop(), None
        now_s = loop.time()
        for number, (due_s, _) in [*self._waits.items()]:
            if due_s > now_s:
                self._timer = loop.call_at(due_s, self._look)
                return
            # Not from here: a call that fails must not keep the others waiting.
            loop.call_soon(self._end, number)

    def _end(self, number: int) -> None:
        # A stopped wait is never called, even if its time was up just before.
        wait = self._waits.pop(number, None)
        if wait is not None:
            _, call = wait
            call()
