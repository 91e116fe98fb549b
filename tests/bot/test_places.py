"""Gifts on messages of all kinds of authors and places, and the totals posted for them later."""

import pytest

from sandbox.discord.model import Message
from tests import books
from tests.bot.picking import on_message, pick_gift, press_send
from tests.rig import Rig, Town, until

KINDS = ("sqlite",)
HOUR_MS = 3_600_000


@pytest.fixture
async def rich(town: Town) -> Town:
    """A town in which Noor is a creator, and Mia has coins."""
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    return town


async def test_nobody_stands_behind_a_webhook(rig: Rig, rich: Town) -> None:
    webhook = rig.world.add_webhook(rich.general, "News")
    message = rig.world.say_as_webhook(webhook, "A new single is out", username="Noor")
    answer = await on_message(rich.mia, message)
    link = f"https://discord.com/channels/{rich.guild.id}/{rich.general.id}/{message.id}"
    by_link = await rich.give(rich.mia, "Spark", rich.noor, link=link)

    for refusal in (answer, by_link):
        assert "webhook" in refusal.text
    assert books.gift_coins(rig.database, rich.guild.id) == 0


async def test_a_notice_of_discord_is_nobodys_message(rig: Rig, rich: Town) -> None:
    message = await rich.noor.say("pin me")
    rich.olive.pin(message)

    async def find_notice() -> Message | None:
        return next((message for message in rig.world.messages(rich.general.id) if message.type != 0), None)

    notice = await until(find_notice)
    assert notice is not None
    # Discord's menu for a notice offers no apps, but a notice has a link.
    link = f"https://discord.com/channels/{rich.guild.id}/{rich.general.id}/{notice.id}"
    answer = await rich.give(rich.mia, "Spark", rich.noor, link=link)

    assert "You haven't been charged" in answer.text
    assert books.gift_coins(rig.database, rich.guild.id) == 0


@pytest.mark.parametrize("kind", ["voice", "stage", "news"])
async def test_the_chat_of_any_channel_takes_gifts(rig: Rig, rich: Town, kind: str) -> None:
    place = rig.world.add_channel(rich.guild, "elsewhere", kind=kind)
    message = await rich.noor.at(place).say("can you hear me?")
    mia = rich.mia.at(place)
    await press_send(mia, await pick_gift(mia, await on_message(mia, message), "Spark"))
    reply = await rich.announced(place, "5 coins")

    assert reply.referenced is message


async def test_the_first_message_of_a_forums_post_takes_gifts(rig: Rig, rich: Town) -> None:
    forum = rig.world.add_channel(rich.guild, "songs", kind="forum")
    post = rich.noor.at(forum).start_post("A song", "written last night")
    (message,) = rig.world.messages(post.id)
    mia = rich.mia.at(post)
    await press_send(mia, await pick_gift(mia, await on_message(mia, message), "Spark"))
    reply = await rich.announced(post, "5 coins")

    assert reply.referenced is message


async def test_totals_of_almost_an_hour_are_posted_anew(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    message = await town.noor.say("look")
    await press_send(town.mia, await pick_gift(town.mia, await on_message(town.mia, message), "Spark"))
    old = await town.announced(town.general, "5 coins")
    await own_rig.stop_bot()
    books.change(own_rig.database, f"UPDATE announcements SET posted_ms = posted_ms - {HOUR_MS}")
    await own_rig.start_bot()
    await press_send(town.mia, await pick_gift(town.mia, await on_message(town.mia, message), "Clover"))
    new = await town.announced(town.general, "25 coins")
    await own_rig.stop_bot()

    assert old.deleted
    assert new.referenced is message
    assert sum(message.author.bot for message in own_rig.world.messages(town.general.id)) == 1
