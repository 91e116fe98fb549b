"""A kill before and after every statement, row and commit of every money command: all of it is there, or nothing.

The same look at books that commit statement by statement shows that it would be seen.
"""

import shutil
from pathlib import Path

import pytest

from bot.domain.commands import Command
from bot.storage import journal
from bot.storage.audit import audit_database
from bot.storage.database import Database
from bot.storage.engine import StorageError
from tests.faults.children import KILLED, Children
from tests.faults.giving import endow
from tests.faults.judging import judge
from tests.storage.town import ALICE, GUILD, Clock, credit, gift, grant, order

COMMANDS: list[Command] = [gift("it", note="hello", count=3), credit(order()), grant("it")]
MOST_POINTS = 200


async def problems(file: Path, command: Command) -> tuple[bool, list[str]]:
    """Return whether `command` got into the books that its process died on, and what is wrong with them.

    Both are looked at again after sending the command once more.
    """
    address = f"sqlite:///{file}"
    found = [finding.what for finding in audit_database(address)]
    books = await Database.open(address, clock=Clock())
    there = await books.read(journal.find, GUILD, command.key) is not None
    before = (await books.read(journal.head, GUILD)).seq
    try:
        again = await books.writer.submit(command)
        after = (await books.read(journal.head, GUILD)).seq
    except Exception as error:  # noqa: BLE001 - books that are half written may fail in any way
        found.append(f"cannot be sent again: {error!r}")
    else:
        if again.replayed != there or after != before + (not there):
            found.append(f"sent again: replayed {again.replayed}, rows {before} and {after}, was there {there}")
    finally:
        await books.close()
    return there, found + [finding.what for finding in audit_database(address)]


async def kill_everywhere(
    mortals: Children, rich: Path, command: Command, how: str, step: int = 1
) -> list[tuple[bool, list[str]]]:
    """Kill at each point until the command comes through; return what `problems` says after each kill."""
    seen: list[tuple[bool, list[str]]] = []
    for point in range(1, MOST_POINTS, step):
        file = Path(shutil.copy(rich, rich.with_name(f"{how}-{point}.db")))
        code, said = await mortals.run(file, [command], how=how, die_at=point)
        if code != KILLED:
            assert (code, len(said)) == (0, 1)
            return seen
        assert said == []
        seen.append(await problems(file, command))
    raise AssertionError("there is no end of points")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
async def test_a_kill_at_any_statement_leaves_all_or_nothing(mortals: Children, rich: Path, command: Command):
    seen = await kill_everywhere(mortals, rich, command, "open")

    assert len(seen) > 30
    assert [found for _there, found in seen if found] == []
    # Only the kill after the commit finds it there.
    assert [there for there, _found in seen] == [False] * (len(seen) - 1) + [True]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
async def test_books_that_commit_halfway_are_caught(mortals: Children, rich: Path, command: Command):
    seen = await kill_everywhere(mortals, rich, command, "autocommit", step=3)

    assert len([found for _there, found in seen if found]) >= 3


async def test_a_kill_in_the_middle_of_the_first_start_leaves_what_the_next_one_can_use(
    mortals: Children, tmp_path: Path
):
    starts: list[bool] = []
    for point in range(1, MOST_POINTS, 6):
        file = tmp_path / f"{point}.db"
        code, _ = await mortals.run(file, [], die_at=point, from_start=True)
        if code != KILLED:
            break
        if not file.stat().st_size:
            # It might have been somebody's books: what is there to be done is said, and done.
            with pytest.raises(StorageError, match="remove the file"):
                await Database.open(f"sqlite:///{file}", clock=Clock())
            file.unlink()
        starts.append(await can_be_used(file))

    assert len(starts) > 15
    assert all(starts)


async def can_be_used(file: Path) -> bool:
    """Whether books can be opened, and gifts be given."""
    await endow(f"sqlite:///{file}")
    return judge(file, [f"grant:{ALICE}"]).fine
