"""Books with something of everything in them, for tests of what happens to whole databases."""

import asyncio

from bot.storage.database import Database
from bot.storage.stores import live
from tests.storage.town import DAY, GUILD, OTHER_GUILD, Clock, buy, event, gift, grant, order, settle_in

KEPT_DAYS = 30
"""Days from the first rows of these books to the last. To an earlier clock, their leaderboards have run ahead."""


async def keep_books(address: str) -> None:
    """Write the books of two guilds to `address`, and close them."""
    clock = Clock()
    books = await Database.open(address, clock=clock)
    await books.writer.perform(settle_in)
    await books.writer.perform(settle_in, OTHER_GUILD)
    await books.writer.perform(live.insert, event())
    await buy(books, order())
    await books.writer.submit(grant("g", guild_id=OTHER_GUILD))
    # Most on one day, and the rest in the next month, so that leaderboards have a past.
    await asyncio.gather(*(books.writer.submit(gift(f"gift {number}", note="hello")) for number in range(15)))
    clock.now_ms += KEPT_DAYS * DAY
    await asyncio.gather(*(books.writer.submit(gift(f"later gift {number}", note="hello")) for number in range(5)))
    await books.writer.catch_up(GUILD)
    await books.close()
