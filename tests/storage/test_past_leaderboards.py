"""Leaderboards of past days, past months and the last 30 days: what every gift says that was not taken back."""

from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, func, select

from bot.domain.leaderboards import Board, Credit, Standing
from bot.domain.periods import PastPeriod, Period, Span, last_30_days
from bot.services import Services
from bot.services.assembly import build
from bot.services.leaderboards import BoardQuery
from bot.services.reversals import Reversals
from bot.storage.database import Database
from bot.storage.folds.leaderboards import past, scores
from bot.storage.folds.leaderboards.calendar import days_of
from bot.storage.ledger import holders
from bot.storage.sql.leaderboard_tables import past_standings
from bot.storage.stores import guilds
from tests.storage.town import ALICE, BOB, CHANNEL, DAY, GUILD, HOUR, MIA, NOAH, NOON, ROB, Clock, gift, grant

MEMBERS = range(1_000, 1_008)
MIAS, NOAHS = 1, 2
"""Holder ids of the creators."""


def credit(seq: int, holder: int, coins: int, at_ms: int = NOON, zone: str = "UTC", **changes: int) -> Credit:
    values = {"creator": MIAS, "item": 1, "event_id": 0, "pieces": 1} | changes
    return Credit(gift_seq=seq, at_ms=at_ms, zone=zone, sender=holder, is_anonymous=False, coins=coins, **values)


def undone(gift_credit: Credit) -> Credit:
    return gift_credit._replace(coins=-gift_credit.coins, pieces=-gift_credit.pieces)


def count(c: Connection, credits_by_row: Sequence[tuple[int, Credit]]) -> None:
    scores.count(c, GUILD, credits_by_row)


def ranked(gifts: Sequence[Credit], *, last_seqs: Sequence[Credit]) -> list[Standing]:
    """Return the gifters' board of `gifts`, counted the simple way. Those of `last_seqs` say who was first."""
    lines = {entry.sender: [0, 0, 0] for entry in gifts}
    for entry in gifts:
        lines[entry.sender][0] += entry.coins
        lines[entry.sender][1] += entry.pieces
    for entry in last_seqs:
        if entry.sender in lines:
            lines[entry.sender][2] = max(lines[entry.sender][2], entry.gift_seq)
    order = sorted(lines.items(), key=lambda line: (-line[1][0], line[1][2], line[0]))
    return [Standing(place, holder, coins, pieces) for place, (holder, (coins, pieces, _)) in enumerate(order, 1)]


def places(c: Connection, span: Span, *, fans_of: int | None = None) -> list[Standing]:
    page = past.leaderboard(
        c, GUILD, Board.GIFTERS, Period.ALL, span, viewer_id=MEMBERS[0], fans_of=fans_of, limit=1_000
    )
    assert page.places == len(page.standings)
    middle = past.leaderboard(
        c, GUILD, Board.GIFTERS, Period.ALL, span, viewer_id=MEMBERS[1], fans_of=fans_of, offset=2, limit=3
    )
    assert (middle.standings, middle.places) == (page.standings[2:5], page.places)
    assert page.coins == sum(standing.coins for standing in page.standings)
    assert page.own == next((line for line in page.standings if line.subject_id == MEMBERS[0]), None)
    return [*page.standings]


def day_of(entry: Credit) -> int:
    return int(f"{datetime.fromtimestamp(entry.at_ms / 1000, UTC):%Y%m%d}")


