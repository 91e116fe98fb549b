"""Whether gifts could be sent and booked now, and a line in the log whenever that changes."""

import logging
from collections.abc import Callable, Sequence

log = logging.getLogger(__name__)

CHECK_EVERY_S = 1.0


class Health:
    """Asks each of `sources`, which returns the trouble that it knows of, or None.

    Trouble from before anything has started is expected, and not logged. `degraded` names what works only partly, which
    is no trouble: gifts are booked all the same.
    """

    def __init__(self, *sources: Callable[[], str | None], degraded: Callable[[], Sequence[str]] = lambda: ()) -> None:
        self._sources = sources
        self.degraded = degraded
        self._trouble = self._initial_trouble = self._look()

    def is_healthy(self) -> bool:
        """Whether all is well now. The reason only goes to the log, because anybody may ask."""
        trouble = self._look()
        if trouble != self._trouble:
            if trouble is not None:
                log.error("Gifts cannot be booked, so /healthz answers 503: %s", trouble)
            elif self._trouble != self._initial_trouble:
                log.info("Gifts can be booked again: /healthz answers 200")
            self._trouble = trouble
        return trouble is None

    async def check(self) -> None:
        """Look for changes while nobody asks, so that they are logged in time."""
        self.is_healthy()

    def _look(self) -> str | None:
        return next((trouble for source in self._sources if (trouble := source()) is not None), None)
