"""A goal that was reached stays reached, when it is raised later and when a gift is taken back."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.live import ReachedGoal
from bot.domain.policy import Actor
from bot.services import Services
from bot.services.assembly import build
from bot.storage.database import Database
from tests.storage.town import CHANNEL, GUILD, HOUR, MIA, NOON, ROB, Clock, gift, grant, settle_in

EVENT = 900
HOST = Actor(MIA, frozenset(), manages_guild=False, is_creator=True)


@pytest.fixture
async def show(database: Database, clock: Clock) -> AsyncIterator[Services]:
    """Services over books in which Mia's show runs, with a goal of 100 coins. Alice has 1,000 coins."""
    await database.writer.perform(settle_in)
    await database.writer.submit(grant("coins", amount=1_000))
    services = build(database, [], clock)
    await services.live.start(
        GUILD, event_id=EVENT, channel_id=CHANNEL, caller=HOST, creator_id=MIA, title="", goal=100, minutes=None
    )
    yield services
    await database.writer.catch_up(GUILD)


async def give(database: Database, clock: Clock, key: str, quantity: int) -> int:
    """Send hearts of 10 coins each, a second later, and return the number of the gift's row."""
    clock.now_ms += 1_000
    return (await database.writer.submit(gift(key, quantity=quantity))).seq


async def undo(show: Services, seq: int, part: int | None = None) -> None:
    await show.reversals.reverse(GUILD, key=f"undo {seq}", actor_id=ROB, seq=seq, part=part, reason="by mistake")


async def test_a_goal_stays_reached_when_it_is_raised(database: Database, show: Services, clock: Clock) -> None:
    await give(database, clock, "first", 12)
    status = await show.live.set_goal(GUILD, CHANNEL, HOST, coins=500)
    await give(database, clock, "second", 5)
    clock.now_ms += HOUR
    await show.live.end(GUILD, EVENT, HOST)
    recap = await show.live_displays.recap(GUILD, EVENT)

    assert status.reached == recap.reached == (ReachedGoal(100, NOON + 1_000),)
    assert recap.recap is not None
    assert recap.recap.goal_ms is None


@pytest.mark.parametrize("part", [3, None])
async def test_a_goal_stays_reached_when_a_gift_is_taken_back(
    database: Database, show: Services, clock: Clock, part: int | None
) -> None:
    seqs = [await give(database, clock, key, 6) for key in ("first", "second")]
    await undo(show, seqs[0], part)
    status = await show.live.of_event(GUILD, EVENT)
    progress = (await show.live_displays.show(status.event)).progress
    clock.now_ms += HOUR
    await show.live.end(GUILD, EVENT, HOST)
    recap = await show.live_displays.recap(GUILD, EVENT)

    assert status.reached == (ReachedGoal(100, NOON + 2_000),)
    assert progress.goal_ms == NOON + 2_000
    assert progress.coins == recap.totals.coins < 100
    assert recap.recap is not None
    assert recap.recap.goal_ms == NOON + 2_000


async def test_a_recap_that_was_saved_keeps_its_goal_when_a_gift_is_taken_back(
    database: Database, show: Services, clock: Clock
) -> None:
    seq = await give(database, clock, "first", 12)
    clock.now_ms += HOUR
    await show.live.end(GUILD, EVENT, HOST)
    before = await show.live_displays.recap(GUILD, EVENT)
    await undo(show, seq)
    after = await show.live_displays.recap(GUILD, EVENT)

    assert before.recap is not None
    assert after.recap is not None
    assert before.recap.goal_ms == after.recap.goal_ms == NOON + 1_000
    assert (before.totals.coins, after.totals.coins) == (120, 0)


async def test_a_goal_that_was_not_reached_or_too_late_is_not(database: Database, show: Services, clock: Clock) -> None:
    await give(database, clock, "first", 9)
    await show.live.set_goal(GUILD, CHANNEL, HOST, coins=110, minutes=1)
    clock.now_ms += 120_000
    seq = await give(database, clock, "second", 9)
    await undo(show, seq)
    status = await show.live.set_goal(GUILD, CHANNEL, HOST, coins=95)

    assert status.reached == ()
