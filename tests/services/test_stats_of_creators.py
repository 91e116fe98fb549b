"""Statistics of creators from the books: sums, gifters who are new, fans and live events, in every period."""

from dataclasses import replace

import pytest

from bot.domain.creator_stats import Given
from bot.domain.errors import UnknownGuild
from bot.domain.periods import PastPeriod, Period
from bot.services.creator_stats import CreatorStatistics
from bot.services.reversals import Reversals
from bot.storage.database import Database
from bot.storage.stores import guilds, live
from tests.storage.town import (
    ALICE,
    BOB,
    DAY,
    GUILD,
    HOUR,
    MIA,
    NOAH,
    PETAL,
    ROB,
    WARM_HEART,
    Clock,
    buy,
    event,
    gift,
    order,
    settle_in,
)


@pytest.fixture
async def books(database: Database) -> Database:
    """The books of a guild with creators, and members who have bought coins."""
    await database.writer.perform(settle_in)
    await buy(database, order(coins=10_000))
    await buy(database, order(order_id=501, member_id=BOB, coins=10_000))
    return database


@pytest.fixture
def stats(books: Database, clock: Clock) -> CreatorStatistics:
    return CreatorStatistics(books, clock)


async def test_sums_are_those_of_the_period_and_anonymous_gifts_are_in_no_count_of_people(
    books: Database, stats: CreatorStatistics, clock: Clock
):
    await books.writer.submit(gift("a", quantity=2))
    clock.now_ms += 7 * DAY + 8 * HOUR
    await books.writer.submit(gift("b", item_id=PETAL, quantity=3))
    await books.writer.submit(gift("c", sender_id=BOB, anonymous=True))
    await books.writer.submit(gift("d", sender_id=BOB, creator_id=NOAH))

    week, ever = [await stats.stats(GUILD, MIA, period) for period in (Period.WEEK, Period.ALL)]

    assert (week.total, week.anonymous) == (Given(13, 4), Given(10, 1))
    assert week.hours[20] == week.weekdays[3] == week.days[0].sums == Given(13, 4)
    assert [(entry.item_id, entry.sums) for entry in week.items] == [(PETAL, Given(3, 3)), (WARM_HEART, Given(10, 1))]
    assert (week.gifters, week.new_gifters, week.returning_gifters) == (1, 0, 1)
    assert [fan.subject_id for fan in week.fans] == [ALICE]
    assert (ever.total, ever.gifters, ever.new_gifters) == (Given(33, 6), 1, None)
    assert [day.day for day in ever.days] == [20260205, 20260212]


async def test_a_gifter_is_new_in_the_period_of_the_first_gift_only(
    books: Database, stats: CreatorStatistics, clock: Clock
):
    await books.writer.submit(gift("a"))
    clock.now_ms += 2 * DAY
    await books.writer.submit(gift("b"))
    await books.writer.submit(gift("c", sender_id=BOB))
    clock.now_ms += 30 * DAY
    await books.writer.submit(gift("d"))

    counts = {
        period: await stats.stats(GUILD, MIA, period)
        for period in (
            PastPeriod(20260205),
            PastPeriod(20260207),
            PastPeriod(202602),
            Period.TODAY,
            Period.LAST_30_DAYS,
        )
    }

    assert [(statistics.gifters, statistics.new_gifters) for statistics in counts.values()] == [
        (1, 1),
        (2, 1),
        (2, 2),
        (1, 0),
        (1, 0),
    ]


async def test_whose_gifts_were_all_taken_back_has_not_given(books: Database, stats: CreatorStatistics, clock: Clock):
    receipt = await books.writer.submit(gift("a", quantity=2))
    await books.writer.submit(gift("b", sender_id=BOB))
    clock.now_ms += DAY
    await Reversals(books, clock).reverse(GUILD, key="undo", actor_id=ROB, seq=receipt.seq, part=None, reason="x")

    week = await stats.stats(GUILD, MIA, Period.WEEK)

    assert (week.total, week.gifters, week.new_gifters) == (Given(10, 1), 1, 1)
    assert [fan.subject_id for fan in week.fans] == [BOB]


async def test_a_live_event_has_statistics_of_its_own(books: Database, stats: CreatorStatistics, clock: Clock):
    await books.writer.submit(gift("a"))
    clock.now_ms += DAY
    assert (await stats.stats(GUILD, MIA, Period.LIVE)).event is None
    show = event(started_ms=clock.now_ms, ends_ms=clock.now_ms + HOUR)
    await books.writer.perform(live.insert, show)
    await books.writer.submit(gift("b", quantity=3))
    await books.writer.submit(gift("c", sender_id=BOB, anonymous=True))
    await books.writer.submit(gift("d", sender_id=BOB))

    show_stats, week = [await stats.stats(GUILD, MIA, period) for period in (Period.LIVE, Period.WEEK)]

    assert show_stats.event is not None
    assert (show_stats.total, show_stats.gifters, show_stats.new_gifters) == (Given(50, 5), 2, 1)
    assert [fan.subject_id for fan in show_stats.fans] == [ALICE, BOB]
    assert [(entry.event.event_id, entry.sums, entry.gifters) for entry in week.events] == [(900, Given(50, 5), 2)]
    assert show_stats.events == ()


async def test_days_begin_at_the_guilds_midnight_also_where_clocks_change(
    books: Database, stats: CreatorStatistics, clock: Clock
):
    rules = await books.read(guilds.rules, GUILD)
    assert rules is not None
    await books.writer.perform(guilds.save, replace(rules, time_zone="America/New_York"))
    # Sunday, 8 March 2026: at 7:00 UTC it was 2:00, and became 3:00.
    clock.now_ms = 1_772_953_199_000
    await books.writer.submit(gift("a"))
    clock.now_ms += 1_000
    await books.writer.submit(gift("b"))

    today = await stats.stats(GUILD, MIA, Period.TODAY)

    assert [hour for hour, sums in enumerate(today.hours) if sums.pieces] == [1, 3]
    assert today.weekdays[6] == Given(20, 2)


async def test_whoever_was_given_nothing_has_nothing(stats: CreatorStatistics):
    for period in (*Period, PastPeriod(202602)):
        statistics = await stats.stats(GUILD, ROB, period)
        assert (statistics.total, statistics.gifters, statistics.fans, [*statistics.events]) == (Given(0, 0), 0, (), [])
    with pytest.raises(UnknownGuild):
        await stats.stats(GUILD + 99, MIA, Period.ALL)
