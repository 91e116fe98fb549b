"""Gifts through the service beside the frozen anchor and beside Red's bank, and in books of other sizes."""

import json
import os
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from benchmarks.belonging import LIMIT
from benchmarks.books import FIRST_GUILD, MEMBERS, START_MS, fresh_copy, prepare_books
from benchmarks.figures import Figure, at_least, at_most, percentile, say
from benchmarks.frozen_books import FrozenBooks, write
from benchmarks.storm import count_up, one_by_one, open_bot, open_services, requests, send, storm
from bot.domain.budgets import Budget, BudgetPeriod
from bot.domain.guilds import GuildRules
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.stores import budgets

RED = Path(__file__).resolve().parent.parent / "build" / "red" / "bin" / "python"
MANY_MEMBERS = 100_000
ROUNDS = 3
GIFTS = 7_000
"""Gifts of one round. Three rounds make 21,000 for each figure."""
PASSES, PASS, WARM_UP = 15, 500, 8_000
"""The same, in passes of fewer gifts than those after which one waits for a slice of the folds."""
MOST_PASSES = 90


@dataclass(frozen=True, slots=True)
class Run:
    """Gifts per second, and the processor's microseconds for each, over all of a run's processes."""

    rate: float
    cpu_us: float


def cpu_seconds() -> float:
    """Return the processor time of this process and of its children that have ended."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def cpu_until_now() -> float:
    """Return the processor time of this process so far, and of its children that run, which is the one that writes."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    # The clock of a process has this number on Linux (clock_getcpuclockid).
    return time.process_time() + sum(time.clock_gettime(~int(pid) << 3 | 2) for pid in children)


async def receipts(file: Path, *, promo_share: int = 0) -> Run:
    """Send gifts of 100 callers through the service, on a copy of `file`, until they have their receipts.

    That is what a gift waits for: folds count between two passes, outside of the time.
    """
    walls: list[float] = []
    cpus: list[float] = []
    async with open_bot(fresh_copy(file)) as (store, services):
        await services.guilds.change(FIRST_GUILD, promo_share_percent=promo_share)
        await storm(services, requests(200, members=MEMBERS, prefix="warm"), 100)
        for number in range(MOST_PASSES):
            gifts = requests(PASS, members=MEMBERS, prefix=f"pass {number}")
            cpu = cpu_until_now()
            wall = await send(services, gifts, 100)
            cpu = cpu_until_now() - cpu
            # Where a busy machine makes the writer wait, that counts as quiet, and a slice comes between.
            if store.writer.folds.backlog == PASS:
                walls.append(wall)
                cpus.append(cpu)
            await count_up(services, gifts[-1])
            if len(walls) == PASSES:
                return Run(PASSES * PASS / sum(walls), sum(cpus) * 1e6 / (PASSES * PASS))
    raise TimeoutError("this machine is too busy: folds came between gifts")


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
    for callers, row_bar, merged_bar in ((100, 0.7, 0.6), (1_000, 0.8, 0.5)):
        say(f"{callers} callers")
        rounds: list[tuple[Run, Run, Run]] = []
        for _ in range(ROUNDS):
            each = anchor_run(folder, batch=callers, gifts=GIFTS, merge=False)
            product = await throughput(books, callers=callers, gifts=GIFTS)
            rounds.append((each, product, anchor_run(folder, batch=callers, gifts=GIFTS, merge=True)))
        each, product, merged = (_median(runs) for runs in zip(*rounds, strict=True))
        name = f"durable gifts/s, {callers:,} callers"
        figures += (
            at_least(f"{name}; anchor writes each row", product.rate, "/s", each.rate, row_bar),
            at_least(f"{name}; anchor merges", product.rate, "/s", merged.rate, merged_bar),
            Figure(f"{name}: processor a gift", product.cpu_us, "us", each.cpu_us, product.cpu_us / each.cpu_us),
        )
    return iter([*figures, *await _lonely(folder, books)])


