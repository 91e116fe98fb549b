"""Whoever sent an anonymous gift: everybody else sees the same. The rule is in `bot.domain.anonymity`."""

import itertools
from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.storage.database import Database
from tests.services.watching import GIVERS, PlannedGift, plans
from tests.services.watching_members import Neighbour
from tests.storage.town import ALICE, BOB, CAROL, MIA, ROSETTE, WARM_HEART, Clock
from tests.thoroughness import by_thoroughness

guild_ids = itertools.count(1_000_001)


def a_gift(
    sender: int,
    other_sender: int = ALICE,
    *,
    anonymous: bool = False,
    item: int = WARM_HEART,
    message: int = 0,
    for_both: bool = False,
) -> PlannedGift:
    return PlannedGift(500, sender, other_sender, MIA, item, 1, anonymous, message, noted=True, for_both=for_both)


@pytest.fixture
async def clock() -> Clock:
    return Clock()


@pytest.fixture
async def books(address: str, clock: Clock) -> AsyncIterator[Database]:
    database = await Database.open(address, clock=clock)
    yield database
    await database.close()


@pytest.mark.databases(*by_thoroughness(quick=("sqlite",), full=("sqlite",), long=("sqlite", "postgresql")))
@given(gifts=st.lists(plans, max_size=8))
@example(gifts=[a_gift(ALICE), a_gift(ALICE, BOB, anonymous=True)])
@example(gifts=[a_gift(ALICE, message=77), a_gift(ALICE, BOB, anonymous=True, message=77)])
@example(gifts=[a_gift(ALICE), *(a_gift(ALICE, BOB, anonymous=True) for _ in range(2))])
@example(gifts=[a_gift(giver, BOB, anonymous=giver == CAROL, item=ROSETTE) for giver in GIVERS])
@example(gifts=[a_gift(ALICE, anonymous=True), a_gift(ALICE, BOB, anonymous=True)])
@example(gifts=[a_gift(ALICE, for_both=True), *(a_gift(each, BOB, anonymous=True, for_both=True) for each in GIVERS)])
@settings(
    max_examples=by_thoroughness(quick=3, full=6, long=60),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_whoever_sent_the_anonymous_gifts_everybody_else_sees_the_same(
    books: Database, clock: Clock, gifts: list[PlannedGift]
) -> None:
    views = [
        await Neighbour(books, clock, next(guild_ids)).watch(gifts, by_others=by_others) for by_others in (False, True)
    ]

    assert views[0].decode().splitlines() == views[1].decode().splitlines()


async def test_whoever_sent_the_other_gifts_is_seen(books: Database, clock: Clock) -> None:
    gift_lists = [[a_gift(ALICE), a_gift(giver)] for giver in (ALICE, BOB)]

    views = [await Neighbour(books, clock, next(guild_ids)).watch(gifts, by_others=False) for gifts in gift_lists]

    assert views[0] != views[1]
