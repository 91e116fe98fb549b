"""Hopping on: presses that count, what they are worth to streaks and fan clubs, and what challenges can ask."""

import pytest

from bot.domain.attendance import PRESS_MS, HopOn, HopOnOutcome
from bot.domain.clubs import ATTENDED, PATIENCE_MS
from bot.domain.deadlines import DeadlineKind
from bot.domain.errors import NotLive
from bot.domain.live import LiveEvent
from bot.services.attendance import Attendance
from bot.services.live_displays import LiveDisplays
from bot.services.personal_data import PersonalData
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.stores import attendance, deadlines, live
from tests.services.test_clubs_of_creators import Fans
from tests.storage.town import (
    ALICE,
    BOB,
    DAY,
    GUILD,
    HOUR,
    LIVE_CHANNEL,
    MIA,
    MINUTE,
    NOAH,
    Clock,
    buy,
    event,
    order,
    settle_in,
)


@pytest.fixture
async def fans(database: Database, clock: Clock) -> Fans:
    await database.writer.perform(settle_in)
    await buy(database, order(coins=1_000))
    return Fans(database, clock)


@pytest.fixture
def attendances(fans: Fans) -> Attendance:
    return Attendance(fans.books, fans.clock)


async def go_live(database: Database, **changes: object) -> LiveEvent:
    show = event(**changes)
    await database.writer.perform(live.insert, show)
    return show


async def minutes(database: Database, member_id: int, from_ms: int, until_ms: int) -> int:
    holder = await database.read(holders.holder_id, GUILD, member_id)
    assert holder is not None
    return (await database.read(attendance.minutes_of_all, GUILD, from_ms, until_ms, [holder])).get(holder, 0)


async def test_presses_within_ten_minutes_change_nothing_and_later_ones_add_up(
    database: Database, clock: Clock, attendances: Attendance
) -> None:
    show = await go_live(database)
    start_ms = clock.now_ms
    first = await attendances.hop_on(GUILD, show.event_id, ALICE)
    clock.now_ms += PRESS_MS - 1
    again = await attendances.hop_on(GUILD, show.event_id, ALICE)
    clock.now_ms += 1
    second = await attendances.hop_on(GUILD, show.event_id, ALICE)

    assert first == HopOn(HopOnOutcome.ABOARD, start_ms + PRESS_MS, 10)
    assert again == HopOn(HopOnOutcome.ALREADY, start_ms + PRESS_MS, 10)
    assert second == HopOn(HopOnOutcome.ABOARD, start_ms + 2 * PRESS_MS, 20)
    assert await attendances.hop_on(GUILD, show.event_id, MIA) == HopOn(HopOnOutcome.ON_STAGE)
    assert (await LiveDisplays(database).status(show)).attendees == 1
    assert await minutes(database, ALICE, start_ms + 5 * MINUTE, start_ms + 12 * MINUTE) == 7
    assert await minutes(database, ALICE, start_ms - DAY, start_ms) == 0


async def test_challenges_can_ask_for_everyone_and_an_hour_in_two_live_events_is_one(
    database: Database, clock: Clock, attendances: Attendance
) -> None:
    show = await go_live(database)
    next_door = await go_live(database, event_id=901, channel_id=LIVE_CHANNEL + 1, creator_id=NOAH)
    for event_id in (show.event_id, next_door.event_id):
        await attendances.hop_on(GUILD, event_id, ALICE)
    clock.now_ms += 5 * MINUTE
    for event_id in (show.event_id, next_door.event_id):
        await attendances.hop_on(GUILD, event_id, BOB)
    everyone = await database.read(attendance.minutes_of_all, GUILD, show.started_ms, show.started_ms + 8 * MINUTE)
    names = await database.read(holders.member_ids, GUILD, everyone)

    assert {names[holder]: count for holder, count in everyone.items()} == {ALICE: 8, BOB: 3}


async def test_nobody_attends_what_is_over_or_was_never_here(
    database: Database, clock: Clock, attendances: Attendance
) -> None:
    show = await go_live(database)
    clock.now_ms += HOUR
    for event_id in (show.event_id, 12_345):
        with pytest.raises(NotLive):
            await attendances.hop_on(GUILD, event_id, ALICE)


async def test_the_board_changes_with_the_first_press_of_each_alone(
    database: Database, clock: Clock, attendances: Attendance
) -> None:
    show = await go_live(database)

    async def hops_on(member_id: int) -> int:
        await database.writer.perform(deadlines.clear, GUILD, DeadlineKind.LIVE_BOARD, show.event_id)
        await attendances.hop_on(GUILD, show.event_id, member_id)
        due = (await database.read(deadlines.outlook, clock.now_ms)).due
        return len([deadline for deadline, _ in due if deadline.kind is DeadlineKind.LIVE_BOARD])

    assert await hops_on(ALICE) == 1
    clock.now_ms += PRESS_MS
    assert await hops_on(ALICE) == 0
    assert await hops_on(BOB) == 1


async def test_an_attended_week_goes_into_the_streak_and_an_attended_live_event_into_the_club(
    database: Database, clock: Clock, fans: Fans, attendances: Attendance
) -> None:
    await fans.give("a")
    show = await go_live(database)
    for _ in range(3):
        await attendances.hop_on(GUILD, show.event_id, ALICE)
        clock.now_ms += PRESS_MS
    await attendances.hop_on(GUILD, show.event_id, BOB)
    bob, alice = await fans.profiles.profile(GUILD, BOB), await fans.profiles.profile(GUILD, ALICE)

    assert (bob.streak.weeks, bob.streak.has_this_week) == (1, True)
    assert bob.clubs == []
    assert [club.points for club in alice.clubs] == [10 + ATTENDED]


async def test_attending_keeps_a_membership_going_and_brings_back_one_that_pauses(
    database: Database, clock: Clock, fans: Fans, attendances: Attendance
) -> None:
    await fans.give("a")
    clock.now_ms += DAY
    await fans.show()
    clock.now_ms += PATIENCE_MS
    await fans.look()
    assert [club[-1] for club in await fans.clubs_of_alice()] == [True]

    show = await go_live(database, event_id=7_000, started_ms=clock.now_ms, ends_ms=clock.now_ms + HOUR)
    await attendances.hop_on(GUILD, show.event_id, ALICE)
    await fans.settle()
    assert [club[-1] for club in await fans.clubs_of_alice()] == [False]
    await database.writer.perform(live.end, GUILD, show.event_id, clock.now_ms + HOUR)
    clock.now_ms += HOUR + PATIENCE_MS
    assert await fans.look() is None
    assert [club[-1] for club in await fans.clubs_of_alice()] == [False]


async def test_attendance_is_exported_and_goes_with_the_data_of_its_member(
    database: Database, clock: Clock, attendances: Attendance
) -> None:
    show = await go_live(database)
    for member_id in (ALICE, BOB):
        await attendances.hop_on(GUILD, show.event_id, member_id)
    personal = PersonalData(database, clock, None)
    assert len((await personal.export(GUILD, ALICE)).records["attendance"]) == 1
    await personal.erase(GUILD, ALICE)

    assert (await LiveDisplays(database).status(show)).attendees == 1
