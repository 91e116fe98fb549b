"""What creators call their live events and rewards has none of the words that nobody may send."""

from typing import Any

import pytest

from bot.domain.ledger.restrictions import NoteRefused
from bot.domain.live import Origin, Source
from bot.domain.policy import Actor
from bot.services import Services
from bot.services.assembly import build
from bot.services.live_rules import LiveStatus
from bot.storage.database import Database
from tests.storage.town import CHANNEL, GUILD, LIVE_CHANNEL, MIA, ROB, Clock, settle_in

HOST = Actor(MIA, frozenset(), manages_guild=False, is_creator=True)
TRICK = "Duck, g0ose, g o o o s e"


@pytest.fixture
async def services(database: Database, clock: Clock) -> Services:
    """The services over books in which Mia is a creator."""
    await database.writer.perform(settle_in)
    return build(database, [], clock)


async def forbid(services: Services, *words: str) -> None:
    await services.creators.reception.choose_guild_words(GUILD, words, by=ROB)


async def start(services: Services, title: str) -> LiveStatus:
    show: dict[str, Any] = {"event_id": 900, "channel_id": CHANNEL, "goal": None, "minutes": None}
    return await services.live.start(GUILD, caller=HOST, creator_id=MIA, title=title, **show)


async def test_a_title_with_such_a_word_begins_no_show(services: Services) -> None:
    await forbid(services, "goose")

    with pytest.raises(NoteRefused) as refusal:
        await start(services, TRICK)

    assert refusal.value == NoteRefused(0, "goose")
    assert await services.live.running(GUILD) == []
    assert (await start(services, "Mongoose night")).event.title == "Mongoose night"


async def test_a_reward_with_such_a_word_changes_no_goal(services: Services) -> None:
    await start(services, "Late show")
    await services.live.set_goal(GUILD, CHANNEL, HOST, coins=100, reward="A song")
    await forbid(services, "goose")

    with pytest.raises(NoteRefused):
        await services.live.set_goal(GUILD, CHANNEL, HOST, coins=500, reward=TRICK)

    event = (await services.live.status(GUILD, CHANNEL)).event
    assert (event.goal, event.reward) == (100, "A song")


async def test_what_is_called_so_already_keeps_its_name_and_a_creators_own_words_are_for_messages(
    services: Services,
) -> None:
    await services.creators.reception.choose_words(GUILD, MIA, ["goose"])
    await start(services, TRICK)
    await services.live.set_goal(GUILD, CHANNEL, HOST, coins=100, reward=TRICK)
    await forbid(services, "goose")

    event = (await services.live.set_goal(GUILD, CHANNEL, HOST, coins=500)).event

    assert (event.title, event.goal, event.reward) == (TRICK, 500, TRICK)


async def test_a_show_that_begins_by_itself_has_no_title_rather_than_such_a_one(services: Services) -> None:
    await forbid(services, "goose")

    source = Source("event:5:1", Origin.SCHEDULED, LIVE_CHANNEL, MIA, TRICK)
    event = await services.discord_events.opened(GUILD, source)

    assert event.title == ""
