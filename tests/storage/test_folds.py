"""Folds: leaderboards follow the journal, whoever waits for them, whatever fails, and also when gifts are undone."""

import asyncio
import contextlib
from random import Random

import pytest
from sqlalchemy import Connection, func, select, text

from bot.domain.errors import BooksClosed
from bot.domain.leaderboards import Board, Credit
from bot.domain.periods import ALL_TIME, Period
from bot.services.reversals import Reversals
from bot.storage.audit.auditor import audit
from bot.storage.database import Database
from bot.storage.folds import folding
from bot.storage.folds.leaderboards import queries, scores
from bot.storage.folds.leaderboards.rank_bins import FEW
from bot.storage.ledger import holders
from bot.storage.ledger.fold_lane import MOST_WAITING
from bot.storage.ledger.writer import BATCH
from bot.storage.sql.leaderboard_tables import ladders, standings, tallies
from bot.storage.stores import app_state
from tests.storage.conftest import findings
from tests.storage.town import ALICE, DAY, GUILD, MIA, NOON, ROB, Clock, gift, grant

KEYS = {Period.TODAY: 20260210, Period.WEEK: 202607, Period.MONTH: 202602, Period.ALL: ALL_TIME}
LAST_DAY = NOON + 5 * DAY
"""Tuesday, 10 February 2026."""


async def coins(books: Database) -> int:
    """Return what the gifters' board adds up to, as it is stored."""
    page = await books.read(queries.leaderboard, GUILD, Board.GIFTERS, Period.ALL, ALL_TIME, viewer_id=ALICE)
    return page.coins


async def test_a_gift_is_not_on_the_board_before_somebody_looks_or_the_writer_is_idle(books: Database):
    await books.writer.submit(grant("g"))
    await books.writer.submit(gift("a"))
    before = await coins(books)

    page = await books.read_folded(
        GUILD, queries.leaderboard, GUILD, Board.GIFTERS, Period.ALL, ALL_TIME, viewer_id=ALICE
    )

    assert (before, page.coins, await coins(books)) == (0, 10, 10)


async def test_an_idle_writer_folds_by_itself(books: Database):
    await books.writer.submit(grant("g"))
    await books.writer.submit(gift("a"))

    async with asyncio.timeout(20):
        while await coins(books) != 10:  # noqa: ASYNC110 - the writer folds when it is idle
            await asyncio.sleep(0.01)


async def test_what_was_left_is_folded_after_a_restart(address: str, clock: Clock, books: Database):
    await books.writer.submit(grant("g"))
    await books.writer.submit(gift("a"))
    await books.close()

    again = await Database.open(address, clock=clock)
    async with asyncio.timeout(20):
        while await coins(again) != 10:  # noqa: ASYNC110 - the writer folds when it is idle
            await asyncio.sleep(0.01)
    await again.close()


@pytest.mark.databases("sqlite")
async def test_a_busy_writer_never_lets_more_rows_wait_than_agreed(books: Database):
    backlogs: list[int] = []
    # It hears of a batch before the backlog grows by it.
    books.writer.subscribe(lambda _: backlogs.append(books.writer.folds.backlog + BATCH))

    await asyncio.gather(*(books.writer.submit(grant(f"g{number}", amount=1)) for number in range(8_000)))

    assert max(backlogs) <= MOST_WAITING
    assert max(backlogs) > 2 * BATCH
    assert (await books.read(folding.progress, GUILD)).backlog <= MOST_WAITING


async def test_a_reader_does_not_wait_for_the_queue(books: Database):
    await books.writer.submit(grant("g"))
    await books.writer.submit(gift("a"))
    waiting = [asyncio.create_task(books.writer.perform(app_state.put, f"name {n}", "value")) for n in range(500)]
    await asyncio.sleep(0)

    await books.writer.catch_up(GUILD)
    is_queue_empty = all(task.done() for task in waiting)

    assert await coins(books) == 10
    assert not is_queue_empty
    await asyncio.gather(*waiting)


async def test_a_reader_sees_what_was_committed_while_another_waits(books: Database):
    await books.writer.submit(grant("g", amount=1_000))

    async def give_and_look(number: int) -> bool:
        receipt = await books.writer.submit(gift(f"a{number}"))
        await books.writer.catch_up(GUILD)
        return (await books.read(folding.progress, GUILD)).seq >= receipt.seq

    assert all(await asyncio.gather(*(give_and_look(number) for number in range(50))))


@pytest.mark.databases("sqlite")
async def test_a_fold_that_fails_leaves_gifts_alone_and_goes_on_when_it_can(
    books: Database, caplog: pytest.LogCaptureFixture, clock: Clock
):
    await books.writer.submit(grant("g"))
    await books.writer.submit(gift("a"))
    await books.writer.catch_up(GUILD)
    await books.writer.perform(
        run, "CREATE TRIGGER broken BEFORE UPDATE ON standings BEGIN SELECT RAISE(ABORT, '!'); END"
    )

    await books.writer.submit(gift("b"))
    page = await books.read_folded(
        GUILD, queries.leaderboard, GUILD, Board.GIFTERS, Period.ALL, ALL_TIME, viewer_id=ALICE
    )
    late_since = await books.read(folding.late_since, GUILD, clock.now_ms + DAY)

    assert page.coins == 10
    assert late_since == NOON
    assert books.writer.folds.failing == {GUILD}
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    await books.writer.perform(run, "DROP TRIGGER broken")
    await books.writer.catch_up(GUILD)
    assert await coins(books) == 20
    assert books.writer.folds.failing == set()


