"""Every gift comes five times in any order, across a kill or to two processes at once, and is charged once.

As a control, each delivery gets its own key, as if the books ignored keys. The same check then counts more gifts.
"""

import asyncio
import contextlib
import os
import random
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

import pytest

from bot.domain.ledger.gift import SendGift
from bot.storage.database import Database
from bot.storage.stores import wallets
from tests.faults.children import Children, acknowledged_in, children
from tests.faults.giving import COINS, endow, gifts
from tests.faults.verdict import Verdict, judge
from tests.rig import until
from tests.storage.town import ALICE, GUILD, Clock

GIFTS = 60
TIMES = 5

Deliver = Callable[[Path | str, Sequence[SendGift]], Awaitable[list[str]]]
"""Delivers gifts, and returns the messages of the acknowledged ones."""


def deliveries(seed: int, *, keys: bool = True) -> list[SendGift]:
    """Return every gift five times, shuffled. Without `keys` each delivery looks like a separate gift."""
    copies = gifts(GIFTS) * TIMES
    if not keys:
        copies = [gift._replace(key=f"{gift.key}:{number}") for number, gift in enumerate(copies)]
    random.Random(seed).shuffle(copies)
    return copies


@pytest.fixture(scope="module")
async def pair(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Children, Children]]:
    """Two forking processes."""
    async with contextlib.AsyncExitStack() as stack:
        folders = [tmp_path_factory.mktemp("pair") for _ in range(2)]
        first, second = [await stack.enter_async_context(children(folder)) for folder in folders]
        yield first, second


async def across_a_kill(mortals: Children, database: Path | str, copies: Sequence[SendGift]) -> list[str]:
    """Deliver to a process that is killed in the middle, and then to the next one."""
    enough_acks = len(copies) // 3
    acks = await mortals.begin(database, copies, width=10, halt_at=enough_acks)

    async def has_enough() -> bool:
        return len(acknowledged_in(acks)) >= enough_acks

    await until(has_enough)
    os.kill(mortals.pid, signal.SIGKILL)
    await mortals.fate()
    early_acks = acknowledged_in(acks)
    assert len(early_acks) < len(copies)
    remaining = [*copies[len(early_acks) // 2 :], *copies[:20]]
    code, late_acks = await mortals.run(database, remaining, width=10)
    assert code == 0
    return [*early_acks, *late_acks]


async def to_both(
    pair: tuple[Children, Children], database: Path | str, copies: Sequence[SendGift], mode: str
) -> list[str]:
    """Deliver everything to two processes at once."""
    orders = (copies, copies[::-1])
    outcomes = await asyncio.gather(
        *(process.run(database, order, how=mode, width=10) for process, order in zip(pair, orders, strict=True))
    )
    assert [code for code, _ in outcomes] == [0, 0]
    assert all(acknowledged for _, acknowledged in outcomes)
    return [message for _, acknowledged in outcomes for message in acknowledged]


async def coins_spent(address: str) -> int:
    """Return the coins that left Alice's wallet."""
    books = await Database.open(address, clock=Clock())
    wallet = await books.read(wallets.wallet, GUILD, ALICE)
    await books.close()
    return COINS - wallet.total


def is_charged_once(verdict: Verdict) -> bool:
    """Whether every gift is booked exactly once."""
    return verdict.fine and verdict.gifts == GIFTS


async def test_gifts_that_come_again_across_a_kill_are_charged_once(mortals: Children, rich: Path, address: str):
    acknowledged = await across_a_kill(mortals, rich, deliveries(1))

    assert is_charged_once(judge(rich, acknowledged))
    assert await coins_spent(address) == GIFTS


async def test_without_keys_a_kill_doubles_gifts(mortals: Children, rich: Path):
    acknowledged = await across_a_kill(mortals, rich, deliveries(1, keys=False))

    verdict = judge(rich, acknowledged)
    assert len(verdict.doubled) == GIFTS
    assert not is_charged_once(verdict)


async def test_two_processes_on_one_file_charge_once(pair: tuple[Children, Children], rich: Path, address: str):
    # "full" is a writer without the process lock, so that both can open the file.
    acknowledged = await to_both(pair, rich, deliveries(2), mode="full")

    assert is_charged_once(judge(rich, acknowledged))
    assert await coins_spent(address) == GIFTS


async def test_without_keys_two_processes_double_gifts(pair: tuple[Children, Children], rich: Path):
    acknowledged = await to_both(pair, rich, deliveries(2, keys=False), mode="full")

    assert len(judge(rich, acknowledged).doubled) == GIFTS


async def test_two_processes_that_share_a_server_charge_once(pair: tuple[Children, Children], shared: str):
    await endow(shared)

    acknowledged = await to_both(pair, shared, deliveries(3), mode="open")

    assert is_charged_once(judge(shared, acknowledged))
    assert await coins_spent(shared) == GIFTS


async def test_without_keys_processes_that_share_a_server_double_gifts(pair: tuple[Children, Children], shared: str):
    await endow(shared)

    acknowledged = await to_both(pair, shared, deliveries(3, keys=False), mode="open")

    assert len(judge(shared, acknowledged).doubled) == GIFTS
