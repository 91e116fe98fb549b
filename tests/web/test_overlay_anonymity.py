"""Whoever sent an anonymous gift: overlays are sent the same. The rule is in `bot.domain.anonymity`."""

import itertools
import shutil
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.domain.ledger.gift import facts_of
from bot.domain.ledger.gift_rows import coins_of
from bot.domain.ledger.team_gift import SendTeamGift
from bot.domain.match import Match
from bot.domain.member_choices import Choice
from bot.domain.overlays import OverlayScope
from bot.domain.receipts import Receipt
from bot.domain.reversal_errors import AlreadyReversed
from bot.storage.stores import live, matches
from tests.services.watching import CREATORS, GIVERS, PlannedGift, plans
from tests.storage.town import (
    ALICE,
    BOB,
    CAROL,
    CHANNEL,
    GUILD,
    MIA,
    NOAH,
    NOON,
    PETAL,
    ROB,
    ROSETTE,
    WARM_HEART,
    Clock,
    grant,
)
from tests.thoroughness import by_thoroughness
from tests.web.overlay_house import House, Page, furnish, open_house

pytestmark = pytest.mark.databases("sqlite")
COINS = 1_000_000

numbers = itertools.count()
Opener = Callable[[], AbstractAsyncContextManager[House]]


class Plan(NamedTuple):
    """A gift, `for_both` creators if it costs enough for that. Afterwards staff take back the gift with the number
    `undone`, or a `part` of it; None for neither. Numbers that are too high begin anew."""

    gift: PlannedGift
    for_both: bool = False
    undone: int | None = None
    part: int | None = None


overlay_plans = st.builds(
    Plan,
    gift=plans,
    for_both=st.booleans(),
    undone=st.none() | st.integers(0, 7),
    part=st.sampled_from([None, 1]),
)


def a_gift(
    sender: int, other_sender: int, *, anonymous: bool = True, item: int = WARM_HEART, pieces: int = 1, **plan: Any
) -> Plan:
    return Plan(PlannedGift(500, sender, other_sender, MIA, item, pieces, anonymous, 0, noted=True), **plan)


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


async def seen(house: House, gifts: Sequence[Plan], *, by_others: bool) -> list[Any]:
    """Send the gifts, and return all that pages of both scopes are sent of them, as they come and afterwards."""
    await prepare(house)
    secrets = [await house.linked(creator_id, scope) for creator_id in CREATORS for scope in OverlayScope]
    pages = [await house.page(secret) for secret in secrets]
    sent: list[Receipt] = []
    coins = 0
    for plan in gifts:
        house.clock.now_ms += plan.gift.wait_ms
        sent.append(await send(house, plan, len(sent), by_others=by_others))
        coins += coins_of(facts_of(sent[-1]))
        await until_counted(house, pages, coins)
        if plan.undone is not None:
            coins -= await take_back(house, sent[plan.undone % len(sent)], plan.part)
            # Sums are counted anew after that, which takes as long as it takes.
            await until_counted(house, pages, coins)
    late: list[Page] = []
    for secret, page in zip(secrets, pages, strict=True):
        late.append(await house.page(secret, after=0, epoch=page.welcome["epoch"]))
        await late[-1].until_seq(page.cursor)
    return [parts_of(page) for page in [*pages, *late]]


async def send(house: House, plan: Plan, number: int, *, by_others: bool) -> Receipt:
    """Send one gift."""
    gift = plan.gift
    sender = gift.other_sender if by_others and gift.anonymous else gift.sender
    key, note = f"gift {number}", f"note {number}" if gift.noted else ""
    if plan.for_both and gift.item != PETAL:
        team = SendTeamGift(GUILD, key, sender, CREATORS, gift.item, CHANNEL, note, gift.anonymous)
        return await house.services.gifts.send_team(team)
    return await house.send(
        key,
        sender_id=sender,
        creator_id=gift.creator,
        item_id=gift.item,
        quantity=gift.pieces,
        anonymous=gift.anonymous,
        note=note,
        message_id=gift.message,
    )


async def take_back(house: House, receipt: Receipt, part: int | None) -> int:
    """Take back a gift, or a part of it, unless nothing of it is left. Return how many coins that were."""
    try:
        reversal = await house.services.reversals.reverse(
            GUILD, key=f"undo {next(numbers)}", actor_id=ROB, seq=receipt.seq, part=part, reason="mistake"
        )
    except AlreadyReversed:
        return 0
    return reversal.receipt.facts["coins"]


async def until_counted(house: House, pages: Sequence[Page], coins: int) -> None:
    """Wait until pages were sent all of the journal, and that so many coins were given."""
    head_seq = (await house.services.overlay_shows.beats([GUILD]))[GUILD].head_seq
    for page in pages:
        await page.until_seq(head_seq)
        await page.until_coins(coins)


def parts_of(page: Page) -> list[dict[str, Any]]:
    """Return the welcome and the gifts of a page, and what it was told is gone. The name of the books says nothing but
    which books they are. Sums that were sent in the middle of a count are those of a moment."""
    messages = [message for message in page.messages if "welcome" in message or message.get("gifts")]
    parts = [{name: value for name, value in message.items() if name != "epoch"} for message in messages]
    return [*parts, {"gone": [frame["gone"] for frame in page.frames if frame["gone"]]}]


@given(gifts=st.lists(overlay_plans, min_size=1, max_size=8))
@example(gifts=[a_gift(ALICE, BOB, anonymous=False), a_gift(ALICE, BOB), a_gift(BOB, CAROL, item=ROSETTE)])
@example(gifts=[a_gift(CAROL, ALICE) for _ in range(3)])
@example(
    gifts=[
        a_gift(ALICE, BOB, pieces=3, undone=0, part=1),
        a_gift(BOB, CAROL, item=ROSETTE, for_both=True),
        a_gift(ALICE, ALICE, anonymous=False, undone=1),
        a_gift(CAROL, ALICE, undone=0),
    ]
)
@settings(
    max_examples=by_thoroughness(quick=3, full=6, long=60),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
async def test_whoever_sent_the_anonymous_gifts_overlays_are_sent_the_same(opened: Opener, gifts: list[Plan]):
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
