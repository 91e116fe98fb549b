"""Whether another process answers for this bot: one that takes over, or one that somebody forgot to stop.

Discord sends everything to every process. Then our books do not tell the whole story of a request: the other process
may be working on it at this moment, or may have books of its own.
"""

import logging
from collections.abc import Callable

log = logging.getLogger(__name__)

REMEMBERED_S = 600.0


class Instances:
    """Remembers for ten minutes that an interaction was answered by somebody else. `clock` counts seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._until = float("-inf")

    @property
    def is_alone(self) -> bool:
        """Whether no other process has answered for this bot lately."""
        return self._clock() >= self._until

    def notice(self) -> None:
        """Note that another process has answered; operators read it once."""
        if self.is_alone:
            log.warning(
                "Another process also answers for this bot. Stop one of them, unless one is just taking over from "
                "the other."
            )
        self._until = self._clock() + REMEMBERED_S