def count_a_part_again(c: Connection, rows: int) -> list[int | None]:
    """Start over, and return how much has been counted then, after `rows` rows and after all."""
    folding.start_over(c, GUILD, NOON)
    shares = [folding.counted_percent(c, GUILD)]
    for most in (rows, 2 * MOST_WAITING):
        folding.fold_slice(c, GUILD, most, NOON)
        shares.append(folding.counted_percent(c, GUILD))
    return shares


async def test_it_is_known_how_much_has_been_counted_while_everything_is_counted_again(books: Database):
    count = MOST_WAITING + 2_000
    await asyncio.gather(*(books.writer.submit(grant(f"g{number}", amount=1)) for number in range(count)))

    assert await books.writer.perform(count_a_part_again, count // 4) == [0, 25, None]


async def look_again(books: Database, times: int) -> None:
    """Look at a board so many times, also while it cannot be counted."""
    for _ in range(times):
        with contextlib.suppress(BooksClosed):
            await books.writer.catch_up(GUILD)


@pytest.mark.databases("sqlite")
async def test_a_row_that_cannot_be_counted_is_left_out_and_the_others_go_on(
    books: Database, caplog: pytest.LogCaptureFixture, address: str, clock: Clock
):
    await books.writer.submit(grant("g"))
    first = await books.writer.submit(gift("a"))
    await books.writer.catch_up(GUILD)
    await books.writer.perform(
        run,
        f"CREATE TRIGGER broken BEFORE UPDATE ON standings WHEN NEW.last_seq = {first.seq + 1}"
        " BEGIN SELECT RAISE(ABORT, '!'); END",
    )
    await books.writer.submit(gift("poison"))

    await look_again(books, 8)
    while_it_is_the_last = await coins(books)
    await books.writer.submit(gift("b"))
    await look_again(books, 8)
    undoing = Reversals(books, clock)
    await undoing.reverse(GUILD, key="undo", actor_id=ROB, seq=first.seq + 1, part=None, reason="by mistake")
    await books.writer.catch_up(GUILD)
    left_out = [finding.seq for finding in await asyncio.to_thread(findings, address)]
    await books.writer.perform(run, "DROP TRIGGER broken")

    assert (while_it_is_the_last, await coins(books)) == (10, 20)
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]
    assert "go on without 1 row(s)" in caplog.records[1].message
    assert left_out == [first.seq + 1]
    await books.writer.perform(folding.start_over, GUILD, NOON)
    await books.writer.catch_up(GUILD)
    assert await coins(books) == 20
    assert await asyncio.to_thread(findings, address) == []


@pytest.mark.databases("sqlite")
async def test_nothing_is_left_out_where_no_row_can_be_counted(books: Database):
    await books.writer.submit(grant("g"))
    await books.writer.perform(
        run, "CREATE TRIGGER broken BEFORE INSERT ON standings BEGIN SELECT RAISE(ABORT, '!'); END"
    )
    for key in ("a", "b", "c"):
        await books.writer.submit(gift(key))

    await look_again(books, 12)
    await books.writer.perform(run, "DROP TRIGGER broken")
    await look_again(books, 1)

    assert await coins(books) == 30


def run(c: Connection, statement: str) -> None:
    c.execute(text(statement))


@pytest.mark.databases("postgresql")
async def test_two_bots_count_every_gift_once(books: Database, address: str, clock: Clock):
    second_books = await Database.open(address, clock=clock)
    await books.writer.submit(grant("g", amount=10_000))

    async def give_and_fold(database: Database, name: str) -> None:
        for number in range(40):
            await database.writer.submit(gift(f"{name} {number}"))
            await database.writer.catch_up(GUILD)

    await asyncio.gather(give_and_fold(books, "a"), give_and_fold(second_books, "b"))
    await second_books.close()

    assert await coins(books) == 800
    assert await books.read(lambda c: list(audit(c))) == []


BINNED_TODAY = select(func.sum(tallies.c.places)).where(
    tallies.c.period == "day", tallies.c.ladder == ladders.c.ladder, ladders.c.board == "gifters", ladders.c.scope == 0
)
"""How many lines of today's gifters are counted in rank bins."""


def credit(seq: int, holder: int, amount: int, at_ms: int = NOON, *, event_id: int = 0) -> Credit:
    """Return what one gift from a holder to Mia adds to leaderboards."""
    return Credit(seq, at_ms, "UTC", holder, MIA, 1, is_anonymous=False, event_id=event_id, coins=amount, pieces=1)


