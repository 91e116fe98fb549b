"""The services of perks: for members, for managers, and for those who give shout-outs."""

from collections.abc import Callable
from typing import NamedTuple

from bot.services.perk_catalogue import PerkCatalogue
from bot.services.perk_panels import PerkPanels
from bot.services.perk_tickets import PerkTickets
from bot.services.perks import Perks
from bot.storage.database import Database


class PerkRoom(NamedTuple):
    """What members unlock, and what managers offer, and the shout-outs that wait."""

    shop: Perks
    catalogue: PerkCatalogue
    tickets: PerkTickets
    panels: PerkPanels

    @classmethod
    def over(
        cls, database: Database, clock: Callable[[], int], expect_notice: Callable[[int, int], None]
    ) -> "PerkRoom":
        """Return the services over an open database. They call `expect_notice` with whom they have news for."""
        return cls(
            Perks(database, clock, expect_notice),
            PerkCatalogue(database, clock),
            PerkTickets(database, clock, expect_notice),
            PerkPanels(database, clock),
        )
