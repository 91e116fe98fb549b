"""A primary with a synchronous standby: what is acknowledged is on both, also after a doubt."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.domain.receipts import OutcomeUnknown
from bot.storage.connect.address import database_url
from bot.storage.connect.awaited import AwaitedTransactions
from bot.storage.connect.replication import Replication
from tests import postgres, scratch
from tests.conftest import without_postgresql
from tests.rig import until

pytestmark = pytest.mark.databases("postgresql")

WAITS_FOR_STANDBY = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


def book(c: Connection) -> str:
    """Book a gift as the writer does: a key that is there already is answered with what was booked then."""
    if c.execute(text("SELECT 1 FROM booked")).first():
        return "replayed"
    c.execute(text("INSERT INTO booked VALUES (1)"))
    return "booked"


def look(c: Connection) -> bool:
    """Look whether the gift is there, as whoever is asked what became of it does."""
    return c.execute(text("SELECT 1 FROM booked")).first() is not None


@pytest.fixture
def primary() -> Iterator[postgres.Server]:
    """A server whose commits wait for a standby that is never there."""
    if postgres.BINARIES is None:
        without_postgresql("PostgreSQL is not installed")
    assert postgres.BINARIES is not None
    with tempfile.TemporaryDirectory(prefix="rosette-primary-", dir=scratch.memory()) as folder:
        server = postgres.Server(Path(folder), postgres.BINARIES, durable=True)
        server.start("fsync=off")
        server.sql("CREATE TABLE booked (key int)")
        server.sql("ALTER SYSTEM SET synchronous_standby_names = 'away'")
        server.sql("SELECT pg_reload_conf()")
        yield server
        server.stop("immediate")


@pytest.fixture
async def transactions(primary: postgres.Server, doubt_s: float) -> AwaitedTransactions:
    """Transactions that are in doubt after half a second, and ask for `doubt_s`."""
    address = database_url(primary.address("postgres"))
    engine = create_async_engine(address, connect_args={"command_timeout": 0.5})
    return AwaitedTransactions(engine, Replication(), doubt_s=doubt_s)


@pytest.mark.parametrize("doubt_s", [1.5])
async def test_what_only_the_primary_has_is_not_acknowledged(transactions: AwaitedTransactions):
    with pytest.raises(OutcomeUnknown):
        await transactions.run(book)
    await transactions.close()


@pytest.mark.parametrize("doubt_s", [1.5])
async def test_nobody_is_told_later_of_what_only_the_primary_has(
    primary: postgres.Server, transactions: AwaitedTransactions
):
    for work in (book, look, book):
        with pytest.raises(OutcomeUnknown):
            await transactions.run(work)
    primary.sql("ALTER SYSTEM RESET synchronous_standby_names")
    primary.sql("SELECT pg_reload_conf()")

    assert await transactions.run(look)
    await transactions.close()


@pytest.mark.parametrize("doubt_s", [60.0])
async def test_a_doubt_ends_when_the_standby_is_back(primary: postgres.Server, transactions: AwaitedTransactions):
    async def is_in_doubt() -> bool:
        # The first attempt has given up waiting, so its gift is booked here and nowhere else.
        return bool(primary.sql("SELECT 1 FROM booked")) and primary.sql(WAITS_FOR_STANDBY) == [["1"]]

    booking = asyncio.create_task(transactions.run(book))
    await until(is_in_doubt)
    primary.sql("ALTER SYSTEM RESET synchronous_standby_names")
    primary.sql("SELECT pg_reload_conf()")

    assert await booking == "replayed"
    await transactions.close()
