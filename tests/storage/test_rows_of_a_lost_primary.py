"""Nobody is told of what only a primary has that lost its standby: by no process, over no connection, after no restart.

A gift is there when a commit has given up waiting for the standby. Until that is back, whoever looks for it is refused.
"""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.domain.errors import BooksClosed
from bot.domain.receipts import Receipt
from bot.services.overlay_shows import OverlayShows
from bot.services.receipts import Receipts
from bot.storage.checkpoint_keeper import CheckpointKeeper
from bot.storage.connect.address import database_url
from bot.storage.connect.awaited import AwaitedTransactions
from bot.storage.connect.postgresql import writing_engine
from bot.storage.connect.replication import Replication
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.maintenance import migrate
from bot.storage.maintenance.checkpoints import CheckpointFile
from bot.storage.memory.journal_feed import StoredJournalFeed
from bot.storage.stores import live_displays, missed_receipts, wallets
from tests import postgres, scratch
from tests.conftest import without_postgresql
from tests.domain.test_checkpoints import KEY
from tests.rig import until
from tests.storage.town import ALICE, GUILD, NOON, Clock, event, gift, grant, settle_in

pytestmark = pytest.mark.databases("postgresql")

WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
END_WAITING = f"SELECT pg_terminate_backend(pid) FROM ({WAITING}) AS waiting"
SETTINGS = ("fsync=off",)

T = TypeVar("T")


class Primary:
    """A server with books, and a standby that can be lost."""

    def __init__(self, server: postgres.Server, database: str) -> None:
        self.server = server
        self.address = server.address(database)

    def lose_standby(self) -> None:
        """Let commits wait from now on for a standby that is not there."""
        self.server.sql("ALTER SYSTEM SET synchronous_standby_names = 'away'")
        self.server.sql("SELECT pg_reload_conf()")

    def regain_standby(self) -> None:
        """Let no commit wait any longer."""
        self.server.sql("ALTER SYSTEM RESET synchronous_standby_names")
        self.server.sql("SELECT pg_reload_conf()")

    def restart(self) -> None:
        """Crash, and start again."""
        self.server.stop("immediate")
        self.server.start(*SETTINGS)

    async def leave(self, work: Coroutine[Any, Any, Any], abandon: Callable[[], Awaitable[None]], trace: str) -> None:
        """Commit `work` on the primary alone, over the connection of a process that then dies, which `abandon` does.

        `trace` is a condition on a table that holds once it is there to be read.
        """
        working = asyncio.create_task(work)

        async def is_there() -> bool:
            self.server.sql(END_WAITING)
            return bool(self.server.sql(f"SELECT 1 FROM {trace}", self.database))

        async def waits_no_longer() -> bool:
            self.server.sql(END_WAITING)
            return not self.server.sql(WAITING)

        await until(is_there)
        await abandon()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        # It may have been asking already what became of its commit, and holds locks as long as it waits for that.
        await until(waits_no_longer)

    async def leave_gift(self, books: Database) -> None:
        """Leave row 3, a gift of Alice with the key "lost"."""
        await self.leave(books.writer.submit(gift("lost")), books.writer.abandon, "journal WHERE key = 'lost'")

    @property
    def database(self) -> str:
        """The name of the database."""
        return database_url(self.address).database or ""


@pytest.fixture(scope="module")
def own_primary() -> Iterator[tuple[postgres.Server, str]]:
    """A server of the module's own, and the name of an empty database to be copied."""
    if postgres.BINARIES is None:
        without_postgresql("PostgreSQL is not installed")
    assert postgres.BINARIES is not None
    with tempfile.TemporaryDirectory(prefix="rosette-primary-", dir=scratch.memory()) as folder:
        server = postgres.Server(Path(folder), postgres.BINARIES, durable=True)
        server.start(*SETTINGS)
        with server.database() as name:
            migrate.upgrade(database_url(server.address(name)))
            yield server, name
        server.stop("immediate")


@pytest.fixture
def primary(own_primary: tuple[postgres.Server, str]) -> Iterator[Primary]:
    server, template = own_primary
    with server.database(template) as name:
        primary = Primary(server, name)
        yield primary
        primary.regain_standby()


@pytest.fixture
async def books(primary: Primary) -> AsyncIterator[Database]:
    """Books in which Alice has coins, and has given once, in row 2, before the standby was lost."""
    async with opened(primary) as books:
        await books.writer.perform(settle_in)
        await books.writer.submit(grant("coins"))
        receipts = Receipts(books, Clock())
        receipt = await books.writer.submit(gift("before"))
        receipts.begin(receipt)
        receipts.end(receipt, was_shown=True)
        await receipts.save()
        # Else it counts that gift for the leaderboards first, and that is what waits for the standby.
        await books.writer.catch_up(GUILD)
        primary.lose_standby()
        yield books


@pytest.fixture
async def other(primary: Primary, books: Database) -> AsyncIterator[Database]:
    """The same books in another process, which does not know what became of the first one."""
    assert books.is_shared
    async with opened(primary) as other:
        yield other


