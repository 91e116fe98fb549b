"""Live events that follow Discord, over the wire: events, Stages, outages, and a bot kicked and invited again."""

from sandbox.discord.model import Channel, EventStatus, ScheduledEvent
from sandbox.discord.recurrence import weekly
from tests import books
from tests.rig import Rig, Town, until

KINDS = ("sqlite",)
ACTIVE, COMPLETED, CANCELLED = 2, 3, 4
GRACE_MS = 300_000


def schedule(rig: Rig, town: Town, channel: Channel | None, name: str = "Noor's night") -> ScheduledEvent:
    """Schedule an event of Noor's in a channel, or at an external location without one."""
    starts = rig.world.now() + 60
    return rig.world.add_scheduled_event(
        town.guild,
        name,
        creator=town.noor.user,
        starts_at=starts,
        channel=channel,
        location=None if channel else "The garden",
        ends_at=None if channel else starts + 3_600,
    )


async def wait_for_event(rig: Rig, town: Town, expression: str, expected_value: object) -> None:
    """Wait until an SQL expression over the guild's live events has the expected value."""

    async def has_come() -> bool:
        return (
            books.only_value(rig.database, f"SELECT {expression} FROM live_events WHERE guild_id = ?", town.guild.id)
            == expected_value
        )

    await until(has_come)


async def test_a_scheduled_event_that_becomes_active_goes_live_in_its_own_chat(rig: Rig, town: Town) -> None:
    await town.approve(town.noor, town.kai)
    hall = rig.world.add_channel(town.guild, "hall", kind="voice")
    event = schedule(rig, town, hall)
    rig.world.update_scheduled_event(event, status=ACTIVE)
    board = await town.announced(hall, "Noor's night")
    await town.grant(town.mia, 100)
    receipt = await town.give(town.mia, "Petal", town.noor)
    rig.world.update_scheduled_event(event, status=COMPLETED)
    await wait_for_event(rig, town, "closing_ms IS NOT NULL", 1)
    await wait_for_event(rig, town, f"ends_ms = closing_ms + {GRACE_MS}", 1)

    async def is_closing() -> bool:
        return "unless the show goes on" in board.text

    await until(is_closing)
    assert f"<#{hall.id}>" in receipt.text
    assert "Send a gift" in board.text


