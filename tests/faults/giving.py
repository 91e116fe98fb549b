"""Gifts for a storm, and books that can pay for them."""

from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.grant import Grant
from bot.storage.database import Database
from bot.storage.stores import orders
from tests.storage.town import ALICE, BOB, GUILD, MIA, PANEL, PETAL, ROB, Clock, order, settle_in

COINS = 1_000_000
"""Coins of each giver."""


async def endow(address: str) -> None:
    """Open books in which Alice and Bob can pay for a storm, and an order waits for its payment; close them."""
    books = await Database.open(address, clock=Clock())
    await books.writer.perform(settle_in)
    for member in (ALICE, BOB):
        await books.writer.submit(Grant(GUILD, f"grant:{member}", ROB, member, COINS, "for the storm"))
    await books.writer.perform(orders.insert, order(), PANEL)
    await books.close()


def gifts(count: int, name: str = "gift") -> list[SendGift]:
    """Return Petals from Alice to Mia, each with its own message."""
    return [
        SendGift(GUILD, f"{name}:{number}", ALICE, MIA, PETAL, 1, 0, note=f"{name} {number}") for number in range(count)
    ]
