"""How far boards lag behind: from a gift's time in the journal to the edit that shows it."""

import logging
from collections import deque
from collections.abc import Sequence

from bot.domain.combos import EventGift

log = logging.getLogger(__name__)

MOST_VALUES = 10_000
EVERY_MS = 60_000


class Unshown:
    """Since when a gift has been waiting to be shown on one board.

    Gifts from before this process first showed the board count from when they were read, because the time between two
    processes says nothing about boards. Gifts that are only reread, for instance for a new goal, do not wait.
    """

    def __init__(self) -> None:
        self.since_ms: int | None = None
        self._shown_seq: int | None = None

    def read(self, gifts: Sequence[EventGift], now_ms: int) -> None:
        """Note that `gifts` have been read."""
        if self.since_ms is not None:
            return
        if self._shown_seq is None:
            self.since_ms = now_ms if gifts else None
            return
        seq = self._shown_seq
        self.since_ms = next((gift.at_ms for gift in gifts if gift.seq > seq), None)

    def show(self, seq: int, now_ms: int) -> int | None:
        """Note that the board shows all gifts up to `seq`; return how many milliseconds the oldest new one waited."""
        since_ms, self.since_ms, self._shown_seq = self.since_ms, None, seq
        return None if since_ms is None else max(0, now_ms - since_ms)


class LagMeter:
    """Keeps the newest measurements, and logs them once a minute at most."""

    def __init__(self) -> None:
        self._values: deque[int] = deque(maxlen=MOST_VALUES)
        self._reported_ms = 0

    def note(self, lag_ms: int | None) -> None:
        """Keep one measurement. None says that there was nothing to measure."""
        if lag_ms is not None:
            self._values.append(lag_ms)

    def report(self, now_ms: int, *, at_once: bool = False) -> None:
        """Log what was measured since the last report, if anything was and that is a minute ago, or `at_once`."""
        if not self._values or not (at_once or now_ms - self._reported_ms >= EVERY_MS):
            return
        values = sorted(self._values)
        p50, p99 = values[len(values) // 2], values[len(values) * 99 // 100]
        edits = "1 edit" if len(values) == 1 else f"{len(values):,} edits"
        log.info(
            "Live boards showed gifts after %d ms (p50), %d ms (p99), %d ms at most, in %s", p50, p99, values[-1], edits
        )
        self._values.clear()
        self._reported_ms = now_ms
