"""Knows how much is under way, and whether one more answer would still come within Discord's three seconds.

When a machine is overloaded, answers do not become fewer but later, until all of them are too late: charged, and never
seen. So work whose answer would be late is refused while there is still time to say so.
"""

from collections.abc import Callable
from typing import Final

IN_TIME_S: Final = 1.5
"""Seconds after the press by which an answer has to be on its way. The rest is for the network, and for refusals."""
FEW: Final = 256
"""This many answers under way are never too many: every machine that we measured acknowledges them in time."""
WINDOW_S: Final = 0.25
"""Over how long answers are counted."""
FIRST_GUESS: Final = 200.0
"""Answers a second that are assumed of a machine until it has been busy for the first time."""


class Workload:
    """Predicts by Little's law: the wait is what is under way, divided by what is finished a second.

    It is a context for each answer, which counts as under way inside. `clock` counts seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._under_way = 0
        self._finished = 0
        self._rate = FIRST_GUESS
        self._began = clock()
        self._began_busy = False

    def has_room(self, age_s: float) -> bool:
        """Whether an answer to what was pressed `age_s` seconds ago would be in time, if it was begun now."""
        self._count()
        return self._under_way < FEW or age_s + self._under_way / self._rate < IN_TIME_S

    def __enter__(self) -> None:
        self._under_way += 1

    def __exit__(self, *_: object) -> None:
        self._under_way -= 1
        self._finished += 1
        self._count()

    def _count(self) -> None:
        now = self._clock()
        if now - self._began < WINDOW_S:
            return
        is_busy = self._under_way >= FEW // 2
        # An idle stretch tells how much was asked for, not how much can be done.
        if self._began_busy and is_busy:
            self._rate = max(1.0, self._finished / (now - self._began))
        self._began, self._began_busy, self._finished = now, is_busy, 0
