"""Measure everything that has a bar, and print it: `python -m benchmarks [--long]`."""

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks import auditing, boards, cards, live, menus, process, shared, sqlite_baseline, wire_storm
from benchmarks.books import fill
from benchmarks.figures import Figure, at_least, at_most, below, percentile, table, write
from benchmarks.storm import CREATORS, one_by_one, open_services, requests, storm
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.maintenance import migrate

BUILD = Path(__file__).resolve().parent.parent / "build"
RED = BUILD / "red" / "bin" / "python"
MEMBERS = 1_000
ROUNDS = 3
PARTS = ("raw", "red", "growth", "audit", "boards", "cards", "live", "menus", "storm", "shared", "start", "memory")


def say(text: str) -> None:
    """Report progress on stderr; the figures go to stdout."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")


def prepare_books(folder: Path, *, gifts: int, members: int = MEMBERS) -> Path:
    """Return a database with this many gifts; create it on first use."""
    file = folder / f"books-{gifts}-{members}.db"
    if not file.exists():
        say(f"making books of {gifts:,} gifts and {members:,} members")
        url = database_url(f"sqlite:///{file}")
        migrate.upgrade(url)
        engine = writing_engine(url)
        with engine.connect() as connection:
            fill(connection, gifts=gifts, members=members, creators=CREATORS)
        engine.dispose()
    return file


def fresh_copy(file: Path) -> Path:
    """Return a fresh copy to write to. It replaces the previous copy."""
    copy = file.with_suffix(".copy.db")
    for old in (copy, Path(f"{copy}-wal"), Path(f"{copy}-shm")):
        old.unlink(missing_ok=True)
    shutil.copy(file, copy)
    # Flush the copy to the disk now, or its writes would slow down the commits that are measured.
    os.sync()
    return copy


async def throughput(file: Path, *, callers: int, gifts: int, prefix: str = "storm", members: int = MEMBERS) -> float:
    """Return gifts per second through the service, on a copy of `file`."""
    async with open_services(fresh_copy(file)) as services:
        # Warm up what a process compiles and caches once.
        await storm(services, requests(2 * callers, members=members, prefix="warm"), callers)
        return await storm(services, requests(gifts, members=members, prefix=prefix), callers)


async def against_raw(folder: Path) -> Iterator[Figure]:
    """Measure storms of 100 and 1,000 callers, and single gifts, beside the raw loop."""
    books = prepare_books(folder, gifts=10_000)
    figures: list[Figure] = []
    for callers, gifts, bar in ((100, 4_000, 0.6), (1_000, 10_000, 0.7)):
        say(f"{callers} callers")
        gift_requests = requests(gifts, members=MEMBERS, prefix="storm")
        each = sqlite_baseline.rows_of(fresh_copy(books), gift_requests, batch=callers, together=1)
        merged = sqlite_baseline.rows_of(fresh_copy(books), gift_requests, batch=callers, together=callers)
        rates: list[tuple[float, float, float]] = []
        for _ in range(ROUNDS):
            loop = gifts / sum(sqlite_baseline.write(fresh_copy(books), each))
            bot_rate = await throughput(books, callers=callers, gifts=gifts)
            strict = gifts / sum(sqlite_baseline.write(fresh_copy(books), merged))
            rates.append((bot_rate, loop, strict))
        bot_rate, loop, strict = (statistics.median(rate[n] for rate in rates) for n in range(3))
        name = f"durable gifts/s, {callers:,} callers"
        figures.append(at_least(name, bot_rate, "/s", loop, bar))
        figures.append(Figure(f"{name}; raw rows merged", bot_rate, "/s", strict, bot_rate / strict))
    say("lonely gifts")
    gift_requests = requests(300, members=MEMBERS, prefix="lonely")
    single = sqlite_baseline.rows_of(fresh_copy(books), gift_requests, batch=1, together=1)
    alone: list[float] = []
    loops: list[float] = []
    for _ in range(ROUNDS):
        loops += (second * 1_000 for second in sqlite_baseline.write(fresh_copy(books), single))
        async with open_services(fresh_copy(books)) as services:
            await one_by_one(services, requests(20, members=MEMBERS, prefix="warm"))
            alone += await one_by_one(services, gift_requests)
    figures.append(at_most("one lonely gift, p50", percentile(alone, 50), "ms", percentile(loops, 50), 5))
    figures.append(Figure("one lonely gift, p99", percentile(alone, 99), "ms", percentile(loops, 99)))
    return iter(figures)


def red_transfers(folder: str) -> float:
    """Return the transfers per second of Red's bank at 1,000 members, with its data in `folder`."""
    command = [str(RED), str(Path(__file__).with_name("red_bank.py")), "1000", "4", folder]
    bank = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(bank.stdout.splitlines()[-1])["transfers_per_s"]


