"""Places on leaderboards: found without counting everybody, and the same as if everybody had been counted."""

from datetime import UTC, datetime
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from bot.domain.periods import ALL_TIME, Period, bucket_of
from bot.domain.standings import (
    EVERYBODY,
    EXACT,
    FEW,
    PUBLIC_BOARDS,
    Board,
    Line,
    Scoring,
    Spans,
    Standing,
    cell_of,
    class_of,
    class_of_cell,
    first_seq_of,
    least_of,
    scoring_of_gift,
)
from bot.services import Services, build
from bot.services.leaderboards import BoardQuery
from bot.storage.database import Database
from bot.storage.folds.leaderboards import queries, scores
from bot.storage.folds.leaderboards.scores import Scored
from bot.storage.ledger import holders
from bot.storage.sql.tables import ladders as ladder_table
from bot.storage.sql.tables import tallies
from bot.storage.stores import guilds
from tests.storage.town import ALICE, BOB, CHANNEL, GUILD, HOUR, MIA, NOAH, Clock, gift, grant

MEMBERS = range(1_000, 1_200)
SUMS = st.integers(1, 2**53)


@given(SUMS)
def test_a_sum_lies_between_the_least_of_its_class_and_of_the_next(coins: int):
    rank_class = class_of(coins)

    assert least_of(rank_class) <= coins < least_of(rank_class + 1)
    assert class_of(least_of(rank_class)) == rank_class


@given(SUMS, SUMS)
def test_more_coins_are_never_in_a_lower_class(coins: int, other_coins: int):
    assert (class_of(coins) < class_of(other_coins)) <= (coins < other_coins)


SEQS = st.integers(1, 2**50)


@given(total=st.tuples(st.integers(1, 100), SEQS), other_total=st.tuples(st.integers(1, 100), SEQS))
def test_whoever_is_in_a_higher_cell_is_ahead(total: tuple[int, int], other_total: tuple[int, int]):
    ahead = (-total[0], total[1]) < (-other_total[0], other_total[1])

    assert (cell_of(*total) > cell_of(*other_total)) <= ahead


@given(coins=st.integers(1, EXACT - 1), seq=SEQS)
def test_a_cell_of_a_small_sum_tells_where_it_begins(coins: int, seq: int):
    cell = cell_of(coins, seq)

    assert class_of_cell(cell) == coins
    assert first_seq_of(cell) <= seq
    assert cell_of(coins, first_seq_of(cell)) == cell > cell_of(coins, first_seq_of(cell) + 2**15)


def test_small_sums_have_classes_of_their_own_and_large_ones_share_few():
    assert [class_of(coins) for coins in range(1, 32)] == list(range(1, 32))
    assert len({class_of(coins) for coins in range(1_024, 2_048)}) == 16


@given(
    at_ms=st.integers(0, 4_102_444_800_000),
    zone=st.sampled_from(
        ["Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia"]
    ),
)
def test_gifts_count_for_the_buckets_of_their_own_time(at_ms: int, zone: str):
    scoring = scoring_of_gift(
        sender=1, creator=2, item_id=3, coins=4, pieces=1, event_id=0, anonymous=False, at_ms=at_ms, zone=ZoneInfo(zone)
    )

    assert scoring.spans == tuple(
        bucket_of(period, at_ms, ZoneInfo(zone)) for period in (Period.TODAY, Period.WEEK, Period.MONTH)
    )


TODAY = Spans(20260205, 202606, 202602)


def count(c: Connection, given_by: list[tuple[int, int]], start: int = 1, apart: int = 1, spans: Spans = TODAY) -> None:
    """Count gifts, (holder, coins) each, on the gifters' board."""
    gifts = [
        Scored(GUILD, seq * apart, Scoring((Line(Board.GIFTERS, EVERYBODY, holder),), spans, 0, coins, 1))
        for seq, (holder, coins) in enumerate(given_by, start)
    ]
    scores.count(c, gifts)


