"""The process that writes the books: what it answers, what becomes of it, and of those who wait when it dies."""

import asyncio
import os
import pickle
import random
import signal
import socket
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.domain.errors import BooksClosed, NotEnoughCoins, NotFound
from bot.domain.receipts import OutcomeUnknown, Receipt
from bot.storage.connect.process_lock import DatabaseInUse, ProcessLock
from bot.storage.connect.writer_process import Answers, ProcessTransactions, frame, read_frame
from bot.storage.database import Database
from bot.storage.ledger import holders, journal
from bot.storage.stores import app_state
from tests.rig import forked_from, until
from tests.storage.conftest import findings
from tests.storage.town import BOB, GUILD, Clock, gift, grant, settle_in
from tests.thoroughness import by_thoroughness

pytestmark = pytest.mark.usefixtures("file")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def process() -> Iterator[ProcessTransactions]:
    """A process for the books of one test."""
    forked = ProcessTransactions.fork()
    yield forked
    if is_alive(forked.pid):
        os.kill(forked.pid, signal.SIGKILL)


@pytest.fixture
async def books(address: str, clock: Clock, process: ProcessTransactions) -> AsyncIterator[Database]:
    """Open books that the process writes. Whatever a test did, they must add up in the end."""
    database = await Database.open(address, clock=clock, process=process)
    await database.writer.perform(settle_in)
    yield database
    await database.close()
    assert not is_alive(process.pid)
    assert findings(address) == []


