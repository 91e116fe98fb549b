"""What members have gifted, in all and by week: it follows the journal, and is audited."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection, select, text

from bot.services.reversals import Reversals
from bot.storage.audit.auditor import audit
from bot.storage.database import Database
from bot.storage.folds import folding
from bot.storage.folds.gifters import queries
from bot.storage.sql.gifter_tables import club_hearts, gifter_totals, gifter_weeks
from bot.storage.stores import guilds
from tests.storage.town import BOB, DAY, GUILD, NOAH, NOON, PETAL, ROB, Clock, buy, gift, grant, order

WEEK, NEXT_WEEK = 202_606, 202_607

Sums = tuple[list[int], list[tuple[int, int]]]
"""The coins of each gifter, and the weeks and pieces of all."""


async def sums(books: Database) -> Sums:
    def query(c: Connection) -> Sums:
        weeks = c.execute(select(gifter_weeks.c.week, gifter_weeks.c.pieces).order_by(gifter_weeks.c.week))
        return sorted(c.execute(select(gifter_totals.c.coins)).scalars()), [(week, pieces) for week, pieces in weeks]

    await books.writer.catch_up(GUILD)
    return await books.read(query)


async def undo(books: Database, clock: Clock, seq: int, part: int | None = None) -> None:
    await Reversals(books, clock).reverse(
        GUILD, key=f"undo {seq} {part}", actor_id=ROB, seq=seq, part=part, reason="by mistake"
    )


async def test_gifts_count_in_all_and_for_their_week_whoever_gets_them(books: Database, clock: Clock):
    await buy(books, order(coins=1_000))
    await books.writer.submit(grant("g"))
    await books.writer.submit(gift("a", quantity=2))
    await books.writer.submit(gift("b", creator_id=NOAH, item_id=PETAL))
    clock.now_ms += 7 * DAY
    await books.writer.submit(gift("c"))

    assert await sums(books) == ([31], [(WEEK, 3), (NEXT_WEEK, 1)])


async def test_the_week_is_that_of_the_guild_when_the_gift_was_sent(books: Database, clock: Clock):
    await buy(books, order(coins=1_000))
    # Sunday, 20:00 UTC: in Tokyo it is Monday.
    clock.now_ms += 3 * DAY + 8 * 3_600_000
    await books.writer.submit(gift("a"))
    rules = await books.read(guilds.rules, GUILD)
    assert rules is not None
    await books.writer.perform(guilds.save, replace(rules, time_zone="Asia/Tokyo"))
    await books.writer.submit(gift("b"))

    assert await sums(books) == ([20], [(WEEK, 1), (NEXT_WEEK, 1)])


async def test_anonymous_gifts_and_those_that_count_on_no_board_do_not_count(books: Database):
    await buy(books, order(coins=100))
    await books.writer.submit(gift("a", anonymous=True))

    assert await sums(books) == ([], [])


async def test_a_reversal_takes_from_the_coins_and_from_the_week_of_the_gift(books: Database, clock: Clock):
    await buy(books, order(coins=100))
    receipt = await books.writer.submit(gift("a", quantity=3))
    clock.now_ms += 14 * DAY
    await undo(books, clock, receipt.seq, 1)
    assert await sums(books) == ([20], [(WEEK, 2)])
    await undo(books, clock, receipt.seq)

    assert await sums(books) == ([0], [(WEEK, 0)])
    gifter = await books.read(_only_gifter)
    assert await books.read(queries.weeks, GUILD, gifter) == set()
    assert await books.read(queries.coins, GUILD, gifter) == 0


def _only_gifter(c: Connection) -> int:
    return c.execute(select(gifter_totals.c.gifter)).scalar_one()


async def test_everything_counted_again_gives_the_same(books: Database, clock: Clock):
    await buy(books, order(coins=500))
    await buy(books, order(order_id=501, member_id=BOB, coins=500))
    receipt = await books.writer.submit(gift("a", quantity=3))
    await books.writer.submit(gift("b", sender_id=BOB, creator_id=NOAH))
    await undo(books, clock, receipt.seq, 2)
    before = await sums(books)
    assert before == ([10, 10], [(WEEK, 1), (WEEK, 1)])

    await books.writer.perform(folding.start_over, GUILD, NOON)

    assert await sums(books) == before


async def test_a_gift_that_could_not_be_counted_is_left_out_together_with_its_reversal(books: Database, clock: Clock):
    await buy(books, order(coins=40))
    receipt = await books.writer.submit(gift("a", quantity=2))
    await undo(books, clock, receipt.seq, 1)
    await books.writer.submit(grant("g"))
    await books.writer.catch_up(GUILD)

    assert await books.writer.perform(_skip_the_gift) == [0, 0]

    # All is counted again, for the check at the end of the test.
    await books.writer.perform(folding.start_over, GUILD, NOON)


def _skip_the_gift(c: Connection) -> list[int]:
    folding.start_over(c, GUILD, NOON)
    folding.fold_slice(c, GUILD, 1, NOON)
    folding.skip_rows(c, GUILD, 1, NOON)
    folding.fold_slice(c, GUILD, 9, NOON)
    assert not [finding.what for finding in audit(c) if "gifter" in finding.what]
    return [len(c.execute(select(table)).all()) for table in (gifter_totals, gifter_weeks)]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE gifter_totals SET coins = coins + 1", "is 31, the gifts say 30"),
        ("DELETE FROM gifter_totals", "is missing, the gifts say 30"),
        ("UPDATE gifter_weeks SET pieces = 4", "has 4 pieces in week 202606, the gifts say 3"),
        ("UPDATE gifter_weeks SET week = 202605", "has 3 pieces in week 202605, the gifts say None"),
        ("DELETE FROM gifter_weeks", "is missing, the gifts say 3"),
        ("UPDATE club_hearts SET hearts = 1", "the gifts say 3"),
        ("DELETE FROM club_hearts", "is missing, the gifts say 3"),
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


async def test_warm_hearts_join_the_club_of_their_creator_until_the_last_is_taken_back(books: Database, clock: Clock):
    await buy(books, order(coins=100))
    receipt = await books.writer.submit(gift("a", quantity=3))
    await books.writer.submit(gift("b", creator_id=NOAH, item_id=PETAL))
    await books.writer.submit(gift("c", anonymous=True))
    assert await clubs(books) == [3]
    await undo(books, clock, receipt.seq, 2)
    assert await clubs(books) == [1]
    await undo(books, clock, receipt.seq)

    assert await clubs(books) == [0]


async def clubs(books: Database) -> list[int]:
    await books.writer.catch_up(GUILD)
    return await books.read(lambda c: [*c.execute(select(club_hearts.c.hearts)).scalars()])
