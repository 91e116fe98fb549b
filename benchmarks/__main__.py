"""Measure everything that has a bar, and print it: `python -m benchmarks [--long]`."""

import argparse
import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks import (
    auditing,
    boards,
    cards,
    days,
    fairness,
    fleet,
    folds,
    gift_kinds,
    heavy_jobs,
    live,
    menus,
    overlay,
    process,
    shared,
    wire_storm,
)
from benchmarks import gifts as gift_rates
from benchmarks.aftermath import prepare_aftermath
from benchmarks.books import prepare_books
from benchmarks.figures import Figure, at_most, below, percentile, save, say, table

BUILD = Path(__file__).resolve().parent.parent / "build"
PARTS = (
    "raw",
    "bought",
    "belonging",
    "red",
    "growth",
    "fairness",
    "audit",
    "boards",
    "days",
    "folds",
    "heavy",
    "cards",
    "live",
    "menus",
    "overlay",
    "storm",
    "shared",
    "fleet",
    "start",
    "memory",
)
AFTERMATH = 1_000
"""So many gifts to each time that everything besides gifts happens, in large books that are audited."""
MANY = 5_000
"""Members of the guild in books of everything: enough that leaderboards keep tallies."""
OF_EVERYTHING, SMALLER = 10, 3
"""How much smaller books of everything are than those of gifts alone, and how much smaller those beside them …"""
FEWEST = 30_000
"""… but no smaller than this, or no gift train would start."""
LONG_ONLY = {"fleet"}
"""Parts of a full run that take minutes whatever is measured: many shards connect one after the other."""


async def audit(folder: Path, *, gifts: int) -> Iterator[Figure]:
    """Measure the audit of large books with nothing but gifts, and of a tenth of them with everything that can happen.

    Those are audited at a third of that size, too, as what it takes is to grow no faster than they do. Then it has to
    find what is planted.
    """
    say("audit")
    figures = [*auditing.audited(prepare_books(folder, gifts=gifts), gifts)]
    many = max(gifts // OF_EVERYTHING, FEWEST)
    few = many // SMALLER
    small, large = await _books_of_everything(folder, few), await _books_of_everything(folder, many)
    figures += auditing.growth((small, few), (large, many))
    figures += auditing.named(large, many)
    return iter(figures)


async def _books_of_everything(folder: Path, gifts: int) -> Path:
    """Return books with challenges, perks, budgets, trains and clubs in them, and what follows gifts."""
    books = prepare_books(folder, gifts=gifts, members=MANY, belongs=True)
    return await prepare_aftermath(books, gifts // AFTERMATH, members=MANY)


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
        figures.append(at_most(f"{page}, p50, worst beside 10 thousand members ({worst})", value, "ms", anchor, 1.5))
    return iter(figures)


async def starts(folder: Path, *, members: int) -> Iterator[Figure]:
    """Measure the start with books of this many members, beside that of a bare bot."""
    books = prepare_books(folder, gifts=members * 11 // 10, members=members)
    say("starts")
    return await process.starts(books, members)


def main() -> None:
    """Run the benchmarks, print their figures and write them to build/bench.json."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--long", action="store_true", help="10 million gifts, and every leaderboard")
    parser.add_argument("--gifts", type=int, help="in the books for growth and audit, and sent for memory")
    parser.add_argument("--only", choices=PARTS, nargs="*")
    options = parser.parse_args()
    gifts = options.gifts or (10_000_000 if options.long else 1_000_000)
    parts: dict[str, Callable[[Path], Awaitable[Iterator[Figure]]]] = {
        "raw": gift_rates.against_anchor,
        "bought": gift_kinds.bought,
        "belonging": gift_kinds.belonging,
        "red": gift_rates.against_red,
        "growth": partial(gift_rates.growth, gifts=gifts),
        "fairness": fairness.measured,
        "audit": partial(audit, gifts=gifts),
        "cards": cards.figures,
        "boards": partial(leaderboards, kinds=boards.EVERY if options.long else boards.SOME),
        "days": days.measured,
        "folds": folds.measured,
        "heavy": partial(heavy_jobs.measured, gifts=gifts),
        "live": partial(live.measured, long=options.long),
        "menus": menus.measured,
        "overlay": partial(overlay.measured, long=options.long),
        "storm": partial(wire_storm.measured, long=options.long),
        "shared": shared.measured,
        "fleet": partial(fleet.measured, guilds=10_000 if options.long else 1_000),
        "start": partial(starts, members=1_000_000 if options.long else 100_000),
        "memory": partial(process.memories, gifts=options.gifts or (1_000_000 if options.long else 1)),
    }
    part_names = options.only or [name for name in parts if options.long or name not in LONG_ONLY]
    if "red" in part_names:
        gift_rates.install_red()
    figures: list[Figure] = []
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="bench-") as folder:
        for name in part_names:
            figures += asyncio.run(_measured(parts[name], Path(folder)))
    print(table(figures))
    save(figures, BUILD / "bench.json")


async def _measured(part: Callable[[Path], Awaitable[Iterator[Figure]]], folder: Path) -> list[Figure]:
    return [*await part(folder)]


if __name__ == "__main__":
    main()
