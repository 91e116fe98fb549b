"""Gifts through the service beside the frozen anchor and beside Red's bank, and in books of other sizes.

`benchmarks.gift_kinds` measures other kinds of gifts.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.books import FIRST_GUILD, MEMBERS, fresh_copy, prepare_books
from benchmarks.figures import Figure, at_least, at_most, percentile, say
from benchmarks.frozen_books import FrozenBooks, write
from benchmarks.storm import one_by_one, open_services, requests, storm

RED = Path(__file__).resolve().parent.parent / "build" / "red" / "bin" / "python"
MANY_MEMBERS = 100_000
ROUNDS = 3
GIFTS = 7_000
"""Gifts of one round. Three rounds make 21,000 for each figure."""
ANCHORED_GIFTS = 21_000
"""The same beside the frozen loop. What is counted after the last receipt, up to 3,000 rows, is then a small part."""
WARM_UP = 8_000
BARS = {100: (0.7, 0.6), 1_000: (0.8, 0.5)}
"""By number of callers, what the bot has to reach of the loop that writes each row, and of the one that merges them."""


@dataclass(frozen=True, slots=True)
class Run:
    """Gifts per second, and the processor's microseconds for each, over all of a run's processes."""

    rate: float
    cpu_us: float


def cpu_seconds() -> float:
    """Return the processor time of this process and of its children that have ended."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


async def throughput(
    file: Path, *, callers: int, gifts: int, prefix: str = "storm", members: int = MEMBERS, promo_share: int = 0
) -> Run:
    """Send gifts through the service, on a copy of `file`, until every leaderboard counts them.

    Of promo coins, creators earn `promo_share` per cent.
    """
    copy = fresh_copy(file)
    cpu = cpu_seconds()
    async with open_services(copy) as services:
        await services.guilds.change(FIRST_GUILD, promo_share_percent=promo_share)
        # What is compiled and cached once, and the process that plans folds, which starts in a flood.
        await storm(services, requests(WARM_UP, members=members, prefix="warm"), callers)
        rate = await storm(services, requests(gifts, members=members, prefix=prefix), callers)
    return Run(rate, (cpu_seconds() - cpu) * 1e6 / (gifts + WARM_UP))


def anchor_run(folder: Path, *, batch: int, gifts: int, merge: bool, members: int = MEMBERS) -> Run:
    """Write the frozen anchor's rows in batches; the books of that size are made anew, outside of the time."""
    file = folder / "frozen.db"
    for old in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
        old.unlink(missing_ok=True)
    anchor = FrozenBooks(members=members)
    anchor.save(file, 10_000)
    batches = anchor.batches(gifts, batch, merge=merge)
    os.sync()
    cpu = cpu_seconds()
    seconds = sum(write(file, batches))
    return Run(gifts / seconds, (cpu_seconds() - cpu) * 1e6 / gifts)


async def against_anchor(folder: Path) -> Iterator[Figure]:
    """Measure storms of 100 and 1,000 callers, and single gifts, beside the frozen loop, in turns."""
    books = prepare_books(folder, gifts=10_000)
    figures: list[Figure] = []
    for callers in BARS:
        figures += await beside_anchor(folder, books, f"durable gifts/s, {callers:,} callers", callers)
    return iter([*figures, *await _lonely(folder, books)])


async def beside_anchor(folder: Path, books: Path, name: str, callers: int) -> list[Figure]:
    """Measure gifts in `books` until all is counted, beside the frozen loop, in turns."""
    say(name)
    rounds: list[tuple[Run, Run, Run]] = []
    for _ in range(ROUNDS):
        each = anchor_run(folder, batch=callers, gifts=ANCHORED_GIFTS, merge=False)
        product = await throughput(books, callers=callers, gifts=ANCHORED_GIFTS)
        rounds.append((each, product, anchor_run(folder, batch=callers, gifts=ANCHORED_GIFTS, merge=True)))
    each, product, merged = (median(runs) for runs in zip(*rounds, strict=True))
    row_bar, merged_bar = BARS[callers]
    return [
        at_least(f"{name}; anchor writes each row", product.rate, "/s", each.rate, row_bar),
        at_least(f"{name}; anchor merges", product.rate, "/s", merged.rate, merged_bar),
        Figure(f"{name}: processor a gift", product.cpu_us, "us", each.cpu_us, product.cpu_us / each.cpu_us),
    ]


