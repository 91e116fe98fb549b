"""A guild for the books: two members with money on their minds, two creators, and verbs for what they do."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.grant import Grant
from bot.domain.ledger.order import CreditOrder
from bot.domain.live import LiveEvent
from bot.domain.orders import Contact, Order
from bot.domain.receipts import Receipt
from bot.storage.database import Database
from bot.storage.stores import creators, guilds, orders

GUILD, OTHER_GUILD = 7, 8
CHANNEL, LIVE_CHANNEL = 70, 71
ALICE, BOB, MIA, NOAH, ROB, CAROL = 11, 12, 13, 14, 15, 16
"""Alice, Bob and Carol give, Mia and Noah are creators, Rob is staff."""
PETAL, WARM_HEART, PAPER_CRANE, ROSETTE = 1, 3, 6, 12
"""Items of the default catalogue: 1, 10, 99 and 1,000 coins."""
NOON = 1_770_292_800_000
"""Thursday, 5 February 2026, 12:00 UTC."""
PANEL = Contact("en-US", "token")
"""What a buyer looks at while the payment is decided."""
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now_ms = NOON

    def __call__(self) -> int:
        return self.now_ms


def settle_in(c: Connection, guild_id: int = GUILD) -> None:
    """Open the books of a guild in which Mia and Noah are creators."""
    guilds.ensure(c, guild_id, NOON, packages_archived=False)
    creators.approve(c, guild_id, MIA, ROB, NOON)
    creators.approve(c, guild_id, NOAH, ROB, NOON + 1)


def gift(key: str, **changes: Any) -> SendGift:
    """One warm heart (10 coins) from Alice to Mia."""
    return SendGift(GUILD, key, ALICE, MIA, WARM_HEART, 1, CHANNEL)._replace(**changes)


def grant(key: str, **changes: Any) -> Grant:
    """A hundred coins from Rob for Alice."""
    return Grant(GUILD, key, ROB, ALICE, 100, "welcome")._replace(**changes)


def order(**changes: Any) -> Order:
    """Alice's order of package 2: 350 coins for 4.99 USD."""
    purchase = Order(GUILD, 500, ALICE, 2, 350, 499, "USD", "pretend", test=False, consented_ms=NOON)
    return replace(purchase, **changes)


def credit(purchase: Order) -> CreditOrder:
    """The command that a settled payment of an order becomes."""
    return CreditOrder(purchase.guild_id, purchase.key, purchase.order_id, purchase.member_id, "pay_1")


def event(**changes: Any) -> LiveEvent:
    """Mia's hour, from now on."""
    return replace(LiveEvent(GUILD, 900, LIVE_CHANNEL, MIA, "Friday", 1_000, NOON, NOON + HOUR), **changes)


async def buy(books: Database, purchase: Order) -> Receipt:
    """Order and pay."""
    await books.writer.perform(orders.insert, purchase, PANEL)
    return await books.writer.submit(credit(purchase))
