"""How late the event loop is: this makes every answer late, and no other figure shows it."""

import asyncio

EVERY_S = 0.25
"""Seconds between two looks. What blocks the loop for less is seen only by chance."""
WINDOW_S = 30.0
"""The worst lag is remembered for at least this long, and at most twice as long, so that every scrape sees it."""


class LoopLag:
    """Asks the running event loop to be woken at a time, and notes how much later that happens."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._began_s = self._loop.time()
        self._worst_s, self._worst_before_s = 0.0, 0.0
        self._timer = self._loop.call_at(self._began_s + EVERY_S, self._look, self._began_s + EVERY_S)

    @property
    def worst_s(self) -> float:
        """The longest lag of the last window, in seconds."""
        return max(self._worst_s, self._worst_before_s)

    def stop(self) -> None:
        """Stop looking."""
        self._timer.cancel()

    def _look(self, due_s: float) -> None:
        now_s = self._loop.time()
        if now_s - self._began_s >= WINDOW_S:
            self._began_s, self._worst_before_s, self._worst_s = now_s, self._worst_s, 0.0
        self._worst_s = max(self._worst_s, now_s - due_s)
        self._timer = self._loop.call_at(now_s + EVERY_S, self._look, now_s + EVERY_S)
