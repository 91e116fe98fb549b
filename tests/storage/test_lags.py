"""Since when what follows the journal is behind it."""

from bot.storage.database import Database
from bot.storage.lags import Lags, lags
from bot.storage.ledger import cursors
from bot.storage.stores import payment_events
from tests.storage.town import GUILD, gift, grant

FOLLOWER = "announcer"


async def look(books: Database) -> Lags:
    return await books.read(lags, FOLLOWER)


async def test_empty_books_wait_for_nobody(books: Database):
    assert await look(books) == Lags([], [], 0)


async def test_the_first_row_that_is_not_announced_says_since_when(books: Database):
    first = await books.writer.submit(grant("one"))
    second = await books.writer.submit(gift("two"))

    assert (await look(books)).announcements == [(GUILD, first.at_ms)]

    await books.writer.perform(cursors.advance, GUILD, FOLLOWER, first.seq)
    assert (await look(books)).announcements == [(GUILD, second.at_ms)]

    await books.writer.perform(cursors.advance, GUILD, FOLLOWER, second.seq)
    assert (await look(books)).announcements == []


async def test_standings_wait_until_they_are_counted(books: Database):
    receipt = await books.writer.submit(grant("one"))
    behind = (await look(books)).standings
    await books.writer.catch_up(GUILD)

    # The writer may have folded in between, as it does in a quiet moment.
    assert behind in ([(GUILD, receipt.at_ms)], [])
    assert (await look(books)).standings == []


async def test_webhooks_wait_until_they_have_an_end(books: Database):
    for number in range(3):
        await books.writer.perform(payment_events.record, "sandbox", f"event-{number}", "purchase", 1_000)
    (event, *_) = await books.writer.perform(payment_events.claim, ["sandbox"], 2_000, retry_ms=3_000, first=1, again=0)
    await books.writer.perform(payment_events.mark_handled, event, 2_000)

    assert (await look(books)).webhooks == 2