@contextlib.asynccontextmanager
async def opened(primary: Primary) -> AsyncGenerator[Database]:
    """Open the books in a process of its own, for the length of a block."""
    books = await Database.open(primary.address, clock=Clock())
    try:
        yield books
    finally:
        primary.regain_standby()
        await books.close()


async def once_told(read: Callable[[], Awaitable[T]]) -> T:
    """Return what is read now that the standby is back. On a busy machine it takes more than one look."""
    outcome: list[T] = []

    async def is_told() -> bool:
        with contextlib.suppress(BooksClosed):
            outcome.append(await read())
        return bool(outcome)

    await until(is_told)
    return outcome[0]


async def test_a_reader_finds_no_receipt_until_the_standby_has_it(primary: Primary, books: Database):
    await primary.leave_gift(books)

    with pytest.raises(BooksClosed):
        await books.read(journal.find_own, GUILD, "lost", ALICE)
    before = await books.read(journal.find_own, GUILD, "before", ALICE)
    primary.regain_standby()
    lost = await once_told(lambda: books.read(journal.find_own, GUILD, "lost", ALICE))

    assert before is not None
    assert lost is not None
    assert (before.seq, lost.seq) == (2, 3)


async def give_again(process: Database) -> Receipt | None:
    return await process.writer.submit(gift("lost"))


async def look_in_a_job(process: Database) -> Receipt | None:
    return await process.writer.perform(journal.find_own, GUILD, "lost", ALICE)


@pytest.mark.parametrize("ask", [give_again, look_in_a_job])
async def test_another_process_that_takes_the_gift_again_acknowledges_it_with_the_standby(
    primary: Primary, books: Database, other: Database, ask: Callable[[Database], Coroutine[Any, Any, Receipt | None]]
):
    await primary.leave_gift(books)
    again = asyncio.create_task(ask(other))

    async def waits() -> bool:
        return again.done() or bool(primary.server.sql(WAITING))

    await until(waits)
    was_answered = again.done()
    primary.regain_standby()
    receipt = await again

    assert not was_answered
    assert receipt is not None
    assert receipt.seq == 3


async def test_another_process_announces_nothing_and_lists_nothing_until_the_standby_has_it(
    primary: Primary, books: Database, other: Database
):
    feed, shows = StoredJournalFeed(other.follower_books), OverlayShows(other, Clock())
    await primary.leave_gift(books)

    readings = await asyncio.gather(
        feed.after(GUILD, 2),
        shows.beats([GUILD]),
        shows.read(GUILD, 2, {}),
        other.read(live_displays.gifts_after, event(), 0, 10),
        other.read(wallets.lines, GUILD, ALICE, limit=10),
        return_exceptions=True,
    )
    primary.regain_standby()

    assert {*map(type, readings)} == {BooksClosed}
    assert [row.seq for row in await once_told(lambda: feed.after(GUILD, 2))] == [3]
    assert (await shows.beats([GUILD]))[GUILD].head_seq == 3


async def test_after_a_restart_of_the_primary_alone_no_missed_receipt_is_shown(primary: Primary, books: Database):
    await primary.leave_gift(books)
    primary.restart()
    # The first start notes the receipt as missed, and dies of it.
    first = AwaitedTransactions(writing_engine(database_url(primary.address)), Replication())
    recover = partial(missed_receipts.recover, guilds=[(GUILD, 2)], now_ms=NOON)
    await primary.leave(first.run(recover), first.abandon, "missed_receipts")
    async with opened(primary) as second:
        receipts = Receipts(second, Clock())
        await receipts.recover(lambda _: True)
        has_missed = receipts.has_missed(GUILD, ALICE)
        with pytest.raises(BooksClosed):
            await receipts.claim(GUILD, ALICE)
        primary.regain_standby()
        await once_told(receipts.save)
        claimed = await once_told(lambda: receipts.claim(GUILD, ALICE))

        assert has_missed
        assert [receipt.seq for receipt in claimed] == [3]


async def test_no_end_of_a_journal_is_signed_until_the_standby_has_it(
    primary: Primary, books: Database, other: Database, tmp_path: Path
):
    file = CheckpointFile(tmp_path / "books.checkpoint", KEY)
    keeper = CheckpointKeeper(other, file, clock=Clock())
    await primary.leave_gift(books)

    await keeper.check(new_books=False)
    with pytest.raises(BooksClosed):
        await keeper.look()
    unsigned = file.path.exists()
    primary.regain_standby()
    await once_told(keeper.look)
    signed = file.read()

    assert not unsigned
    assert signed is not None
    assert [(guild_id, seq) for guild_id, seq, _ in signed.heads] == [(GUILD, 3)]


async def test_a_commit_that_an_operator_lets_go_without_the_standby_is_not_acknowledged(
    primary: Primary, books: Database
):
    giving = asyncio.create_task(books.writer.submit(gift("lost")))

    async def is_asked_about() -> bool:
        # The server answers as if all were well, and warns.
        primary.server.sql(f"SELECT pg_cancel_backend(pid) FROM ({WAITING}) AS waiting")
        return giving.done() or bool(primary.server.sql("SELECT 1 FROM journal WHERE key = 'lost'", primary.database))

    await until(is_asked_about)
    was_answered = giving.done()
    primary.regain_standby()

    assert not was_answered
    assert (await giving).replayed
