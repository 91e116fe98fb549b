"""What the fault suites share: a database to harm, processes to kill, and a disk that loses things."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.faults.children import Children, children
from tests.faults.disk import compile_disk
from tests.faults.giving import endow


@pytest.fixture
async def rich(file: Path, address: str) -> Path:
    """A closed database in which Alice and Bob can pay for a storm, and an order waits for its payment."""
    await endow(address)
    return file


@pytest.fixture(scope="session")
async def mortals(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Children]:
    """Processes to kill."""
    async with children(tmp_path_factory.mktemp("mortals")) as made:
        yield made


@pytest.fixture(scope="session")
def disk_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that stands between a process and its disk; skips where there is no compiler for it."""
    library = compile_disk(tmp_path_factory.mktemp("disk"))
    if library is None:
        if os.environ.get("REQUIRE_SERVICES"):
            pytest.fail("A C compiler is needed here")
        pytest.skip("There is no C compiler")
    return library
