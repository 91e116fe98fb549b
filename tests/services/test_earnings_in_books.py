"""Earnings from the books: what is available and held, up to the last gift that is counted."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection

from bot.domain.errors import InvalidAmount, UnknownGuild
from bot.domain.holds import Hold, day_of
from bot.services.earnings import CreatorEarnings, overview_of
from bot.services.reversals import Reversals
from bot.storage.database import Database
from bot.storage.folds import folding
from bot.storage.stores import guilds
from tests.storage.town import ALICE, DAY, GUILD, MIA, NOON, ROB, Clock, buy, gift, grant, order, settle_in

TODAY = day_of(NOON)


@pytest.fixture
async def books(database: Database) -> Database:
    """The books of a guild with creators."""
    await database.writer.perform(settle_in)
    return database


@pytest.fixture
def earnings(books: Database, clock: Clock) -> CreatorEarnings:
    return CreatorEarnings(books, clock)


async def test_card_payments_are_held_and_direct_ones_are_available(
    books: Database, earnings: CreatorEarnings, clock: Clock
):
    await buy(books, order(coins=60, provider="stripe"))
    await buy(books, order(order_id=501, coins=40, provider="manual"))
    await books.writer.submit(gift("a", quantity=10, anonymous=True))

    overview = await earnings.earnings(GUILD, MIA)
    clock.now_ms += 15 * DAY
    later = await earnings.earnings(GUILD, MIA)

    assert (overview.total, overview.available, overview.held, overview.anonymous) == (50, 20, 30, 50)
    assert overview.holds == [Hold("stripe", TODAY + 15, 30)]
    assert (later.available, later.held, later.holds) == (50, 0, [])


async def test_a_reversal_takes_held_earnings_of_its_own_gift(books: Database, earnings: CreatorEarnings, clock: Clock):
    await buy(books, order(coins=60, provider="stripe"))
    await buy(books, order(order_id=501, coins=40, provider="manual"))
    risky = await books.writer.submit(gift("a", quantity=6))
    await books.writer.submit(gift("b", quantity=4))

    await Reversals(books, clock).reverse(GUILD, key="undo", actor_id=ROB, seq=risky.seq, part=2, reason="x")

    overview = await earnings.earnings(GUILD, MIA)
    assert (overview.available, overview.held) == (20, 20)


async def test_a_changed_hold_counts_from_the_next_gift_on(books: Database, earnings: CreatorEarnings):
    await buy(books, order(coins=100, provider="stripe"))
    await books.writer.submit(gift("a"))

    await earnings.hold(GUILD, {"stripe": 3, "kofi": 30, "nobody": 1}, ROB)
    await books.writer.submit(gift("b"))

    assert (await earnings.earnings(GUILD, MIA)).holds == [
        Hold("stripe", TODAY + 4, 5),
        Hold("stripe", TODAY + 15, 5),
    ]
    rules = await earnings.hold_rules(GUILD)
    assert [change.provider for change in rules.changes] == ["stripe"]
    with pytest.raises(InvalidAmount):
        await earnings.hold(GUILD, {"stripe": 181}, ROB)


async def test_gifts_that_are_not_counted_are_no_part_of_what_is_available(
    books: Database, earnings: CreatorEarnings, clock: Clock
):
    await buy(books, order(coins=100, provider="stripe"))
    await books.writer.submit(gift("a"))
    await books.writer.catch_up(GUILD)

    before, after = await books.writer.perform(_looks_without_counting, clock.now_ms)

    assert before == (5, 0, 5)
    assert after == (0, 0, 0)


def _looks_without_counting(c: Connection, now_ms: int) -> list[tuple[int, int, int]]:
    """Return what there is while everything is counted, and again from the first row on."""
    looks: list[tuple[int, int, int]] = []
    for _ in range(2):
        overview = overview_of(c, GUILD, MIA, now_ms)
        looks.append((overview.total, overview.available, overview.held))
        folding.start_over(c, GUILD, now_ms)
    return looks


async def test_promo_and_test_coins_are_told_apart(books: Database, earnings: CreatorEarnings):
    rules = await books.read(guilds.rules, GUILD)
    assert rules is not None
    await books.writer.perform(guilds.save, replace(rules, promo_share_percent=20))
    await books.writer.submit(grant("g", amount=50))
    await books.writer.submit(gift("a", quantity=5))
    await buy(books, order(coins=50, provider="sandbox", test=True))
    await books.writer.submit(gift("b"))

    overview = await earnings.earnings(GUILD, MIA)

    assert (overview.available, overview.promo, overview.never_paid, overview.held) == (10, 10, 5, 0)


async def test_whoever_has_earned_nothing_has_nothing(earnings: CreatorEarnings):
    overview = await earnings.earnings(GUILD, ALICE)

    assert (overview.total, overview.available, overview.held, overview.releases()) == (0, 0, 0, [])
    with pytest.raises(UnknownGuild):
        await earnings.earnings(GUILD + 99, ALICE)
