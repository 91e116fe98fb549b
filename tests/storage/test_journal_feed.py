"""The feed of the journal: what is still in memory is what the books say, and is read in their stead."""

import asyncio

import pytest

from bot.domain.errors import BooksClosed
from bot.storage.database import Database
from bot.storage.memory.journal_feed import RECENT, StoredJournalFeed
from tests.storage.town import GUILD, buy, gift, grant, order


def hearing(books: Database) -> StoredJournalFeed:
    """Return a feed that hears of commits from now on."""
    feed = StoredJournalFeed(books)
    feed.subscribe(lambda _: None)
    return feed


async def fill(books: Database) -> None:
    """Commit a row of several kinds."""
    await books.writer.submit(grant("grant"))
    await buy(books, order())
    await books.writer.submit(gift("noted", note="well done"))
    await books.writer.submit(gift("anonymous", anonymous=True, note="guess who"))
    await books.writer.submit(gift("noted", note="well done"))


async def test_rows_in_memory_are_those_in_the_books(books: Database):
    feed = hearing(books)
    await fill(books)

    remembered = await feed.after(GUILD, 0)

    assert [row.seq for row in remembered] == [1, 2, 3, 4]
    assert remembered == await StoredJournalFeed(books).after(GUILD, 0)
    assert await feed.after(GUILD, 2, 1) == remembered[2:3]
    assert await feed.after(GUILD, 4) == []
    assert await feed.after(GUILD, 0) == remembered


@pytest.mark.databases("sqlite")
async def test_rows_in_memory_are_not_read_from_the_books(books: Database):
    feed = hearing(books)
    await fill(books)
    await books.dispose()

    assert [row.seq for row in await feed.after(GUILD, 1)] == [2, 3, 4]
    with pytest.raises(BooksClosed):
        await feed.after(GUILD, 4)


async def test_a_row_that_was_not_heard_of_comes_from_the_books(books: Database):
    await books.writer.submit(grant("before"))
    feed = hearing(books)
    await books.writer.submit(grant("after"))

    assert [row.seq for row in await feed.after(GUILD, 0)] == [1, 2]


async def test_after_a_gap_only_the_rows_behind_it_are_remembered(books: Database):
    feed = StoredJournalFeed(books)
    receipts = [await books.writer.submit(grant(f"grant {number}")) for number in range(4)]
    feed._remember({GUILD: receipts[:1]})
    feed._remember({GUILD: receipts[2:]})

    assert [row.seq for row in await feed.after(GUILD, 0)] == [1, 2, 3, 4]
    assert [row.seq for row in await feed.after(GUILD, 2)] == [3, 4]


async def test_a_follower_that_is_far_behind_reads_the_books(books: Database):
    feed = hearing(books)
    await asyncio.gather(*(books.writer.submit(grant(f"grant {number}", amount=1)) for number in range(RECENT + 1)))

    rows = await feed.after(GUILD, 0, RECENT * 2)

    assert [row.seq for row in rows] == [*range(1, RECENT + 2)]
