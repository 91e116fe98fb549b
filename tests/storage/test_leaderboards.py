"""Places on leaderboards: found without counting everybody, and the same as if everybody had been counted."""

from datetime import UTC, datetime
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from bot.domain.leaderboards import (
    PUBLIC_BOARDS,
    Board,
    Credit,
    Standing,
    period_keys,
)
from bot.domain.periods import Period, period_key_of
from bot.services import Services
from bot.services.assembly import build
from bot.services.leaderboards import BoardQuery
from bot.storage.database import Database
from bot.storage.folds.leaderboards import queries, scores
from bot.storage.folds.leaderboards.rank_bins import (
    EXACT,
    FEW,
    first_seq_of,
    least_of,
    magnitude_of,
    magnitude_of_bin,
    rank_bin_of,
)
from bot.storage.ledger import holders
from bot.storage.sql.tables import ladders as ladder_table
from bot.storage.sql.tables import tallies
from bot.storage.stores import guilds
from tests.storage.town import ALICE, BOB, CHANNEL, DAY, GUILD, HOUR, MIA, NOAH, NOON, Clock, gift, grant
from tests.thoroughness import sample

MEMBERS = range(1_000, 1_200)
SUMS = st.integers(1, 2**53)


@given(SUMS)
def test_a_sum_lies_between_the_least_of_its_class_and_of_the_next(coins: int):
    magnitude = magnitude_of(coins)

    assert least_of(magnitude) <= coins < least_of(magnitude + 1)
    assert magnitude_of(least_of(magnitude)) == magnitude


@given(SUMS, SUMS)
def test_more_coins_are_never_in_a_lower_class(coins: int, other_coins: int):
    assert (magnitude_of(coins) < magnitude_of(other_coins)) <= (coins < other_coins)


SEQS = st.integers(1, 2**50)


@given(total=st.tuples(st.integers(1, 100), SEQS), other_total=st.tuples(st.integers(1, 100), SEQS))
def test_whoever_is_in_a_higher_bin_is_ahead(total: tuple[int, int], other_total: tuple[int, int]):
    ahead = (-total[0], total[1]) < (-other_total[0], other_total[1])

    assert (rank_bin_of(*total) > rank_bin_of(*other_total)) <= ahead


@given(coins=st.integers(1, EXACT - 1), seq=SEQS)
def test_a_rank_bin_of_a_small_sum_tells_where_it_begins(coins: int, seq: int):
    rank_bin = rank_bin_of(coins, seq)

    assert magnitude_of_bin(rank_bin) == coins
    assert first_seq_of(rank_bin) <= seq
    assert rank_bin_of(coins, first_seq_of(rank_bin)) == rank_bin > rank_bin_of(coins, first_seq_of(rank_bin) + 2**15)


def test_small_sums_have_classes_of_their_own_and_large_ones_share_few():
    assert [magnitude_of(coins) for coins in range(1, 32)] == list(range(1, 32))
    assert len({magnitude_of(coins) for coins in range(1_024, 2_048)}) == 16


@given(
    at_ms=st.integers(0, 4_102_444_800_000),
    zone=st.sampled_from(
        ["Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia"]
    ),
)
def test_gifts_count_for_the_buckets_of_their_own_time(at_ms: int, zone: str):
    assert period_keys(at_ms, zone) == tuple(
        period_key_of(period, at_ms, ZoneInfo(zone)) for period in (Period.TODAY, Period.WEEK, Period.MONTH)
    )


TODAY = 20260205


def credit(seq: int, holder: int, coins: int, at_ms: int = NOON, zone: str = "UTC", event_id: int = 0) -> Credit:
    """Return what one gift from a holder adds to leaderboards."""
    return Credit(seq, at_ms, zone, holder, MIA, 1, is_anonymous=False, event_id=event_id, coins=coins, pieces=1)


def count(
    c: Connection, given_by: list[tuple[int, int]], start: int = 1, apart: int = 1, at_ms: int = NOON, zone: str = "UTC"
) -> None:
    """Count gifts, (holder, coins) each, on the gifters' board."""
    credits_by_row = [
        (seq * apart, credit(seq * apart, holder, coins, at_ms, zone))
        for seq, (holder, coins) in enumerate(given_by, start)
    ]
    scores.count(c, GUILD, credits_by_row)


