"""How far boards are behind: from a gift's moment in the journal to the edit that shows it."""

import logging
from collections import deque

log = logging.getLogger(__name__)

KEPT = 10_000
EVERY_MS = 60_000


class Behind:
    """Keeps the newest measurements and tells of them in the log, once a minute at most."""

    def __init__(self) -> None:
        self._values: deque[int] = deque(maxlen=KEPT)
        self._told_ms = 0

    def measured(self, behind_ms: int) -> None:
        """Keep one measurement."""
        self._values.append(max(0, behind_ms))

    def tell(self, now_ms: int, *, now: bool = False) -> None:
        """Log what has been measured since the last time, if that is a minute ago, or `now`."""
        if self._values and (now or now_ms - self._told_ms >= EVERY_MS):
            values = sorted(self._values)
            p50, p99 = values[len(values) // 2], values[len(values) * 99 // 100]
            log.info(
                "Boards were behind by p50 %d ms, p99 %d ms, at most %d ms; %d edits", p50, p99, values[-1], len(values)
            )
            self._values.clear()
            self._told_ms = now_ms
