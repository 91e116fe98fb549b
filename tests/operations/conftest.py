"""Books on disk, and the command line that an operator has."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.storage import migrate
from bot.storage.engine import database_url
from tests.stage import ROOT
from tests.storage.kept import keep_books

Run = Callable[..., subprocess.CompletedProcess[str]]


def address_of(file: Path) -> str:
    """Return the address of a SQLite file, as DATABASE_URL has it."""
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
async def kept(tmp_path: Path) -> Path:
    """A file with books, closed."""
    file = tmp_path / "books.db"
    migrate.upgrade(database_url(f"sqlite:///{file}"))
    await keep_books(f"sqlite:///{file}")
    return file


@pytest.fixture
def run() -> Run:
    """Run `python -m bot` on a database to its end, with `variables` in its environment."""

    def run(address: str | Path, *arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
        url = address_of(address) if isinstance(address, Path) else address
        return subprocess.run(
            [sys.executable, "-m", "bot", *map(str, arguments)],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "DISCORD_TOKEN": "a.b.c", "DATABASE_URL": url} | variables,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run
