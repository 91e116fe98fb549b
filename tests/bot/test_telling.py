"""What happens to announcements later: they grow, are pinned, and are removed."""

from sandbox.discord.limits.components import TEXT
from sandbox.discord.links import links_in
from sandbox.discord.model.message import walk
from sandbox.discord.permissions import Permissions
from tests import books
from tests.rig import Rig, Town, until


def bot_texts(rig: Rig, channel_id: int) -> list[str]:
    """Return the texts that the bot has posted in a channel."""
    return [message.text for message in rig.world.messages(channel_id) if message.author.bot]


async def test_a_combo_grows_in_the_message_that_is_there(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 500)
    for _time in range(3):
        await town.give(town.mia, "Spark", town.noor, count=2)
    await town.announced(town.general, "× 6")
    await town.give(town.mia, "Petal", town.noor, message="and a petal")
    message = await town.announced(town.general, "and a petal")

    assert len(bot_texts(rig, town.general.id)) == 1
    assert "7 gifts" in message.text
    assert "31 coins" in message.text


async def test_large_gifts_have_messages_of_their_own_and_ping_their_creator(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 10_000)
    await town.give(town.mia, "Spark", town.noor)
    panel = await town.give(town.mia, "Tall Ship", town.noor)
    await (await town.mia.click(panel, "Send for 🪙\xa04,999")).message()
    message = await town.announced(town.general, "Tall Ship")
    await town.announced(town.general, "Spark")

    assert len(bot_texts(rig, town.general.id)) == 2
    assert message.mentions == [town.noor.user]


async def test_a_legendary_gift_is_pinned_for_a_while_also_over_a_restart(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 50_000)
    panel = await town.give(town.mia, "Milky Way", town.noor)
    await (await town.mia.click(panel, "Send for 🪙\xa044,999")).message()
    message = await town.announced(town.general, "Milky Way")

    async def is_pinned() -> bool:
        return message.pinned

    async def is_unpinned() -> bool:
        return not message.pinned

    await until(is_pinned)
    await own_rig.stop_bot()
    books.change(own_rig.database, "UPDATE announcements SET unpin_ms = 1 WHERE unpin_ms > 0")
    books.change(own_rig.database, "UPDATE deadlines SET at_ms = 1 WHERE kind = 'unpin'")
    await own_rig.start_bot()
    await until(is_unpinned)
    await own_rig.stop_bot()


async def test_without_the_right_to_pin_a_legendary_gift_is_only_announced(rig: Rig, town: Town) -> None:
    rig.world.set_permissions(town.general, rig.world.bot_user, deny=int(Permissions.PIN_MESSAGES))
    await town.approve(town.noor)
    await town.grant(town.mia, 50_000)
    panel = await town.give(town.mia, "Milky Way", town.noor)
    await (await town.mia.click(panel, "Send for 🪙\xa044,999")).message()
    message = await town.announced(town.general, "Milky Way")
    await town.give(town.mia, "Spark", town.noor)
    await town.announced(town.general, "Spark")

    assert not message.pinned


async def test_what_a_removed_message_had_not_shown_is_told_in_a_new_one(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50)
    await town.give(town.mia, "Spark", town.noor)
    rig.world.delete_message(await town.announced(town.general, "Spark"))
    await town.give(town.mia, "Clover", town.noor)
    await town.announced(town.general, "Clover")

    (text,) = bot_texts(rig, town.general.id)
    assert "Spark" not in text


async def test_a_channel_that_shows_no_embeds_hears_all_the_same(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    rig.world.set_permissions(town.general, rig.world.bot_user, deny=int(Permissions.EMBED_LINKS))
    await town.give(town.mia, "Spark", town.noor, message="in plain words")
    message = await town.announced(town.general, "in plain words")
    await town.give(town.mia, "Spark", town.noor)
    await town.announced(town.general, "× 2")

    assert "10 coins" in message.text
    assert not message.mentions


INVITES = ("discord.gg/free", "https://discord.gg/free", "<discord.com/invite/free>", "[free](https://free.example)")


async def test_no_link_that_a_member_typed_works_in_plain_words(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await (await town.noor.at(town.live).slash("live start", title=INVITES[0])).message()
    await (await town.noor.at(town.live).slash("live goal", coins=5, reward=INVITES[2])).message()
    rig.world.set_permissions(town.live, rig.world.bot_user, deny=int(Permissions.EMBED_LINKS))
    for invite in INVITES:
        await town.grant(town.mia, 100)
        await town.give(town.mia, "Spark", town.noor, message=invite)
    announcement = await town.announced(town.live, "free.")
    await town.announced(town.live, "Goal reached")
    await town.end_live(town.noor.at(town.live))
    await town.announced(town.live, "Thank you all!")

    messages = [message for message in rig.world.messages(town.live.id) if message.author.bot]
    assert "free" in announcement.text
    texts = [part["content"] for message in messages for part in walk(message.components) if part["type"] == TEXT]
    assert [link for text in texts for link in links_in(text)] == []