def is_alive(pid: int) -> bool:
    """Whether there is such a process, and it has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_it_answers_with_receipts_and_refusals(books: Database):
    answers = await asyncio.gather(
        books.writer.submit(grant("g", amount=25)),
        *(books.writer.submit(gift(f"a{number}")) for number in range(3)),
        return_exceptions=True,
    )

    assert [type(answer) for answer in answers] == [Receipt, Receipt, Receipt, NotEnoughCoins]
    assert answers[-1] == NotEnoughCoins(balance=5, needed=10)


async def test_a_storm_is_settled_in_order(books: Database):
    await books.writer.submit(grant("g", amount=100_000))
    work: list[Coroutine[None, None, Receipt | None]] = []
    for part in range(20):
        work += [books.writer.submit(gift(f"{part} {number}")) for number in range(90)]
        work.append(books.writer.perform(app_state.put, "so far", str(part)))

    answers = await asyncio.gather(*work)

    receipts = [answer for answer in answers if isinstance(answer, Receipt)]
    assert [receipt.seq for receipt in receipts] == list(range(2, 2 + 20 * 90))
    assert await books.read(app_state.get, "so far") == "19"


async def test_what_goes_wrong_over_there_comes_back_as_it_was(books: Database):
    with pytest.raises(NotFound) as error:
        await books.writer.perform(lose, "heart")
    assert error.value == NotFound("heart")
    with pytest.raises(RuntimeError, match="Unpicklable: nobody can carry this"):
        await books.writer.perform(lose, "")
    assert await books.read(holders.holder_id, GUILD, BOB) is None


async def test_a_job_that_cannot_be_sent_fails_alone(books: Database):
    answers = await asyncio.gather(
        books.writer.perform(app_state.put, "name", "before"),
        books.writer.perform(lambda c: app_state.put(c, "name", "never")),
        books.writer.perform(app_state.get, "name"),
        return_exceptions=True,
    )

    # Since Python 3.13 the message speaks of a local object, and not of pickling.
    assert "local object" in str(answers[1])
    assert [answers[0], answers[2]] == [None, "before"]


def lose(c: Connection, noun: str) -> None:
    """Write something, and fail."""
    holders.insert(c, {(GUILD, BOB): 77})
    if noun:
        raise NotFound(noun)
    raise Unpicklable(sys.stdout)


class Unpicklable(Exception):  # noqa: N818
    """Not to be sent anywhere."""

    def __str__(self) -> str:
        return "nobody can carry this"


async def test_an_error_of_sqlites_is_still_known_for_what_it_is(books: Database):
    with pytest.raises(BooksClosed):
        await books.writer.perform(fill_the_disk)


def fill_the_disk(c: Connection) -> None:
    """Fail as a full disk does."""
    c.exec_driver_sql("PRAGMA max_page_count=1")
    try:
        app_state.put(c, "long", "x" * 100_000)
    finally:
        c.exec_driver_sql("PRAGMA max_page_count=1000000")


async def test_signals_to_the_whole_group_do_not_end_it_before_its_parent(
    books: Database, process: ProcessTransactions
):
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(process.pid, number)

    assert (await books.writer.submit(grant("g"))).balance == 100


@pytest.mark.parametrize("seed", range(by_thoroughness(quick=1, full=2, long=10)))
async def test_if_it_is_killed_nobody_is_told_what_is_not_so_and_repeats_are_safe(
    address: str, clock: Clock, process: ProcessTransactions, seed: int
):
    chance = random.Random(seed)
    books = await Database.open(address, clock=clock, process=process)
    await books.writer.perform(settle_in)
    await books.writer.submit(grant("g", amount=1_000_000))
    commands = [gift(f"a{number}") for number in range(3_000)]
    waiting = [asyncio.create_task(books.writer.submit(command)) for command in commands]
    await asyncio.wait(waiting[: chance.randrange(2_000)] or waiting[:1])

    os.kill(process.pid, signal.SIGKILL)

    answers = await asyncio.gather(*waiting, return_exceptions=True)
    receipts = [answer for answer in answers if isinstance(answer, Receipt)]
    assert {type(answer) for answer in answers} <= {Receipt, OutcomeUnknown, BooksClosed}
    assert await process.ended() == -signal.SIGKILL
    with pytest.raises(BooksClosed):
        await books.writer.submit(gift("later"))
    await books.close()
    reopened = await Database.open(address, clock=clock)
    gift_count = (await reopened.read(journal.head, GUILD)).seq - 1
    repeats = await asyncio.gather(*map(reopened.writer.submit, commands))
    await reopened.close()
    assert len(receipts) <= gift_count <= len(commands)
    assert sum(receipt.replayed for receipt in repeats) == gift_count
    assert all(repeat == receipt._replace(replayed=True) for repeat, receipt in zip(repeats, receipts, strict=False))
    assert {receipt.seq for receipt in repeats} == set(range(2, 2 + len(commands)))
    assert findings(address) == []


async def test_it_ends_with_its_parent_and_holds_the_lock_until_then(address: str, clock: Clock):
    giver = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.storage.giver", address, "first", "apart",
        stdout=asyncio.subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    assert giver.stdout is not None
    await asyncio.wait_for(giver.stdout.readline(), 30)
    scribe = forked_from(giver.pid)
    os.kill(scribe, signal.SIGSTOP)
    giver.kill()
    file = Path(address.removeprefix("sqlite:///"))

    async def killed() -> bool:
        return not is_alive(giver.pid)

    await until(killed)
    with pytest.raises(DatabaseInUse):
        ProcessLock.acquire(file)

    os.kill(scribe, signal.SIGCONT)

    async def gone() -> bool:
        return not is_alive(scribe)

    await until(gone)
    await giver.communicate()
    ProcessLock.acquire(file).release()
    assert findings(address) == []


def test_a_bot_that_was_killed_with_answers_unread_asks_for_nothing_more():
    bot_end, writer_end = socket.socketpair()
    writer_end.sendall(b"unread")
    bot_end.close()

    with writer_end, writer_end.makefile("rb") as requests:
        assert read_frame(requests) is None


async def test_answers_come_in_pieces_and_several_at_a_time():
    answers = Answers()
    pending = [answers.expected() for _ in range(4)]
    pending[2].cancel()
    frames = b"".join(frame((True, bytes(size))) for size in (0, 70_000, 1, 2))
    for start in range(0, 7_000, 7):
        answers.data_received(frames[start : start + 7])
    is_done = pending[0].done(), pending[1].done()
    answers.data_received(frames[7_000:])

    assert is_done == (True, False)
    assert [await answer for answer in (pending[0], pending[1], pending[3])] == [
        (True, bytes(0)), (True, bytes(70_000)), (True, bytes(2)),
    ]  # fmt: skip


async def test_whoever_waits_for_an_answer_that_does_not_come_is_told():
    answers = Answers()
    first, second = answers.expected(), answers.expected()
    answers.data_received(frame((True, "there"))[:-1])

    answers.connection_lost(None)

    assert answers.ended.is_set()
    for succeeded, error in (await first, await second):
        assert not succeeded
        assert isinstance(error, OutcomeUnknown)


async def test_an_answer_that_cannot_be_read_ends_the_connection_and_not_the_waiting(
    monkeypatch: pytest.MonkeyPatch, books: Database
):
    with monkeypatch.context() as patched:
        patched.setattr("bot.storage.connect.writer_process.pickle.loads", unreadable)
        with pytest.raises(OutcomeUnknown):
            await books.writer.submit(gift("a"))
    with pytest.raises(BooksClosed):
        await books.writer.submit(gift("b"))


def unreadable(_frame: bytes) -> object:
    raise pickle.UnpicklingError


async def test_the_next_bot_waits_a_little_for_the_lock(tmp_path: Path):
    file = tmp_path / "books.db"
    first = ProcessLock.acquire(file)
    second = asyncio.create_task(asyncio.to_thread(ProcessLock.acquire, file, 30.0))
    await asyncio.sleep(0)

    first.release()

    (await second).release()


async def test_one_that_was_never_opened_can_be_closed(process: ProcessTransactions):
    await process.close()

    assert not is_alive(process.pid)


async def test_readers_see_what_a_receipt_says(books: Database):
    await books.writer.submit(grant("g", amount=1_000))

    for number in range(50):
        receipt = await books.writer.submit(gift(f"a{number}"))
        assert await books.read(journal.receipt, GUILD, receipt.seq) == receipt
