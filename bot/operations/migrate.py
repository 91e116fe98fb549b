"""`python -m bot migrate`: bring the database up to date, and stop."""

import asyncio
from pathlib import Path

from bot.clock import wall_ms
from bot.exit_codes import Exit
from bot.storage.database import Database


def migrate(url: str, dumps: Path | None) -> Exit:
    """Migrate the books by opening and closing them. No backup is made if `dumps` is None. Raises StorageError."""

    async def open_and_close() -> None:
        database = await Database.open(url, clock=wall_ms, dumps=dumps)
        await database.close()

    asyncio.run(open_and_close())
    return Exit.DONE
