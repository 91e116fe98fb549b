"""*Gift this message*: who gave is seen below the message and where the guild's gifts are announced, once in each."""

from sandbox.discord.model import Channel, Message
from sandbox.discord.people import Person
from tests.bot.picking import on_message, pick_gift, press_send
from tests.bot.test_boards import link_to
from tests.rig import Rig, Town, until


async def gift(member: Person, message: Message, item: str) -> None:
    """Send a gift on a message, from the message's menu."""
    await press_send(member, await pick_gift(member, await on_message(member, message), item))


def about(rig: Rig, channel: Channel, fragment: str) -> list[Message]:
    """Return the bot's messages in a channel that say `fragment`."""
    return [message for message in rig.world.messages(channel.id) if message.author.bot and fragment in message.text]


async def test_it_is_announced_in_the_gift_channel_and_named_below_the_message(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.announce_in(town.gifts)
    for member in (town.mia, town.leo):
        await town.grant(member, 100)
    post = await town.noor.say("a new song")
    await gift(town.mia, post, "Clover")
    reply = await town.announced(town.general, "🍀 **\u2068Clover\u2069**")
    announcement = await town.announced(town.gifts, "Clover")
    await town.give(town.leo, "Spark", town.noor, anonymous=True, link=link_to(post))
    await town.announced(town.gifts, "Spark")

    async def names_no_more() -> bool:
        return "✨ **\u2068Spark\u2069**" in reply.text

    await until(names_no_more)

    assert reply.referenced is post
    assert f"From <@{town.mia.user.id}>" in reply.text
    assert f"**<@{town.mia.user.id}>** sent **1 gift** to <@{town.noor.user.id}>" in announcement.text
    assert "plus **1 anonymous gift**" in announcement.text
    assert [len(about(rig, town.gifts, f"<@{town.noor.user.id}>")), len(about(rig, town.general, "🍀"))] == [1, 1]
    for channel in (town.gifts, town.general):
        assert not about(rig, channel, str(town.leo.user.id))


async def test_during_a_live_event_it_is_announced_in_its_channel_unless_the_message_stands_there(
    rig: Rig, town: Town
) -> None:
    await town.approve(town.noor)
    await town.announce_in(town.gifts)
    await town.grant(town.mia, 100)
    await (await town.noor.at(town.live).slash("live start")).message()
    elsewhere, here = await town.noor.say("a photo"), await town.noor.at(town.live).say("any wishes?")
    await gift(town.mia, elsewhere, "Clover")
    await town.announced(town.live, "sent **\u2068Clover\u2069** to")
    await gift(town.mia.at(town.live), here, "Spark")
    reply = await town.announced(town.live, f"From <@{town.mia.user.id}>")
    await town.announced(town.live, "2 gifts")

    assert reply.referenced is here
    assert not about(rig, town.live, "sent **\u2068Spark\u2069**")
    assert not about(rig, town.gifts, "Clover")
