"""What only shows with processes: a kill at any moment, and a second bot on the same books."""

import asyncio
import os
import random
import sys
from pathlib import Path

import pytest

from bot.storage.connect.process_lock import DatabaseInUse, ProcessLock
from bot.storage.database import Database
from bot.storage.ledger import journal
from tests.storage.conftest import findings
from tests.storage.town import GUILD, Clock
from tests.thoroughness import by_thoroughness

ROOT = Path(__file__).resolve().parents[2]
KILLS = by_thoroughness(quick=2, full=3, long=20)


async def start_giver(address: str, *run: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.storage.giver", address, *run,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip


async def kill_after(giver: asyncio.subprocess.Process, gifts: int) -> list[str]:
    """Kill the process once it has acknowledged `gifts` gifts; return every key that it acknowledged."""
    assert giver.stdout is not None
    acknowledgements = [await asyncio.wait_for(giver.stdout.readline(), 30) for _ in range(gifts)]
    giver.kill()
    remainder, _ = await giver.communicate()
    lines = b"".join(acknowledgements) + remainder
    # The last line may have been cut by the kill.
    return lines.decode().rpartition("\n")[0].split()


async def test_no_acknowledged_gift_is_lost_or_doubled_by_a_kill(address: str, clock: Clock):
    chance = random.Random(9)
    acknowledged: list[str] = []
    for run in range(KILLS):
        giver = await start_giver(address, str(run), *(["apart"] if run % 2 and address.startswith("sqlite") else []))
        acknowledged += await kill_after(giver, chance.randint(1, 400))

    problems = findings(address)
    books = await Database.open(address, clock=clock)
    missing = [key for key in acknowledged if await books.read(journal.find, GUILD, key) is None]
    await books.close()

    assert problems == []
    assert missing == []
    assert len(set(acknowledged)) == len(acknowledged) >= KILLS


@pytest.mark.usefixtures("file")
async def test_a_second_process_is_refused_and_told_who_is_there(address: str, clock: Clock):
    giver = await start_giver(address, "first")
    assert giver.stdout is not None
    await asyncio.wait_for(giver.stdout.readline(), 30)

    with pytest.raises(DatabaseInUse) as error:
        await Database.open(address, clock=clock)

    assert error.value.pid == str(giver.pid)
    await kill_after(giver, 1)


@pytest.mark.usefixtures("file")
async def test_a_lock_does_not_outlive_its_process(address: str, clock: Clock):
    await kill_after(await start_giver(address, "first"), 1)

    books = await Database.open(address, clock=clock)

    await books.close()


def test_a_lock_that_was_let_go_is_free_even_if_a_copy_of_it_is_open(tmp_path: Path):
    # As in a process that was forked just now, and has not closed what it must not have.
    lock = ProcessLock.acquire(tmp_path / "books.db")
    assert lock._descriptor is not None
    copy = os.dup(lock._descriptor)

    lock.release()

    ProcessLock.acquire(tmp_path / "books.db").release()
    os.close(copy)
