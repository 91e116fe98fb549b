"""A member who is short of coins for a gift, and buys them for it."""

from typing import Any

from bot.domain.ledger.gift import SendGift
from bot.domain.planned_gifts import PlannedGift
from bot.domain.receipts import Receipt
from bot.services import Services
from bot.services.planned_gifts import GiftOutcome
from bot.services.settlements import Settlement
from bot.services.top_ups import TopUp
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.stores import planned_gifts
from tests.services.paying import GUILD, MIA, ORDER, order

KAI, STAFF, CHANNEL = 12, 13, 21
ITEM = 5
"""An item of 49 coins."""


def short_gift(sender_id: int = MIA, **changes: Any) -> SendGift:
    """Return a gift of 49 coins, for somebody who has none."""
    return SendGift(GUILD, "gift", sender_id, KAI, ITEM, 1, CHANNEL, ceiling=49)._replace(**changes)


async def found(services: Services, command: SendGift) -> TopUp:
    """Return what covers a gift."""
    top_up = await services.top_ups.find(command)
    assert top_up is not None
    return top_up


async def plan(services: Services, order_id: int = ORDER, *, sender_id: int = MIA, **changes: Any) -> PlannedGift:
    """Have a member order the package that covers a gift; return the plan."""
    top_up = await found(services, short_gift(sender_id, **changes))
    package = top_up.offer.package
    await order(
        services,
        order_id,
        member_id=sender_id,
        package_id=package.package_id,
        accepted=package.terms,
        provider=top_up.offer.methods[0].provider,
        gift=top_up.gift,
    )
    return top_up.gift


class Ears:
    """What buyers are told."""

    def __init__(self, services: Services) -> None:
        self.news: list[Settlement] = []
        services.orders.on_settled(self.hear)

    async def hear(self, settlement: Settlement) -> None:
        self.news.append(settlement)

    @property
    def gift(self) -> GiftOutcome:
        """What became of the gift of the order that was settled last."""
        outcome = self.news[-1].gift
        assert outcome is not None
        return outcome

    @property
    def receipt(self) -> Receipt:
        """The receipt of that gift."""
        assert self.gift.receipt is not None, self.gift.gift.lapse
        return self.gift.receipt


async def stored_plan(database: Database, order_id: int = ORDER) -> PlannedGift | None:
    return await database.read(_plan_of, order_id)


def _plan_of(connection: Connection, order_id: int) -> PlannedGift | None:
    return planned_gifts.of_order(connection, GUILD, order_id)