def undone(gift_credit: Credit, share: int = 1) -> Credit:
    """Return what undoes a gift, or one part in `share` of its coins."""
    coins = gift_credit.coins // share
    return gift_credit._replace(coins=-coins, pieces=-gift_credit.pieces if share == 1 else 0)


def board(c: Connection, period: Period, which: Board = Board.GIFTERS) -> list[tuple[int, int, int]]:
    """Return (subject, coins, pieces) of a board in the order of its places, and (0, coins, places) of all."""
    page = queries.leaderboard(c, GUILD, which, period, KEYS[period], viewer_id=0, limit=100)
    return [*((line.subject_id, line.coins, line.pieces) for line in page.standings), (0, page.coins, page.places)]


def test_a_gift_that_is_undone_leaves_the_periods_that_it_was_in(c: Connection):
    holders.insert(c, {(GUILD, member): member for member in (MIA, 1_000, 1_001)})
    gifts = [credit(1, 1_000, 500, NOON), credit(2, 1_001, 30, LAST_DAY), credit(3, 1_000, 20, LAST_DAY)]
    scores.count(c, GUILD, [(entry.gift_seq, entry) for entry in gifts])

    scores.count(c, GUILD, [(4, undone(gifts[0]))])

    # It was given in the week before, but in the same month.
    assert board(c, Period.ALL) == board(c, Period.MONTH) == [(1_001, 30, 1), (1_000, 20, 1), (0, 50, 2)]
    assert board(c, Period.TODAY) == board(c, Period.WEEK) == [(1_001, 30, 1), (1_000, 20, 1), (0, 50, 2)]


def test_a_part_that_is_undone_lets_a_line_shrink_and_its_place_move_back(c: Connection):
    holders.insert(c, {(GUILD, member): member for member in (MIA, 1_000, 1_001)})
    gifts = [credit(1, 1_000, 500, LAST_DAY), credit(2, 1_001, 300, LAST_DAY)]
    scores.count(c, GUILD, [(entry.gift_seq, entry) for entry in gifts])

    scores.count(c, GUILD, [(3, undone(gifts[0], share=2))])

    assert board(c, Period.TODAY) == [(1_001, 300, 1), (1_000, 250, 1), (0, 550, 2)]


def test_a_line_without_gifts_vanishes_and_can_begin_again(c: Connection):
    holders.insert(c, {(GUILD, member): member for member in (MIA, 1_000)})
    only = credit(1, 1_000, 500, LAST_DAY, event_id=900)
    scores.count(c, GUILD, [(1, only)])

    scores.count(c, GUILD, [(2, undone(only))])
    lines = c.execute(select(func.count()).select_from(standings)).scalar_one()
    scores.count(c, GUILD, [(3, credit(3, 1_000, 7, LAST_DAY))])

    assert lines == 0
    assert board(c, Period.ALL) == board(c, Period.TODAY) == [(1_000, 7, 1), (0, 7, 1)]


def test_rank_bins_follow_lines_that_shrink_and_end_with_few_places(c: Connection):
    gifts = [credit(seq, 10_000 + seq, seq, LAST_DAY) for seq in range(1, FEW + 3)]
    scores.count(c, GUILD, [(entry.gift_seq, entry) for entry in gifts])
    binned = c.execute(BINNED_TODAY).scalar_one()

    scores.count(c, GUILD, [(FEW + 3, undone(gifts[-1]))])
    scores.count(c, GUILD, [(FEW + 4, undone(gifts[-2]))])
    few = c.execute(select(func.count()).select_from(tallies)).scalar_one()
    scores.count(c, GUILD, [(FEW + 5 + n, credit(FEW + 5 + n, 5 + n, 3, LAST_DAY)) for n in range(2)])
    again = c.execute(BINNED_TODAY).scalar_one()

    assert (binned, few, again) == (FEW + 2, 0, FEW + 2)


@pytest.mark.parametrize("seed", range(5))
def test_any_slices_and_any_undone_gifts_end_at_the_board_of_what_is_left(c: Connection, seed: int):
    chance = Random(seed)
    members = range(1_000, 1_008)
    holders.insert(c, {(GUILD, member): member for member in (MIA, *members)})
    gifts = [
        credit(seq, chance.choice(members), chance.randrange(1, 60), NOON + seq * 5 * DAY // 80, event_id=seq % 2 * 900)
        for seq in range(1, 80)
    ]
    gifts.append(credit(80, members[0], 5, LAST_DAY))
    rows = [(entry.gift_seq, entry) for entry in gifts]
    undone_gifts = chance.sample(gifts[:-1], 60)
    rows += [(80 + number, undone(entry)) for number, entry in enumerate(undone_gifts, start=1)]

    while rows:
        size = chance.randrange(1, 30)
        scores.count(c, GUILD, rows[:size])
        rows = rows[size:]
    boards = {period: sorted(board(c, period)) for period in KEYS}
    scores.reset(c, GUILD, LAST_DAY)
    standing_gifts = [entry for entry in gifts if entry not in undone_gifts]
    scores.count(c, GUILD, [(entry.gift_seq, entry) for entry in standing_gifts])

    assert boards == {period: sorted(board(c, period)) for period in KEYS}