def rank(given_by: list[tuple[int, int]]) -> list[Standing]:
    """Return the whole board, counted the simple way. Members are their holders' ids here."""
    sums: dict[int, tuple[int, int, int]] = {}
    for seq, (holder, coins) in enumerate(given_by, 1):
        total, pieces, _ = sums.get(holder, (0, 0, 0))
        sums[holder] = (total + coins, pieces + 1, seq)
    order = sorted(sums.items(), key=lambda line: (-line[1][0], line[1][2], line[0]))
    return [Standing(place, holder, coins, pieces) for place, (holder, (coins, pieces, _)) in enumerate(order, 1)]


PRICES = [(10,), (1, 5, 10, 20), (1, 99, 1_000, 44_999), tuple(range(990, 1_010))]


@pytest.mark.parametrize(
    ("prices", "batch", "apart", "crowd"),
    [
        *((prices, batch, apart, 0) for prices in PRICES for batch, apart in ((1, 1), (1_000, 2**15))),
        *((prices, 7, 1_000, FEW - 50) for prices in PRICES),
    ],
)
@pytest.mark.parametrize("period", [Period.ALL, Period.TODAY])
def test_every_own_place_and_every_page_is_as_if_all_were_counted(
    c: Connection, prices: tuple[int, ...], batch: int, apart: int, period: Period, crowd: int
):
    random = Random(str(prices))
    given_by = [(member, random.choice(prices)) for member in range(5_000, 5_000 + crowd)]
    given_by += [(random.choice(MEMBERS), random.choice(prices)) for _ in range(400)]
    holders.insert(c, {(GUILD, member): member for member in (*MEMBERS, *range(5_000, 5_000 + crowd))})
    yesterday = [(member, 1_000_000) for member in MEMBERS] if period is Period.TODAY else []
    # What was given yesterday is history today, whoever gave it.
    count(c, yesterday, spans=Spans(20260204, 202606, 202602))
    count(c, given_by[:crowd], len(yesterday) + 1, apart)
    for start in range(crowd, len(given_by), batch):
        count(c, given_by[start : start + batch], len(yesterday) + start + 1, apart)

    ranking = rank(given_by)
    board = partial(queries.leaderboard, c, GUILD, Board.GIFTERS, period, {Period.TODAY: TODAY.day}.get(period, 0))
    offsets = {*range(0, len(ranking), 10 if not crowd else 397), len(ranking) - 5, len(ranking)}
    pages = {offset: board(viewer_id=ranking[-1].subject_id, offset=offset) for offset in offsets}

    assert {offset: [*page.standings] for offset, page in pages.items()} == {
        offset: ranking[offset : offset + 10] for offset in offsets
    }
    assert {(page.places, page.coins) for page in pages.values()} == {
        (len(ranking), sum(coins for _, coins in given_by))
    }
    for standing in ranking if not crowd else random.sample(ranking, 50):
        assert board(viewer_id=standing.subject_id, limit=1).own == standing


def test_a_line_that_falls_is_found_where_it_is_now(c: Connection):
    holders.insert(c, {(GUILD, member): member for member in (1_000, 1_001, 1_002)})
    count(c, [(1_000, 5_000), (1_001, 300), (1_002, 20)])

    count(c, [(1_000, -4_900)], start=4)

    page = queries.leaderboard(c, GUILD, Board.GIFTERS, Period.ALL, ALL_TIME, viewer_id=1_000)
    assert [(standing.subject_id, standing.coins) for standing in page.standings] == [
        (1_001, 300),
        (1_000, 100),
        (1_002, 20),
    ]
    assert page.own is not None
    assert page.own.place == 2
    assert page.coins == 420


def test_leaderboards_of_a_guild_are_numbered_in_the_order_they_come(c: Connection):
    count(c, [(1, 10)])
    for event_id in (900, 901):
        line = Line(Board.GIFTERS, EVERYBODY, 1)
        scores.count(c, [Scored(GUILD, 2, Scoring((line,), TODAY, event_id, 10, 1))])

    rows = c.execute(ladder_table.select().order_by(ladder_table.c.ladder)).all()

    assert [(row.ladder, row.event) for row in rows] == [(1, 0), (2, 900), (3, 901)]


