"""What many press at once asks Discord next to nothing: its limits are for all of us together."""

import asyncio

import pytest

from tests.bot.picking import part
from tests.stage import Stage, Town

CROWD = 100
MEMBERS = "/guilds/{guild_id}/members/{user_id}"
MESSAGE = "/channels/{channel_id}/messages/{message_id}"

pytestmark = pytest.mark.databases("sqlite")


@pytest.fixture(scope="module")
async def full(stage: Stage) -> Town:
    """A town with a crowd and two creators."""
    town = await stage.found_town(members=CROWD)
    await town.approve(town.noor, town.kai)
    return town


def asked(stage: Stage, route: str) -> int:
    """Return how often the bot asked for something."""
    return sum(record.method == "GET" and record.route == route for record in stage.world.requests)


async def test_a_hundred_who_gift_a_message_ask_about_its_creator_once(stage: Stage, full: Town) -> None:
    message = await full.noor.say("hello")
    before = asked(stage, MEMBERS)
    presses = [await member.message_menu("Gift this message", message) for member in full.crowd]
    panels = await asyncio.gather(*(press.message() for press in presses))

    assert asked(stage, MEMBERS) - before <= 1
    assert all(part(panel, "pick-item") for panel in panels)


async def test_a_hundred_who_are_no_creators_are_not_asked_about_at_all(stage: Stage, full: Town) -> None:
    messages = [await member.say("hello") for member in full.crowd[:40]]
    before = asked(stage, MEMBERS)
    presses = [await full.mia.message_menu("Gift this message", message) for message in messages]
    refusals = await asyncio.gather(*(press.message() for press in presses))

    assert asked(stage, MEMBERS) == before
    assert all("isn't a creator" in refusal.text for refusal in refusals)


async def test_a_hundred_with_the_same_link_look_at_the_message_once(stage: Stage, full: Town) -> None:
    message = await full.noor.say("hello")
    link = f"https://discord.com/channels/{full.guild.id}/{full.general.id}/{message.id}"
    before = asked(stage, MESSAGE)
    sent = [await one.slash("gift", gift="Petal", creator=full.noor.user, link=link) for one in full.crowd]
    await asyncio.gather(*(exchange.message() for exchange in sent))

    assert asked(stage, MESSAGE) - before == 1


async def test_one_member_with_forty_links_does_not_keep_others_waiting(stage: Stage, full: Town) -> None:
    messages = [await full.noor.say(f"hello {number}") for number in range(40)]
    links = [f"https://discord.com/channels/{full.guild.id}/{full.general.id}/{message.id}" for message in messages]
    before = asked(stage, MESSAGE)
    sent = [await full.mia.slash("gift", gift="Petal", creator=full.noor.user, link=link) for link in links]
    answers = await asyncio.gather(*(exchange.message() for exchange in sent))

    assert asked(stage, MESSAGE) - before < len(links)
    assert any("A lot is going on" in answer.text for answer in answers)


async def test_a_hundred_at_the_board_of_two_creators_ask_for_each_name_once(stage: Stage, full: Town) -> None:
    host = full.noor.at(full.live)
    panel = await (await host.slash("live start")).message()
    await (await host.select(panel, part(panel, "live-creators")["custom_id"], full.kai.user)).message()
    board = await full.announced(full.live, "Live")
    before = asked(stage, MEMBERS)
    presses = [member.at(full.live).press(board, part(board, "live-gift")) for member in full.crowd]
    await asyncio.gather(*(press.message() for press in presses))

    assert asked(stage, MEMBERS) - before <= 2
