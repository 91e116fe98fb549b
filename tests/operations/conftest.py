"""Books on disk, and the command line that an operator has."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.storage import live, migrate
from bot.storage.database import Database
from bot.storage.engine import database_url
from tests.stage import ROOT
from tests.storage.town import OTHER_GUILD, Clock, buy, event, gift, grant, order, settle_in

Run = Callable[..., subprocess.CompletedProcess[str]]


def address_of(file: Path) -> str:
    """Return the address of a SQLite file, as DATABASE_URL has it."""
    return f"sqlite+aiosqlite:///{file}"


async def keep_books(address: str) -> None:
    """Write books of two guilds with something of everything in them."""
    books = await Database.open(address, clock=Clock())
    await books.writer.perform(settle_in)
    await books.writer.perform(settle_in, OTHER_GUILD)
    await books.writer.perform(live.insert, event())
    await buy(books, order())
    await books.writer.submit(grant("g", guild_id=OTHER_GUILD))
    await asyncio.gather(*(books.writer.submit(gift(f"gift {number}", note="hello")) for number in range(20)))
    await books.close()


@pytest.fixture
async def kept(tmp_path: Path) -> Path:
    """A file with books, closed."""
    file = tmp_path / "books.db"
    migrate.upgrade(database_url(f"sqlite:///{file}"))
    await keep_books(f"sqlite:///{file}")
    return file


@pytest.fixture
def run() -> Run:
    """Run `python -m bot` on a database to its end."""

    def run(address: str | Path, *arguments: object) -> subprocess.CompletedProcess[str]:
        url = address_of(address) if isinstance(address, Path) else address
        return subprocess.run(
            [sys.executable, "-m", "bot", *map(str, arguments)],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "DISCORD_TOKEN": "a.b.c", "DATABASE_URL": url},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run
