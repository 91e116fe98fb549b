"""Since when what follows the journal is behind it."""

from sqlalchemy import Connection, select, update

from bot.storage.database import Database
from bot.storage.folds.folding import FOLDS
from bot.storage.lags import Lags, Unread, lags
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


def standings_with_a_fold_at(c: Connection, seq: int) -> list[Unread]:
    """Return what waits to be counted while one fold of many is at `seq`, and leave it where it was."""
    own = (cursors.table.c.guild_id == GUILD) & (cursors.table.c.follower == FOLDS[0].name)
    before: int = c.execute(select(cursors.table.c.seq).where(own)).scalar_one()
    c.execute(update(cursors.table).where(own).values(seq=seq))
    waiting = lags(c, FOLLOWER).standings
    c.execute(update(cursors.table).where(own).values(seq=before))
    return waiting


async def test_standings_wait_for_the_fold_that_is_furthest_behind(books: Database):
    first = await books.writer.submit(grant("one"))
    second = await books.writer.submit(gift("two"))
    await books.writer.catch_up(GUILD)

    assert await books.writer.perform(standings_with_a_fold_at, second.seq) == []
    assert await books.writer.perform(standings_with_a_fold_at, first.seq) == [(GUILD, second.at_ms)]


async def test_webhooks_wait_until_they_have_an_end(books: Database):
    for number in range(3):
        await books.writer.perform(payment_events.record, "sandbox", f"event-{number}", "purchase", 1_000)
    (event, *_) = await books.writer.perform(payment_events.claim, ["sandbox"], 2_000, retry_ms=3_000, first=1, again=0)
    await books.writer.perform(payment_events.mark_handled, event, 2_000)

    assert (await look(books)).webhooks == 2
