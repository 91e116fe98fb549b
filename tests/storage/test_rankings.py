"""Rankings in memory: whatever happened since somebody looked, they say what the books say."""

import asyncio
from contextlib import closing
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from bot.domain.leaderboards import Board, Leaderboard
from bot.domain.periods import Period, Span, last_30_days
from bot.services.reversals import Reversals
from bot.storage.audit.reader import open_reader
from bot.storage.database import Database
from bot.storage.folds import folding
from bot.storage.folds.leaderboards import past
from bot.storage.folds.leaderboards.calendar import days_of
from bot.storage.folds.leaderboards.rankings import Counted, Limits, Line, Ranking, Rankings, rankings_of
from tests.storage.town import ALICE, BOB, DAY, GUILD, HOUR, MIA, NOAH, NOON, ROB, Clock, gift, grant
from tests.thoroughness import by_thoroughness

MEMBERS = (ALICE, BOB, *range(1_000, 1_004))
SPAN = Span(20260205, 20260205)
LOOK_EVERY = by_thoroughness(quick=15, full=8, long=1)
"""After how many gifts all boards are looked at."""


def boards(c: Connection, now_ms: int) -> list[Leaderboard]:
    """Return boards of all days, of their months and of the last 30 days, as pages and with somebody's own place."""
    days = [day for _, day in days_of(c, GUILD)]
    spans = [Span(number, number) for number in (*days, *{day // 100 for day in days})]
    spans.append(last_30_days(now_ms, ZoneInfo("UTC")))
    where = ((Board.GIFTERS, None), (Board.GIFTERS, MIA), (Board.CREATORS, None), (Board.GIFTS, None))
    return [
        past.leaderboard(
            c, GUILD, board, Period.ALL, span, viewer_id=BOB, fans_of=fans_of, offset=offset, limit=limit
        )
        for span in spans
        for board, fans_of in where
        for offset, limit in ((0, 99), (1, 2))
    ]  # fmt: skip


async def boards_of_a_stranger(address: str, now_ms: int) -> list[Leaderboard]:
    """Return the same from a database in which nobody has looked at anything yet."""
    with closing(open_reader(address)) as reader:
        return await asyncio.to_thread(reader.look, boards, now_ms)


@pytest.mark.parametrize("seed", range(2))
async def test_what_is_remembered_is_what_a_first_look_says(books: Database, clock: Clock, address: str, seed: int):
    chance = Random(seed)
    reversals, gifts = Reversals(books, clock), list[int]()
    for number, member in enumerate(MEMBERS):
        await books.writer.submit(grant(f"grant {number}", member_id=member, amount=10_000))
    for number in range(60):
        clock.now_ms += chance.choice([0, HOUR, 12 * HOUR, DAY, 9 * DAY])
        if gifts and chance.random() < 0.25:
            undone = gifts.pop(chance.randrange(len(gifts)))
            await reversals.reverse(GUILD, key=f"undo {number}", actor_id=ROB, seq=undone, part=None, reason="mistake")
        else:
            receipt = await books.writer.submit(
                gift(
                    f"gift {number}",
                    sender_id=chance.choice(MEMBERS),
                    creator_id=chance.choice([MIA, NOAH]),
                    item_id=chance.randrange(1, 4),
                    quantity=chance.randrange(1, 4),
                    anonymous=chance.random() < 0.1,
                )
            )
            gifts.append(receipt.seq)
        if number % LOOK_EVERY == 0:
            remembered = await books.read_folded(GUILD, boards, clock.now_ms)
            assert remembered == await boards_of_a_stranger(address, clock.now_ms)


async def test_a_day_that_ends_after_somebody_looked_has_all_of_its_gifts(books: Database, clock: Clock, address: str):
    await books.writer.submit(grant("g", amount=1_000))
    await books.writer.submit(gift("a"))
    await books.read_folded(GUILD, boards, clock.now_ms)
    await books.writer.submit(gift("b"))
    clock.now_ms += DAY
    await books.writer.submit(gift("c"))

    remembered = await books.read_folded(GUILD, boards, clock.now_ms)

    assert remembered == await boards_of_a_stranger(address, clock.now_ms)
    assert remembered[0].coins == 20


async def test_a_fold_that_starts_over_is_looked_at_anew(books: Database, clock: Clock, address: str):
    await books.writer.submit(grant("g", amount=1_000))
    for number in range(4):
        await books.writer.submit(gift(f"gift {number}"))
    await books.read_folded(GUILD, boards, clock.now_ms)
    await books.writer.perform(folding.start_over, GUILD, NOON)
    await books.writer.perform(folding.fold_slice, GUILD, 3, NOON)

    remembered = await books.read(boards, clock.now_ms)

    assert remembered[0].coins == 20
    assert remembered == await boards_of_a_stranger(address, clock.now_ms)


def forget_everything(c: Connection) -> None:
    """Let the rankings of these books remember nothing from now on."""
    rankings_of(c.engine).limits = Limits(0, 0, 0)


async def test_more_lines_than_are_remembered_are_ranked_by_the_database(books: Database, clock: Clock):
    await books.writer.submit(grant("g", amount=1_000))
    await books.writer.submit(grant("h", amount=1_000, member_id=BOB))
    await books.writer.submit(gift("a"))
    await books.writer.submit(gift("b", sender_id=BOB, quantity=2))
    remembered = await books.read_folded(GUILD, boards, clock.now_ms)
    await books.writer.submit(grant("another row"))
    await books.read(forget_everything)

    for _ in range(2):
        assert await books.read_folded(GUILD, boards, clock.now_ms) == remembered


NOW = Counted(ladder=1, ahead_seq=0, ahead_ms=0, uncounted=0, seq=9)


def test_somebody_who_reads_an_older_state_is_told_nothing_newer():
    ranking = Ranking(NOW, [(5, 30, 2, 7), (4, 20, 1, 8)])
    later = NOW._replace(seq=10)
    page = ranking.page(NOW, later, {4: Line(4, 40, 2, 10), 5: None, 6: Line(6, 40, 1, 9)}, range(9), 4)

    assert page is not None
    assert page.lines == [Line(6, 40, 1, 9), Line(4, 40, 2, 10)]
    assert (page.own, page.places, page.coins) == ((2, Line(4, 40, 2, 10)), 2, 80)
    assert ranking.page(NOW, NOW, {}, range(9), None) is None
    assert ranking.page(NOW, later, {4: Line(4, 40, 2, 10)}, range(9), None) == page._replace(own=None)


@pytest.mark.parametrize("changed", ["ladder", "ahead_seq", "ahead_ms", "uncounted"])
def test_what_was_counted_in_another_way_leads_nowhere(changed: str):
    assert NOW.leads_to(NOW._replace(seq=12))
    assert not NOW.leads_to(NOW._replace(seq=8))
    assert not NOW.leads_to(NOW._replace(seq=12, **{changed: 3}))


def test_what_nobody_has_looked_at_for_longest_is_forgotten_first():
    remembered, rows = Rankings(Limits(lines=3)), [(5, 30, 2, 7)]
    for number in range(3):
        remembered.put((GUILD, number, SPAN), Ranking(NOW, rows))
    remembered.get((GUILD, 0, SPAN))
    remembered.put((GUILD, 3, SPAN), Ranking(NOW, rows))

    assert [number for number in range(4) if remembered.get((GUILD, number, SPAN))] == [0, 2, 3]


def test_no_more_is_kept_of_what_is_too_large_than_was_asked_for_last():
    remembered = Rankings(Limits(too_large=3))
    for number in range(3):
        remembered.note_too_large((GUILD, number, SPAN))
    assert remembered.is_too_large((GUILD, 0, SPAN))
    remembered.note_too_large((GUILD, 3, SPAN))

    assert [number for number in range(5) if remembered.is_too_large((GUILD, number, SPAN))] == [0, 2, 3]
