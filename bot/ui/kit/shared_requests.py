"""Asking Discord once for what many want to know at the same time: its limits are for all of us together."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from bot.domain.errors import Busy

MOST_BY_ONE = 3
"""Questions that one member may have open: Discord answers a few a second, and others wait behind them."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Shared(Generic[K, V]):
    """Asks one question for each key. Its answer, or error, serves everybody who asks within `for_s` seconds.

    `ask` asks Discord; `clock` counts seconds.
    """

    def __init__(
        self, ask: Callable[[K], Awaitable[V]], for_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ask = ask
        self._for_s = for_s
        self._clock = clock
        self._questions: dict[K, tuple[asyncio.Future[V], float]] = {}
        self._open: Counter[int] = Counter()

    async def get(self, key: K, asker: int = 0) -> V:
        """Return the answer; raises what `ask` raises, or Busy if `asker`, a member, has too many questions open."""
        self._forget()
        if key not in self._questions:
            if asker and self._open[asker] >= MOST_BY_ONE:
                raise Busy
            question = asyncio.ensure_future(self._ask(key))
            self._questions[key] = question, self._clock()
            if asker:
                self._open[asker] += 1
                question.add_done_callback(lambda _: self._close(asker))
        # The first to ask may be cancelled; the others still want to know.
        return await asyncio.shield(self._questions[key][0])

    def _close(self, asker: int) -> None:
        self._open[asker] -= 1
        if not self._open[asker]:
            del self._open[asker]

    def _forget(self) -> None:
        old = self._clock() - self._for_s
        # An open question stays, however old: a second one would only add to what Discord is slow with.
        for key in [key for key, (question, at) in self._questions.items() if at <= old and question.done()]:
            del self._questions[key]
