"""Whoever sent an anonymous gift: overlays are sent the same. The rule is in `bot.domain.anonymity`."""

import itertools
import shutil
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.domain.match import Match
from bot.domain.member_choices import Choice
from bot.domain.overlays import OverlayScope
from bot.storage.stores import live, matches
from tests.services.watching import CREATORS, GIVERS, PlannedGift, plans
from tests.storage.town import ALICE, BOB, CAROL, GUILD, MIA, NOAH, NOON, ROSETTE, WARM_HEART, Clock, grant
from tests.thoroughness import by_thoroughness
from tests.web.overlay_house import House, Page, furnish, open_house

pytestmark = pytest.mark.databases("sqlite")
COINS = 1_000_000

numbers = itertools.count()
Opener = Callable[[], AbstractAsyncContextManager[House]]


def a_gift(sender: int, other_sender: int, *, anonymous: bool = True, item: int = WARM_HEART) -> PlannedGift:
    return PlannedGift(500, sender, other_sender, MIA, item, 1, anonymous, 0, noted=True)


@pytest.fixture
def opened(migrated: Path, tmp_path: Path, clock: Clock) -> Opener:
    """Opens a house of its own each time, at the same moment."""

    @asynccontextmanager
    async def opened() -> AsyncGenerator[House]:
        clock.now_ms = NOON
        file = shutil.copy(migrated, tmp_path / f"books{next(numbers)}.db")
        async with open_house(f"sqlite:///{file}", clock) as house:
            await furnish(house)
            yield house

    return opened


async def prepare(house: House) -> None:
    """Have both creators on stage in a match, and messages that wait for approval."""
    for giver in GIVERS:
        await house.database.writer.submit(grant(f"more coins of {giver}", member_id=giver, amount=COINS))
    # What Bob and Carol have chosen for themselves must not tell their anonymous gifts from Alice's.
    await house.services.own_choices.choose(GUILD, BOB, {Choice.AMOUNTS_HIDDEN: True})
    await house.services.own_choices.choose(GUILD, CAROL, {Choice.HIDDEN: True})
    await house.services.guilds.change(GUILD, overlay_notes_from="small", overlay_holds_since_ms=house.clock())
    show = await house.go_live()
    await house.database.writer.perform(live.join, show, NOAH, NOON)
    await house.database.writer.perform(
        matches.insert, Match(GUILD, 5, show.event_id, MIA, NOAH, 1, frozen=False, started_ms=NOON)
    )


async def seen(house: House, gifts: Sequence[PlannedGift], *, by_others: bool) -> list[Any]:
    """Send the gifts, and return all that pages of both scopes are sent of them, as they come and afterwards."""
    await prepare(house)
    secrets = [await house.linked(creator_id, scope) for creator_id in CREATORS for scope in OverlayScope]
    pages = [await house.page(secret) for secret in secrets]
    for number, plan in enumerate(gifts):
        house.clock.now_ms += plan.wait_ms
        receipt = await house.send(
            f"gift {number}",
            sender_id=plan.other_sender if by_others and plan.anonymous else plan.sender,
            creator_id=plan.creator,
            item_id=plan.item,
            quantity=plan.pieces,
            anonymous=plan.anonymous,
            note=f"note {number}" if plan.noted else "",
            message_id=plan.message,
        )
        for page in pages:
            await page.until_seq(receipt.seq)
    late: list[Page] = []
    for secret, page in zip(secrets, pages, strict=True):
        late.append(await house.page(secret, after=0, epoch=page.welcome["epoch"]))
        await late[-1].until_seq(page.cursor)
    return [parts_of(page) for page in [*pages, *late]]


def parts_of(page: Page) -> list[dict[str, Any]]:
    """Return the welcome and the gifts of a page. The name of the books says nothing but which books they are."""
    messages = [message for message in page.messages if "welcome" in message or message.get("gifts")]
    return [{name: value for name, value in message.items() if name != "epoch"} for message in messages]


@given(gifts=st.lists(plans, min_size=1, max_size=8))
@example(gifts=[a_gift(ALICE, BOB, anonymous=False), a_gift(ALICE, BOB), a_gift(BOB, CAROL, item=ROSETTE)])
@example(gifts=[a_gift(CAROL, ALICE) for _ in range(3)])
@settings(
    max_examples=by_thoroughness(quick=3, full=6, long=60),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
async def test_whoever_sent_the_anonymous_gifts_overlays_are_sent_the_same(opened: Opener, gifts: list[PlannedGift]):
    views: list[list[Any]] = []
    for by_others in (False, True):
        async with opened() as house:
            views.append(await seen(house, gifts, by_others=by_others))

    assert views[0] == views[1]


async def test_whoever_sent_the_other_gifts_is_seen_in_both_scopes(opened: Opener):
    views: list[list[Any]] = []
    for sender in (ALICE, BOB):
        async with opened() as house:
            views.append(await seen(house, [a_gift(sender, sender, anonymous=False)], by_others=False))

    names = [[parts[1]["gifts"][0]["sender"]["name"] for parts in view[: len(OverlayScope)]] for view in views]
    assert names == [["Alice"] * 2, ["Bob"] * 2]