def coins_on(c: Connection, day: int) -> tuple[int, int]:
    """Return what the gifters' board of a day says in all, and how many are on it."""
    page = queries.leaderboard(c, GUILD, Board.GIFTERS, Period.TODAY, day, viewer_id=1_000)
    return page.coins, page.places


def tallied(c: Connection, name: str) -> int | None:
    """Return how many lines are tallied, None for none."""
    return c.execute(select(func.sum(tallies.c.places)).where(tallies.c.period == name)).scalar_one()


def test_only_boards_with_many_places_are_tallied(c: Connection):
    count(c, [(member, 1 + member % 40) for member in range(FEW)])
    few = tallied(c, "all")

    count(c, [(FEW, 3), (FEW + 1, 3), (5, 100)], start=FEW + 1)
    many = tallied(c, "all")
    count(c, [(FEW + 2, 3), (5, 100)], start=FEW + 4)

    assert (few, many, tallied(c, "all"), tallied(c, "day")) == (None, FEW + 2, FEW + 3, FEW + 3)


def test_a_day_that_is_over_is_forgotten_and_its_tallies_with_it(c: Connection):
    count(c, [(member, 1) for member in range(FEW + 1)])

    count(c, [(1_000, 7)], start=FEW + 2, spans=Spans(20260206, 202606, 202602))

    assert coins_on(c, 20260205) == coins_on(c, 20260206) == (7, 1)
    assert coins_on(c, 20260207) == (0, 0)
    assert (tallied(c, "day"), tallied(c, "week")) == (None, FEW + 1)


def test_a_gift_of_yesterday_counts_for_today_where_the_guild_has_moved_west(c: Connection):
    count(c, [(1_000, 10), (1_001, 5)])

    count(c, [(1_001, 20)], start=3, spans=Spans(20260204, 202606, 202601))

    assert coins_on(c, 20260204) == coins_on(c, 20260205) == (35, 2)


@pytest.fixture
def services(books: Database, clock: Clock) -> Services:
    """The services over the test's books."""
    return build(books, [], clock)


async def coins_today(services: Services, board: Board = Board.GIFTERS) -> int:
    """Return what today's board adds up to, as Alice sees it."""
    page = await services.leaderboards.leaderboard(BoardQuery(GUILD, board, Period.TODAY, ALICE, CHANNEL))
    return page.leaderboard.coins


@pytest.mark.parametrize(("date", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 6, 1), 24)])
async def test_a_day_takes_gifts_from_midnight_to_midnight_however_long_it_is(
    services: Services, books: Database, clock: Clock, date: tuple[int, int, int], hours: int
):
    berlin = ZoneInfo("Europe/Berlin")
    rules = await books.read(guilds.rules, GUILD)
    assert rules is not None
    await books.writer.perform(guilds.save, rules.changed(time_zone="Europe/Berlin"))
    await books.writer.submit(grant("g"))
    midnight = int(datetime(*date, tzinfo=berlin).astimezone(UTC).timestamp() * 1000)
    moments = (midnight - 1, midnight, midnight + hours * HOUR - 1, midnight + hours * HOUR)

    sums: list[int] = []
    for number, moment in enumerate(moments):
        clock.now_ms = moment
        await books.writer.submit(gift(f"a{number}"))
        sums.append(await coins_today(services))

    assert sums == [10, 10, 20, 10]


async def test_every_board_of_every_period_begins_anew_with_it(services: Services, books: Database, clock: Clock):
    await books.writer.submit(grant("g1"))
    await books.writer.submit(grant("g2", member_id=BOB))
    await books.writer.submit(gift("a"))
    await books.writer.submit(gift("b", sender_id=BOB, creator_id=NOAH))
    clock.now_ms += 40 * 24 * HOUR

    periods = (Period.TODAY, Period.WEEK, Period.MONTH)
    pages = [
        await services.leaderboards.leaderboard(BoardQuery(GUILD, board, period, MIA, CHANNEL))
        for board in PUBLIC_BOARDS
        for period in periods
    ]

    assert {page.leaderboard.places for page in pages} == {0}
    assert {page.pages for page in pages} == {1}
