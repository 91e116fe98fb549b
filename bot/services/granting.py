"""The services with which staff give promo coins, besides single grants."""

from collections.abc import Callable
from typing import NamedTuple

from bot.services.grant_batches import GrantBatches
from bot.services.grant_limits import StaffLimits
from bot.services.grant_requests import GrantRequests
from bot.services.offers import Offers
from bot.storage.database import Database


class Granting(NamedTuple):
    """What limits grants, and what takes more than one step."""

    limits: StaffLimits
    requests: GrantRequests
    batches: GrantBatches
    offers: Offers

    @classmethod
    def over(
        cls, database: Database, clock: Callable[[], int], expect_notice: Callable[[int, int], None]
    ) -> "Granting":
        """Return the services over an open database. They call `expect_notice` with the members to whom they give
        coins."""
        return cls(
            StaffLimits(database, clock),
            GrantRequests(database, clock),
            GrantBatches(database, clock, expect_notice),
            Offers(database, clock),
        )
