"""What the fault suites share: a database to harm, processes to kill, and a disk that loses data."""

import itertools
import shutil
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.domain.ledger.kinds import Command
from bot.storage.connect.address import database_url, file_of, is_shared
from tests import services_needed
from tests.faults.children import Children, children
from tests.faults.disk import compile_disk
from tests.faults.giving import endow
from tests.faults.kill_matrix import CopyBooks, prepare
from tests.postgres import Server

numbers = itertools.count(1)


@pytest.fixture
async def endowed(address: str) -> str:
    """The address of closed books in which Alice and Bob can pay for a storm, and an order waits for its payment."""
    await endow(address)
    return address


@pytest.fixture
def rich(file: Path, endowed: str) -> Path:
    """The same books, as a file."""
    return file


@pytest.fixture
async def commands(address: str) -> dict[str, Command]:
    """A command of each kind of money, by kind. The closed books at `address` can book them."""
    return await prepare(address)


@pytest.fixture
def copy_books(address: str, commands: dict[str, Command], request: pytest.FixtureRequest) -> CopyBooks:
    """A function that copies the books in which `commands` can be booked."""
    url = database_url(address)

    @contextmanager
    def copy_file() -> Generator[str]:
        file = file_of(url)
        yield f"sqlite:///{shutil.copy(file, file.with_name(f'{next(numbers)}.db'))}"

    @contextmanager
    def copy_on_server() -> Generator[str]:
        server: Server = request.getfixturevalue("server")
        with server.database(str(url.database)) as name:
            yield server.address(name)

    return copy_on_server if is_shared(url) else copy_file


@pytest.fixture(scope="session")
async def mortals(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Children]:
    """Processes to kill."""
    async with children(tmp_path_factory.mktemp("mortals")) as processes:
        yield processes


@pytest.fixture(scope="session")
def disk_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that stands between a process and its disk. Skips the test where it cannot be compiled."""
    library = compile_disk(tmp_path_factory.mktemp("disk"))
    if library is None:
        services_needed.go_without(services_needed.C_COMPILER)
    return library
