"""Single gifts in one guild while another has a storm, through the service: how long they wait beside those of it."""

import asyncio
import itertools
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.books import FIRST_GUILD, MEMBERS, fill, fresh_copy, prepare_books
from benchmarks.figures import Figure, at_most, percentile, say
from benchmarks.storm import open_services, requests, storm
from bot.domain.ledger.gift import SendGift
from bot.services import Services
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine

CALM_GUILD = FIRST_GUILD + 1
CALLERS = 100
"""Who give at once in the guild with the storm, each again after a receipt."""
GIFTS = 20_000
LEEWAY = 1.25
"""How much longer the slowest single gift may wait than the storm's: there are far fewer of them to tell."""
PACE_S = 0.02
"""Seconds between a receipt and the next gift in the calm guild."""
ALONE = 200
"""Gifts of the calm guild without a storm."""


async def measured(folder: Path) -> Iterator[Figure]:
    """Measure single gifts beside those of a storm in another guild, and before it."""
    books = fresh_copy(prepare_books(folder, gifts=10_000))
    engine = writing_engine(database_url(f"sqlite:///{books}"))
    with engine.connect() as connection:
        fill(connection, gifts=MEMBERS, members=MEMBERS, guild_id=CALM_GUILD)
    engine.dispose()
    say("a storm beside single gifts")
    single_gifts = iter(requests(GIFTS, members=MEMBERS, prefix="single", guild_id=CALM_GUILD))
    async with open_services(books) as services:
        await storm(services, requests(2 * CALLERS, members=MEMBERS, prefix="warm"), CALLERS)
        alone = await _singles(services, itertools.islice(single_gifts, ALONE))
        is_over = asyncio.Event()
        beside = asyncio.create_task(_singles(services, single_gifts, is_over))
        in_storm = await _storm(services)
        is_over.set()
        singles = await beside
    name = "single gifts while another guild has a storm"
    slowest, storms_slowest = percentile(singles, 99), percentile(in_storm, 99)
    return iter(
        [
            at_most(f"{name}, p99 beside the storm's own", slowest, "ms", storms_slowest, LEEWAY),
            Figure(f"{name}, p50", percentile(singles, 50), "ms", percentile(in_storm, 50)),
            Figure("single gifts without a storm, p99", percentile(alone, 99), "ms"),
        ]
    )


async def _singles(
    services: Services, gift_requests: Iterable[SendGift], until: asyncio.Event | None = None
) -> list[float]:
    """Return the milliseconds of each gift when they are sent one at a time, at a pace, and none after `until`."""
    waits: list[float] = []
    for request in gift_requests:
        if until is not None and until.is_set():
            break
        waits.append(await _wait_of(services, request))
        await asyncio.sleep(PACE_S)
    return waits


async def _storm(services: Services) -> list[float]:
    """Return the milliseconds that each gift of a storm takes."""
    gift_requests, waits = iter(requests(GIFTS, members=MEMBERS, prefix="storm")), list[float]()

    async def call() -> None:
        for request in gift_requests:
            waits.append(await _wait_of(services, request))

    await asyncio.gather(*(call() for _ in range(CALLERS)))
    return waits


async def _wait_of(services: Services, request: SendGift) -> float:
    began = time.perf_counter()
    await services.gifts.send(request)
    return (time.perf_counter() - began) * 1_000
