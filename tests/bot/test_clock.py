"""A clock that is wrong, is set, or jumps for a second: nothing is booked by it, and no event ends by it."""

import sys
from pathlib import Path

import pytest

from sandbox.discord.model import EventStatus
from tests import books
from tests.bot.wrong_clock import FILE
from tests.rig import Rig, Town, until

pytestmark = pytest.mark.databases("sqlite")

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
PAUSED = "Gifts and coins are paused while I check the time."


class WallClock:
    """The wall clock of the machine that a stage's bot runs on."""

    def __init__(self, rig: Rig, ahead_ms: int = 0) -> None:
        self.file = rig.folder / "wrong-clock"
        self.set(ahead_ms)
        rig.program = (sys.executable, "-m", "tests.bot.wrong_clock")
        self.variables = {FILE: str(self.file)}

    def set(self, ahead_ms: int) -> None:
        """Set the clock this many milliseconds ahead of the true time."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(str(ahead_ms), encoding="ascii")
        Path.replace(fresh, self.file)


async def open_town(rig: Rig, wall: WallClock, **changes: str) -> Town:
    """Start the bot with the wall clock, and found a town with a creator and a member who has coins."""
    await rig.start_bot(**wall.variables, **changes)
    town = await rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 1_000)
    return town


def lines(rig: Rig, words: str) -> list[str]:
    return [line for line in rig.bot.lines if words in line]


async def wait_for_lines(rig: Rig, words: str, times: int = 1) -> None:
    async def has_lines() -> bool:
        return len(lines(rig, words)) == times

    await until(has_lines)


def booked_ahead_ms(rig: Rig) -> list[int]:
    """Return how many milliseconds each journal row is ahead of Discord's current time (negative: behind)."""
    rows = books.rows(rig.database, "SELECT at_ms FROM journal ORDER BY guild_id, seq")
    return [at_ms - int(rig.world.now() * 1000) for (at_ms,) in rows]


@pytest.mark.parametrize("ahead_ms", [40 * DAY_MS, -40 * DAY_MS])
async def test_a_clock_that_has_always_been_wrong_is_corrected_and_mentioned_once(own_rig: Rig, ahead_ms: int) -> None:
    town = await open_town(own_rig, WallClock(own_rig, ahead_ms))
    receipt = await town.give(town.mia, "Petal", town.noor)
    await own_rig.stop_bot()

    assert "Receipt #" in receipt.text
    assert all(abs(ahead) < 60_000 for ahead in booked_ahead_ms(own_rig))
    assert len(lines(own_rig, "This machine's clock is")) == 1


@pytest.mark.parametrize("ahead_ms", [40 * DAY_MS, 13 * HOUR_MS, -13 * HOUR_MS])
async def test_no_gift_is_booked_on_a_clock_that_jumps(own_rig: Rig, ahead_ms: int) -> None:
    wall = WallClock(own_rig)
    town = await open_town(own_rig, wall)
    silence = own_rig.world.faults.drop("GET", "/gateway$", times=None)
    wall.set(ahead_ms)
    refusal = await town.give(town.mia, "Petal", town.noor)
    async with own_rig.http.get(f"http://127.0.0.1:{own_rig.web_port}/healthz") as health:
        status = health.status
    own_rig.world.faults.end(silence)
    wall.set(0)

    async def is_accepted() -> bool:
        return "Receipt #" in (await town.give(town.mia, "Petal", town.noor)).text

    await until(is_accepted)
    await own_rig.stop_bot()

    assert PAUSED in refusal.text
    assert "charged" in refusal.text
    assert status == 503
    assert len(books.gifts(own_rig.database, town.guild.id)) == 1
    assert all(abs(ahead) < 60_000 for ahead in booked_ahead_ms(own_rig))
    assert "Traceback" not in "\n".join(own_rig.bot.lines)


