"""A PostgreSQL server that goes away: nobody is told of coins that did not move, and all goes on when it is back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot.domain.errors import BooksClosed
from bot.domain.receipts import OutcomeUnknown
from bot.storage.audit.auditor import Finding, Task, examine
from bot.storage.audit.reader import open_reader
from bot.storage.connect.address import StorageError, database_url
from bot.storage.connect.awaited import AwaitedTransactions
from bot.storage.connect.postgresql import writing_engine
from bot.storage.connect.replication import Replication
from bot.storage.database import Database
from bot.storage.folds import folding
from bot.storage.ledger import holders
from bot.storage.ledger.writer import Writer
from bot.storage.stores import wallets
from tests import postgres
from tests.books import rows
from tests.cutting import Cut, Wire
from tests.storage.conftest import findings
from tests.storage.town import ALICE, GUILD, Clock, gift, grant, settle_in

pytestmark = pytest.mark.databases("postgresql")


@pytest.fixture
async def wire(server: postgres.Server) -> AsyncIterator[Wire]:
    """A wire to the server that can be cut."""
    wire = Wire(server.port)
    yield wire
    await wire.close()


@pytest.fixture
async def wired(wire: Wire, server: postgres.Server, shared: str) -> str:
    """The address of the test's database, over the wire."""
    return shared.replace(str(server.port), str(await wire.open()))


@pytest.fixture
async def wired_books(wired: str, clock: Clock) -> AsyncIterator[Database]:
    """Books over the wire, in which Alice has coins."""
    books = await Database.open(wired, clock=clock)
    await books.writer.perform(settle_in)
    await books.writer.submit(grant("g"))
    yield books
    await books.close()


@pytest.mark.parametrize("mode", ["fast", "immediate"])
async def test_a_server_that_is_away_closes_the_books_until_it_is_back(
    own_server: postgres.Server, clock: Clock, mode: str
):
    address = own_server.address("postgres")
    books = await Database.open(address, clock=clock)
    await books.writer.perform(settle_in)
    await books.writer.submit(grant("g"))
    await asyncio.gather(*(books.read(wallets.wallet, GUILD, ALICE) for _ in range(8)))

    own_server.stop(mode)
    away = await asyncio.gather(
        *(books.writer.submit(gift(f"a{number}")) for number in range(5)),
        books.writer.perform(settle_in),
        books.read(wallets.wallet, GUILD, ALICE),
        return_exceptions=True,
    )
    own_server.start()
    back = await books.writer.submit(gift("a0"))
    purses = await asyncio.gather(*(books.read(wallets.wallet, GUILD, ALICE) for _ in range(8)))
    await books.close()

    assert set(map(type, away)) == {BooksClosed}
    assert (back.replayed, back.balance) == (False, 90)
    assert {wallet.total for wallet in purses} == {90}
    assert findings(address) == []


async def test_a_server_that_was_restarted_between_two_gifts_is_not_even_noticed(
    own_server: postgres.Server, clock: Clock
):
    books = await Database.open(own_server.address("postgres"), clock=clock)
    await books.writer.perform(settle_in)
    await books.writer.submit(grant("g"))
    before = await asyncio.gather(*(books.read(wallets.wallet, GUILD, ALICE) for _ in range(8)))

    own_server.stop()
    own_server.start()
    after = await asyncio.gather(*(books.read(wallets.wallet, GUILD, ALICE) for _ in range(8)))
    receipt = await books.writer.submit(gift("a"))
    await books.close()

    assert before == after
    assert receipt.balance == 90


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_gift_whose_commit_is_cut_off_is_charged_once_and_answered(
    wire: Wire, wired_books: Database, shared: str, when: Cut
):
    wire.cut_at_commit(when)

    receipts = await asyncio.gather(*(wired_books.writer.submit(gift(f"a{number}")) for number in range(3)))

    assert wire.cuts == 1
    assert [receipt.seq for receipt in receipts] == [2, 3, 4]
    assert {receipt.replayed for receipt in receipts} == {when == "after"}
    assert (await wired_books.read(wallets.wallet, GUILD, ALICE)).total == 70
    assert findings(shared) == []


async def test_every_commit_of_a_storm_may_be_cut_off(wire: Wire, wired_books: Database, shared: str):
    cuts: list[Cut] = ["before", "after"]
    for number in range(10):
        wire.cut_at_commit(cuts[number % 2])
        await wired_books.writer.submit(gift(f"a{number}"))

    assert wire.cuts == 10
    assert (await wired_books.read(wallets.wallet, GUILD, ALICE)).total == 0
    assert findings(shared) == []


async def test_where_nobody_can_be_asked_about_a_commit_no_promise_is_made(
    wire: Wire, wired: str, shared: str, clock: Clock
):
    transactions = AwaitedTransactions(writing_engine(database_url(wired)), Replication(), doubt_s=0.1)
    writer = Writer(transactions, folding.FOLDING, clock=clock, new_holder=holders.new_holder)
    await writer.perform(settle_in)
    await writer.submit(grant("g"))

    wire.cut_at_commit("after")
    wire.refuses = True
    answers = await asyncio.gather(*(writer.submit(gift(f"a{number}")) for number in range(3)), return_exceptions=True)
    later = await asyncio.gather(writer.submit(gift("b")), return_exceptions=True)
    wire.refuses = False
    again = await asyncio.gather(*(writer.submit(gift(f"a{number}")) for number in range(3)))
    await writer.close()

    assert set(map(type, answers)) == {OutcomeUnknown}
    assert set(map(type, later)) == {BooksClosed}
    assert all(receipt.replayed for receipt in again)
    assert findings(shared) == []


async def test_a_connection_that_is_lost_in_an_audit_is_no_finding(shared: str):
    def lose(c: Connection) -> list[Finding]:
        process = c.execute(text("SELECT pg_backend_pid()")).scalar_one()
        rows(shared, "SELECT pg_terminate_backend(?)", process)
        return examine(c, Task("links", GUILD, (), 0))

    with closing(open_reader(shared)) as reader, pytest.raises(StorageError, match="was lost"):
        await asyncio.to_thread(reader.look, lose)


async def test_a_server_that_is_not_there_ends_the_start_in_words(clock: Clock, tmp_path: Path):
    with pytest.raises(StorageError, match="cannot be reached"):
        await Database.open("postgresql+asyncpg://rosette@127.0.0.1:1/books", clock=clock)
