"""Gifts through the bot's services, with all rules, by any number of concurrent callers."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from random import Random

from benchmarks.books import CREATORS, DAY_MS, FIRST_GUILD, START_MS, creator_ids, giver_ids
from bot.domain.catalogue import DEFAULT_ITEMS
from bot.domain.leaderboards import Board
from bot.domain.ledger.gift import SendGift
from bot.domain.periods import Period
from bot.gc_tuning import tune_collector
from bot.services import Services
from bot.services.assembly import build
from bot.services.leaderboards import BoardQuery
from bot.storage.connect.address import database_url, is_shared
from bot.storage.connect.writer_process import ProcessTransactions
from bot.storage.database import Database

NOW_MS = START_MS + 30 * DAY_MS


@contextlib.asynccontextmanager
async def open_services(database: Path | str) -> AsyncGenerator[Services]:
    """Open the services over a database (a file or an address) the way the bot does."""
    async with open_bot(database) as (_, services):
        yield services


@contextlib.asynccontextmanager
async def open_bot(database: Path | str) -> AsyncGenerator[tuple[Database, Services]]:
    """Open a database (a file or an address) the way the bot does, and the services over it."""
    address = database if isinstance(database, str) else f"sqlite:///{database}"
    start_ns = time.monotonic_ns()

    def clock() -> int:
        return NOW_MS + (time.monotonic_ns() - start_ns) // 1_000_000

    # Unlike the bot, this forks with idle threads around. None of them holds anything that the copy uses.
    process = None if is_shared(database_url(address)) else ProcessTransactions.fork()
    store = await Database.open(address, clock=clock, process=process)
    tune_collector()
    try:
        yield store, build(store, [], clock)
    finally:
        await store.close()


def requests(count: int, *, members: int, prefix: str, guild_id: int = FIRST_GUILD) -> list[SendGift]:
    """Return gift requests: random members give one of the smaller items to random creators.

    The same arguments give the same requests.
    """
    random = Random(prefix)
    givers, receivers = giver_ids(members, CREATORS), creator_ids(CREATORS)
    return [
        SendGift(
            guild_id=guild_id,
            key=f"{prefix}:{number}",
            sender_id=random.choice(givers),
            creator_id=random.choice(receivers),
            creator_is_bot=False,
            creator_is_here=True,
            item_id=random.randint(1, len(DEFAULT_ITEMS) // 2),
            quantity=1,
            channel_id=0,
        )
        for number in range(count)
    ]


async def send(services: Services, gift_requests: Sequence[SendGift], callers: int) -> float:
    """Return the seconds until concurrent callers have all receipts. Each sends the next gift after a receipt."""
    waiting = iter(gift_requests)

    async def call() -> None:
        for request in waiting:
            await services.gifts.send(request)

    start = time.perf_counter()
    await asyncio.gather(*(call() for _ in range(callers)))
    return time.perf_counter() - start


async def count_up(services: Services, last: SendGift) -> None:
    """Read a leaderboard, which waits until all folds have counted all gifts up to the last one."""
    await services.leaderboards.leaderboard(BoardQuery(last.guild_id, Board.GIFTERS, Period.ALL, last.sender_id, 0))


async def storm(services: Services, gift_requests: Sequence[SendGift], callers: int) -> float:
    """Return the gifts per second of concurrent callers. The time ends when all of them are counted."""
    start = time.perf_counter()
    await send(services, gift_requests, callers)
    await count_up(services, gift_requests[-1])
    return len(gift_requests) / (time.perf_counter() - start)


async def one_by_one(services: Services, gift_requests: Sequence[SendGift]) -> list[float]:
    """Return the milliseconds that each gift takes when they are sent one at a time."""
    times: list[float] = []
    for request in gift_requests:
        began = time.perf_counter()
        await services.gifts.send(request)
        times.append((time.perf_counter() - began) * 1_000)
    return times
