"""Several bots on one PostgreSQL server, compared with one bot and with what the server itself can do.

`python -m benchmarks.shared ADDRESS NAME CALLERS GUILD…` is one of the bots: after it reads a line from stdin, it sends
gifts in its guilds for SECONDS and prints how many were acknowledged in that time.
"""

import asyncio
import re
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from sqlalchemy import Connection

from benchmarks.books import FIRST_GUILD, fill
from benchmarks.figures import Figure, at_least
from benchmarks.storm import CREATORS, open_services, requests, storm
from bot.storage.connect import postgresql
from bot.storage.connect.address import database_url
from bot.storage.maintenance import migrate
from tests import postgres
from tests.rig import ROOT

BOTS = 4
CALLERS = 400
"""Concurrent givers of all bots together."""
GUILDS = range(FIRST_GUILD, FIRST_GUILD + 40)
MEMBERS = 50
SECONDS = 4.0
ROUNDS = 3
MOST = 80_000
"""Gifts that one bot prepares, which is more than it can send."""
SCALE = 10
"""The scale factor of pgbench, in units of 100,000 accounts."""


async def measured(_folder: Path) -> Iterator[Figure]:
    """Measure four bots, each with its own guilds, beside one bot with all guilds and beside pgbench."""
    with postgres.running(sys.exit, durable=True) as server, server.database() as name, server.database() as bench:
        address = server.address(name)
        migrate.upgrade(database_url(address))
        postgresql.alone(database_url(address), _open_guilds)
        server.bench("--initialize", "--quiet", f"--scale={SCALE}", database=bench)
        rounds = [
            (await _rate(address, 1, f"a{turn}"), await _rate(address, BOTS, f"b{turn}"), _transactions(server, bench))
            for turn in range(ROUNDS)
        ]
    single, many, own = (statistics.median(figures) for figures in zip(*rounds, strict=True))
    name = f"gifts/s, {BOTS} bots on PostgreSQL"
    return iter(
        [
            at_least(f"{name}, beside 2.5 x one, or pgbench", many, "/s", min(2.5 * single, own), 1),
            Figure(f"{name}, beside one", many, "/s", single, many / single),
            Figure(f"{name}, beside pgbench's transactions/s", many, "/s", own, many / own),
        ]
    )


def _open_guilds(c: Connection) -> None:
    for guild_id in GUILDS:
        fill(c, gifts=MEMBERS, members=MEMBERS, creators=CREATORS, guild_id=guild_id)


async def _rate(address: str, count: int, name: str) -> float:
    """Return the gifts per second of this many bots together."""
    bots = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.shared", address, f"{name}.{number}", str(CALLERS // count),
            *map(str, GUILDS[number::count]),
            cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )
        for number in range(count)
    ]  # fmt: skip
    for bot in bots:
        assert await _line_of(bot) == "ready"
    for bot in bots:
        assert bot.stdin is not None
        bot.stdin.write(b"\n")
    gift_counts = [int(await _line_of(bot)) for bot in bots]
    assert [await bot.wait() for bot in bots] == [0] * count
    return sum(gift_counts) / SECONDS


async def _line_of(bot: asyncio.subprocess.Process) -> str:
    assert bot.stdout is not None
    return (await asyncio.wait_for(bot.stdout.readline(), 120)).decode().strip()


def _transactions(server: postgres.Server, database: str) -> float:
    """Return the transactions per second that pgbench reaches with as many connections as there are bots."""
    output = server.bench(f"--client={BOTS}", f"--time={SECONDS:.0f}", "--no-vacuum", database=database)
    match = re.search(r"tps = ([\d.]+)", output)
    assert match is not None, output
    return float(match[1])


async def _give(address: str, name: str, callers: int, guild_ids: Sequence[int]) -> None:
    """Run one of the bots."""
    each = MOST // len(guild_ids)
    ways = [requests(each, members=MEMBERS, prefix=f"{name}:{guild}", guild_id=guild) for guild in guild_ids]
    waiting = chain.from_iterable(zip(*ways, strict=True))
    async with open_services(address) as services:
        await storm(services, [next(waiting) for _ in range(2 * callers)], callers)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.readline)
        end = time.perf_counter() + SECONDS
        gift_count = 0

        async def call() -> None:
            nonlocal gift_count
            while time.perf_counter() < end:
                await services.gifts.send(next(waiting))
                gift_count += time.perf_counter() < end

        await asyncio.gather(*(call() for _ in range(callers)))
    sys.stdout.write(f"{gift_count}\n")


if __name__ == "__main__":
    asyncio.run(_give(sys.argv[1], sys.argv[2], int(sys.argv[3]), [*map(int, sys.argv[4:])]))
