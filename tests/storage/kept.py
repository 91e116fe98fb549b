"""Books with something of everything in them, for tests of what happens to whole databases."""

import asyncio

from bot.storage.database import Database
from bot.storage.stores import live
from tests.storage.town import GUILD, OTHER_GUILD, Clock, buy, event, gift, grant, order, settle_in


async def keep_books(address: str) -> None:
    """Write the books of two guilds to `address`, and close them."""
    books = await Database.open(address, clock=Clock())
    await books.writer.perform(settle_in)
    await books.writer.perform(settle_in, OTHER_GUILD)
    await books.writer.perform(live.insert, event())
    await buy(books, order())
    await books.writer.submit(grant("g", guild_id=OTHER_GUILD))
    await asyncio.gather(*(books.writer.submit(gift(f"gift {number}", note="hello")) for number in range(20)))
    await books.writer.catch_up(GUILD)
    await books.close()
