"""Who may send what is for fans only: decided on the whole journal, however far the leaderboards have counted it."""

import asyncio
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.domain.catalogue import GiftItem
from bot.domain.ledger.fans import FansOnly
from bot.services.gifts import Gifts
from bot.services.reversals import Reversals
from bot.storage.database import Database
from bot.storage.folds import folding
from bot.storage.stores import catalogue
from tests.storage.town import ALICE, BOB, GUILD, MIA, NOAH, NOON, PETAL, ROB, Clock, gift, grant

FOR_FANS = 77


def keep_for_fans(c: Connection) -> None:
    catalogue.save(c, GiftItem(GUILD, FOR_FANS, "Ring", "💍", 5, fans_only=True))


@pytest.fixture
async def stall(books: Database) -> Database:
    """Books with a gift for fans, and two members with coins."""
    await books.writer.perform(keep_for_fans)
    for member in (ALICE, BOB):
        await books.writer.submit(grant(f"g{member}", member_id=member, amount=10_000))
    return books


async def is_let(books: Database, key: str, **changes: Any) -> bool:
    """Send the gift for fans, and return whether it went out. The preview and the picker must say the same."""
    command = gift(key, item_id=FOR_FANS, **changes)
    gifts = Gifts(books, Clock(), lambda *_: None)
    offer = await gifts.offer(GUILD, command.sender_id, command.creator_id)
    try:
        await gifts.preview(command)
        was_previewed = True
    except FansOnly:
        was_previewed = False
    try:
        await gifts.send(command)
        was_sent = True
    except FansOnly:
        was_sent = False
    assert was_previewed == offer.is_fan == was_sent
    return was_sent


@pytest.mark.parametrize("is_counted", [True, False])
async def test_a_gift_under_ones_own_name_opens_it_until_it_is_taken_back(
    stall: Database, clock: Clock, is_counted: bool
):
    async def count() -> None:
        if is_counted:
            await stall.writer.catch_up(GUILD)

    async def undo(seq: int) -> None:
        await Reversals(stall, clock).reverse(
            GUILD, key=f"undo {seq}", actor_id=ROB, seq=seq, part=None, reason="mistake"
        )

    assert not await is_let(stall, "a")
    await stall.writer.submit(gift("hidden", anonymous=True))
    await count()
    assert not await is_let(stall, "b")
    first = await stall.writer.submit(gift("first"))
    await count()
    assert await is_let(stall, "c", anonymous=True)
    assert not await is_let(stall, "d", creator_id=NOAH)
    assert not await is_let(stall, "e", sender_id=BOB)
    await undo(first.seq)
    await count()
    assert not await is_let(stall, "f")


async def test_only_gifts_that_join_the_club_open_it(stall: Database):
    await stall.writer.submit(gift("another", item_id=PETAL, quantity=50))
    assert not await is_let(stall, "a")


async def test_gifts_that_are_booked_together_count_in_their_order(stall: Database):
    answers = await asyncio.gather(
        stall.writer.submit(gift("too early", item_id=FOR_FANS)),
        stall.writer.submit(gift("first")),
        stall.writer.submit(gift("in time", item_id=FOR_FANS)),
        return_exceptions=True,
    )

    assert [isinstance(answer, FansOnly) for answer in answers] == [True, False, False]


async def test_a_fan_stays_one_while_everything_is_counted_again(stall: Database):
    await stall.writer.submit(gift("first"))
    await stall.writer.catch_up(GUILD)

    await stall.writer.perform(folding.start_over, GUILD, NOON)

    assert await is_let(stall, "a")


@pytest.mark.parametrize("seed", range(3))
async def test_any_gifts_and_reversals_leave_the_fans_that_a_simple_count_finds(
    stall: Database, clock: Clock, seed: int
):
    chance = Random(seed)
    undoing = Reversals(stall, clock)
    sums: dict[tuple[int, int], int] = {}
    gifts: list[tuple[int, int, int]] = []
    for number in range(40):
        sender, creator = chance.choice([ALICE, BOB]), chance.choice([MIA, NOAH])
        match chance.randrange(5):
            case 0 | 1:
                is_hidden = chance.random() < 0.3
                receipt = await stall.writer.submit(
                    gift(f"gift {number}", sender_id=sender, creator_id=creator, anonymous=is_hidden)
                )
                if not is_hidden:
                    sums[sender, creator] = sums.get((sender, creator), 0) + 1
                    gifts.append((receipt.seq, sender, creator))
            case 2 if gifts:
                seq, sender, creator = gifts.pop(chance.randrange(len(gifts)))
                sums[sender, creator] -= 1
                await undoing.reverse(GUILD, key=f"u{number}", actor_id=ROB, seq=seq, part=None, reason="mistake")
            case 3:
                await stall.writer.catch_up(GUILD)
            case _:
                is_fan = sums.get((sender, creator), 0) > 0
                hidden = {"sender_id": sender, "creator_id": creator, "anonymous": True}
                assert await is_let(stall, f"f{number}", **hidden) == is_fan
