"""Jobs that nobody waits for take turns, so that a gift waits for few of them."""

import asyncio
from collections.abc import Callable
from typing import TypeVar, cast

from sqlalchemy import Connection, select

from bot.storage.connect.readers import READERS
from bot.storage.database import Database, OpenBooks
from bot.unhurried import AT_ONCE, READS_AT_ONCE, unhurried
from tests.storage.town import GUILD, grant, settle_in

T = TypeVar("T")


async def begun(books: Database, done: list[int]) -> list[asyncio.Task[None]]:
    """Begin a hundred jobs. Those that need not wait for their turn are in the queue then."""

    async def perform(number: int) -> None:
        await books.writer.perform(lambda c: c.execute(select(1)).scalar_one())
        done.append(number)

    jobs = [asyncio.create_task(perform(number)) for number in range(100)]
    await asyncio.sleep(0)
    return jobs


async def test_a_gift_waits_for_few_of_the_jobs_that_nobody_waits_for(books: Database):
    done: list[int] = []
    with unhurried():
        jobs = await begun(books, done)

    await books.writer.submit(grant("g"))
    before_the_grant = len(done)
    await asyncio.gather(*jobs)

    assert before_the_grant <= AT_ONCE
    assert done == list(range(100))


async def test_jobs_that_somebody_waits_for_keep_their_place_before_a_gift(books: Database):
    done: list[int] = []
    jobs = await begun(books, done)

    await books.writer.submit(grant("g"))

    assert done == list(range(100))
    await asyncio.gather(*jobs)


class GatedReaders:
    """Readers that note what is on its way, and end nothing before `gate` is open."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.begun = 0

    async def run(self, query: Callable[[Connection], T]) -> T:
        self.begun += 1
        await self.gate.wait()
        return cast("T", None)

    async def close(self) -> None:
        """Nothing to close."""


async def test_reads_that_nobody_waits_for_leave_connections_to_those_that_somebody_waits_for(books: Database):
    readers = GatedReaders()
    lent_books = OpenBooks(readers, books.writer)
    with unhurried():
        patient = [asyncio.create_task(lent_books.read(lambda c: c)) for _ in range(10)]
    # In one turn of the loop each begins, and reads or waits for its turn.
    await asyncio.sleep(0)
    before = readers.begun
    impatient = asyncio.create_task(lent_books.read(lambda c: c))
    await asyncio.sleep(0)

    assert (before, readers.begun) == (READS_AT_ONCE, READS_AT_ONCE + 1)
    assert READS_AT_ONCE < READERS
    readers.gate.set()
    await asyncio.gather(impatient, *patient)
    assert readers.begun == 11


async def test_whoever_waits_for_counted_gifts_is_before_most_of_those_for_whom_nobody_waits(books: Database):
    done: list[int] = []
    guild_ids = range(100, 140)
    for guild_id in guild_ids:
        await books.writer.perform(settle_in, guild_id)

    async def catch_up(guild_id: int) -> None:
        await books.writer.catch_up(guild_id)
        done.append(guild_id)

    with unhurried():
        patient = [asyncio.create_task(catch_up(guild_id)) for guild_id in guild_ids]
    await asyncio.sleep(0)
    await catch_up(GUILD)
    await asyncio.gather(*patient)

    assert done.index(GUILD) <= AT_ONCE
