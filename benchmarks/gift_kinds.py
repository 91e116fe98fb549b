"""Gifts of bought coins, and gifts in guilds with clubs, challenges and budgets, beside plain gifts."""

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from benchmarks.belonging import LIMIT
from benchmarks.books import FIRST_GUILD, MEMBERS, START_MS, fresh_copy, prepare_books
from benchmarks.figures import Figure, at_least, say
from benchmarks.gifts import BARS, GIFTS, ROUNDS, Run, beside_anchor, median, throughput
from benchmarks.storm import count_up, open_bot, requests, send, storm
from bot.domain.budgets import Budget, BudgetPeriod
from bot.domain.guilds import GuildRules
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.stores import budgets

PASSES, PASS = 15, 500
"""GIFTS in passes of fewer gifts than those after which one waits for a slice of the folds."""
MOST_PASSES = 90


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


async def bought(folder: Path) -> Iterator[Figure]:
    """Measure gifts of bought coins, which belong to purchases, beside the frozen loop and beside granted coins.

    Creators earn as much from the granted ones, so that the same accounts change and only the lots differ.
    """
    names = {0: "", 1: "coins bought at once", 3: "coins bought 3 times"}
    kinds = {name: prepare_books(folder, gifts=10_000, purchases=purchases) for purchases, name in names.items()}
    shares = {name: 0 if name else GuildRules(FIRST_GUILD).share_percent for name in kinds}
    figures: list[Figure] = []
    for callers in BARS:
        name = f"durable gifts/s of coins bought at once, {callers:,} callers"
        figures += await beside_anchor(folder, kinds[names[1]], name, callers)
    return iter([*figures, *_beside_first(await _in_turns(kinds, shares))])


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
    return {kind: Pair(*map(median, zip(*pairs, strict=True))) for kind, pairs in runs.items()}


def _beside_first(pairs: Mapping[str, Pair], *, receipt_bar: float | None = None) -> list[Figure]:
    """Return the figures of all kinds but the first, beside those of the first."""
    (_, first), *others = pairs.items()
    figures: list[Figure] = []
    for kind, pair in others:
        for until, run, anchor, bar in (
            ("until the receipt", pair.receipts, first.receipts, receipt_bar),
            ("until all is counted", pair.counted, first.counted, None),
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
