"""Whoever sent an anonymous gift: overlays are sent the same. The rule is in `bot.domain.anonymity`."""

import itertools
import random
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.domain.member_choices import Choice
from tests.storage.town import ALICE, BOB, GUILD, Clock
from tests.web.overlay_house import House, furnish, open_house

pytestmark = pytest.mark.databases("sqlite")
PETAL, WARM_HEART, ROSETTE = 1, 3, 12


class Plan(NamedTuple):
    """A gift that one of two members sends. If it is anonymous, the other one sends it in the other world."""

    wait_ms: int
    sender: int
    other_sender: int
    item_id: int
    quantity: int
    anonymous: bool


def plans_of(seed: int) -> list[Plan]:
    chance = random.Random(seed)
    plans: list[Plan] = []
    for _ in range(10):
        sender, other_sender = chance.sample([ALICE, BOB], 2)
        wait_ms, item_id = chance.choice([0, 500, 19_000, 21_000]), chance.choice([PETAL, WARM_HEART, ROSETTE])
        plans.append(Plan(wait_ms, sender, other_sender, item_id, chance.randint(1, 3), chance.random() < 0.5))
    return plans


async def seen(house: House, plans: list[Plan], *, by_others: bool) -> list[Any]:
    """Send the gifts, and return all that pages of both kinds are sent, but for the name of the books."""
    await furnish(house)
    # What Bob has chosen for himself must not tell his anonymous gifts from Alice's.
    await house.services.own_choices.choose(GUILD, BOB, {Choice.AMOUNTS_HIDDEN: True})
    await house.services.guilds.change(GUILD, overlay_notes_from="small")
    await house.go_live()
    secret = await house.linked()
    page = await house.page(secret)
    for number, plan in enumerate(plans):
        house.clock.now_ms += plan.wait_ms
        sent = await house.send(
            f"gift {number}",
            sender_id=plan.other_sender if by_others and plan.anonymous else plan.sender,
            item_id=plan.item_id,
            quantity=plan.quantity,
            anonymous=plan.anonymous,
            note=f"note {number}",
        )
        await page.until_seq(sent.seq)
    late = await house.page(secret, after=0, epoch=page.welcome["epoch"])
    await late.until_seq(page.cursor)
    values = [message for message in late.messages if "pong" not in message]
    gifts = page.gifts
    sums = [frame["sum"] for frame in page.frames if frame["gifts"]]
    return [gifts, sums, *({name: value for name, value in each.items() if name != "epoch"} for each in values)]


@pytest.mark.parametrize("seed", range(4))
async def test_whoever_sent_the_anonymous_gifts_overlays_are_sent_the_same(
    migrated: Path, tmp_path: Path, clock: Clock, seed: int
):
    plans, views = plans_of(seed), []
    start_ms, numbers = clock.now_ms, itertools.count()
    for by_others in (False, True):
        clock.now_ms = start_ms
        file = shutil.copy(migrated, tmp_path / f"books{next(numbers)}.db")
        async with open_house(f"sqlite:///{file}", clock) as house:
            views.append(await seen(house, plans, by_others=by_others))

    assert views[0] == views[1]
    assert any(gift["sender"]["name"] is None for gift in views[0][0])
    assert {gift["sender"]["name"] for gift in views[0][0]} <= {None, "Alice", "Bob"}
