"""What creators were given by hour and item, and what moved their earnings: it follows the journal, and is audited."""

from typing import Any

import pytest
from sqlalchemy import Connection, select, text

from bot.domain.holds import day_of
from bot.services.reversals import Reversals
from bot.storage.audit.auditor import audit
from bot.storage.database import Database
from bot.storage.folds import folding
from bot.storage.sql.statistics_tables import creator_bookings, creator_hours, creator_items
from bot.storage.stores import live
from tests.storage.town import (
    BOB,
    DAY,
    GUILD,
    HOUR,
    MIA,
    NOAH,
    NOON,
    PETAL,
    ROB,
    WARM_HEART,
    Clock,
    buy,
    event,
    gift,
    grant,
    order,
)

TODAY = 20260205
BOOKED_TODAY = day_of(NOON)
TABLES = {table.name: table for table in (creator_hours, creator_items, creator_bookings)}


async def sums(books: Database, name: str) -> list[tuple[Any, ...]]:
    """Return the rows of a table in order, without guild and creator, of all creators."""

    def query(c: Connection) -> list[tuple[Any, ...]]:
        return [tuple(row[2:]) for row in c.execute(select(*TABLES[name].c).order_by(*TABLES[name].primary_key))]

    await books.writer.catch_up(GUILD)
    return await books.read(query)


async def undo(books: Database, clock: Clock, seq: int, part: int | None = None) -> None:
    await Reversals(books, clock).reverse(
        GUILD, key=f"undo {seq} {part}", actor_id=ROB, seq=seq, part=part, reason="by mistake"
    )


async def test_gifts_count_for_their_hour_and_item_and_live_event(books: Database, clock: Clock):
    await buy(books, order(coins=1_000))
    await books.writer.submit(gift("a", item_id=PETAL, quantity=5))
    await books.writer.submit(gift("b", anonymous=True))
    clock.now_ms += HOUR
    await books.writer.perform(live.insert, event(started_ms=clock.now_ms, ends_ms=clock.now_ms + HOUR))
    await books.writer.submit(gift("c", quantity=2))

    assert await sums(books, "creator_hours") == [(TODAY, 12, 0, 15, 6, 10, 1), (TODAY, 13, 900, 20, 2, 0, 0)]
    assert await sums(books, "creator_items") == [
        (TODAY, PETAL, 0, 5, 5),
        (TODAY, WARM_HEART, 0, 10, 1),
        (TODAY, WARM_HEART, 900, 20, 2),
    ]
    assert await sums(books, "creator_bookings") == [
        (BOOKED_TODAY, "gift", 0, 2, 7, 25, 12),
        (BOOKED_TODAY, "gift", 1, 1, 1, 10, 5),
    ]


async def test_a_reversal_is_taken_from_the_hour_of_the_gift_and_booked_on_its_own_day(books: Database, clock: Clock):
    await buy(books, order(coins=100))
    receipt = await books.writer.submit(gift("a", quantity=3, anonymous=True))
    clock.now_ms += 3 * DAY
    await undo(books, clock, receipt.seq, 1)

    assert await sums(books, "creator_hours") == [(TODAY, 12, 0, 20, 2, 20, 2)]
    assert await sums(books, "creator_items") == [(TODAY, WARM_HEART, 0, 20, 2)]
    assert await sums(books, "creator_bookings") == [
        (BOOKED_TODAY, "gift", 1, 1, 3, 30, 15),
        (BOOKED_TODAY + 3, "reversal", 1, 1, -1, -10, -5),
    ]


async def test_what_a_debt_takes_and_what_becomes_one_is_booked_apart(books: Database, clock: Clock):
    await buy(books, order(member_id=MIA, coins=20, provider="manual"))
    await books.writer.submit(gift("x", sender_id=MIA, creator_id=NOAH))
    await undo(books, clock, 1)
    await buy(books, order(order_id=501, coins=100, provider="stripe"))
    receipt = await books.writer.submit(gift("a", quantity=4))
    assert receipt.facts["payoff"] == 5
    await undo(books, clock, receipt.seq)

    bookings = await sums(books, "creator_bookings")

    assert (BOOKED_TODAY, "debt", 0, 2, 0, 0, 0) in bookings
    assert (BOOKED_TODAY, "gift", 0, 1, 4, 40, 20) in bookings
    assert (BOOKED_TODAY, "reversal", 0, 1, -4, -40, -20) in bookings