async def test_an_event_elsewhere_goes_live_in_the_gift_channel(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    books.change(rig.database, f"UPDATE guilds SET gift_channel_id = {town.gifts.id} WHERE guild_id = {town.guild.id}")
    rig.world.update_scheduled_event(schedule(rig, town, None), status=ACTIVE)

    assert await town.announced(town.gifts, "Noor's night")


async def test_an_event_of_somebody_who_is_no_creator_is_nobodys_show(rig: Rig, town: Town) -> None:
    await town.approve(town.kai)
    hall = rig.world.add_channel(town.guild, "hall", kind="voice")
    rig.world.update_scheduled_event(schedule(rig, town, hall), status=ACTIVE)
    await town.grant(town.mia, 1)

    assert books.only_value(rig.database, "SELECT count(*) FROM live_events WHERE guild_id = ?", town.guild.id) == 0


async def test_a_stage_of_an_event_and_the_event_are_one_show(rig: Rig, town: Town) -> None:
    await town.approve(town.noor, town.kai)
    hall = rig.world.add_channel(town.guild, "hall", kind="stage")
    event = schedule(rig, town, hall)
    rig.world.update_scheduled_event(event, status=ACTIVE)
    await town.announced(hall, "Noor's night")
    await wait_for_event(rig, town, "count(*)", 1)

    assert books.only_value(rig.database, "SELECT count(*) FROM live_events WHERE guild_id = ?", town.guild.id) == 1


async def test_a_stage_that_opens_again_within_the_grace_goes_on(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    hall = rig.world.add_channel(town.guild, "hall", kind="stage")
    first = rig.world.open_stage(hall, "An hour of songs")
    await town.announced(hall, "An hour of songs")
    rig.world.close_stage(first)
    await wait_for_event(rig, town, "closing_ms IS NOT NULL", 1)
    rig.world.open_stage(hall, "And more")
    await wait_for_event(rig, town, "closing_ms IS NULL", 1)

    assert books.only_value(rig.database, "SELECT count(*) FROM live_events WHERE guild_id = ?", town.guild.id) == 1


async def test_where_several_could_be_on_stage_the_chat_asks_whose_show_it_is(rig: Rig, town: Town) -> None:
    await town.approve(town.noor, town.kai)
    hall = rig.world.add_channel(town.guild, "hall", kind="stage")
    rig.world.open_stage(hall, "Guess who")
    question = await town.announced(hall, "Is it yours?")
    refusal = await (await town.mia.at(hall).click(question, "Go live here")).message()
    await (await town.kai.at(hall).click(question, "Go live here")).wait_for_answer()
    board = await town.announced(hall, "Guess who")

    assert refusal.ephemeral_for == town.mia.user.id
    assert f"<@{town.kai.user.id}> is live" in board.text


async def test_an_event_that_is_deleted_ends_at_once_with_a_recap(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    hall = rig.world.add_channel(town.guild, "hall", kind="voice")
    event = schedule(rig, town, hall)
    rig.world.update_scheduled_event(event, status=ACTIVE)
    await town.announced(hall, "Noor's night")
    await town.grant(town.mia, 100)
    await town.give(town.mia, "Petal", town.noor)
    rig.world.delete_scheduled_event(event)
    recap = await town.announced(hall, "was called off")

    assert "1 Gift" in recap.text


async def test_what_ended_and_began_while_the_bot_was_away_is_made_up_for(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town, world = await own_rig.found_town(), own_rig.world
    await town.approve(town.noor, town.kai)
    halls = [world.add_channel(town.guild, name, kind="voice") for name in ("east", "west")]
    east = schedule(own_rig, town, halls[0], "East")
    world.update_scheduled_event(east, status=ACTIVE)
    await town.announced(halls[0], "East")
    await own_rig.stop_bot()
    world.update_scheduled_event(east, status=COMPLETED)
    west = world.add_scheduled_event(
        town.guild, "West", creator=town.kai.user, starts_at=world.now() + 60, channel=halls[1]
    )
    world.update_scheduled_event(west, status=ACTIVE)
    await own_rig.start_bot()
    await town.announced(halls[1], "West")
    await wait_for_event(own_rig, town, "count(*) FILTER (WHERE closing_ms IS NOT NULL)", 1)
    await own_rig.stop_bot()

    assert books.only_value(own_rig.database, "SELECT count(*) FROM live_events") == 2


async def test_an_outage_of_the_guild_lets_time_stand_still(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await (await town.noor.at(town.live).slash("live start", minutes=60)).message()
    length = books.only_value(
        rig.database, "SELECT ends_ms - started_ms FROM live_events WHERE guild_id = ?", town.guild.id
    )
    rig.world.set_unavailable(town.guild, True)
    await wait_for_event(rig, town, "paused_ms IS NOT NULL", 1)
    # Without the pause the event would have ended in the meantime.
    books.change(
        rig.database,
        "UPDATE live_events SET started_ms = started_ms - 7200000, ends_ms = ends_ms - 7200000,"
        f" paused_ms = paused_ms - 7200000 WHERE guild_id = {town.guild.id}",
    )
    rig.world.set_unavailable(town.guild, False)
    await wait_for_event(rig, town, "paused_ms IS NULL", 1)
    await wait_for_event(rig, town, f"ended_ms IS NULL AND ends_ms - started_ms >= {length} + 7200000", 1)


async def test_a_bot_that_is_kicked_closes_the_event_and_keeps_the_books(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await (await town.noor.at(town.live).slash("live start")).message()
    await town.grant(town.mia, 100)
    await town.give(town.mia, "Petal", town.noor)
    rig.world.remove_bot(town.guild)
    await wait_for_event(rig, town, "outcome", "interrupted")
    rig.world.add_bot(town.guild)
    recap = await town.announced(town.live, "was cut short")
    balance = await town.balance(town.mia)

    assert "1 Gift" in recap.text
    assert "99" in balance
    assert books.only_value(rig.database, "SELECT left_ms FROM guilds WHERE guild_id = ?", town.guild.id) is None


async def test_a_bot_that_was_kicked_while_it_was_away_finds_out(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await (await town.noor.at(town.live).slash("live start")).message()
    await own_rig.stop_bot()
    own_rig.world.remove_bot(town.guild)
    await own_rig.start_bot()
    await wait_for_event(own_rig, town, "outcome", "interrupted")
    await own_rig.stop_bot()


async def test_a_recurring_event_ends_with_its_occurrence_and_the_next_one_is_another_show(
    rig: Rig, town: Town
) -> None:
    await town.approve(town.noor)
    world, hall = rig.world, rig.world.add_channel(town.guild, "hall", kind="voice")
    event = schedule(rig, town, hall)
    event.recurrence_rule = weekly(event.starts_at)
    world.update_scheduled_event(event, status=ACTIVE)
    await town.announced(hall, "Noor's night")
    world.update_scheduled_event(event, status=COMPLETED)
    await wait_for_event(rig, town, f"ends_ms = closing_ms + {GRACE_MS}", 1)
    scheduled_again = event.status
    await town.end_live(town.noor.at(hall))
    await wait_for_event(rig, town, "ended_ms IS NOT NULL", 1)
    world.update_scheduled_event(event, status=ACTIVE)
    await wait_for_event(rig, town, "count(*)", 2)

    assert scheduled_again is EventStatus.SCHEDULED


async def test_a_start_that_is_edited_in_the_middle_of_a_show_hides_no_end(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    world, hall = rig.world, rig.world.add_channel(town.guild, "hall", kind="voice")
    event = schedule(rig, town, hall)
    world.update_scheduled_event(event, status=ACTIVE)
    await town.announced(hall, "Noor's night")
    world.update_scheduled_event(event, starts_at=event.starts_at + 1_800)
    world.update_scheduled_event(event, status=COMPLETED)
    await wait_for_event(rig, town, "count(closing_ms)", 1)

    assert books.only_value(rig.database, "SELECT count(*) FROM live_events WHERE guild_id = ?", town.guild.id) == 1


async def test_a_stage_of_a_recurring_event_that_closes_ends_the_show(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    world, hall = rig.world, rig.world.add_channel(town.guild, "hall", kind="stage")
    event = schedule(rig, town, hall)
    event.recurrence_rule = weekly(event.starts_at)
    world.update_scheduled_event(event, status=ACTIVE)
    await town.announced(hall, "Noor's night")
    world.close_stage(town.guild.stages[hall.id])

    await wait_for_event(rig, town, "closing_ms IS NOT NULL", 1)


async def test_a_recurring_event_that_ended_while_the_bot_was_away_is_found_out(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town, world = await own_rig.found_town(), own_rig.world
    await town.approve(town.noor)
    hall = world.add_channel(town.guild, "hall", kind="voice")
    event = schedule(own_rig, town, hall)
    event.recurrence_rule = weekly(event.starts_at)
    world.update_scheduled_event(event, status=ACTIVE)
    await town.announced(hall, "Noor's night")
    await own_rig.stop_bot()
    world.update_scheduled_event(event, status=COMPLETED)
    await own_rig.start_bot()
    await wait_for_event(own_rig, town, "closing_ms IS NOT NULL", 1)
    await own_rig.stop_bot()
