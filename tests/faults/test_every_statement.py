"""A strike before and after every statement and commit of every money command: all of it is booked, or nothing.

The process is killed, or the server's side of its connection. As a control, the same check catches books that commit
statement by statement.
"""

from pathlib import Path

import pytest

from bot.domain.ledger import COMMANDS, CREDITS
from bot.domain.ledger.kinds import Command
from bot.storage.connect.address import StorageError
from bot.storage.database import Database
from tests.faults.children import KILLED, Children
from tests.faults.giving import endow
from tests.faults.kill_matrix import MOST_POINTS, Aftermath, CopyBooks, strikes
from tests.faults.verdict import judge
from tests.storage.town import ALICE, Clock
from tests.thoroughness import by_thoroughness, sample

every_kind = pytest.mark.parametrize("kind", sample([*COMMANDS], 2))
on_each_database = pytest.mark.databases("sqlite", "postgresql")
on_postgresql = pytest.mark.databases("postgresql")

ENOUGH = by_thoroughness(quick=1, full=1, long=3)
"""Caught strikes after which a control passes."""
CONTROL_STEP = by_thoroughness(quick=11, full=11, long=5)


@pytest.fixture
def step(books_kind: str) -> int:
    """How many points to advance between strikes. It is larger on a server, where copying a database is slow."""
    if books_kind == "sqlite":
        return by_thoroughness(quick=23, full=23, long=1)
    return by_thoroughness(quick=61, full=53, long=1)


@on_each_database
@every_kind
async def test_a_kill_at_any_statement_leaves_all_or_nothing(
    mortals: Children, copy_books: CopyBooks, commands: dict[str, Command], kind: str, step: int
):
    aftermaths = [aftermath async for aftermath in strikes(mortals, copy_books, commands[kind], step=step, way="kill")]

    assert len(aftermaths) > 30 // step
    # Only the kill after the commit leaves it in the books.
    assert aftermaths[:-1] == [Aftermath(is_booked=False, was_acknowledged=False, problems=[])] * (len(aftermaths) - 1)
    assert aftermaths[-1] == Aftermath(is_booked=True, was_acknowledged=False, problems=[])


@on_each_database
@pytest.mark.parametrize("kind", CREDITS)
async def test_a_kill_at_any_statement_of_a_fold_lets_every_row_count_once(
    mortals: Children, copy_books: CopyBooks, commands: dict[str, Command], kind: str, step: int
):
    aftermaths = [
        aftermath async for aftermath in strikes(mortals, copy_books, commands[kind], step=step, way="kill", folds=True)
    ]

    # After its commit, the row itself is there whatever becomes of the fold.
    assert sum(aftermath.was_acknowledged for aftermath in aftermaths) > 20 // step
    assert [aftermath.problems for aftermath in aftermaths if aftermath.problems] == []


@on_postgresql
@every_kind
async def test_a_connection_that_ends_at_any_statement_is_made_good(
    mortals: Children, copy_books: CopyBooks, commands: dict[str, Command], kind: str, step: int
):
    aftermaths = [
        aftermath async for aftermath in strikes(mortals, copy_books, commands[kind], step=step, way="terminate")
    ]

    assert len(aftermaths) > 30 // step
    assert [
        aftermath for aftermath in aftermaths if aftermath.problems or aftermath.is_booked != aftermath.was_acknowledged
    ] == []
    # A connection that ends while it is set up closes the books for a moment. Any later end goes unnoticed.
    assert [aftermath.is_booked for aftermath in aftermaths] == sorted(aftermath.is_booked for aftermath in aftermaths)
    assert sum(aftermath.is_booked for aftermath in aftermaths) > len(aftermaths) // 2


async def catches(mortals: Children, copy_books: CopyBooks, command: Command, way: str) -> int:
    """Strike at books that commit halfway until ENOUGH strikes are caught. Return how many were."""
    caught = 0
    async for aftermath in strikes(mortals, copy_books, command, step=CONTROL_STEP, way=way, how="autocommit"):
        caught += bool(aftermath.problems)
        if caught == ENOUGH:
            break
    return caught


@on_each_database
@pytest.mark.parametrize("kind", CREDITS)
async def test_a_kill_of_books_that_commit_halfway_is_caught(
    mortals: Children, copy_books: CopyBooks, commands: dict[str, Command], kind: str
):
    assert await catches(mortals, copy_books, commands[kind], "kill") == ENOUGH


@on_postgresql
async def test_a_connection_that_ends_while_books_commit_halfway_is_caught(
    mortals: Children, copy_books: CopyBooks, commands: dict[str, Command]
):
    assert await catches(mortals, copy_books, commands["gift"], "terminate") == ENOUGH


async def test_a_kill_in_the_middle_of_the_first_start_leaves_what_the_next_one_can_use(
    mortals: Children, tmp_path: Path
):
    starts: list[bool] = []
    step = by_thoroughness(quick=37, full=37, long=2)
    for point in range(1, MOST_POINTS, step):
        file = tmp_path / f"{point}.db"
        code, _ = await mortals.run(file, [], strike_at=point, from_start=True)
        if code != KILLED:
            break
        if not file.stat().st_size:
            # An empty file may have been somebody's books, so the start refuses it and says what to do. Do that.
            with pytest.raises(StorageError, match="delete the file"):
                await Database.open(f"sqlite:///{file}", clock=Clock())
            file.unlink()
        starts.append(await can_be_used(file))

    assert len(starts) > 90 // step
    assert all(starts)


async def can_be_used(file: Path) -> bool:
    """Whether the books can be opened and endowed."""
    await endow(f"sqlite:///{file}")
    return judge(file, [f"grant:{ALICE}"]).fine
