"""The disk fails while the bot runs: money commands are refused, all else works, and it recovers by itself."""

import asyncio
import errno
import resource
import sqlite3
from collections.abc import AsyncIterator, Generator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path

import pytest

from tests import books
from tests.faults.verdict import judge
from tests.rig import Rig, Town, forked_from


@pytest.fixture(scope="module")
async def failing_town(disk_library: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """A town whose bot has a disk that can be made to fail. All tests share it, as every fault has to heal."""
    rig = Rig(tmp_path_factory.mktemp("failing"))
    await rig.open()
    await rig.start_bot(LD_PRELOAD=str(disk_library), DISK_OF=str(rig.database), DISK_FAULT=str(rig.folder / "fault"))
    town = await rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 1_000)
    yield town
    await rig.close()


@contextmanager
def disk_error(town: Town, number: int, after: str = "") -> Generator[None]:
    """Make writes and syncs of the database fail with an errno: all, or all from the sync `after` a text is written."""
    fault = town.rig.folder / "fault"
    draft = fault.with_name("fault.part")
    draft.write_text(f"{number} {after}", encoding="ascii")
    draft.replace(fault)
    yield
    fault.unlink()


@contextmanager
def no_room(town: Town) -> Generator[None]:
    """Have the kernel let no file of the writing process grow."""
    pid = town.rig.bot.pid
    assert pid is not None
    writer_pid = forked_from(pid)
    limits = resource.prlimit(writer_pid, resource.RLIMIT_FSIZE)
    resource.prlimit(writer_pid, resource.RLIMIT_FSIZE, (4096, limits[1]))
    yield
    resource.prlimit(writer_pid, resource.RLIMIT_FSIZE, limits)


@contextmanager
def locked(town: Town) -> Generator[None]:
    """Hold a write lock on the database for the length of a block, as another program might."""
    with closing(sqlite3.connect(town.rig.database, isolation_level=None)) as other_program:
        other_program.execute("BEGIN IMMEDIATE")
        yield
        other_program.execute("ROLLBACK")


async def is_refused_and_heals(town: Town, fault: AbstractContextManager[None], says: str, gifts: int = 5) -> list[str]:
    """Return the problems in how the bot lives through `fault`: an empty list if all is well."""
    problems: list[str] = []
    gifts_before = books.gifts(town.rig.database, town.guild.id)
    with fault:
        exchanges = [await town.mia.slash("gift", gift="Petal", creator=town.noor.user) for _ in range(gifts)]
        answers = await asyncio.gather(*(exchange.message(timeout=20) for exchange in exchanges))
        problems += [answer.text for answer in answers if says not in answer.text]
        problems += [answer.text for answer in answers if "haven't been charged" not in answer.text]
        wallet = await town.balance(town.mia)
        if "coins" not in wallet:
            problems.append(wallet)
    if books.gifts(town.rig.database, town.guild.id) != gifts_before:
        problems.append("something was recorded")
    receipt = await town.give(town.mia, "Petal", town.noor)
    if "Receipt #" not in receipt.text:
        problems.append(receipt.text)
    return problems


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS], ids=errno.errorcode.get)
async def test_while_the_disk_fails_money_is_refused_and_then_taken_again(failing_town: Town, number: int):
    problems = await is_refused_and_heals(failing_town, disk_error(failing_town, number), "Coins are paused")

    assert problems == []
    assert judge(failing_town.rig.database, ()).fine


async def test_while_no_file_may_grow_money_is_refused_and_then_taken_again(failing_town: Town):
    problems = await is_refused_and_heals(failing_town, no_room(failing_town), "Coins are paused")

    assert problems == []
    assert judge(failing_town.rig.database, ()).fine


async def test_while_another_program_holds_the_lock_members_are_told_to_wait(failing_town: Town):
    problems = await is_refused_and_heals(failing_town, locked(failing_town), "try again in a moment", gifts=1)

    assert problems == []
    assert judge(failing_town.rig.database, ()).fine


async def test_a_bot_whose_disk_does_not_fail_is_caught(failing_town: Town):
    # The control: without a fault the gifts go through, and the same check reports that as problems.
    problems = await is_refused_and_heals(failing_town, nullcontext(), "Coins are paused")

    assert len(problems) > 5


async def test_a_gift_that_the_disk_may_have_kept_is_not_called_free(failing_town: Town):
    database = failing_town.rig.database

    # A commit after the gift's would be written over it, so nothing is written from the failure on.
    with disk_error(failing_town, errno.EIO, after="in doubt"):
        answer = await failing_town.give(failing_town.mia, "Petal", failing_town.noor, message="in doubt")
        await failing_town.rig.kill_bot()
    await failing_town.rig.start_bot()
    notes = books.rows(database, "SELECT * FROM notes WHERE text = 'in doubt'")

    # The gift was written whole, and only its sync failed: the next bot that opens the file finds the whole gift in it.
    assert len(notes) == 1
    assert "haven't been charged" not in answer.text
    assert "whether you were charged" in answer.text
    assert judge(database, ["in doubt"]).fine
