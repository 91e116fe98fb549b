"""Reactions to messages that got a gift, over the wire: where the creator wants them, after a fault, and refused."""

from sandbox.discord.model import Message
from sandbox.discord.permissions import Permissions
from tests import books
from tests.bot.picking import part
from tests.bot.test_gifts_on_messages import about, gift
from tests.rig import Rig, Town, until


async def switch_on(town: Town) -> Message:
    """Have Noor want reactions, and Mia come with coins."""
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    panel = await (await town.noor.slash("creator thanks")).message()
    return await (await town.noor.click(panel, part(panel, "React to gifted messages")["custom_id"])).message()


async def wait_for_reaction(message: Message) -> None:
    async def has_reaction() -> bool:
        return [reaction.name for reaction in message.reactions] == ["💐"]

    await until(has_reaction)


async def wait_until_nothing_is_due(rig: Rig) -> None:
    async def is_done() -> bool:
        query = "SELECT count(*) FROM deadlines WHERE kind = 'gift_reaction'"
        return books.only_value(rig.database, query) == 0

    await until(is_done)


async def test_only_where_the_creator_wants_it_a_message_with_a_gift_gets_a_reaction(rig: Rig, town: Town) -> None:
    panel = await switch_on(town)
    assert "I react with 💐 to your messages that get a gift." in panel.text
    first = await town.noor.say("a new song")
    await gift(town.mia, first, "Clover")
    await wait_for_reaction(first)

    panel = await (await town.noor.click(panel, part(panel, "Stop reacting")["custom_id"])).message()
    assert "I react with" not in panel.text
    second = await town.noor.say("another song")
    await gift(town.mia, second, "Clover")
    await gift(town.mia, first, "Petal")
    await town.announced(town.general, "🌸 **\u2068Petal\u2069**")
    await wait_until_nothing_is_due(rig)
    assert not second.reactions
    assert [reaction.name for reaction in first.reactions] == ["💐"]


async def test_a_fault_of_discord_is_waited_for(rig: Rig, town: Town) -> None:
    await switch_on(town)
    post = await town.noor.say("a new song")
    fault = rig.world.faults.answer("PUT", rf"^/channels/\d+/messages/{post.id}/reactions/", 503, times=None)
    await gift(town.mia, post, "Clover")

    async def is_waiting() -> bool:
        query = "SELECT count(*) FROM deadlines WHERE kind = 'gift_reaction' AND at_ms > 0 AND claim_ms = 0"
        return books.only_value(rig.database, query) == 1

    await until(is_waiting)
    rig.world.faults.end(fault)
    books.hasten(rig.database, "gift_reaction", 60_000)
    await wait_for_reaction(post)


async def test_staff_hear_once_that_the_bot_may_not_react(rig: Rig, town: Town) -> None:
    await switch_on(town)
    rig.world.set_permissions(town.general, rig.world.bot_user, deny=int(Permissions.ADD_REACTIONS))
    posts = [await town.noor.say(words) for words in ("one", "two")]
    for post in posts:
        await gift(town.mia, post, "Clover")

    async def is_told() -> bool:
        return books.only_value(rig.database, "SELECT count(*) FROM reaction_troubles") == 1

    await until(is_told)
    await wait_until_nothing_is_due(rig)
    notices = [notice for channel in rig.world.channels.values() for notice in about(rig, channel, "can't react in")]
    assert len(notices) == 1
    assert not any(post.reactions for post in posts)