async def test_a_jump_is_one_line_and_the_bot_goes_on_by_itself_at_the_right_time(own_rig: Rig) -> None:
    wall = WallClock(own_rig)
    town = await open_town(own_rig, wall)
    wall.set(40 * DAY_MS)
    await wait_for_lines(own_rig, "The time is certain again")
    receipt = await town.give(town.mia, "Petal", town.noor)
    await own_rig.stop_bot()

    assert "Receipt #" in receipt.text
    assert all(abs(ahead) < 60_000 for ahead in booked_ahead_ms(own_rig))
    assert len(lines(own_rig, "Gifts and payments are paused")) == 1
    assert "40 days" in lines(own_rig, "Gifts and payments are paused")[0]


async def test_a_mad_second_of_the_machine_ends_no_live_event(own_rig: Rig) -> None:
    wall = WallClock(own_rig)
    town = await open_town(own_rig, wall)
    await (await town.noor.at(town.live).slash("live start", minutes=60)).message()
    wall.set(13 * HOUR_MS)
    await wait_for_lines(own_rig, "The time is certain again")
    wall.set(0)
    await wait_for_lines(own_rig, "The time is certain again", 2)
    status = await (await town.mia.at(town.live).slash("live status")).message()
    await own_rig.stop_bot()

    assert f"<@{town.noor.user.id}> is live" in status.text
    assert books.only_value(own_rig.database, "SELECT count(*) FROM live_events WHERE ended_ms IS NULL") == 1


async def test_a_mad_second_of_discord_ends_no_live_event(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await (await town.noor.at(town.live).slash("live start", minutes=60)).message()
    own_rig.world.clock.ahead = 13 * 3_600
    refusal = await town.give(town.mia, "Petal", town.noor)
    own_rig.world.clock.ahead = 0
    await wait_for_lines(own_rig, "The time is certain again")
    receipt = await town.give(town.mia, "Petal", town.noor)
    await own_rig.stop_bot()

    assert PAUSED in refusal.text
    assert "Receipt #" in receipt.text
    assert books.only_value(own_rig.database, "SELECT count(*) FROM live_events WHERE ended_ms IS NULL") == 1


async def test_a_clock_set_back_before_the_end_was_noted_opens_no_event_again(own_rig: Rig) -> None:
    wall = WallClock(own_rig)
    town = await open_town(own_rig, wall)
    await (await town.noor.at(town.live).slash("live start", minutes=60)).message()
    await own_rig.kill_bot()
    books.change(
        own_rig.database,
        f"UPDATE live_events SET started_ms = started_ms - {2 * HOUR_MS}, ends_ms = ends_ms - {2 * HOUR_MS}",
    )
    books.hasten(own_rig.database, "live_end", 2 * HOUR_MS)
    # The event's time passes while the bot is away, and then the clock denies it.
    wall.set(-HOUR_MS * 3 // 2)
    await own_rig.start_bot(**wall.variables)
    receipt = await town.give(town.mia, "Petal", town.noor)
    await town.announced(town.live, "is over")
    await own_rig.stop_bot()

    assert "It counts toward the live event" not in receipt.text
    assert books.only_value(own_rig.database, "SELECT count(*) FROM live_events WHERE ended_ms IS NULL") == 0


async def test_news_of_discord_that_comes_while_the_time_is_in_doubt_is_acted_upon_afterwards(own_rig: Rig) -> None:
    wall = WallClock(own_rig)
    town = await open_town(own_rig, wall)
    world = own_rig.world
    hall = world.add_channel(town.guild, "hall", kind="voice")
    event = world.add_scheduled_event(
        town.guild, "Noor's night", creator=town.noor.user, starts_at=world.now() + 60, channel=hall
    )
    silence = world.faults.drop("GET", "/gateway$", times=None)
    wall.set(13 * HOUR_MS)
    await wait_for_lines(own_rig, "Gifts and payments are paused")
    world.update_scheduled_event(event, status=EventStatus.ACTIVE)
    await (await town.mia.slash("balance")).message()
    events = books.only_value(own_rig.database, "SELECT count(*) FROM live_events")
    world.faults.end(silence)
    board = await town.announced(hall, "Noor's night")
    await own_rig.stop_bot()

    assert events == 0
    assert "Send a gift" in board.text
    assert "Traceback" not in "\n".join(own_rig.bot.lines)