async def _lonely(folder: Path, books: Path) -> list[Figure]:
    """Measure gifts that are sent one at a time, beside one commit each."""
    say("lonely gifts")
    alone: list[float] = []
    loops: list[float] = []
    for _ in range(ROUNDS):
        file = folder / "lonely.db"
        file.unlink(missing_ok=True)
        anchor = FrozenBooks(members=MEMBERS)
        anchor.save(file, 10_000)
        os.sync()
        loops += (second * 1_000 for second in write(file, anchor.batches(300, 1, merge=False)))
        async with open_services(fresh_copy(books)) as services:
            await one_by_one(services, requests(20, members=MEMBERS, prefix="warm"))
            alone += await one_by_one(services, requests(300, members=MEMBERS, prefix="lonely"))
    return [
        at_most("one lonely gift, p50", percentile(alone, 50), "ms", percentile(loops, 50), 3),
        Figure("one lonely gift, p99", percentile(alone, 99), "ms", percentile(loops, 99)),
    ]


def median(runs: Sequence[Run]) -> Run:
    """Return the median rate and the median processor time."""
    return Run(statistics.median(run.rate for run in runs), statistics.median(run.cpu_us for run in runs))


def red_transfers(folder: str) -> float:
    """Return the transfers per second of Red's bank at 1,000 members, with its data in `folder`."""
    command = [str(RED), str(Path(__file__).with_name("red_bank.py")), "1000", "4", folder]
    bank = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(bank.stdout.splitlines()[-1])["transfers_per_s"]


async def against_red(folder: Path) -> Iterator[Figure]:
    """Measure beside Red's bank at 1,000 members, and the effect of 100,000 members, also on the frozen loop."""
    say("Red's bank, 1,000 members")
    peers: list[float] = []
    sizes = {
        MEMBERS: prepare_books(folder, gifts=10_000),
        MANY_MEMBERS: prepare_books(folder, gifts=110_000, members=MANY_MEMBERS),
    }
    products: dict[int, list[float]] = {members: [] for members in sizes}
    loops: dict[int, list[float]] = {members: [] for members in sizes}
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as data:
            peers.append(red_transfers(data))
        for members, books in sizes.items():
            products[members].append((await throughput(books, callers=100, gifts=GIFTS, members=members)).rate)
            loops[members].append(anchor_run(folder, batch=100, gifts=GIFTS, merge=False, members=members).rate)
    rate, at_many = (statistics.median(rates) for rates in products.values())
    loop, loop_at_many = (statistics.median(rates) for rates in loops.values())
    return iter(
        (
            at_least("gifts/s beside Red's transfers/s, 1,000 members", rate, "/s", statistics.median(peers), 200),
            at_least("gifts/s at 100,000 members beside 1,000", at_many, "/s", rate, 0.9),
            Figure("the frozen loop at 100,000 members beside 1,000", loop_at_many, "/s", loop, loop_at_many / loop),
        )
    )


async def growth(folder: Path, *, gifts: int) -> Iterator[Figure]:
    """Measure whether old gifts slow down new ones."""
    small, large = prepare_books(folder, gifts=10_000), prepare_books(folder, gifts=gifts)
    say("growth")
    rates: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        before = (await throughput(small, callers=100, gifts=GIFTS)).rate
        rates.append((before, (await throughput(large, callers=100, gifts=GIFTS)).rate))
    before, after = (statistics.median(rate[n] for rate in rates) for n in range(2))
    return iter((at_least(f"gifts/s with {gifts:,} gifts in the books beside 10,000", after, "/s", before, 0.95),))


def install_red() -> None:
    """Install Red in its own environment, once."""
    if not RED.exists():
        say("installing Red-DiscordBot")
        subprocess.run([sys.executable, "-m", "venv", RED.parent.parent], check=True)
        install = [RED, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "Red-DiscordBot==3.5.24"]
        subprocess.run(install, check=True)
