"""The start and the memory of the bot's process, beside a bare discord.py bot on the same local Discord."""

import asyncio
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path

from benchmarks.figures import Figure, at_most, below
from benchmarks.live import Town, anchor, flood, memory, show
from sandbox.supervisor import BotProcess
from tests.rig import ROOT, Rig

STARTS = 5
CHUNK_S = 10.0
"""Seconds between two samples of the memory."""
SMALLEST = 16.0
"""Bytes of the smallest Python object. If a gift leaks a single object, memory grows by at least this much per gift."""


async def starts(books: Path, members: int) -> Iterator[Figure]:
    """Measure how long the bot takes until it is ready with `books`, beside the bare bot."""
    with tempfile.TemporaryDirectory() as folder:
        rig = Rig(Path(folder))
        await rig.open()
        shutil.copy(books, rig.folder / "rosette.db")
        place = (rig.server.api_url, rig.server.gateway_url, rig.world.application.token)
        bare, rosette = ("-m", "benchmarks.bare", *place), ("-m", "bot")
        try:
            # The first start compiles the modules and registers the commands.
            for command in (bare, rosette):
                await _until_ready(command, rig.variables)
            times = [(await _until_ready(bare, {}), await _until_ready(rosette, rig.variables)) for _ in range(STARTS)]
        finally:
            await rig.close()
    anchors, values = zip(*times, strict=True)
    name = f"start to ready, {members:,} members in the books"
    return iter([at_most(name, statistics.median(values), "s", statistics.median(anchors), 1.5)])


async def _until_ready(arguments: Sequence[str], variables: Mapping[str, str]) -> float:
    """Start a bot, return the seconds until it says that it is ready, and stop it."""
    ready = asyncio.Event()

    def hear(line: str) -> None:
        if "Ready as" in line:
            ready.set()

    bot = BotProcess((sys.executable, *arguments), variables, folder=ROOT, on_line=hear)
    began = time.perf_counter()
    await bot.start()
    await asyncio.wait_for(ready.wait(), 120)
    took = time.perf_counter() - began
    await bot.stop()
    return took


async def memories(_folder: Path, *, gifts: int) -> Iterator[Figure]:
    """Measure the memory after at least this many gifts over the wire, beside that of the bare bot after CHUNK_S.

    Every gift has a different note, so that anything that keeps texts grows.
    """
    async with anchor() as town:
        bare = (await _weigh(town, 1))[-1][1]
    async with show() as town:
        # Restart: the first start created the books, and the code for that stays in the process's memory.
        await town.rig.stop_bot()
        await town.rig.start_bot()
        samples = await _weigh(town, gifts, notes=(f"note number {number} of a long evening" for number in count()))
    gift_count, mib = samples[-1]
    figures = [at_most(f"memory after {gift_count:,} gifts", mib, "MiB", bare, 2.5)]
    later_samples = samples[len(samples) // 2 :]
    if len(later_samples) > 10:
        slope, _ = statistics.linear_regression(
            [gift_count for gift_count, _ in later_samples], [mib * 2**20 for _, mib in later_samples]
        )
        figures.append(below("memory's slope over the later half of them", slope, "B/gift", SMALLEST / 2))
    return iter(figures)


async def _weigh(town: Town, gifts: int, *, notes: Iterator[str] | None = None) -> list[tuple[int, float]]:
    """Flood the bot until this many gifts are answered; return pairs of the answers so far and the bot's MiB."""
    gift_count, samples = 0, list[tuple[int, float]]()
    while gift_count < gifts:
        gift_count += len((await flood(town, CHUNK_S, notes=notes)).waits)
        pid = town.rig.bot.pid
        assert pid is not None
        samples.append((gift_count, memory(pid)))
    return samples
