"""What every provider has to stand, each over its own wire, up to the coins in the books."""

import random
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.errors import ForgedWebhook
from bot.domain.order_states import OrderState
from bot.domain.payment_cases import CaseKind
from tests.payments.kofi_wire import KofiWire, kofi
from tests.payments.market import COINS, MIA, NOAH, PRICE, Market, open_market
from tests.payments.wires import WIRES, Oddity, Wire
from tests.storage.town import HOUR
from tests.thoroughness import by_thoroughness


@pytest.fixture(params=WIRES)
async def market(request: pytest.FixtureRequest, address: str) -> AsyncIterator[Market[Wire]]:
    async with open_market(WIRES[request.param], address) as opened_market:
        yield opened_market


EVERY_WIRE = WIRES | {"kofi": kofi}


@pytest.fixture(params=EVERY_WIRE)
async def every_market(request: pytest.FixtureRequest, address: str) -> AsyncIterator[Market[Wire | KofiWire]]:
    """Also at a provider that cannot be asked, and tells of nothing but payments."""
    async with open_market(EVERY_WIRE[request.param], address) as opened_market:
        yield opened_market


async def test_a_payment_is_credited_once_however_often_it_is_told(every_market):
    market = every_market
    await market.paid()
    (webhook, *_) = market.wire.webhooks()
    await market.hear(*[webhook] * 60)
    await market.reconcile(2)

    assert await market.books() == (COINS, OrderState.CREDITED)
    assert await market.cases() == []


async def test_a_purchase_while_the_bot_is_away_is_reconciled(market):
    """The endpoint is gone for an hour, and what it would have heard comes late."""
    await market.paid()
    await market.paid(501, NOAH)
    market.clock.now_ms += HOUR - 60_000
    await market.reconcile(2)
    before = [await market.coins(member_id) for member_id in (MIA, NOAH)]
    await market.hear(*market.wire.webhooks())

    assert before == [await market.coins(member_id) for member_id in (MIA, NOAH)] == [COINS, COINS]


@pytest.mark.parametrize("oddity", ["amount", "currency"])
async def test_a_payment_that_is_not_as_ordered_is_credited_to_nobody_and_shown_to_staff(every_market, oddity: Oddity):
    market = every_market
    await market.wire.pay_oddly(await market.order(), oddity)
    await market.hear(*market.wire.webhooks())
    await market.reconcile(2)

    assert await market.books() == (0, OrderState.REVIEW)
    assert await market.cases() == [CaseKind.DIFFERS]


async def test_a_refund_that_is_told_before_the_payment_leaves_nothing(market):
    external_id = await market.paid()
    await market.wire.refund(external_id, PRICE)
    await market.hear(*reversed(market.wire.webhooks()))

    assert await market.books() == (0, OrderState.REFUNDED)


async def test_partial_refunds_add_up(market):
    external_id = await market.paid()
    await market.hear(*market.wire.webhooks())
    balances = []
    for _ in range(3):
        await market.wire.refund(external_id, PRICE // 3)
        await market.reconcile(2)
        balances.append(await market.coins())

    # 70 coins cost 99 cents, so 33 cents are 23.3 coins.
    assert balances == [47, 24, 0]
    assert await market.state() is OrderState.REFUNDED


async def test_a_refund_by_the_bot_is_made_once_for_its_key(market):
    external_id = await market.paid()
    for _ in range(2):
        await market.wire.provider.refund(external_id, 33, "refund")

    assert (await market.wire.provider.read(external_id)).refunded_minor == 33
    await market.hear(*market.wire.webhooks())
    assert await market.books() == (47, OrderState.PARTIALLY_REFUNDED)


STORIES = {
    "won": (["dispute", "won"], (COINS, OrderState.WON)),
    "lost": (["dispute", "lost"], (0, OrderState.LOST)),
    "part, then lost": (["refund", "dispute", "lost"], (0, OrderState.LOST)),
    "part, then won": (["refund", "dispute", "won"], (47, OrderState.PARTIALLY_REFUNDED)),
    "part, part": (["refund", "refund"], (24, OrderState.PARTIALLY_REFUNDED)),
    "won, then refunded": (["dispute", "won", "refund"], (47, OrderState.PARTIALLY_REFUNDED)),
}


@pytest.mark.parametrize("story", STORIES)
async def test_what_happens_ends_at_the_same_books_in_whatever_order_it_is_told(market, story):
    """Each order pays its own way through the story; of the first each step is told at once, of others in disorder."""
    steps, (coins, state) = STORIES[story]
    chance = random.Random(story)
    total = 0
    for number in range(by_thoroughness(quick=2, full=4, long=20)):
        order_id, start = 500 + number, len(market.wire.webhooks())
        external_id = await market.paid(order_id)
        for step in steps:
            if number == 0:
                await market.hear(*market.wire.webhooks()[start:])
            if step == "refund":
                await market.wire.refund(external_id, PRICE // 3)
            elif step == "dispute":
                await market.wire.dispute(external_id)
            else:
                await market.wire.decide(external_id, step)
        deliveries = market.wire.webhooks()[start:] * 2
        chance.shuffle(deliveries)
        await market.hear(*deliveries)
        total += coins

        assert (await market.coins(), await market.state(order_id)) == (total, state)


async def test_what_is_told_late_is_credited_all_the_same(every_market):
    market = every_market
    await market.paid()
    await market.paid(501, NOAH)
    market.clock.now_ms += HOUR
    await market.hear(*reversed(market.wire.webhooks()))

    assert [await market.coins(member_id) for member_id in (MIA, NOAH)] == [COINS, COINS]


async def test_two_payments_for_one_order_are_both_credited(market):
    """The answer to the first request was lost, and the buyer has both pages open by now."""
    order = await market.order()
    market.clock.now_ms += HOUR
    again = await market.wire.provider.start(replace(order, external_id=""), market.wire.account)
    pages = {order.external_id, again.external_id}
    for external_id in pages:
        await market.wire.pay(external_id)
    await market.hear(*market.wire.webhooks())
    await market.reconcile(2)

    assert await market.coins() == len(pages) * COINS
    assert await market.cases() == [CaseKind.PAID_TWICE] * (len(pages) - 1)


async def test_more_purchases_than_a_page_holds_are_all_reconciled(market):
    members = range(1_000, 1_000 + by_thoroughness(quick=101, full=101, long=250))
    for member_id in members:
        await market.paid(member_id, member_id)
    await market.reconcile(2)

    assert [member_id for member_id in members if await market.coins(member_id) != COINS] == []


async def test_no_mutated_webhook_is_accepted(market):
    await market.paid()
    headers, body = market.wire.webhooks()[0]
    ((name, signed),) = headers.items()
    chance = random.Random(1)
    for number in range(by_thoroughness(quick=500, full=10_000, long=10_000)):
        changed = bytearray(body if number % 2 else signed.encode())
        place = chance.randrange(len(changed))
        changed[place] ^= 1 << chance.randrange(7)
        forgery = (signed, bytes(changed)) if number % 2 else (changed.decode(), body)
        with pytest.raises(ForgedWebhook):
            market.wire.provider.verify({name: forgery[0]}, forgery[1], market.clock())

    assert await market.coins() == 0
