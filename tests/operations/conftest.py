"""Books on disk, and the command line that an operator has."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.operating import operate
from tests.storage.kept import keep_books

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
async def kept_books(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file of books, closed, and the files beside it, to be copied."""
    folder = tmp_path_factory.mktemp("kept")
    await keep_books(f"sqlite:///{shutil.copy(migrated, folder)}")
    return folder


@pytest.fixture
def books_file(kept_books: Path, tmp_path: Path) -> Path:
    """A test's own file with books, closed."""
    return shutil.copytree(kept_books, tmp_path, dirs_exist_ok=True) / "books.db"


@pytest.fixture
def run() -> Run:
    """Run `python -m bot` on a database to its end."""
    return operate
