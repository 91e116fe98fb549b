"""Every gift comes five times, in any order: before and after a kill, and to two processes at once. It is charged once.

Where each delivery has a key of its own, as in books that do not know keys, the same look counts more.
"""

import asyncio
import contextlib
import os
import random
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

import pytest

from bot.domain.commands import SendGift
from bot.storage import wallets
from bot.storage.database import Database
from tests.faults.children import Children, children, said_in
from tests.faults.giving import COINS, endow, gifts
from tests.faults.judging import Verdict, judge
from tests.stage import until
from tests.storage.town import ALICE, GUILD, Clock

GIFTS = 60
TIMES = 5

Deliver = Callable[[Path | str, Sequence[SendGift]], Awaitable[list[str]]]
"""Have gifts delivered; return the messages of those that were acknowledged."""


def deliveries(seed: int, *, keys: bool = True) -> list[SendGift]:
    """Return every gift five times, shuffled; without `keys` each delivery looks like a gift of its own."""
    every = gifts(GIFTS) * TIMES
    if not keys:
        every = [gift._replace(key=f"{gift.key}:{number}") for number, gift in enumerate(every)]
    random.Random(seed).shuffle(every)
    return every


@pytest.fixture(scope="module")
async def pair(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Children, Children]]:
    """Two processes that fork."""
    async with contextlib.AsyncExitStack() as stack:
        folders = [tmp_path_factory.mktemp("pair") for _ in range(2)]
        one, other = [await stack.enter_async_context(children(folder)) for folder in folders]
        yield one, other


async def across_a_kill(mortals: Children, database: Path | str, every: Sequence[SendGift]) -> list[str]:
    """Deliver to a process that is killed in the middle, and then to the next one."""
    enough_said = len(every) // 3
    acks = await mortals.begin(database, every, width=10, halt_at=enough_said)

    async def enough() -> bool:
        return len(said_in(acks)) >= enough_said

    await until(enough)
    os.kill(mortals.pid, signal.SIGKILL)
    await mortals.fate()
    before = said_in(acks)
    assert len(before) < len(every)
    rest = [*every[len(before) // 2 :], *every[:20]]
    code, after = await mortals.run(database, rest, width=10)
    assert code == 0
    return [*before, *after]


async def to_both(
    pair: tuple[Children, Children], database: Path | str, every: Sequence[SendGift], how: str
) -> list[str]:
    """Deliver everything to two processes at once."""
    ways = (every, every[::-1])
    done = await asyncio.gather(
        *(one.run(database, way, how=how, width=10) for one, way in zip(pair, ways, strict=True))
    )
    assert [code for code, _ in done] == [0, 0]
    assert all(said for _, said in done)
    return [message for _, said in done for message in said]


async def spent(address: str) -> int:
    """Return the coins that left Alice's wallet."""
    books = await Database.open(address, clock=Clock())
    wallet = await books.read(wallets.wallet, GUILD, ALICE)
    await books.close()
    return COINS - wallet.total


def once(verdict: Verdict) -> bool:
    """Whether every gift is there, and once."""
    return verdict.fine and verdict.gifts == GIFTS


async def test_gifts_that_come_again_across_a_kill_are_charged_once(mortals: Children, rich: Path, address: str):
    said = await across_a_kill(mortals, rich, deliveries(1))

    assert once(judge(rich, said))
    assert await spent(address) == GIFTS


async def test_without_keys_a_kill_doubles_gifts(mortals: Children, rich: Path):
    said = await across_a_kill(mortals, rich, deliveries(1, keys=False))

    verdict = judge(rich, said)
    assert len(verdict.doubled) == GIFTS
    assert not once(verdict)


async def test_two_processes_on_one_file_charge_once(pair: tuple[Children, Children], rich: Path, address: str):
    # "full" is a writer without the process lock.
    said = await to_both(pair, rich, deliveries(2), how="full")

    assert once(judge(rich, said))
    assert await spent(address) == GIFTS


async def test_without_keys_two_processes_double_gifts(pair: tuple[Children, Children], rich: Path):
    said = await to_both(pair, rich, deliveries(2, keys=False), how="full")

    assert len(judge(rich, said).doubled) == GIFTS


async def test_two_processes_that_share_a_server_charge_once(pair: tuple[Children, Children], shared: str):
    await endow(shared)

    said = await to_both(pair, shared, deliveries(3), how="open")

    assert once(judge(shared, said))
    assert await spent(shared) == GIFTS


async def test_without_keys_processes_that_share_a_server_double_gifts(pair: tuple[Children, Children], shared: str):
    await endow(shared)

    said = await to_both(pair, shared, deliveries(3, keys=False), how="open")

    assert len(judge(shared, said).doubled) == GIFTS
