"""The gift menus over the wire: used by a hundred members at once, and forty times by one member."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.figures import Figure, below, percentile
from benchmarks.live import show
from sandbox.discord.exchange import Exchange
from sandbox.discord.people import Person
from sandbox.gc_tuning import tune_collector
from tests.rig import Town

AT_ONCE = 100
BY_ONE = 40
ROUNDS = 3

Press = Callable[[Person], Awaitable[Exchange]]


async def measured(_folder: Path) -> Iterator[Figure]:
    """Measure *Gift this message* beside *Send a gift*, and how one member's presses delay the others."""
    async with show() as town:
        tune_collector()
        noor = town.noor.user
        of_message: list[float] = []
        of_member: list[float] = []
        for number in range(ROUNDS):
            message = await town.noor.say(f"song {number}")
            of_member += await _at_once(town, lambda member: member.user_menu("Send a gift", noor))
            of_message += await _at_once(town, lambda member, to=message: member.message_menu("Gift this message", to))
        messages = [await town.noor.say(f"encore {number}") for number in range(BY_ONE)]
        beside = await asyncio.gather(
            *(_timed(town.mia.message_menu("Gift this message", message)) for message in messages),
            *(_timed(member.user_menu("Send a gift", noor)) for member in town.crowd),
        )
    anchor, slowest = percentile(of_member, 99), percentile(of_message, 99)
    name = f"*Gift this message*, {AT_ONCE} at once"
    return iter(
        [
            below(f"{name}, p99", slowest, "s", 1),
            Figure(f"{name}, p99 beside *Send a gift*", slowest, "s", anchor, slowest / anchor),
            below(f"others beside one who presses it {BY_ONE} times, p99", percentile(beside[BY_ONE:], 99), "s", 1),
        ]
    )


async def _at_once(town: Town, press: Press) -> Sequence[float]:
    people = [town.crowd[turn % len(town.crowd)] for turn in range(AT_ONCE)]
    return await asyncio.gather(*(_timed(press(member)) for member in people))


async def _timed(press: Awaitable[Exchange]) -> float:
    """Return the seconds from the use of a menu to its answer."""
    began = time.perf_counter()
    await (await press).message(timeout=60)
    return time.perf_counter() - began
