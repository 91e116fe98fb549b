"""A strike before and after every statement and commit of every money command: all of it is there, or nothing.

The process is killed, or the server's side of its connection. The same look at books that commit statement by
statement shows that it would be seen.
"""

from pathlib import Path

import pytest

from bot.domain.commands import Command
from bot.storage.database import Database
from bot.storage.engine import StorageError
from tests.faults.children import KILLED, Children
from tests.faults.giving import endow
from tests.faults.judging import judge
from tests.faults.striking import COMMANDS, MOST_POINTS, Aftermath, CopyBooks, strikes
from tests.storage.town import ALICE, Clock
from tests.thoroughness import some

every_command = pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
on_each_database = pytest.mark.databases("sqlite", "postgresql")
on_postgresql = pytest.mark.databases("postgresql")

ENOUGH = some(1, 3)
"""Strikes that are to be caught before a control is content."""


@pytest.fixture
def step(books_kind: str) -> int:
    """From one point to the next, and the last ones one by one. A copy of a server's database takes its time."""
    return {"sqlite": some(5, 1), "postgresql": some(13, 1)}[books_kind]


@on_each_database
@every_command
async def test_a_kill_at_any_statement_leaves_all_or_nothing(
    mortals: Children, copy_books: CopyBooks, command: Command, step: int
):
    aftermaths = [aftermath async for aftermath in strikes(mortals, copy_books, command, step=step, way="kill")]

    assert len(aftermaths) > 30 // step
    # Only the kill after the commit finds it there.
    assert aftermaths[:-1] == [Aftermath(is_booked=False, was_acknowledged=False, problems=[])] * (len(aftermaths) - 1)
    assert aftermaths[-1] == Aftermath(is_booked=True, was_acknowledged=False, problems=[])


@on_postgresql
@every_command
async def test_a_connection_that_ends_at_any_statement_is_made_good(
    mortals: Children, copy_books: CopyBooks, command: Command, step: int
):
    aftermaths = [aftermath async for aftermath in strikes(mortals, copy_books, command, step=step, way="terminate")]

    assert len(aftermaths) > 30 // step
    assert [
        aftermath for aftermath in aftermaths if aftermath.problems or aftermath.is_booked != aftermath.was_acknowledged
    ] == []
    # A connection that ends while it is made closes the books for the moment; any later end is not even noticed.
    assert [aftermath.is_booked for aftermath in aftermaths] == sorted(aftermath.is_booked for aftermath in aftermaths)
    assert sum(aftermath.is_booked for aftermath in aftermaths) > len(aftermaths) // 2


async def catches(mortals: Children, copy_books: CopyBooks, way: str) -> int:
    """Strike at books that commit halfway, until enough is caught; return how many were."""
    caught = 0
    async for aftermath in strikes(mortals, copy_books, COMMANDS[0], step=5, way=way, how="autocommit"):
        caught += bool(aftermath.problems)
        if caught == ENOUGH:
            break
    return caught


@on_each_database
async def test_a_kill_of_books_that_commit_halfway_is_caught(mortals: Children, copy_books: CopyBooks):
    assert await catches(mortals, copy_books, "kill") == ENOUGH


@on_postgresql
async def test_a_connection_that_ends_while_books_commit_halfway_is_caught(mortals: Children, copy_books: CopyBooks):
    assert await catches(mortals, copy_books, "terminate") == ENOUGH


async def test_a_kill_in_the_middle_of_the_first_start_leaves_what_the_next_one_can_use(
    mortals: Children, tmp_path: Path
):
    starts: list[bool] = []
    step = some(15, 2)
    for point in range(1, MOST_POINTS, step):
        file = tmp_path / f"{point}.db"
        code, _ = await mortals.run(file, [], strike_at=point, from_start=True)
        if code != KILLED:
            break
        if not file.stat().st_size:
            # It might have been somebody's books: what is there to be done is said, and done.
            with pytest.raises(StorageError, match="remove the file"):
                await Database.open(f"sqlite:///{file}", clock=Clock())
            file.unlink()
        starts.append(await can_be_used(file))

    assert len(starts) > 90 // step
    assert all(starts)


async def can_be_used(file: Path) -> bool:
    """Whether books can be opened, and gifts be given."""
    await endow(f"sqlite:///{file}")
    return judge(file, [f"grant:{ALICE}"]).fine
