"""What the storage suites share: connections and open books, which are audited after each test."""

import asyncio
import contextlib
import functools
import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util import greenlet_spawn

from benchmarks.aftermath import happen
from benchmarks.books import fill
from bot.domain.errors import BooksClosed
from bot.storage.audit.auditor import Finding, audit_database
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.database import Database
from bot.storage.maintenance import migrate
from tests.storage.town import GUILD, Clock, settle_in


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that talks to PostgreSQL over `c` where an awaited driver can be waited for: in a greenlet."""
    call: Any = pyfuncitem.funcargs.get("call_with_c")
    if call is None:
        return None
    names = inspect.signature(pyfuncitem.obj).parameters
    call(pyfuncitem.obj, **{name: pyfuncitem.funcargs[name] for name in names})
    return True


@pytest.fixture
def call_with_c(books_kind: str, address: str) -> Iterator[Callable[..., Any] | None]:
    """For PostgreSQL, what calls a function in a greenlet over a loop of its own."""
    if books_kind == "sqlite":
        yield None
        return
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:

        def call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
            async def spawned() -> Any:
                return await greenlet_spawn(functools.partial(function, *args, **kwargs))

            return runner.run(spawned())

        yield call


@pytest.fixture
def c(address: str, call_with_c: Callable[..., Any] | None) -> Iterator[Connection]:
    """A connection that may write, in a transaction, to the books of one guild."""
    if call_with_c is not None:
        engine = create_async_engine(address).sync_engine
        connection = call_with_c(engine.connect)
        call_with_c(settle_in, connection)
        yield connection
        call_with_c(connection.close)
        call_with_c(engine.dispose)
        return
    engine = writing_engine(database_url(address))
    with engine.connect() as connection, connection.begin():
        settle_in(connection)
        yield connection
    engine.dispose()


@pytest.fixture
def empty(books_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database without any table."""
    if books_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'old.db'}"
        return
    server = request.getfixturevalue("server")
    with server.database() as name:
        yield server.address(name)


def findings(address: str) -> list[Finding]:
    """Return what the audit finds in closed books."""
    return list(audit_database(address))


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a guild's books with something of everything. Copy it before you change it."""
    # Enough gifts a day that trains start.
    members, creators, days = 12, 2, 1
    file = tmp_path_factory.mktemp("books") / "everything.db"
    url = database_url(f"sqlite:///{file}")
    migrate.upgrade(url)
    engine = writing_engine(url)
    with engine.connect() as connection:
        fill(connection, gifts=1_500, members=members, creators=creators, days=days, belongs=True)
    engine.dispose()
    asyncio.run(happen(f"sqlite:///{file}", 3, members=members, creators=creators, days=days))
    return file


@pytest.fixture
def clock() -> Clock:
    """The writer's clock."""
    return Clock()


@pytest.fixture
async def books(address: str, clock: Clock) -> AsyncIterator[Database]:
    """An open database with the books of one guild. Whatever a test did, they must add up in the end."""
    database = await Database.open(address, clock=clock)
    await database.writer.perform(settle_in)
    yield database
    with contextlib.suppress(BooksClosed):
        await database.writer.catch_up(GUILD)
    await database.close()
    assert findings(address) == []
