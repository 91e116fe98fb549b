"""Whether gifts could be sent and booked now, and a line in the log whenever that changes."""

import logging
from collections.abc import Callable

log = logging.getLogger(__name__)

CHECK_EVERY_S = 1.0


class Health:
    """Asks `sources`, each of which returns why not, or None if all is well there.

    What is wrong at first, before anything has started, is no news.
    """

    def __init__(self, *sources: Callable[[], str | None]) -> None:
        self._sources = sources
        self._trouble = self._unsaid = self._look()

    def is_healthy(self) -> bool:
        """Whether all is well now. The reason stays in the log: whoever may ask need not be ours."""
        trouble = self._look()
        if trouble != self._trouble:
            if trouble is not None:
                log.error("No gift can be booked, so /healthz answers 503: %s", trouble)
            elif self._trouble != self._unsaid:
                log.info("Gifts can be booked again: /healthz answers 200")
            self._trouble = trouble
        return trouble is None

    async def check(self) -> None:
        """Look, for the log, also while nobody asks."""
        self.is_healthy()

    def _look(self) -> str | None:
        return next((trouble for source in self._sources if (trouble := source()) is not None), None)
