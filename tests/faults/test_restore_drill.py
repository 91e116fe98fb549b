"""Backups in the middle of a storm: each is restored whole, with everything that was acknowledged before it began."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.storage.connect.address import database_url, file_of, is_shared
from tests import books
from tests.faults.drilling import FIRST, drill, gift_storm
from tests.faults.verdict import judge
from tests.postgres import Server

BACKUPS = 2
"""`make soak` takes as many as it has time for."""


@pytest.fixture
def source(endowed: str) -> books.Where:
    """Books that can pay for a storm."""
    url = database_url(endowed)
    return endowed if is_shared(url) else file_of(url)


@pytest.fixture
def targets(source: books.Where, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[list[books.Where]]:
    """Where each backup is restored to."""
    if isinstance(source, Path):
        yield [tmp_path / f"restored-{number}.db" for number in range(BACKUPS)]
        return
    server: Server = request.getfixturevalue("server")
    with ExitStack() as stack:
        yield [server.address(stack.enter_context(server.database())) for _ in range(BACKUPS)]


@pytest.mark.databases("sqlite", "postgresql")
async def test_a_backup_in_the_middle_of_a_storm_comes_back_whole(
    source: books.Where, endowed: str, targets: list[books.Where], tmp_path: Path
):
    async with gift_storm(endowed, "storm") as acknowledged:
        reports = [
            await drill(source, tmp_path / f"saved-{number}", target, acknowledged)
            for number, target in enumerate(targets)
        ]

    gifts = [report.verdict.gifts for report in reports]
    assert [report.verdict for report in reports if not report.verdict.fine] == []
    assert FIRST <= gifts[0] < gifts[1]


async def test_a_mere_copy_of_the_file_is_caught(rich: Path, endowed: str, tmp_path: Path):
    async with gift_storm(endowed, "storm") as acknowledged:
        promised = [*acknowledged]
        copy = Path(shutil.copy(rich, tmp_path / "copy.db"))

    assert not judge(copy, promised).fine
