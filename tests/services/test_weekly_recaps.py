"""Weekly recaps over real books: what a week was like, who gets a recap, each once, and who wants none."""

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, update

from bot.domain.creator_stats import Given
from bot.domain.creator_weeks import Trend, week_at, week_before
from bot.domain.deadlines import SETTLED_MS, DeadlineKind
from bot.domain.errors import NotACreator, UnknownGuild
from bot.domain.ledger.team_gift import SendTeamGift
from bot.domain.member_choices import Choice
from bot.domain.notices import WeekNotice
from bot.domain.periods import Span
from bot.domain.policy import Actor
from bot.services import Services
from bot.services.assembly import build
from bot.services.visible_leaderboard import visible_week
from bot.storage.database import Database
from bot.storage.sql.tables import guilds
from bot.storage.stores import deadlines
from bot.ui.kit.membership import Membership, Profile
from tests.storage.town import (
    ALICE,
    BOB,
    CHANNEL,
    DAY,
    GUILD,
    HOUR,
    LIVE_CHANNEL,
    MIA,
    NOAH,
    NOON,
    PAPER_CRANE,
    ROB,
    ROSETTE,
    Clock,
    buy,
    gift,
    grant,
    order,
    settle_in,
)  # fmt: skip

WEEK = 7 * DAY
HOST = Actor(MIA, frozenset(), False, True)
MONDAY = NOON + 3 * DAY + 12 * HOUR
"""9 February 2026, 00:00 UTC."""


@pytest.fixture
async def desk(database: Database, clock: Clock) -> Services:
    """Services over books in which Alice has bought coins with a card, and Bob by direct payment."""
    await database.writer.perform(settle_in)
    await buy(database, order(coins=1_000, provider="stripe"))
    await buy(database, order(order_id=501, member_id=BOB, coins=1_000, provider="manual"))
    return build(database, [], clock)


def _forget(c: Connection) -> None:
    c.execute(update(guilds).values(creator_week=None))


async def creators_due(desk: Services) -> list[int]:
    return (await desk.creator_weeks.agenda(GUILD)).creator_ids


async def send_all(desk: Services) -> list[int]:
    """Do as the sender does; return who got a recap."""
    week, creator_ids = await desk.creator_weeks.agenda(GUILD)
    for creator_id in creator_ids:
        assert week is not None
        await desk.creator_weeks.mark_sent(GUILD, creator_id, week)
    await desk.creator_weeks.finish(GUILD, week)
    return creator_ids


async def test_a_week_says_what_was_earned_by_whom_and_when(database: Database, desk: Services, clock: Clock) -> None:
    await database.writer.submit(gift("early", quantity=2))
    clock.now_ms = MONDAY + 20 * HOUR
    await desk.live.start(
        GUILD, event_id=900, channel_id=LIVE_CHANNEL, caller=HOST, creator_id=MIA, title="Friday", goal=50, minutes=180
    )
    await database.writer.submit(gift("again", quantity=6))
    await database.writer.submit(gift("new", sender_id=BOB, quantity=3))
    clock.now_ms += 2 * HOUR
    await desk.live.end(GUILD, 900, HOST)
    await database.writer.submit(gift("hidden", sender_id=BOB, quantity=1, anonymous=True))
    clock.now_ms = MONDAY + WEEK
    recap = await desk.creator_weeks.last(GUILD, MIA)

    assert recap.days == Span(20260209, 20260215)
    assert recap.stats.total == Given(100, 10)
    assert recap.stats.anonymous == Given(10, 1)
    assert (recap.stats.gifters, recap.stats.new_gifters, recap.stats.returning_gifters) == (2, 1, 1)
    assert [(fan.subject_id, fan.coins) for fan in recap.stats.fans] == [(ALICE, 60), (BOB, 30)]
    assert [(entry.event.title, entry.sums, entry.gifters) for entry in recap.stats.events] == [
        ("Friday", Given(90, 9), 2)
    ]
    assert (recap.earned, recap.earned_in_tests, recap.before, recap.trend, recap.difference) == (
        50, 0, Given(20, 2), Trend.MORE, 80,
    )  # fmt: skip
    assert recap.best_day is not None
    assert (recap.best_day.day, recap.best_hour) == (20260209, 20)
    # Alice's coins came by card, and wait for fourteen days.
    assert recap.release is not None
    assert recap.release.sources == ("stripe",)


