"""Books on disk, and the command line that an operator has."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.storage.connect.address import database_url
from bot.storage.maintenance import migrate
from tests.operating import operate
from tests.storage.kept import keep_books

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
async def books_file(tmp_path: Path) -> Path:
    """A file with books, closed."""
    file = tmp_path / "books.db"
    migrate.upgrade(database_url(f"sqlite:///{file}"))
    await keep_books(f"sqlite:///{file}")
    return file


@pytest.fixture
def run() -> Run:
    """Run `python -m bot` on a database to its end."""
    return operate
