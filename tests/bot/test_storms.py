"""Many gifts at once, as a channel sees them: few messages, every note reachable, grand gifts apart."""

import asyncio
from collections.abc import Sequence
from random import Random

from bot.domain.catalogue import Tier
from bot.ui.looks.tiers import TIER_STYLES
from sandbox.discord.model import Message
from sandbox.discord.people import Person
from sandbox.storm import Storm
from sandbox.storm_plan import Plan
from tests import books
from tests.bot.picking import on_message, pick_gift, press_send, pressable
from tests.rig import Rig, Town, until
from tests.shown import announced_coins, wrong_coins


def bot_messages(rig: Rig, channel_id: int) -> list[Message]:
    """Return the bot's messages in a channel, with Discord's notices about its pins."""
    return [message for message in rig.world.messages(channel_id) if message.author.bot or message.type == 6]


async def give_and_confirm(person: Person, town: Town, gift: str) -> Message:
    """Send a gift that is large enough to ask first, and confirm it."""
    panel = await town.give(person, gift, town.noor)
    button = next(item for item in pressable(panel) if "Send for" in item["label"])
    return await person.press(panel, button).message()


async def open_notes(person: Person, message: Message) -> Message:
    """Press *Read all messages* below an announcement."""
    return await (await person.click(message, "Read all messages")).message()


async def test_all_notes_of_an_announcement_are_behind_its_button_also_after_a_restart(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 500)
    for number in range(1, 13):
        await town.give(town.mia, "Petal", town.noor, message=f"note {number}.", anonymous=number == 5)
    message = await town.announced(town.general, "note 12.")
    first = await open_notes(town.leo, message)
    await own_rig.stop_bot()
    await own_rig.start_bot()
    second = await open_notes(town.leo, message)
    texts = [first.text, second.text]
    texts.append((await (await town.leo.click(second, "Next")).message()).text)
    await own_rig.stop_bot()

    lines = (texts[0] + texts[2]).splitlines()
    assert first.ephemeral_for == town.leo.user.id
    assert texts[0] == texts[1]
    for number in range(1, 13):
        (line,) = [line for line in lines if f"note {number}." in line.replace("\\", "")]
        assert ("Someone" in line, str(town.mia.user.id) in line) == (number == 5, number != 5)
    assert message.text.count("\n> ") == 3


async def test_grand_gifts_that_come_together_are_named_in_few_messages_and_pinned_once(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    givers = (town.mia, town.leo, town.kai)
    for member in givers:
        await town.grant(member, 200_000)
    count_before = len(bot_messages(rig, town.general.id))

    async def give_all(member: Person, gifts: Sequence[str]) -> None:
        for gift in gifts:
            await give_and_confirm(member, town, gift)

    await asyncio.gather(*(give_all(member, ["Milky Way", "Phoenix", "Milky Way"]) for member in givers))
    for member in givers:
        await town.give(member, "Spark", town.noor)
    gift_coins = books.gift_coins(rig.database, town.guild.id)

    async def is_all_announced() -> bool:
        return announced_coins(rig, town.general.id) == gift_coins

    await until(is_all_announced)

    async def pinned_messages() -> list[Message]:
        return [message for message in bot_messages(rig, town.general.id) if message.pinned]

    await until(pinned_messages)
    messages = [message for message in bot_messages(rig, town.general.id)[count_before:] if message.author.bot]
    colour = TIER_STYLES[Tier.LEGENDARY].colour
    grand = [message for message in messages if f"'accent_color': {colour}" in str(message.components)]
    small = [message for message in messages if message not in grand]

    assert sum(message.pinned for message in messages) == 1
    assert len(grand) <= 4  # of 9 gifts
    assert all(message.attachments for message in grand)
    for member in givers:
        assert any(f"<@{member.user.id}>" in message.text for message in grand)
    assert not any("Milky Way" in message.text or "Phoenix" in message.text for message in small)


async def test_gifts_on_many_messages_are_listed_in_one(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    messages = [await town.noor.say(f"song {number}") for number in range(12)]
    count_before = len(bot_messages(rig, town.general.id))
    for message in messages:
        await press_send(town.mia, await pick_gift(town.mia, await on_message(town.mia, message), "Petal"))

    async def is_all_announced() -> bool:
        return announced_coins(rig, town.general.id) == len(messages)

    await until(is_all_announced)
    posts = bot_messages(rig, town.general.id)[count_before:]

    assert len(posts) <= 4
    for message in messages:
        link = f"{town.guild.id}/{town.general.id}/{message.id}"
        assert sum(post.referenced is message or link in post.text for post in posts) <= 1


async def test_gifts_that_are_taken_back_in_a_storm_are_gone_from_every_total(rig: Rig) -> None:
    town = await rig.found_town(members=12)
    await town.approve(town.noor)
    await (await town.noor.at(town.live).slash("live start", goal=1_000)).message()
    crowd = [member.at(town.live) for member in town.crowd]
    storm = Storm(lambda people: crowd[:people], [town.noor.user], town.sam, Random(3))

    counts = await storm.run(Plan(rate=25, seconds=4, mix="mixed", givers=12, reversals=5))

    async def is_all_told() -> bool:
        return not wrong_coins(rig, town.guild.id, town.live.id)

    await until(is_all_told)
    leaderboard = await (await town.leo.at(town.live).slash("leaderboard", period="live")).message()
    await town.end_live(town.noor.at(town.live))
    recap = await town.announced(town.live, "is over. Thank you all!")
    gifts = books.only_value(
        rig.database, "SELECT count(*) FROM journal WHERE guild_id = ? AND kind = 'gift'", town.guild.id
    )
    coins = books.gift_coins(rig.database, town.guild.id) - books.reversed_coins(rig.database, town.guild.id)

    assert (counts.answered, counts.late, counts.unanswered, counts.failed) == (gifts, 0, 0, 0)
    assert counts.reversed == 5
    assert books.reversed_coins(rig.database, town.guild.id) > 0
    assert f"{coins:,} Coins" in recap.text
    assert leaderboard.attachments