async def test_gifts_that_earn_nothing_count_but_are_not_booked(books: Database):
    await books.writer.submit(grant("g", amount=50))
    await books.writer.submit(gift("a"))
    await buy(books, order(coins=50, provider="sandbox", test=True))
    await books.writer.submit(gift("b", quantity=5))

    assert await sums(books, "creator_bookings") == []
    assert await sums(books, "creator_items") == [(TODAY, WARM_HEART, 0, 60, 6)]


async def test_everything_counted_again_gives_the_same(books: Database, clock: Clock):
    await buy(books, order(coins=500))
    await buy(books, order(order_id=501, member_id=BOB, coins=500))
    receipt = await books.writer.submit(gift("a", quantity=3))
    await books.writer.submit(gift("b", sender_id=BOB, creator_id=NOAH, anonymous=True))
    await undo(books, clock, receipt.seq, 2)
    before = [await sums(books, name) for name in TABLES]

    await books.writer.perform(folding.start_over, GUILD, NOON)

    assert [await sums(books, name) for name in TABLES] == before


async def test_a_gift_that_could_not_be_counted_is_left_out_together_with_its_reversal(books: Database, clock: Clock):
    await buy(books, order(coins=40))
    receipt = await books.writer.submit(gift("a", quantity=2))
    await undo(books, clock, receipt.seq, 1)
    await books.writer.submit(grant("g"))
    await books.writer.catch_up(GUILD)

    assert await books.writer.perform(_skip_the_gift) == [0, 0, 0]

    # All is counted again, for the check at the end of the test.
    await books.writer.perform(folding.start_over, GUILD, NOON)


def _skip_the_gift(c: Connection) -> list[int]:
    folding.start_over(c, GUILD, NOON)
    folding.fold_slice(c, GUILD, 1, NOON)
    folding.skip_rows(c, GUILD, 1, NOON)
    folding.fold_slice(c, GUILD, 9, NOON)
    assert [finding.what for finding in audit(c)] != []
    return [len(c.execute(select(table)).all()) for table in TABLES.values()]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE creator_hours SET coins = coins + 1", "are [31, 3, 0, 0], the journal says [30, 3, 0, 0]"),
        ("UPDATE creator_hours SET anonymous_pieces = 1", "the journal says [30, 3, 0, 0]"),
        ("UPDATE creator_hours SET hour = 13", "the journal says None"),
        ("UPDATE creator_items SET item = 4", "are missing, the journal says [30, 3]"),
        ("DELETE FROM creator_items", "are missing, the journal says [30, 3]"),
        ("UPDATE creator_bookings SET diamonds = diamonds - 1 WHERE type = 'gift'", "the journal says [1, 4, 40, 20]"),
        ("UPDATE creator_bookings SET anonymous = 1", "the journal says None"),
        ("UPDATE balances SET amount = 14 WHERE kind = 'earnings'", "but what moved them adds up to 15"),
    ],
)
async def test_the_audit_finds_sums_that_are_not_those_of_the_journal(
    books: Database, clock: Clock, change: str, what: str
):
    await buy(books, order(coins=40))
    receipt = await books.writer.submit(gift("a", quantity=4))
    await undo(books, clock, receipt.seq, 1)
    await books.writer.catch_up(GUILD)

    sentences = await books.writer.perform(_audited_after, change)

    assert any(what in sentence for sentence in sentences), sentences


def _audited_after(c: Connection, change: str) -> list[str]:
    with c.begin_nested() as savepoint:
        c.execute(text(change))
        sentences = [finding.what for finding in audit(c)]
        savepoint.rollback()
    return sentences
