"""Gifts of several rows on overlays: from several members, for several creators, and coins that were shared out."""

from typing import Any

import pytest

from bot.domain.ledger.chest import OpenChest
from bot.domain.ledger.chips import ChipCoins
from bot.domain.ledger.team_gift import SendTeamGift
from bot.domain.live import LiveEvent
from bot.domain.member_choices import Choice
from bot.domain.overlays import OverlayScope
from bot.domain.receipts import Receipt
from bot.storage.stores import live
from tests.storage.town import (
    ALICE,
    BOB,
    CAROL,
    CHANNEL,
    GUILD,
    HOUR,
    LIVE_CHANNEL,
    MIA,
    NOAH,
    NOON,
    ROB,
    ROSETTE,
    grant,
)
from tests.storage.town import event as event_of
from tests.web.overlay_house import NAMES, House, Page

pytestmark = pytest.mark.databases("sqlite", "postgresql")

POOL = 77
PARTS = {ALICE: 487, BOB: 291, CAROL: 131, NOAH: 91}
"""What each of the members chips in for a rosette, which costs 1,000 coins."""
HERE = frozenset(NAMES)
NOTHING = {"coins": 0, "gifts": 0, "people": 0}


async def chip(house: House, member_id: int) -> Receipt:
    """Chip in for a rosette for Mia."""
    key, coins = f"chip of {member_id}", PARTS[member_id]
    command = ChipCoins(GUILD, key, member_id, POOL, coins, MIA, ROSETTE, CHANNEL, hours=24)
    return await house.services.gifts.pools.chip(command)


async def send_pool(house: House) -> int:
    """Let everybody chip in, and return the row of the gift that this brings."""
    for member_id in PARTS:
        await chip(house, member_id)
    pools = house.services.gifts.pools
    await pools.settle(GUILD, POOL, HERE)
    return (await pools.chip_in(GUILD, POOL)).gift_seq


async def send_team(house: House, *, anonymous: bool) -> Receipt:
    """Send a rosette for Mia and Noah from Alice."""
    command = SendTeamGift(GUILD, "team", ALICE, (MIA, NOAH), ROSETTE, CHANNEL, note="bravo", anonymous=anonymous)
    return await house.services.gifts.send_team(command)


async def go_live_together(house: House) -> LiveEvent:
    """Begin a live event of Mia's with Noah in it."""
    show = await house.go_live()
    await house.database.writer.perform(live.join, show, NOAH, NOON)
    return show


async def pages_of(house: House, *creator_ids: int) -> list[Page]:
    """Open a page of each scope for each of the creators."""
    secrets = [await house.linked(creator_id, scope) for creator_id in creator_ids for scope in OverlayScope]
    return [await house.page(secret) for secret in secrets]


def numbers_in(values: Any) -> set[int]:
    """Return all numbers in messages."""
    if isinstance(values, (dict, list)):
        parts = values.values() if isinstance(values, dict) else values
        return set().union(*(numbers_in(part) for part in parts))
    return {values} if isinstance(values, int) else set()


def named_in(pages: list[Page]) -> set[str]:
    """Return the names that pages were sent anything of, in whatever place."""
    return {name for name in NAMES.values() for page in pages for text in page.raw if name in text}


async def test_the_gift_of_a_chip_in_is_shown_once_with_all_its_givers_and_nobodys_part(house: House):
    await house.services.own_choices.choose(GUILD, BOB, {Choice.AMOUNTS_HIDDEN: True})
    await house.go_live()
    pages = await pages_of(house, MIA)

    seq = await send_pool(house)
    last = await house.send("last")
    for page in pages:
        await page.until_seq(last.seq)

    for page in pages:
        assert page.seqs == [seq, last.seq]
        gift = page.gifts[0]
        assert gift["sender"] == {"name": "Alice, Bob, Carol, and 1 other", "face": None}
        assert (gift["to"], gift["coins"], gift["count"], gift["combo"]) == ("Mia", 1_000, 1, 1)
        # Bob's part is nobody's business.
        top = [(leader["name"], leader["coins"]) for leader in page.frames[-1]["top"]]
        assert top == [("Alice", PARTS[ALICE] + 10), ("Bob", None), ("Carol", PARTS[CAROL])]
        assert PARTS[BOB] not in numbers_in(page.messages)


