"""Results over real books: who is on the boards of a week, what is to be done, and that nothing is done twice."""

import pytest

from bot.domain.deadlines import SETTLED_MS, DeadlineKind
from bot.domain.errors import UnknownGuild
from bot.domain.leaderboards import Board
from bot.domain.periods import Period
from bot.domain.results import BEFORE_MS, What, days_of
from bot.services import Services
from bot.services.assembly import build
from bot.services.leaderboards import BoardQuery
from bot.storage.database import Database
from bot.storage.stores import deadlines
from tests.storage.town import (
    ALICE,
    BOB,
    CHANNEL,
    DAY,
    GUILD,
    HOUR,
    MIA,
    NOAH,
    NOON,
    ROB,
    Clock,
    gift,
    grant,
    settle_in,
)  # fmt: skip

MONDAY = NOON + 3 * DAY + 12 * HOUR
"""9 February 2026, 00:00 UTC."""
WEEK = 202606


@pytest.fixture
async def desk(database: Database, clock: Clock) -> Services:
    """Services over books in which Alice and Bob have given as much, Alice first."""
    await database.writer.perform(settle_in)
    await database.writer.submit(grant("alice"))
    await database.writer.submit(grant("bob", member_id=BOB))
    await database.writer.submit(gift("a", quantity=2))
    await database.writer.submit(gift("b", sender_id=BOB, creator_id=NOAH, quantity=2))
    services = build(database, [], clock)
    await services.guilds.change(GUILD, gift_channel_id=CHANNEL)
    return services


async def board(desk: Services, which: Board) -> list[tuple[int, int, int]]:
    query = BoardQuery(GUILD, which, Period.WEEK, 0, 0, days=days_of(Period.WEEK, WEEK))
    page = await desk.leaderboards.leaderboard(query)
    return [(each.place, each.subject_id, each.coins) for each in page.leaderboard.standings]


async def test_the_boards_are_those_of_the_week_also_when_it_is_over(
    database: Database, desk: Services, clock: Clock
) -> None:
    clock.now_ms = MONDAY - 1
    before = await board(desk, Board.GIFTERS)
    await database.writer.submit(gift("late", quantity=1))
    clock.now_ms = MONDAY + SETTLED_MS
    await database.writer.submit(gift("later", sender_id=BOB, quantity=5))

    # Equals stand in the order in which they got there.
    assert before == [(1, ALICE, 20), (2, BOB, 20)]
    assert await board(desk, Board.GIFTERS) == [(1, ALICE, 30), (2, BOB, 20)]
    assert await board(desk, Board.CREATORS) == [(1, MIA, 30), (2, NOAH, 20)]


async def test_they_are_posted_once_and_become_final_once(desk: Services, database: Database, clock: Clock) -> None:
    await desk.results.switch(GUILD, Period.WEEK, is_on=True, by=ROB)
    steps = [(await desk.results.agenda(GUILD, Period.WEEK)).step]
    clock.now_ms = MONDAY - BEFORE_MS
    results, step, channel_id = await desk.results.agenda(GUILD, Period.WEEK)
    steps.append(step)
    await desk.results.note_post(results.posted(step.number, channel_id, 900, is_final=False))
    again = build(database, [], clock)
    steps.append((await again.results.agenda(GUILD, Period.WEEK)).step)
    clock.now_ms = MONDAY + SETTLED_MS
    results, step, _ = await again.results.agenda(GUILD, Period.WEEK)
    steps.append(step)
    await again.results.note_post(results.posted(step.number, channel_id, 900, is_final=True))
    steps.append((await desk.results.agenda(GUILD, Period.WEEK)).step)

    assert [step.what for step in steps] == [What.WAIT, What.POST, What.WAIT, What.FINISH, What.WAIT]
    assert channel_id == CHANNEL
    assert (await desk.results.of_guild(GUILD))[0].number == WEEK


async def test_they_are_off_until_staff_want_them_and_each_by_itself(
    desk: Services, database: Database, clock: Clock
) -> None:
    before = [each.is_on for each in await desk.results.of_guild(GUILD)]
    await desk.results.switch(GUILD, Period.MONTH, is_on=True, by=ROB)
    outlook = await database.read(deadlines.outlook, clock.now_ms)
    after = [each.is_on for each in await desk.results.of_guild(GUILD)]
    await desk.results.switch(GUILD, Period.MONTH, is_on=False, by=ROB)

    assert (before, after) == ([False, False], [False, True])
    assert [due.subject for due, _ in outlook.due if due.kind is DeadlineKind.RESULTS] == [1]
    assert not any(each.is_on for each in await desk.results.of_guild(GUILD))
    with pytest.raises(UnknownGuild):
        await desk.results.switch(GUILD + 1, Period.WEEK, is_on=True, by=ROB)


async def test_a_move_to_another_zone_makes_somebody_look_again(
    desk: Services, database: Database, clock: Clock
) -> None:
    await desk.results.switch(GUILD, Period.WEEK, is_on=True, by=ROB)
    agenda = await desk.results.agenda(GUILD, Period.WEEK)
    await database.writer.perform(deadlines.clear, GUILD, DeadlineKind.RESULTS, 0)
    await desk.guilds.change(GUILD, time_zone="Asia/Tokyo")
    outlook = await database.read(deadlines.outlook, clock.now_ms)

    assert any(due.kind is DeadlineKind.RESULTS for due, _ in outlook.due)
    moved = await desk.results.agenda(GUILD, Period.WEEK)
    assert moved.step.at_ms == agenda.step.at_ms - 9 * HOUR