async def against_red(folder: Path) -> Iterator[Figure]:
    """Measure beside Red's bank at 1,000 members, and the effect of 100,000 members, also on the raw loop."""
    say("Red's bank, 1,000 members")
    peers: list[float] = []
    sizes = {
        MEMBERS: prepare_books(folder, gifts=10_000),
        100_000: prepare_books(folder, gifts=110_000, members=100_000),
    }
    bot_rates: dict[int, list[float]] = {members: [] for members in sizes}
    loops: dict[int, list[float]] = {members: [] for members in sizes}
    rows = {
        members: sqlite_baseline.rows_of(
            fresh_copy(books), requests(5_000, members=members, prefix="storm"), batch=100, together=1
        )
        for members, books in sizes.items()
    }
    for _ in range(3):
        with tempfile.TemporaryDirectory() as data:
            peers.append(red_transfers(data))
        for members, books in sizes.items():
            bot_rates[members].append(await throughput(books, callers=100, gifts=5_000, members=members))
            loops[members].append(5_000 / sum(sqlite_baseline.write(fresh_copy(books), rows[members])))
    rate, at_many = (statistics.median(rates) for rates in bot_rates.values())
    loop, loop_at_many = (statistics.median(rates) for rates in loops.values())
    return iter(
        (
            at_least("gifts/s beside Red's transfers/s, 1,000 members", rate, "/s", statistics.median(peers), 100),
            at_least("gifts/s at 100,000 members beside 1,000", at_many, "/s", rate, 0.9),
            Figure("the raw loop at 100,000 members beside 1,000", loop_at_many, "/s", loop, loop_at_many / loop),
        )
    )


async def growth(folder: Path, *, gifts: int) -> Iterator[Figure]:
    """Measure whether old gifts slow down new ones."""
    small, large = prepare_books(folder, gifts=10_000), prepare_books(folder, gifts=gifts)
    say("growth")
    rates: list[tuple[float, float]] = []
    for _ in range(3 if gifts > 5_000_000 else ROUNDS):
        before = await throughput(small, callers=100, gifts=10_000)
        rates.append((before, await throughput(large, callers=100, gifts=10_000)))
    before, after = (statistics.median(rate[n] for rate in rates) for n in range(2))
    return iter((at_least(f"gifts/s with {gifts:,} gifts in the books beside 10,000", after, "/s", before, 0.9),))


async def audit(folder: Path, *, gifts: int) -> Iterator[Figure]:
    """Measure the audit of large books."""
    books = prepare_books(folder, gifts=gifts)
    say("audit")
    return auditing.audited(books, gifts)


async def leaderboards(folder: Path, *, kinds: tuple[boards.Kind, ...]) -> Iterator[Figure]:
    """Measure every leaderboard at 1 million members beside 10 thousand."""
    files: dict[int, Path] = {}
    for members in (10_000, 1_000_000):
        say(f"making leaderboards of {members:,} members")
        files[members] = folder / f"boards-{members}.db"
        boards.make(files[members], members=members, kinds=kinds)
    os.sync()
    figures: list[Figure] = []
    for deep, page in ((False, "first page"), (True, "any page")):
        few = await boards.read(files[10_000], members=10_000, kinds=kinds, times=200, deep=deep)
        many = await boards.read(files[1_000_000], members=1_000_000, kinds=kinds, times=200, deep=deep)
        for kind in kinds:
            name = f"board {kind}, {page}, 1 million members"
            middle = percentile(many[kind], 50)
            figures.append(below(f"{name}, p50", middle, "ms", 5))
            slowest, anchor = percentile(many[kind], 99), percentile(few[kind], 99)
            figures.append(Figure(f"{name}, p99", slowest, "ms", anchor, slowest / anchor))
        worst = max(kinds, key=lambda kind: percentile(many[kind], 50) / percentile(few[kind], 50))
        value, anchor = percentile(many[worst], 50), percentile(few[worst], 50)
        figures.append(at_most(f"{page}, p50, worst beside 10 thousand members ({worst})", value, "ms", anchor, 2))
    return iter(figures)


async def starts(folder: Path, *, members: int) -> Iterator[Figure]:
    """Measure the start with books of this many members, beside that of a bare bot."""
    books = prepare_books(folder, gifts=members * 11 // 10, members=members)
    say("starts")
    return await process.starts(books, members)


def install_red() -> None:
    """Install Red in its own environment, once."""
    if not RED.exists():
        say("installing Red-DiscordBot")
        subprocess.run([sys.executable, "-m", "venv", RED.parent.parent], check=True)
        install = [RED, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "Red-DiscordBot==3.5.24"]
        subprocess.run(install, check=True)


def main() -> None:
    """Run the benchmarks, print their figures and write them to build/bench.json."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--long", action="store_true", help="10 million gifts, and every leaderboard")
    parser.add_argument("--gifts", type=int, help="in the books for growth and audit, and sent for memory")
    parser.add_argument("--only", choices=PARTS, nargs="*")
    options = parser.parse_args()
    gifts = options.gifts or (10_000_000 if options.long else 1_000_000)
    parts: dict[str, Callable[[Path], Awaitable[Iterator[Figure]]]] = {
        "raw": against_raw,
        "red": against_red,
        "growth": partial(growth, gifts=gifts),
        "audit": partial(audit, gifts=gifts),
        "cards": cards.figures,
        "boards": partial(leaderboards, kinds=boards.EVERY if options.long else boards.SOME),
        "live": partial(live.measured, long=options.long),
        "menus": menus.measured,
        "storm": partial(wire_storm.measured, long=options.long),
        "shared": shared.measured,
        "start": partial(starts, members=1_000_000 if options.long else 100_000),
        "memory": partial(process.memories, gifts=options.gifts or (1_000_000 if options.long else 1)),
    }
    part_names = options.only or [*parts]
    if "red" in part_names:
        install_red()
    figures: list[Figure] = []
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="bench-") as folder:
        for name in part_names:
            figures += asyncio.run(_measured(parts[name], Path(folder)))
    print(table(figures))
    write(figures, BUILD / "bench.json")


async def _measured(part: Callable[[Path], Awaitable[Iterator[Figure]]], folder: Path) -> list[Figure]:
    return [*await part(folder)]


if __name__ == "__main__":
    main()
