"""How guilds and members tune announcements: quiet hours, large gifts only, no pings."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.discord.model import Message
from tests import books
from tests.bot.picking import pressable
from tests.rig import Rig, Town, until


def part(message: Message, fragment: str) -> dict[str, Any]:
    """Return the button or select of a message whose custom_id holds `wanted`."""
    items = pressable(message)
    return next(item for item in items if fragment in item["custom_id"])


async def announcement_page(town: Town) -> Message:
    """Open the settings page about announcements."""
    panel = await (await town.sam.slash("settings")).message()
    return await town.sam.press(panel, part(panel, "settings-announcing")).message()


async def set_quiet(town: Town, start: str, end: str) -> Message:
    """Enter quiet hours in their form."""
    panel = await announcement_page(town)
    form = await town.sam.press(panel, part(panel, "settings-quiet")).modal()
    fields = {field["custom_id"]: value for field, value in zip(form.fields, (start, end), strict=True)}
    return await (await town.sam.submit(form, **fields)).message()


async def test_in_quiet_hours_only_live_events_are_told_and_silently(rig: Rig, town: Town) -> None:
    await town.approve(town.noor, town.kai)
    await town.grant(town.mia, 100)
    now = datetime.now(UTC)
    panel = await set_quiet(town, f"{now - timedelta(hours=1):%H:%M}", f"{now + timedelta(hours=2):%H:%M}")
    await (await town.noor.at(town.live).slash("live start")).message()
    await town.give(town.mia, "Spark", town.kai)
    await town.give(town.mia, "Clover", town.noor)
    message = await town.announced(town.live, "** sent **")

    assert "UTC" in panel.text
    assert message.flags & 1 << 12
    assert not any(message.author.bot for message in rig.world.messages(town.general.id))


async def test_what_came_in_quiet_hours_is_told_when_they_are_over(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    for member in (town.mia, town.leo):
        await town.grant(member, 100)
    now = datetime.now(UTC)
    await set_quiet(town, f"{now - timedelta(hours=1):%H:%M}", f"{now + timedelta(hours=2):%H:%M}")
    await town.give(town.mia, "Spark", town.noor, message="sleep well")
    await town.give(town.leo, "Clover", town.noor)

    async def is_held_back() -> bool:
        return (
            books.only_value(own_rig.database, "SELECT coalesce(max(last_seq - first_seq), 0) FROM announcements") == 1
        )

    await until(is_held_back)
    await own_rig.stop_bot()
    texts = [message.text for message in own_rig.world.messages(town.general.id) if message.author.bot]
    books.change(own_rig.database, "UPDATE announcements SET due_ms = 1")
    books.change(own_rig.database, "UPDATE deadlines SET at_ms = 1 WHERE kind = 'quiet_end'")
    await own_rig.start_bot()
    summary = await town.announced(town.general, "While you were away")
    await own_rig.stop_bot()

    assert texts == []
    assert "2 gifts" in summary.text
    assert "sleep well" in summary.text
    assert not summary.mentions


async def test_a_time_of_day_that_is_none_is_refused(town: Town) -> None:
    answer = await set_quiet(town, "25:00", "noon")

    assert "isn't a time of day. Write one like 22:00" in answer.text


async def test_small_gifts_may_go_untold_outside_of_live_events(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 500)
    panel = await announcement_page(town)
    panel = await (await town.sam.select(panel, part(panel, "settings-tier")["custom_id"], "1")).message()
    await town.give(town.mia, "Spark", town.noor)
    await town.give(town.mia, "Lantern", town.noor)
    await town.announced(town.general, "Lantern")

    assert "Medium gifts and up" in panel.text
    assert not any("Spark" in message.text for message in rig.world.messages(town.general.id) if message.author.bot)


async def test_a_creator_who_asked_for_it_is_not_pinged(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 1_000)
    settings_before = await (await town.noor.slash("privacy settings")).message()
    settings_after = await (await town.noor.slash("privacy settings", no_pings=True)).message()
    await town.give(town.mia, "Rosette", town.noor)
    message = await town.announced(town.general, "Rosette")

    assert "🔔" in settings_before.text
    assert "🔕" in settings_after.text
    assert not message.mentions