async def bought(folder: Path) -> Iterator[Figure]:
    """Measure gifts of bought coins, which belong to purchases, beside gifts of granted ones.

    Creators earn as much from the granted ones, so that the same accounts change and only the lots differ.
    """
    say("bought coins")
    names = {0: "", 1: "coins bought at once", 3: "coins bought 3 times"}
    kinds = {name: prepare_books(folder, gifts=10_000, purchases=purchases) for purchases, name in names.items()}
    shares = {name: 0 if name else GuildRules(FIRST_GUILD).share_percent for name in kinds}
    return iter(_beside_first(await _in_turns(kinds, shares), receipt_bar=0.9, counted_bar=0.9))


async def belonging(folder: Path) -> Iterator[Figure]:
    """Measure gifts where there are fan clubs and challenges, and where members have budgets, beside neither.

    The books are those of `benchmarks.belonging`. Standings are folds, and cost a gift nothing until its receipt; what
    they cost until all is counted is told beside that. Trains cost the writer nothing: the announcer works them out.
    """
    say("belonging")
    plain = prepare_books(folder, gifts=10_000)
    whole = prepare_books(folder, gifts=10_000, belongs=True)
    kinds = {"": plain, "clubs and challenges": _without_budgets(whole), "budgets": _with_budgets(plain)}
    return iter(_beside_first(await _in_turns(kinds, dict.fromkeys(kinds, 0)), receipt_bar=0.97))


class Pair(NamedTuple):
    """The same gifts until their receipts, and until all is counted."""

    receipts: Run
    counted: Run


async def _in_turns(kinds: Mapping[str, Path], promo_shares: Mapping[str, int]) -> dict[str, Pair]:
    """Measure gifts in books of several kinds, given by what gifts have in them."""
    runs: dict[str, list[Pair]] = {kind: [] for kind in kinds}
    for _ in range(ROUNDS):
        for kind, books in kinds.items():
            share = promo_shares[kind]
            own = await receipts(books, promo_share=share)
            runs[kind].append(Pair(own, await throughput(books, callers=100, gifts=GIFTS, promo_share=share)))
    return {kind: Pair(*map(_median, zip(*pairs, strict=True))) for kind, pairs in runs.items()}


def _beside_first(pairs: Mapping[str, Pair], *, receipt_bar: float, counted_bar: float | None = None) -> list[Figure]:
    """Return the figures of all kinds but the first, beside those of the first."""
    (_, first), *others = pairs.items()
    figures: list[Figure] = []
    for kind, pair in others:
        for until, run, anchor, bar in (
            ("until the receipt", pair.receipts, first.receipts, receipt_bar),
            ("until all is counted", pair.counted, first.counted, counted_bar),
        ):
            name, rate = f"gifts with {kind}, {until}", run.rate / anchor.rate
            figures += (
                Figure(name, run.rate, "/s", anchor.rate, rate)
                if bar is None
                else at_least(name, run.rate, "/s", anchor.rate, bar),
                Figure(f"{name}: processor", run.cpu_us, "us", anchor.cpu_us, run.cpu_us / anchor.cpu_us),
            )
    return figures


def _with_budgets(books: Path) -> Path:
    """Return a copy of books in which every member has a budget that is never reached."""
    copy = books.with_suffix(".budgets.db")
    shutil.copy(books, copy)
    with closing(sqlite3.connect(copy)) as c, c:
        everybody = c.execute("SELECT guild_id, holder_id FROM holders").fetchall()
    engine = writing_engine(database_url(f"sqlite:///{copy}"))
    own = Budget().with_limits({BudgetPeriod.MONTH: LIMIT}, START_MS)
    with engine.begin() as connection:
        budgets.save(connection, dict.fromkeys(everybody, own))
    engine.dispose()
    return copy


def _without_budgets(books: Path) -> Path:
    """Return a copy of books in which nobody has a budget."""
    copy = books.with_suffix(".folds.db")
    shutil.copy(books, copy)
    with closing(sqlite3.connect(copy)) as c, c:
        c.execute("DELETE FROM budgets")
    return copy


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


def _median(runs: Sequence[Run]) -> Run:
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
