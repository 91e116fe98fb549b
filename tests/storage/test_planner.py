"""The process that plans slices in a flood: what comes of its plans, and that nobody depends on it."""

import asyncio
import contextlib
import logging
import os
import pickle
import signal
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine

from bot.child_process import ChildProcess
from bot.domain.errors import BooksClosed
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.connect.transactions import ThreadTransactions
from bot.storage.connect.writer_process import ProcessTransactions
from bot.storage.database import Database
from bot.storage.folds import folding
from bot.storage.folds.planning import apply_plan
from bot.storage.ledger import holders
from bot.storage.ledger.fold_lane import MOST_WAITING
from bot.storage.ledger.fold_plans import Planner
from bot.storage.ledger.fold_steps import UNPLANNED, Progress
from bot.storage.ledger.writer import Writer
from tests.storage.conftest import findings
from tests.storage.town import ALICE, BOB, GUILD, NOAH, Clock, gift, grant, settle_in

pytestmark = pytest.mark.usefixtures("file")

CALLERS = 400
FLOOD = 9_000
CHILD = (sys.executable, "-m", "bot.storage.folds.child")


@contextlib.asynccontextmanager
async def writing(address: str, clock: Clock, planner: Planner) -> AsyncGenerator[Writer]:
    """A writer for books in which Alice and Bob have coins. Whatever a test did, they must add up in the end."""
    transactions = ThreadTransactions(writing_engine(database_url(address)))
    writer = Writer(transactions, folding.FOLDING, clock=clock, new_holder=holders.new_holder, planner=planner)
    await prepare(writer)
    yield writer
    await writer.catch_up(GUILD)
    await planner.close()
    await writer.close()
    assert findings(address) == []


async def prepare(writer: Writer) -> None:
    await writer.perform(settle_in)
    await writer.submit(grant("a", amount=1_000_000))
    await writer.submit(grant("b", member_id=BOB, amount=1_000_000))


async def flood(writer: Writer, name: str = "flood", gifts: int = FLOOD) -> int:
    """Send gifts with many callers. Return the most rows that waited to be folded."""
    numbers = iter(range(gifts))
    longest = 0

    async def call() -> None:
        nonlocal longest
        for number in numbers:
            changes: dict[str, Any] = {"sender_id": (ALICE, BOB)[number % 2], "item_id": number % 5 + 1}
            if number % 3 == 0:
                changes["creator_id"] = NOAH
            await writer.submit(gift(f"{name}{number}", **changes))
            longest = max(longest, writer.folds.backlog)

    await asyncio.gather(*(call() for _ in range(CALLERS)))
    return longest


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


class Applied:
    """Applies plans, and counts the rows of those that held, and the plans that did not."""

    def __init__(self) -> None:
        self.rows = self.stale = 0

    def __call__(self, c: Connection, /, guild_id: int, plan: bytes) -> Progress | None:
        progress = apply_plan(c, guild_id, plan)
        self.rows += progress.rows if progress is not None else 0
        self.stale += progress is None
        return progress


async def test_in_a_flood_the_writer_applies_plans(address: str, clock: Clock, file: Path):
    applied = Applied()
    # On a busy machine, too.
    planner = Planner([*CHILD, str(file)], applied, patience_s=30)
    async with writing(address, clock, planner) as writer:
        # The first floods start the process, and do not wait for it.
        number = 0
        while not applied.rows + applied.stale:
            number += 1
            await flood(writer, f"start {number}", 4_000)
        before = applied.rows
        longest = await flood(writer)

        assert applied.rows - before > FLOOD / 3
        assert longest <= MOST_WAITING