@pytest.mark.parametrize("seed", range(6))
def test_every_day_and_month_has_what_was_given_on_it_and_not_taken_back(c: Connection, seed: int):
    chance = Random(seed)
    holders.insert(c, {(GUILD, member): member for member in (*MEMBERS, MIAS, NOAHS)})
    at_ms, gifts, rows = NOON - 40 * DAY, [], []
    undone_seqs: set[int] = set()
    for seq in range(1, 240):
        at_ms += chance.choice([0, HOUR, 3 * HOUR, 2 * DAY if seq % 40 == 0 else HOUR])
        standing_gifts = [entry for entry in gifts if entry.gift_seq not in undone_seqs]
        if standing_gifts and chance.random() < 0.3:
            entry = chance.choice(standing_gifts)
            undone_seqs.add(entry.gift_seq)
            rows.append((seq, undone(entry)))
            continue
        creator, event_id = chance.choice([MIAS, NOAHS]), chance.choice([0, 900])
        entry = credit(seq, chance.choice(MEMBERS), chance.randrange(1, 60), at_ms, creator=creator, event_id=event_id)
        gifts.append(entry)
        rows.append((seq, entry))
    while rows:
        size = chance.randrange(1, 30)
        count(c, rows[:size])
        rows = rows[size:]

    standing_gifts = [entry for entry in gifts if entry.gift_seq not in undone_seqs]
    days = sorted({day_of(entry) for entry in gifts})
    spans = [*(Span(day, day) for day in days), *(Span(month, month) for month in {day // 100 for day in days})]
    spans += [last_30_days(at_ms, ZoneInfo("UTC")), Span(days[3], days[-4])]
    assert len(days) > 10
    for span in spans:
        key = (lambda entry: day_of(entry) // 100) if span.is_month else day_of
        inside = [entry for entry in gifts if span.first <= key(entry) <= span.last]
        still = [entry for entry in standing_gifts if entry in inside]
        assert places(c, span) == ranked(still, last_seqs=inside)
        of_mia = [entry for entry in still if entry.creator == MIAS]
        assert places(c, span, fans_of=MIAS) == ranked(
            of_mia, last_seqs=[entry for entry in inside if entry.creator == MIAS]
        )
    assert [day for _, day in days_of(c, GUILD)] == days


def test_a_line_is_written_once_for_a_day_however_many_gifts_it_has(c: Connection):
    count(c, [(seq, credit(seq, MEMBERS[0], 1, NOON + seq)) for seq in range(1, 50)])
    while_it_lasts = c.execute(select(func.count()).select_from(past_standings)).scalar_one()
    count(c, [(50, credit(50, MEMBERS[0], 1, NOON + DAY))])

    rows = c.execute(select(past_standings.c.period, past_standings.c.coins)).all()

    assert while_it_lasts == 0
    # Its gifter, everywhere and for Mia; Mia; and the gift.
    assert rows == [(20260205, 49)] * 4


def test_everything_of_a_day_can_be_undone(c: Connection):
    holders.insert(c, {(GUILD, MEMBERS[0]): MEMBERS[0]})
    gifts = [credit(1, MEMBERS[0], 5), credit(2, MEMBERS[0], 7, NOON + DAY), credit(3, MEMBERS[0], 9, NOON + 60 * DAY)]
    count(c, [(entry.gift_seq, entry) for entry in gifts])

    count(c, [(4, undone(gifts[0]))])

    assert places(c, Span(20260205, 20260205)) == []
    assert places(c, Span(202602, 202602)) == [Standing(1, MEMBERS[0], 7, 1)]
    count(c, [(5, undone(gifts[1])), (6, undone(gifts[2]))])
    assert c.execute(select(func.count()).select_from(past_standings)).scalar_one() == 0


def test_a_gift_counts_for_the_day_that_had_begun_where_the_guild_has_moved_west(c: Connection):
    holders.insert(c, {(GUILD, MEMBERS[0]): MEMBERS[0]})
    count(c, [(1, credit(1, MEMBERS[0], 5, NOON + 14 * HOUR))])
    count(c, [(2, credit(2, MEMBERS[0], 7, NOON + 15 * HOUR, zone="Pacific/Honolulu"))])

    assert places(c, Span(20260206, 20260206)) == [Standing(1, MEMBERS[0], 12, 2)]
    assert places(c, Span(20260205, 20260205)) == []
    # There the thirty days end with the day before, and its gifts are among them.
    honolulu = ZoneInfo("Pacific/Honolulu")
    assert places(c, last_30_days(NOON + 15 * HOUR, honolulu)) == [Standing(1, MEMBERS[0], 12, 2)]


@pytest.fixture
def services(books: Database, clock: Clock) -> Services:
    return build(books, [], clock)


async def test_boards_of_the_past_say_what_the_books_say(services: Services, books: Database, clock: Clock):
    """The books are audited after the test, past days included."""
    await books.writer.submit(grant("g", amount=1_000))
    await books.writer.submit(grant("h", amount=1_000, member_id=BOB))
    first = await books.writer.submit(gift("a"))
    await books.writer.submit(gift("b", sender_id=BOB, quantity=3))
    await books.writer.submit(gift("hidden", anonymous=True, quantity=5))
    clock.now_ms += 29 * DAY
    await books.writer.submit(gift("c", creator_id=NOAH))
    in_window = await gifters(services, Period.LAST_30_DAYS)
    clock.now_ms += DAY
    await Reversals(books, clock).reverse(GUILD, key="undo", actor_id=ROB, seq=first.seq, part=None, reason="mistake")
    await books.writer.submit(gift("d", sender_id=BOB))

    assert in_window == [(BOB, 30), (ALICE, 20)]
    assert await gifters(services, Period.LAST_30_DAYS) == [(ALICE, 10), (BOB, 10)]
    assert await gifters(services, PastPeriod(20260205)) == [(BOB, 30)]
    assert await gifters(services, PastPeriod(202602)) == [(BOB, 30)]
    assert await gifters(services, PastPeriod(20260306)) == [(ALICE, 10)]
    assert await gifters(services, PastPeriod(20260305), fans_of=MIA) == []
    creators = await services.leaderboards.leaderboard(
        BoardQuery(GUILD, Board.CREATORS, PastPeriod(202602), ALICE, CHANNEL)
    )
    assert [(line.subject_id, line.coins) for line in creators.leaderboard.standings] == [(MIA, 80)]
    periods = await services.leaderboards.past_periods(GUILD)
    assert (periods.months, periods.days) == ([PastPeriod(202602)], [PastPeriod(20260306), PastPeriod(20260205)])


async def gifters(services: Services, period: Period | PastPeriod, fans_of: int | None = None) -> list[tuple[int, int]]:
    query = BoardQuery(GUILD, Board.GIFTERS, period, ALICE, CHANNEL, fans_of)
    page = await services.leaderboards.leaderboard(query)
    return [(line.subject_id, line.coins) for line in page.leaderboard.standings]


async def test_days_are_those_of_the_guilds_time_zone(services: Services, books: Database, clock: Clock):
    rules = await books.read(guilds.rules, GUILD)
    assert rules is not None
    await books.writer.perform(guilds.save, rules.changed(time_zone="Asia/Tokyo"))
    await books.writer.submit(grant("g"))
    clock.now_ms = NOON + 4 * HOUR
    await books.writer.submit(gift("a"))

    assert await gifters(services, PastPeriod(20260206)) == [(ALICE, 10)]
    assert await gifters(services, PastPeriod(20260205)) == []
