"""Jobs that nobody waits for take turns, so that a gift waits for few of them."""

import asyncio

from sqlalchemy import select

from bot.storage.database import Database
from bot.unhurried import AT_ONCE, unhurried
from tests.storage.town import grant


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
