"""How long gifts wait beside jobs that look at much or change much at once."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from pathlib import Path

from benchmarks.books import FIRST_GUILD, MEMBERS, fresh_copy, prepare_books
from benchmarks.figures import Figure, below, say
from benchmarks.storm import NOW_MS, open_services, requests
from bot.domain.deadlines import Deadline, DeadlineKind
from bot.domain.ledger.gift import SendGift
from bot.services import Services

PACE_S = 0.02
"""Seconds between two gifts."""
RECEIVERS = 10_000
MANAGER = 7
BATCH = 70

Job = Callable[[], Awaitable[object]]


async def measured(folder: Path, *, gifts: int) -> Iterator[Figure]:
    """Measure the longest wait of a gift beside each job, in books with so many gifts."""
    books = prepare_books(folder, gifts=gifts)
    say("heavy jobs")
    figures: list[Figure] = []
    async with open_services(fresh_copy(books)) as services:
        for name, job in _jobs(services):
            seconds, longest_s = await _beside(services, job)
            figures.append(Figure(f"{name}", seconds, "s"))
            figures.append(below(f"{name}, the longest wait of a gift beside it", longest_s * 1_000, "ms", 1_000))
    return iter(figures)


def _jobs(services: Services) -> Iterator[tuple[str, Job]]:
    """Yield each job with its name, in the order in which they can be done."""
    batches = services.granting.batches
    shares = tuple((10**17 + number, 1 + number % 7) for number in range(RECEIVERS))

    async def undo() -> None:
        (batch, *_) = await batches.undoable(FIRST_GUILD)
        assert batch.seq is not None
        await batches.undo(FIRST_GUILD, actor_id=MANAGER, seq=batch.seq, reason="twice")

    yield (
        f"the preview of a batch of {RECEIVERS:,} grants",
        lambda: batches.prepare(FIRST_GUILD, BATCH, actor_id=MANAGER, shares=shares, reason="moving over"),
    )
    yield f"a batch of {RECEIVERS:,} grants", lambda: batches.book(FIRST_GUILD, BATCH, MANAGER)
    yield "its undoing", undo
    look = Deadline(FIRST_GUILD, DeadlineKind.FLAG_LOOK, 0, NOW_MS)
    yield "a look for flags", lambda: services.flags.look(look)


async def _beside(services: Services, job: Job) -> tuple[float, float]:
    """Return the seconds that a job takes, and the longest wait of a gift meanwhile."""
    async with _stream(services) as waits:
        start = time.perf_counter()
        await job()
        seconds = time.perf_counter() - start
        # The last gifts may wait for the very end of the job.
        await asyncio.sleep(5 * PACE_S)
    return seconds, max(waits)


@contextlib.asynccontextmanager
async def _stream(services: Services) -> AsyncGenerator[list[float]]:
    """Send a gift every PACE_S for the length of a block, and yield a list that gets the seconds each one takes."""
    waits: list[float] = []
    sent: list[asyncio.Task[None]] = []

    async def keep_on() -> None:
        for request in requests(100_000, members=MEMBERS, prefix=f"beside {time.perf_counter_ns()}"):
            sent.append(asyncio.create_task(send(request)))
            await asyncio.sleep(PACE_S)

    async def send(request: SendGift) -> None:
        start = time.perf_counter()
        await services.gifts.send(request)
        waits.append(time.perf_counter() - start)

    stream = asyncio.create_task(keep_on())
    await asyncio.sleep(5 * PACE_S)
    yield waits
    stream.cancel()
    await asyncio.gather(*sent)
