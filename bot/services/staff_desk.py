"""The services with which staff see what happened, and who did it."""

from collections.abc import Callable
from typing import NamedTuple, Self

from bot.services.declines import Declines
from bot.services.lookups import Lookups
from bot.services.reversals import Reversals
from bot.services.staff_log import StaffLogs
from bot.storage.database import Database


class StaffDesk(NamedTuple):
    """The services of the desk."""

    logs: StaffLogs
    lookups: Lookups
    declines: Declines

    @classmethod
    def over(
        cls,
        database: Database,
        estimate: Callable[[], int],
        reversals: Reversals,
        expect_notice: Callable[[int, int], None],
    ) -> Self:
        """Return them over an open database. `estimate` gives milliseconds since the epoch, UTC, and never raises."""
        return cls(
            StaffLogs(database.follower_books, estimate),
            Lookups(database, estimate),
            Declines(database, estimate, reversals, expect_notice),
        )