async def test_coins_that_wait_in_a_chip_in_show_nothing(house: House):
    await house.go_live()
    (page, *_) = await pages_of(house, MIA)

    chipped = await chip(house, BOB)
    await page.until_seq(chipped.seq)
    await house.services.gifts.pools.take_back(GUILD, POOL, BOB)
    last = await house.send("last")
    await page.until_seq(last.seq)

    assert page.seqs == [last.seq]
    assert named_in([page]) == {"Alice", "Mia"}


@pytest.mark.parametrize("anonymous", [False, True])
async def test_a_team_gift_is_shown_once_on_the_overlay_of_each_creator(house: House, anonymous: bool):
    await house.services.guilds.change(GUILD, overlay_notes_from="small")
    await go_live_together(house)
    pages = await pages_of(house, MIA, NOAH)

    receipt = await send_team(house, anonymous=anonymous)
    last = await house.send("last", sender_id=BOB)
    for page in pages:
        await page.until_seq(last.seq)

    for page in pages:
        assert page.seqs == [receipt.seq, last.seq]
        gift = page.gifts[0]
        assert gift["sender"]["name"] == (None if anonymous else "Alice")
        assert (gift["to"], gift["coins"], gift["count"], gift["note"]) == ("Mia and Noah", 1_000, 1, "bravo")
    assert ("Alice" in named_in(pages)) is not anonymous


async def test_a_team_gift_is_shown_in_each_of_two_live_events(house: House):
    await house.go_live()
    head = (await house.services.overlay_shows.beats([GUILD]))[GUILD].head_seq
    other = event_of(event_id=901, channel_id=LIVE_CHANNEL + 1, creator_id=NOAH, start_seq=head)
    await house.database.writer.perform(live.insert, other)
    pages = await pages_of(house, MIA, NOAH)

    receipt = await send_team(house, anonymous=True)
    for page in pages:
        await page.until_seq(receipt.seq + 1)

    # Each of them counts what its creator got.
    assert [page.seqs for page in pages] == [[receipt.seq]] * 2 + [[receipt.seq + 1]] * 2
    assert [page.gifts[0]["sender"]["name"] for page in pages] == [None] * 4
    for page in pages:
        await page.until_sum({"coins": 500, "gifts": 1, "people": 0})


@pytest.mark.parametrize("pooled", [False, True])
async def test_a_joint_gift_that_is_taken_back_leaves_as_a_whole(house: House, pooled: bool):
    await go_live_together(house)
    pages = await pages_of(house, MIA)
    seq = await send_pool(house) if pooled else (await send_team(house, anonymous=True)).seq
    rows = len(PARTS) if pooled else 2
    for page in pages:
        await page.until_seq(seq + rows - 1)

    await house.services.reversals.reverse(GUILD, key="undo", actor_id=ROB, seq=seq, part=None, reason="mistake")
    for page in pages:
        await page.until_sum(NOTHING)

    for page in pages:
        assert page.seqs == [seq]
        assert {gone for frame in page.frames for gone in frame["gone"]} == {*range(seq, seq + rows)}
    # Nor is it shown to whoever comes later.
    late = await house.page(await house.linked(), after=0, epoch=pages[0].welcome["epoch"])
    await late.until_seq(seq + 2 * rows - 1)
    assert late.seqs == []
    assert late.welcome["sum"] == NOTHING


async def test_a_chest_shows_nothing_and_what_is_bought_with_its_shares_is_a_gift_like_any(house: House):
    await house.database.writer.submit(grant("for the chest", member_id=ROB, actor_id=CAROL, amount=1_000))
    await house.go_live()
    pages = await pages_of(house, MIA)
    chests = house.services.chests

    chest_id = (await chests.open(OpenChest(GUILD, "chest", ROB, CHANNEL, 100, 2, 10))).seq
    share = await chests.take(GUILD, chest_id, BOB, 0)
    for page in pages:
        await page.until_seq(share.seq)
    assert named_in(pages) == {"Mia"}

    receipt = await house.send("with it", sender_id=BOB)
    house.clock.now_ms += HOUR // 2
    await chests.settle(GUILD, chest_id)
    last = await house.send("last", sender_id=BOB, anonymous=True)
    for page in pages:
        await page.until_seq(last.seq)

    assert [page.seqs for page in pages] == [[receipt.seq, last.seq]] * 2
    assert [gift["sender"]["name"] for gift in pages[0].gifts] == ["Bob", None]
    assert "Rob" not in named_in(pages)