@pytest.mark.parametrize("choice", [Choice.HIDDEN, Choice.AMOUNTS_HIDDEN, Choice.QUIET])
async def test_the_largest_gift_of_a_week_is_what_is_left_of_it_and_names_nobody_who_hides(
    database: Database, desk: Services, clock: Clock, choice: Choice
) -> None:
    for member_id in (ALICE, BOB):
        await database.writer.submit(grant(f"grant {member_id}", member_id=member_id, amount=20_000))
    await database.writer.submit(gift("the week before", item_id=ROSETTE + 2))
    clock.now_ms = MONDAY
    await database.writer.submit(gift("many small ones", quantity=99))
    await database.writer.submit(gift("to somebody else", creator_id=NOAH, item_id=ROSETTE))
    names = [await largest(desk)]
    await database.writer.submit(gift("first", item_id=ROSETTE, anonymous=True))
    names.append(await largest(desk))
    roses = await database.writer.submit(gift("second", sender_id=BOB, item_id=ROSETTE))
    team = await desk.gifts.send_team(SendTeamGift(GUILD, "team", ALICE, (MIA, NOAH), ROSETTE + 1, CHANNEL))
    names.append(await largest(desk))
    await desk.reversals.reverse(GUILD, key="back", actor_id=ROB, seq=team.seq, part=None, reason="by mistake")
    names.append(await largest(desk))
    await desk.own_choices.choose(GUILD, BOB, {choice: True})
    names.append(await largest(desk))
    await desk.reversals.reverse(GUILD, key="too", actor_id=ROB, seq=roses.seq, part=None, reason="by mistake")
    await desk.own_choices.choose(GUILD, BOB, {choice: False})
    names.append(await largest(desk))
    clock.now_ms = MONDAY + WEEK
    await database.writer.submit(gift("the week after", item_id=ROSETTE + 2))

    assert names == [None, ("Rosette", 0), ("Northern Lights", ALICE), ("Rosette", BOB), ("Rosette", 0), ("Rosette", 0)]
    assert await largest(desk) == ("Rosette", 0)


async def test_of_a_gift_for_several_creators_each_reads_what_all_of_it_cost(
    database: Database, desk: Services, clock: Clock
) -> None:
    clock.now_ms = MONDAY
    await database.writer.submit(gift("small", quantity=50))
    # Of 149 coins, each gets a part that would be small by itself.
    await desk.gifts.send_team(SendTeamGift(GUILD, "team", ALICE, (MIA, NOAH), PAPER_CRANE + 1, CHANNEL))

    assert await largest(desk) == ("Music Box", ALICE)


async def test_whoever_has_left_is_named_neither_as_a_fan_nor_with_the_largest_gift(
    database: Database, desk: Services, clock: Clock
) -> None:
    clock.now_ms = MONDAY
    await database.writer.submit(gift("large", item_id=PAPER_CRANE + 1))
    recap = await desk.creator_weeks.recap(GUILD, MIA, week_at(MONDAY, ZoneInfo("UTC")))
    recaps = [await visible_week(everybody(is_member=is_member), GUILD, recap) for is_member in (True, False)]

    assert [each.largest_id for each in recaps] == [ALICE, 0]
    assert [len(each.stats.fans) for each in recaps] == [1, 0]
    assert {each.largest for each in recaps} == {recap.largest}


def everybody(*, is_member: bool) -> Membership:
    """Return a guild in which everybody is, or nobody any more."""

    async def look_up(_guild_id: int, _member_id: int) -> Profile:
        return Profile(is_member=is_member, name="Member")

    return Membership(look_up)


async def largest(desk: Services) -> tuple[str, int] | None:
    """Return the name of the largest gift of the week that began on MONDAY, and who sent it."""
    recap = await desk.creator_weeks.recap(GUILD, MIA, week_at(MONDAY, ZoneInfo("UTC")))
    return (recap.largest.name, recap.largest_id) if recap.largest is not None else None


async def test_only_creators_who_got_something_get_a_recap_and_none_twice(
    database: Database, desk: Services, clock: Clock
) -> None:
    await database.writer.submit(gift("a"))
    before = await creators_due(desk)
    clock.now_ms = MONDAY + SETTLED_MS
    first, again = await send_all(desk), await send_all(desk)

    assert (before, first, again) == ([], [MIA], [])


