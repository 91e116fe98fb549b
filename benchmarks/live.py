"""Commands over the wire, with the bot in its own process, and the local Discord and the crowd in this one."""

import asyncio
import contextlib
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Figure, at_least, at_most, below, percentile
from sandbox.discord.exchange import NoAnswer
from sandbox.discord.model import User
from sandbox.discord.people import Person
from sandbox.gc_tuning import tune_collector
from sandbox.supervisor import BotProcess
from tests.rig import ROOT, Rig, Town, until

CROWD = 60
COINS = 900_000_000
WAITING = 64
"""Concurrent commands when the maximum throughput is measured."""

ROUNDS = 3
PACE = 400
"""Commands a second, well below what either bot can answer."""
AFTERMATH_S = 10.0
"""Seconds after a flood in which everything that follows the journal catches up."""

GIFTS = ("1", "1", "2", "3", "1", "2", "4", "1", "5", "1")
"""Ids of the gifts that a crowd sends, mostly small ones."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Results of a crowd's commands: the seconds from each command to its answer, and the total duration.

    `failed` counts the commands that got no answer before the crowd stopped waiting.
    """

    waits: Sequence[float]
    seconds: float
    failed: int

    @property
    def rate(self) -> float:
        """Answers per second."""
        return (len(self.waits) - self.failed) / self.seconds


@contextlib.asynccontextmanager
async def show() -> AsyncGenerator[Town]:
    """Open a town with a rich crowd and a creator who is live."""
    with tempfile.TemporaryDirectory() as folder:
        rig = Rig(Path(folder))
        await rig.open()
        try:
            await rig.start_bot()
            town = await rig.found_town(members=CROWD)
            await town.approve(town.noor)
            await (await town.noor.at(town.live).slash("live start")).message()
            for member in town.crowd:
                await town.grant(member, COINS)
            yield town
        finally:
            await rig.close()


@contextlib.asynccontextmanager
async def anchor() -> AsyncGenerator[Town]:
    """Open the same town with the bare bot."""
    with tempfile.TemporaryDirectory() as folder:
        rig = Rig(Path(folder))
        await rig.open()
        place = (rig.server.api_url, rig.server.gateway_url, rig.world.application.token)
        rig.bot = BotProcess((sys.executable, "-m", "benchmarks.bare", *place), {}, folder=ROOT)
        try:
            await rig.bot.start()

            async def online() -> bool:
                return any("Ready as" in line for line in rig.bot.lines)

            await until(online)
            yield Town.create(rig, CROWD)
        finally:
            await rig.close()


async def send_gift(member: Person, gift: str, creator: User, **options: str) -> float:
    """Send a gift as a member does, and return the seconds until the answer."""
    began = time.perf_counter()
    await (await member.slash("gift", raw=True, gift=gift, creator=creator, count=1, **options)).message(timeout=10)
    return time.perf_counter() - began


async def flood(town: Town, seconds: float, *, notes: Iterator[str] | None = None) -> Answers:
    """Keep WAITING commands under way for this long, each gift with one of `notes` if given."""
    tune_collector()
    waits: list[float] = []
    turns = itertools.count()
    began = time.perf_counter()

    async def keep_on() -> None:
        while time.perf_counter() - began < seconds:
            turn = next(turns)
            options = {} if notes is None else {"message": next(notes)}
            waits.append(await send_gift(town.crowd[turn % CROWD], GIFTS[turn % len(GIFTS)], town.noor.user, **options))

    await asyncio.gather(*(keep_on() for _ in range(WAITING)))
    return Answers(waits, time.perf_counter() - began, 0)


async def stream(town: Town, rate: int, seconds: float, *, live: bool = False, gifts: Sequence[str] = GIFTS) -> Answers:
    """Send `rate` gifts a second, of `gifts` in turn, regardless of answers."""
    # As in the sandbox: a run of this process's own collector (a quarter of a second after a flood) would count
    # against the bot.
    tune_collector()
    began, failures = time.perf_counter(), 0
    tasks: list[asyncio.Task[float]] = []

    async def send(turn: int) -> float:
        nonlocal failures
        member = town.crowd[turn % CROWD]
        try:
            return await send_gift(member.at(town.live) if live else member, gifts[turn % len(gifts)], town.noor.user)
        except NoAnswer:
            failures += 1
            return 10.0

    for turn in range(round(rate * seconds)):
        ahead = began + turn / rate - time.perf_counter()
        if ahead > 0:
            await asyncio.sleep(ahead)
        tasks.append(asyncio.create_task(send(turn)))
    waits = await asyncio.gather(*tasks)
    return Answers(waits, time.perf_counter() - began, failures)


async def commands(seconds: float) -> list[Figure]:
    """Measure `/gift` beside the bare command, in turns: the maximum throughput, and the waits at 400 a second.

    Some differences are ours. The bare bot answers through discord.py, which asks Discord to send each answer back as
    the message that it has become, and posts it with aiohttp. Rosette does not ask for that, and posts over a wire of
    its own. It also frees each interaction at once, and tunes the collector. And its announcer and web part are at work
    all the time.
    """
    rates: list[tuple[float, float]] = []
    after_flood: list[float] = []
    waits: list[float] = []
    bare_waits: list[float] = []
    async with anchor() as bare, show() as town:
        for crowd in (bare, town):
            await flood(crowd, 2)
        for _ in range(ROUNDS):
            bare_rate = (await flood(bare, seconds / ROUNDS)).rate
            rates.append(((await flood(town, seconds / ROUNDS)).rate, bare_rate))
            after_flood += (await stream(town, PACE, AFTERMATH_S)).waits
            bare_waits += (await stream(bare, PACE, seconds / ROUNDS)).waits
            waits += (await stream(town, PACE, seconds / ROUNDS)).waits
    rate, bare_rate = (statistics.median(pair[n] for pair in rates) for n in range(2))
    p99, after_p99, bare_p99 = (percentile(times, 99) * 1000 for times in (waits, after_flood, bare_waits))
    return [
        at_least("/gift over the wire, answers/s", rate, "1/s", bare_rate, 0.85),
        at_most(f"/gift at {PACE}/s, p99", p99, "ms", bare_p99, 4),
        at_most(f"/gift at {PACE}/s right after a flood, p99", after_p99, "ms", bare_p99, 4),
        below(f"/gift at {PACE}/s, the longest wait", max(*waits, *after_flood) * 1000, "ms", 1_000),
    ]


def memory(pid: int) -> float:
    """Return the memory of a process and its descendants in MiB; a shared page counts once."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    (proportional,) = (line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:"))
    return int(proportional) / 1024 + sum(memory(int(child)) for child in children)


async def measured(_folder: Path, *, long: bool) -> Iterator[Figure]:
    """Return the figures of `/gift` over the wire, measured for as long as the bars require if `long`."""
    return iter(await commands(60 if long else 10))
