"""Strikes at the points of one command, on copies of the same books, and a look at what each left behind."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

from bot.domain.commands import Command
from bot.storage import journal
from bot.storage.audit import audit_database
from bot.storage.database import Database
from tests.faults.child import STRUCK
from tests.faults.children import KILLED, Children
from tests.storage.town import GUILD, Clock, credit, gift, grant, order

COMMANDS: list[Command] = [gift("it", note="hello", count=3), credit(order()), grant("it")]
"""One of each that moves money; the books of `giving.endow` can pay for them."""
MOST_POINTS = 200

Copied = Callable[[], AbstractContextManager[str]]
"""Makes a copy of closed books for the length of a block; gives its address."""


class Left(NamedTuple):
    """What one strike left: whether the command is in the books, whether anybody was told so, and what is wrong."""

    there: bool
    told: bool
    wrong: list[str]


async def strikes(
    mortals: Children, copied: Copied, command: Command, *, step: int = 1, **how: Any
) -> AsyncGenerator[Left]:
    """Strike at every point, or at every `step`th and the last ones; yield what each strike left.

    `how` is for the job: the `way` to strike, and `how` the books are opened.
    """
    point = 1
    while point < MOST_POINTS:
        with copied() as address:
            code, said = await mortals.run(address, [command], strike_at=point, **how)
            left = await look(address, command, told=bool(said)) if code else None
        if left is not None:
            assert code in {KILLED, STRUCK} or how.get("how") == "autocommit"
            yield left
            point += step
            continue
        assert len(said) == 1
        if step == 1:
            return
        # Back over the last stretch, one by one: the commit is there.
        point, step = point - step + 1, 1
    raise AssertionError("there is no end of points")


async def look(address: str, command: Command, *, told: bool) -> Left:
    """Say what is in the books that a strike left, and what is wrong with them.

    Both are looked at again after sending the command once more.
    """
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
    return Left(there, told, found + [finding.what for finding in audit_database(address)])