async def test_after_weeks_without_the_bot_only_the_latest_week_is_sent(
    database: Database, desk: Services, clock: Clock
) -> None:
    await database.writer.submit(gift("a"))
    clock.now_ms = MONDAY + 2 * WEEK + DAY
    await database.writer.submit(gift("b", creator_id=NOAH))
    clock.now_ms += WEEK
    week, creator_ids = await desk.creator_weeks.agenda(GUILD)

    assert creator_ids == [NOAH]
    assert week is not None
    assert week.end_ms == MONDAY + 3 * WEEK


async def test_a_kill_between_two_creators_sends_the_second_one_theirs(
    database: Database, desk: Services, clock: Clock
) -> None:
    await database.writer.submit(gift("a"))
    await database.writer.submit(gift("b", creator_id=NOAH))
    clock.now_ms = MONDAY
    week, creator_ids = await desk.creator_weeks.agenda(GUILD)
    assert week is not None
    await desk.creator_weeks.mark_sent(GUILD, MIA, week)

    assert creator_ids == [MIA, NOAH]
    assert await creators_due(build(database, [], clock)) == [NOAH]


async def test_a_guild_from_before_recaps_begins_with_the_week_that_runs(
    database: Database, desk: Services, clock: Clock
) -> None:
    await database.writer.perform(_forget)
    await database.writer.submit(gift("a"))
    clock.now_ms = MONDAY + HOUR
    creator_ids = await send_all(desk)
    await database.writer.submit(gift("b"))
    clock.now_ms += WEEK

    assert creator_ids == []
    assert await creators_due(desk) == [MIA]


async def test_a_week_that_ends_while_recaps_are_sent_is_due_at_once(
    database: Database, desk: Services, clock: Clock
) -> None:
    clock.now_ms = MONDAY + WEEK - 1
    await database.writer.submit(gift("a"))
    week, _ = await desk.creator_weeks.agenda(GUILD)
    clock.now_ms += 2
    due_ms = await desk.creator_weeks.finish(GUILD, week)

    assert due_ms == clock.now_ms
    assert await creators_due(desk) == [MIA]


async def test_a_move_to_another_zone_sends_no_week_twice(database: Database, desk: Services, clock: Clock) -> None:
    await desk.guilds.change(GUILD, time_zone="Pacific/Kiritimati")
    await database.writer.submit(gift("a"))
    clock.now_ms = MONDAY - 14 * HOUR
    in_the_east = await send_all(desk)
    await desk.guilds.change(GUILD, time_zone="Pacific/Pago_Pago")
    outlook = await database.read(deadlines.outlook, clock.now_ms)
    in_the_west = await send_all(desk)
    clock.now_ms = MONDAY + 11 * HOUR

    assert (in_the_east, in_the_west) == ([MIA], [])
    assert any(due.kind is DeadlineKind.CREATOR_WEEK for due, _ in outlook.due)
    assert await creators_due(desk) == []


async def test_who_wants_none_gets_none_until_they_change_their_mind(
    database: Database, desk: Services, clock: Clock
) -> None:
    weeks = desk.creator_weeks
    await database.writer.submit(gift("a"))
    choices = [await weeks.is_wanted(GUILD, MIA)]
    await weeks.choose(GUILD, MIA, is_wanted=False)
    choices.append(await weeks.is_wanted(GUILD, MIA))
    clock.now_ms = MONDAY
    without = await creators_due(desk)
    await weeks.choose(GUILD, MIA, is_wanted=True)
    choices.append(await weeks.is_wanted(GUILD, MIA))

    assert (choices, without, await creators_due(desk)) == ([True, False, True], [], [MIA])
    with pytest.raises(NotACreator):
        await weeks.choose(GUILD, ALICE, is_wanted=False)


async def test_who_cannot_be_written_to_reads_of_the_latest_recap_with_the_next_reply(
    desk: Services, clock: Clock
) -> None:
    for at_ms in (MONDAY, MONDAY + WEEK):
        week = week_before(at_ms, ZoneInfo("UTC"))
        await desk.creator_weeks.mark_sent(GUILD, MIA, week, is_unreachable=True)
    async with desk.notices.telling(GUILD, MIA) as news:
        pass

    assert news == [WeekNotice(202607)]
    assert not await desk.notices.has_any(GUILD, MIA)


async def test_who_is_no_creator_any_more_gets_none(database: Database, desk: Services, clock: Clock) -> None:
    await database.writer.submit(gift("a"))
    await desk.creators.remove(GUILD, MIA, by=ROB)
    clock.now_ms = MONDAY

    assert await creators_due(desk) == []
    with pytest.raises(UnknownGuild):
        await desk.creator_weeks.agenda(GUILD + 1)
