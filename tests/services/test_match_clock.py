"""Matches by a clock that is moved: when one may still be left, and when another may begin."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.match import ROUND_MS, Challenge
from bot.domain.match_errors import MatchRuns, NoMatch
from bot.domain.policy import Actor
from bot.services import Services
from bot.services.assembly import build
from bot.storage.database import Database
from tests.storage.town import CHANNEL, GUILD, MIA, NOAH, Clock, gift, grant, settle_in

MATCH = 700
MIA_HERSELF, NOAH_HIMSELF = (Actor(member, frozenset(), manages_guild=False, is_creator=True) for member in (MIA, NOAH))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def books(address: str, clock: Clock) -> AsyncIterator[Database]:
    database = await Database.open(address, clock=clock)
    await database.writer.perform(settle_in)
    await database.writer.submit(grant("coins", amount=1_000))
    yield database
    await database.close()


@pytest.fixture
async def services(books: Database, clock: Clock) -> Services:
    """Mia is live, and Noah has accepted the best of three rounds."""
    services_of_match = build(books, [], clock)
    await services_of_match.live.start(
        GUILD, event_id=900, channel_id=CHANNEL, caller=MIA_HERSELF, creator_id=MIA, title="", goal=None, minutes=None
    )
    challenge = Challenge(GUILD, MATCH, MIA, NOAH, 3, frozen=False)
    assert await services_of_match.matches.challenge(CHANNEL, MIA_HERSELF, challenge) is None
    await services_of_match.matches.accept(NOAH, challenge)
    return services_of_match


async def test_a_match_can_be_left_until_nobody_can_catch_up(services: Services, books: Database, clock: Clock) -> None:
    await books.writer.submit(gift("first round"))
    clock.now_ms += ROUND_MS
    await books.writer.submit(gift("second round"))
    another = Challenge(GUILD, MATCH + 1, MIA, NOAH, 1, frozen=False)
    with pytest.raises(MatchRuns):
        await services.matches.challenge(CHANNEL, MIA_HERSELF, another)
    clock.now_ms += ROUND_MS

    with pytest.raises(NoMatch):
        await services.matches.leave(GUILD, MATCH, NOAH_HIMSELF)

    assert await services.matches.challenge(CHANNEL, MIA_HERSELF, another) is not None


async def test_a_match_that_was_left_is_broken_off_where_it_was(
    services: Services, books: Database, clock: Clock
) -> None:
    await books.writer.submit(gift("first round"))
    clock.now_ms += ROUND_MS + 1

    contest = await services.matches.leave(GUILD, MATCH, NOAH_HIMSELF)

    assert contest.ended_ms == clock.now_ms
    with pytest.raises(NoMatch):
        await services.matches.leave(GUILD, MATCH, MIA_HERSELF)