@pytest.mark.parametrize(
    "command",
    [("/nowhere/python",), (sys.executable, "-c", "print('nonsense')")],
    ids=["missing", "ends"],
)
async def test_without_plans_the_writer_folds_everything(
    address: str, clock: Clock, command: tuple[str, ...], caplog: pytest.LogCaptureFixture
):
    applied = Applied()
    planner = Planner(command, applied)
    async with writing(address, clock, planner) as writer:
        longest = await flood(writer, gifts=6_000)

        assert longest <= MOST_WAITING
        assert applied.rows == 0
    warnings = [record.message for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(warnings) == 1, warnings
    assert "the writer folds without it" in warnings[0]


async def test_nobody_waits_for_a_process_that_has_not_answered_yet(address: str, clock: Clock):
    applied = Applied()
    planner = Planner((sys.executable, "-c", "import sys; sys.stdin.read()"), applied)
    async with writing(address, clock, planner) as writer:
        assert await flood(writer, gifts=6_000) <= MOST_WAITING
        await writer.catch_up(GUILD)

        assert applied.rows == applied.stale == 0


HANGS_AFTER_ONE = """
import sys, time
size = int.from_bytes(sys.stdin.buffer.read(4), "big")
sys.stdin.buffer.read(size)
sys.stdout.buffer.write(bytes([2, 0, 0, 0, 0]))
sys.stdout.flush()
sys.stdin.buffer.read()
"""


async def test_a_stop_while_a_plan_is_under_way_settles_everything(address: str, clock: Clock):
    planner = Planner((sys.executable, "-c", "import sys; sys.stdin.read()"), Applied())
    async with writing(address, clock, planner) as writer:
        await flood(writer, gifts=4_000)
        assert not planner.is_free
        await planner.close()

        # Neither the slices that follow nor the gifts miss the plan.
        await flood(writer, "later", 4_000)
        assert planner.ready_guild is None


async def test_gifts_do_not_wait_for_long_for_a_process_that_hangs(address: str, clock: Clock):
    applied = Applied()
    planner = Planner((sys.executable, "-c", HANGS_AFTER_ONE), applied, patience_s=0.01, now_s=lambda: 0.0)
    async with writing(address, clock, planner) as writer:
        await flood(writer, "start", 4_000)
        while planner.is_free:
            await flood(writer, f"more {writer.newest}", 1_000)
        longest = await flood(writer)

        assert not planner.is_free
        assert longest <= MOST_WAITING
        assert applied.rows == applied.stale == 0


async def test_a_process_that_fails_gets_another_chance_a_minute_later():
    now_s = 0.0
    planner = Planner(("/nowhere/python",), Applied(), now_s=lambda: now_s)
    planner.begin(GUILD, None)
    while planner.ready_guild is None:  # noqa: ASYNC110 - a plan has no event
        await asyncio.sleep(0.01)
    transactions = ThreadTransactions(create_engine("sqlite://"))
    progress = await planner.fold(transactions, GUILD)
    await transactions.close()
    chances = {}
    for now_s in (0.0, 59.0, 61.0):
        chances[now_s] = planner.is_free
    await planner.close()

    assert progress is None
    assert chances == {0.0: False, 59.0: False, 61.0: True}


async def test_a_plan_that_cannot_be_written_leaves_no_trace(
    address: str, clock: Clock, file: Path, caplog: pytest.LogCaptureFixture
):
    applied = Applied()

    def fail(c: Connection, /, guild_id: int, plan: bytes) -> Progress | None:
        if applied(c, guild_id, plan) is None:
            return None
        message = "database or disk is full"
        raise OSError(message)

    planner = Planner([*CHILD, str(file)], fail, patience_s=30, now_s=lambda: 0.0)
    async with writing(address, clock, planner) as writer:
        number = 0
        while not applied.rows:
            number += 1
            assert await flood(writer, f"flood {number}", 4_000) <= MOST_WAITING

        assert not planner.is_free
    assert [record.message for record in caplog.records if "disk is full" in record.message]


async def test_the_process_leaves_books_that_disappear_to_the_writer(file: Path):
    child = ChildProcess([*CHILD, str(file)], limit_s=60)
    request = pickle.dumps((GUILD, 10, None))
    before = await child.ask(request)
    await asyncio.to_thread(file.unlink)
    after = await child.ask(request)
    await child.close()

    assert (before, after) == ((UNPLANNED, b""), (UNPLANNED, b""))
    assert not [*file.parent.glob(f"{file.name}.*")]


@pytest.fixture
def process() -> Iterator[ProcessTransactions]:
    """A process that writes the books of one test."""
    forked = ProcessTransactions.fork()
    yield forked
    forked.kill()


@pytest.fixture
async def books(address: str, clock: Clock, process: ProcessTransactions) -> AsyncIterator[Database]:
    """Open books, written and planned in processes of their own, as those of a bot are."""
    database = await Database.open(address, clock=clock, process=process)
    await prepare(database.writer)
    yield database
    with contextlib.suppress(BooksClosed):
        await database.writer.catch_up(GUILD)
    await database.close()
    assert findings(address) == []


async def started(books: Database) -> int:
    """Send gifts until the process plans; return its id."""
    planner = books.writer.folds.planner
    assert planner is not None
    number = 0
    while planner.pid is None:
        number += 1
        await flood(books.writer, f"start {number}", 4_000)
    return planner.pid


async def test_a_bot_plans_in_a_process_that_ends_with_its_books(books: Database):
    pid = await started(books)
    await flood(books.writer)
    await books.close()

    assert not is_alive(pid)


async def test_gifts_go_on_when_the_process_is_killed(books: Database):
    pid = await started(books)
    flooding = asyncio.create_task(flood(books.writer))
    await asyncio.sleep(0)
    os.kill(pid, signal.SIGKILL)

    assert await flooding <= MOST_WAITING
