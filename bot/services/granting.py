"""The services with which staff give promo coins, beside single grants."""

from collections.abc import Callable
from typing import NamedTuple

from bot.services.grant_limits import StaffLimits
from bot.services.grant_requests import GrantRequests
from bot.storage.database import Database


class Granting(NamedTuple):
    """What limits grants, and what takes more than one step."""

    limits: StaffLimits
    requests: GrantRequests

    @classmethod
    def over(cls, database: Database, clock: Callable[[], int]) -> "Granting":
        """Return the services over an open database."""
        return cls(StaffLimits(database, clock), GrantRequests(database, clock))
