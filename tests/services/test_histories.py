"""A member's history over the books: pages that meet, receipts of their own only, and what was spent on whom."""

from typing import Any

import pytest

from bot.domain.errors import NotFound
from bot.domain.ledger.gift import SendGift
from bot.services import Services
from bot.services.histories import PAGE, CreatorSpent, MonthSpent
from tests.services.paying import GUILD, MIA, Till, order
from tests.storage.town import CHANNEL, DAY, NOAH, ROB, WARM_HEART, Clock, grant

KAI, LEO = 12, 77


@pytest.fixture
async def town(services: Services) -> Services:
    """Kai and Noah are creators, and Mia has 1,000 promo coins."""
    for creator_id in (KAI, NOAH):
        await services.creators.approve(GUILD, creator_id, ROB, is_bot=False)
    await services.wallets.grant(grant("start", member_id=MIA, amount=1_000))
    return services


def heart(number: int, **changes: Any) -> SendGift:
    """Ten coins from Mia to Kai."""
    return SendGift(GUILD, f"gift:{number}", MIA, KAI, WARM_HEART, 1, CHANNEL)._replace(**changes)


async def test_pages_meet_in_both_directions(town: Services) -> None:
    for number in range(2 * PAGE + 2):
        await town.gifts.send(heart(number))
    await town.wallets.grant(grant("other", member_id=LEO))
    first = await town.histories.entries(GUILD, MIA)
    second = await town.histories.entries(GUILD, MIA, before=first.lines[-1].seq)
    third = await town.histories.entries(GUILD, MIA, before=second.lines[-1].seq)
    back = await town.histories.entries(GUILD, MIA, after=third.lines[0].seq)

    seqs = [line.seq for page in (first, second, third) for line in page.lines]
    assert seqs == sorted(seqs, reverse=True)
    assert len(seqs) == 2 * PAGE + 3
    assert [(page.has_newer, page.has_older) for page in (first, second, third, back)] == [
        (False, True),
        (True, True),
        (True, False),
        (True, True),
    ]
    assert back.lines == second.lines
    assert (await town.histories.entries(GUILD, MIA, after=second.lines[0].seq)).has_newer is False


async def test_a_page_that_is_not_there_is_the_newest_one(town: Services) -> None:
    newest = await town.histories.entries(GUILD, MIA)

    for place in (1, 2**64):
        assert (await town.histories.entries(GUILD, MIA, before=1)).lines == newest.lines
        assert (await town.histories.entries(GUILD, MIA, after=place)).lines == newest.lines
    assert (await town.histories.entries(GUILD, LEO)).lines == []


async def test_receipts_of_others_are_not_there(town: Services) -> None:
    await town.guilds.change(GUILD, promo_share_percent=50)
    own = await town.gifts.send(heart(1, anonymous=True))
    other = await town.wallets.grant(grant("other", member_id=LEO))

    assert (await town.histories.receipt(GUILD, MIA, own.seq)).amount == -10
    as_creator = await town.histories.receipt(GUILD, KAI, own.seq)
    assert (as_creator.receipt.actor_id, "paid_after" in as_creator.receipt.facts) == (0, False)
    for seq in (other.seq, 0, 999, 2**63 - 1):
        with pytest.raises(NotFound):
            await town.histories.receipt(GUILD, MIA, seq)


async def test_months_and_creators_add_up_to_what_was_spent_less_what_came_back(town: Services, clock: Clock) -> None:
    assert await town.histories.months(GUILD, MIA) == []
    clock.now_ms -= 40 * DAY
    back = await town.gifts.send(heart(1, quantity=3))
    await town.gifts.send(heart(2, anonymous=True, creator_id=NOAH))
    clock.now_ms += 40 * DAY
    await town.gifts.send(heart(3, quantity=2))
    await town.gifts.send(heart(4, anonymous=True))
    await town.reversals.reverse(GUILD, key="back", actor_id=ROB, seq=back.seq, part=1, reason="by mistake")

    assert await town.histories.months(GUILD, MIA) == [MonthSpent(202602, 30, 3), MonthSpent(202512, 30, 3)]
    assert await town.histories.creators(GUILD, MIA) == [CreatorSpent(KAI, 50, 5), CreatorSpent(NOAH, 10, 1)]
    assert await town.histories.creators(GUILD, LEO) == []


async def test_purchases_come_with_their_receipts_newest_first(town: Services, till: Till, clock: Clock) -> None:
    await order(town, 501)
    till.becomes("till-501", "paid")
    await town.payment_events.reconcile(0)
    for number in range(502, 508):
        clock.now_ms += DAY
        await order(town, number)
        await town.orders.cancel(GUILD, number, MIA)
    newest, page, pages = await town.histories.purchases(GUILD, MIA, 0)
    oldest, last_page, _ = await town.histories.purchases(GUILD, MIA, 9)

    assert (page, last_page, pages) == (0, 1, 2)
    assert [purchase.order.order_id for purchase in (*newest, *oldest)] == [507, 506, 505, 504, 503, 502, 501]
    assert [purchase.seq is None for purchase in oldest] == [True, False]
    assert (await town.histories.purchases(GUILD, LEO, 0))[0] == []


async def test_the_file_has_every_entry_once(town: Services) -> None:
    for number in range(3):
        await town.gifts.send(heart(number))
    lines = await town.histories.file(GUILD, MIA)

    assert [line.amount for line in lines] == [-10, -10, -10, 1_000]
    assert await town.histories.file(GUILD, MIA, lines[1].seq) == lines[2:]
