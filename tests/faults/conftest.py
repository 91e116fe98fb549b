"""What the fault suites share: a database to harm, processes to kill, and a disk that loses data."""

import itertools
import shutil
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.domain.ledger.kinds import Command
from bot.storage.connect.address import database_url, file_of, is_shared
from tests import services_needed
from tests.faults import streets
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


class Original(NamedTuple):
    """Closed books, and a command of each kind of money that can be booked in them, by kind."""

    address: str
    commands: dict[str, Command]


@pytest.fixture(scope="session")
async def original(
    books_kind: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> AsyncIterator[Original]:
    """Books that nobody changes: tests copy them."""
    if books_kind == "sqlite":
        migrated: Path = request.getfixturevalue("migrated")
        address = f"sqlite:///{shutil.copy(migrated, tmp_path_factory.mktemp('original') / 'books.db')}"
        yield Original(address, await prepare(address))
        return
    server: Server = request.getfixturevalue("server")
    with server.database(request.getfixturevalue("template")) as name:
        address = server.address(name)
        yield Original(address, await prepare(address))


@pytest.fixture
def commands(original: Original) -> dict[str, Command]:
    """A command of each kind of money, by kind."""
    return original.commands


@pytest.fixture
def copy_books(original: Original, tmp_path: Path, request: pytest.FixtureRequest) -> CopyBooks:
    """A function that copies the books in which `commands` can be booked."""
    url = database_url(original.address)

    @contextmanager
    def copy_file() -> Generator[str]:
        yield f"sqlite:///{shutil.copy(file_of(url), tmp_path / f'{next(numbers)}.db')}"

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
async def sellers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Children]:
    """Processes that sell coins, to be killed."""
    async with children(tmp_path_factory.mktemp("sellers"), streets.MODULE) as processes:
        yield processes


@pytest.fixture(scope="session")
def disk_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that stands between a process and its disk. Skips the test where it cannot be compiled."""
    library = compile_disk(tmp_path_factory.mktemp("disk"))
    if library is None:
        services_needed.go_without(services_needed.C_COMPILER)
    return library
