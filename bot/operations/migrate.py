"""`python -m bot migrate`: bring the database up to date, and stop."""

import asyncio
import time

from bot.exits import Exit
from bot.storage.database import Database


def migrate(url: str) -> Exit:
    """Open the books, which migrates them, and close them. Raises StorageError."""

    async def open_and_close() -> None:
        database = await Database.open(url, clock=lambda: time.time_ns() // 1_000_000)
        await database.close()

    asyncio.run(open_and_close())
    return Exit.DONE
