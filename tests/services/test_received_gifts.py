"""A creator's last gifts, found by an index however much has happened since."""

from sqlalchemy import Connection, select

from bot.storage.connect.connection import Connection as Books
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.sql.journal_tables import journal
from bot.storage.stores import received_gifts
from tests.storage.town import GUILD, MIA, NOAH, PAPER_CRANE, gift, grant, settle_in


def latest(c: Books) -> tuple[list[int], list[int]]:
    """Return Mia's last two gifts, and her last two anonymous ones."""
    creator = holders.holder_id(c, GUILD, MIA) or 0
    return received_gifts.latest(c, GUILD, MIA, 2), received_gifts.latest_anonymous(c, GUILD, creator, 2)


def plan(c: Connection) -> str:
    """Return how the database looks for gifts, in its own words."""
    query = select(journal.c.seq).where(*received_gifts.gifts_to(GUILD, 5)).order_by(journal.c.seq.desc()).limit(8)
    words = str(query.compile(dialect=c.dialect, compile_kwargs={"literal_binds": True}))
    if c.dialect.name == "sqlite":
        return str(c.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}").all())
    # A table of five rows is read as a whole otherwise.
    c.exec_driver_sql("SET LOCAL enable_seqscan = off")
    return str(c.exec_driver_sql(f"EXPLAIN {words}").all())


async def test_gifts_that_cost_only_promo_coins_and_came_long_ago_are_among_the_last(database: Database) -> None:
    await database.writer.perform(settle_in)
    await database.writer.submit(grant("grant", amount=10_000))
    first = await database.writer.submit(gift("first"))
    hidden = await database.writer.submit(gift("hidden", anonymous=True))
    for number in range(20):
        await database.writer.submit(gift(f"to Noah {number}", creator_id=NOAH))
    before = await database.read(latest)
    last = await database.writer.submit(gift("last", item_id=PAPER_CRANE))

    assert before == ([hidden.seq, first.seq], [hidden.seq])
    assert await database.read(latest) == ([last.seq, hidden.seq], [hidden.seq])


async def test_it_is_read_from_the_index(database: Database) -> None:
    await database.writer.perform(settle_in)

    assert "ix_journal_gifts" in await database.writer.perform(plan)
