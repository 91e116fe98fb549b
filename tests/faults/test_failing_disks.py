"""The disk fails while the bot runs: money is refused and nothing charged, all else goes on, and it heals by itself."""

import asyncio
import errno
import resource
import sqlite3
from collections.abc import AsyncIterator, Generator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path

import pytest

from tests import books
from tests.faults.judging import judge
from tests.stage import Stage, Town, forked_from


@pytest.fixture(scope="module")
async def failing(disk_library: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """A town whose bot has a disk that can be told to fail. One for all tests: each fault has to heal."""
    stage = Stage(tmp_path_factory.mktemp("failing"))
    await stage.open()
    await stage.start_bot(
        LD_PRELOAD=str(disk_library), DISK_OF=str(stage.database), DISK_FAULT=str(stage.folder / "fault")
    )
    town = await stage.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 1_000)
    yield town
    await stage.close()


@contextmanager
def disk_error(town: Town, number: int, only: str = "") -> Generator[None]:
    """Every write and sync of the database fails with an error of the system, or `only` those of one kind."""
    fault = town.stage.folder / "fault"
    fault.write_text(f"{number} {only}", encoding="ascii")
    yield
    fault.unlink()


@contextmanager
def no_room(town: Town) -> Generator[None]:
    """The kernel lets no file of the bot's grow."""
    pid = town.stage.bot.pid
    assert pid is not None
    writer_pid = forked_from(pid)
    limits = resource.prlimit(writer_pid, resource.RLIMIT_FSIZE)
    resource.prlimit(writer_pid, resource.RLIMIT_FSIZE, (4096, limits[1]))
    yield
    resource.prlimit(writer_pid, resource.RLIMIT_FSIZE, limits)


@contextmanager
def locked(town: Town) -> Generator[None]:
    """Another program writes, and does not come to an end."""
    with closing(sqlite3.connect(town.stage.database, isolation_level=None)) as other_program:
        other_program.execute("BEGIN IMMEDIATE")
        yield
        other_program.execute("ROLLBACK")


async def is_refused_and_heals(town: Town, fault: AbstractContextManager[None], says: str, gifts: int = 5) -> list[str]:
    """Return what is wrong with how the bot lives through `fault`; nothing, if it is as it should be."""
    problems: list[str] = []
    gifts_before = books.gifts(town.stage.database, town.guild.id)
    with fault:
        exchanges = [await town.mia.slash("gift", gift="Petal", creator=town.noor.user) for _ in range(gifts)]
        answers = await asyncio.gather(*(exchange.message(timeout=20) for exchange in exchanges))
        problems += [answer.text for answer in answers if says not in answer.text]
        problems += [answer.text for answer in answers if "haven't been charged" not in answer.text]
        wallet = await town.balance(town.mia)
        if "coins" not in wallet:
            problems.append(wallet)
    if books.gifts(town.stage.database, town.guild.id) != gifts_before:
        problems.append("something was recorded")
    receipt = await town.give(town.mia, "Petal", town.noor)
    if "Receipt #" not in receipt.text:
        problems.append(receipt.text)
    return problems


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS], ids=errno.errorcode.get)
async def test_while_the_disk_fails_money_is_refused_and_then_taken_again(failing: Town, number: int):
    problems = await is_refused_and_heals(failing, disk_error(failing, number), "can't be moved right now")

    assert problems == []
    assert judge(failing.stage.database, ()).fine


async def test_while_no_file_may_grow_money_is_refused_and_then_taken_again(failing: Town):
    problems = await is_refused_and_heals(failing, no_room(failing), "can't be moved right now")

    assert problems == []
    assert judge(failing.stage.database, ()).fine


async def test_while_another_program_holds_the_lock_members_are_told_to_wait(failing: Town):
    problems = await is_refused_and_heals(failing, locked(failing), "try again in a moment", gifts=1)

    assert problems == []
    assert judge(failing.stage.database, ()).fine


async def test_a_bot_whose_disk_does_not_fail_is_caught(failing: Town):
    # The control: with no fault at all the gifts go through, and the same look says so.
    problems = await is_refused_and_heals(failing, nullcontext(), "can't be moved right now")

    assert len(problems) > 5


async def test_a_gift_that_the_disk_may_have_kept_is_not_called_free(failing: Town):
    with disk_error(failing, errno.EIO, only="S"):
        answer = await failing.give(failing.mia, "Petal", failing.noor, message="in doubt")
        await failing.stage.kill_bot()
    await failing.stage.start_bot()
    notes = books.rows(failing.stage.database, "SELECT * FROM notes WHERE text = 'in doubt'")

    # Only the sync failed: whoever opens the file next finds the gift in it, whole.
    assert len(notes) == 1
    assert "haven't been charged" not in answer.text
    assert "whether you were charged" in answer.text
    assert judge(failing.stage.database, ["in doubt"]).fine
