"""Presses by many members at once cost hardly any requests, because Discord's limits apply to all of them together."""

import asyncio
import time
from collections.abc import Awaitable, Iterable
from itertools import islice

import pytest

from bot.ui.kit.shedding import IN_A_ROW
from cogs.gift.messages import FRESH_S
from sandbox.discord.exchange import Exchange
from sandbox.discord.model import Message
from tests.bot.picking import part
from tests.rig import Rig, Town

CROWD = 100
AT_ONCE = IN_A_ROW - 1
"""Presses that are never taken for a queue, and refused unread, by a bot that a busy machine lets wait."""
MEMBERS = "/guilds/{guild_id}/members/{user_id}"
MESSAGE = "/channels/{channel_id}/messages/{message_id}"

pytestmark = pytest.mark.databases("sqlite")


@pytest.fixture(scope="module")
async def crowded(rig: Rig) -> Town:
    """A town with a crowd and two creators."""
    town = await rig.found_town(members=CROWD)
    await town.approve(town.noor, town.kai)
    return town


def request_count(rig: Rig, route: str) -> int:
    """Return how often the bot has sent a GET to a route."""
    return sum(record.method == "GET" and record.route == route for record in rig.world.requests)


async def answers_to(presses: Iterable[Awaitable[Exchange]]) -> list[Message]:
    """Begin as many presses at once as the bot takes on any machine, then the next ones. Return all answers."""
    rest, answers = iter(presses), list[Message]()
    while exchanges := [await press for press in islice(rest, AT_ONCE)]:
        answers += await asyncio.gather(*(exchange.message() for exchange in exchanges))
    return answers


async def test_a_hundred_who_gift_a_message_ask_about_its_creator_once(rig: Rig, crowded: Town) -> None:
    message = await crowded.noor.say("hello")
    count_before = request_count(rig, MEMBERS)
    panels = await answers_to(member.message_menu("Gift this message", message) for member in crowded.crowd)

    assert request_count(rig, MEMBERS) - count_before <= 1
    assert all(part(panel, "pick-item") for panel in panels)


async def test_who_is_no_creator_is_not_asked_about_and_the_creators_are_named_once(rig: Rig, crowded: Town) -> None:
    messages = [await member.say("hello") for member in crowded.crowd[:40]]
    count_before = request_count(rig, MEMBERS)
    refusals = await answers_to(crowded.mia.message_menu("Gift this message", message) for message in messages)

    assert request_count(rig, MEMBERS) - count_before <= 2
    assert all("isn't a creator" in refusal.text for refusal in refusals)


async def test_a_hundred_with_the_same_link_look_at_the_message_once(rig: Rig, crowded: Town) -> None:
    message = await crowded.noor.say("hello")
    link = f"https://discord.com/channels/{crowded.guild.id}/{crowded.general.id}/{message.id}"
    count_before, since = request_count(rig, MESSAGE), time.monotonic()
    await answers_to(
        member.slash("gift", gift="Petal", creator=crowded.noor.user, link=link) for member in crowded.crowd
    )

    # On a busy machine the presses may take longer than the answer counts.
    assert 1 <= request_count(rig, MESSAGE) - count_before <= 1 + (time.monotonic() - since) / FRESH_S


async def test_one_member_with_many_links_does_not_keep_others_waiting(rig: Rig, crowded: Town) -> None:
    messages = [await crowded.noor.say(f"hello {number}") for number in range(AT_ONCE)]
    links = [
        f"https://discord.com/channels/{crowded.guild.id}/{crowded.general.id}/{message.id}" for message in messages
    ]
    count_before = request_count(rig, MESSAGE)
    answers = await answers_to(
        crowded.mia.slash("gift", gift="Petal", creator=crowded.noor.user, link=link) for link in links
    )

    assert request_count(rig, MESSAGE) - count_before < len(links)
    assert any("It's very busy" in answer.text for answer in answers)


async def test_a_hundred_at_the_board_of_two_creators_ask_for_each_name_once(rig: Rig, crowded: Town) -> None:
    host = crowded.noor.at(crowded.live)
    panel = await (await host.slash("live start")).message()
    await (await host.select(panel, part(panel, "live-creators")["custom_id"], crowded.kai.user)).message()
    board = await crowded.announced(crowded.live, "Live")
    count_before = request_count(rig, MEMBERS)
    await answers_to(member.at(crowded.live).click(board, "Send a gift") for member in crowded.crowd)

    assert request_count(rig, MEMBERS) - count_before <= 2