def rank(given_by: list[tuple[int, int]]) -> list[Standing]:
    """Return the whole board, counted the simple way. Members are their holders' ids here."""
    sums: dict[int, tuple[int, int, int]] = {}
    for seq, (holder, coins) in enumerate(given_by, 1):
        total, pieces, _ = sums.get(holder, (0, 0, 0))
        sums[holder] = (total + coins, pieces + 1, seq)
    order = sorted(sums.items(), key=lambda line: (-line[1][0], line[1][2], line[0]))
    return [Standing(place, holder, coins, pieces) for place, (holder, (coins, pieces, _)) in enumerate(order, 1)]


PRICES = [(10,), (1, 5, 10, 20), (1, 99, 1_000, 44_999), tuple(range(990, 1_010))]


HISTORIES = [
    *((prices, batch, apart, 0) for prices in PRICES for batch, apart in ((1, 1), (1_000, 2**15))),
    *((prices, 7, 1_000, FEW - 50) for prices in PRICES),
]


@pytest.mark.parametrize(("prices", "batch", "apart", "crowd"), sample(HISTORIES, 4))
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
    count(c, yesterday, at_ms=NOON - DAY)
    count(c, given_by[:crowd], len(yesterday) + 1, apart)
    for start in range(crowd, len(given_by), batch):
        count(c, given_by[start : start + batch], len(yesterday) + start + 1, apart)

    ranking = rank(given_by)
    board = partial(queries.leaderboard, c, GUILD, Board.GIFTERS, period, {Period.TODAY: TODAY}.get(period, 0))
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


def test_leaderboards_of_a_guild_are_numbered_in_the_order_they_come(c: Connection):
    count(c, [(1, 10)])
    for event_id in (900, 901):
        scores.count(c, GUILD, [(2, credit(2, 1, 10, event_id=event_id))])

    rows = c.execute(ladder_table.select().order_by(ladder_table.c.ladder)).all()

    assert [row.ladder for row in rows] == [*range(1, 13)]
    assert [row.event for row in rows] == [0] * 4 + [900] * 4 + [901] * 4


def coins_on(c: Connection, day: int) -> tuple[int, int]:
    """Return what the gifters' board of a day says in all, and how many are on it."""
    page = queries.leaderboard(c, GUILD, Board.GIFTERS, Period.TODAY, day, viewer_id=1_000)
    return page.coins, page.places


def binned(c: Connection, name: str) -> int | None:
    """Return how many lines of the gifters' board are counted in rank bins, None for none."""
    everybody = (
        ladder_table.c.ladder == tallies.c.ladder,
        ladder_table.c.board == Board.GIFTERS,
        ladder_table.c.scope == 0,
    )
    return c.execute(select(func.sum(tallies.c.places)).where(tallies.c.period == name, *everybody)).scalar_one()


def test_only_boards_with_many_places_are_binned(c: Connection):
    count(c, [(member, 1 + member % 40) for member in range(FEW)])
    few = binned(c, "all")

    count(c, [(FEW, 3), (FEW + 1, 3), (5, 100)], start=FEW + 1)
    many = binned(c, "all")
    count(c, [(FEW + 2, 3), (5, 100)], start=FEW + 4)

    assert (few, many, binned(c, "all"), binned(c, "day")) == (None, FEW + 2, FEW + 3, FEW + 3)


def test_a_day_that_is_over_is_forgotten_and_its_rank_bins_with_it(c: Connection):
    count(c, [(member, 1) for member in range(FEW + 1)])

    count(c, [(1_000, 7)], start=FEW + 2, at_ms=NOON + DAY)

    assert coins_on(c, 20260205) == coins_on(c, 20260206) == (7, 1)
    assert coins_on(c, 20260207) == (0, 0)
    assert (binned(c, "day"), binned(c, "week")) == (None, FEW + 1)


def test_a_gift_of_yesterday_counts_for_today_where_the_guild_has_moved_west(c: Connection):
    count(c, [(1_000, 10), (1_001, 5)], at_ms=NOON + 14 * HOUR)

    count(c, [(1_001, 20)], start=3, at_ms=NOON + 15 * HOUR, zone="Pacific/Honolulu")

    assert coins_on(c, 20260205) == coins_on(c, 20260206) == (35, 2)


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
