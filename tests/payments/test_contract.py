"""What every provider has to stand, each over its own wire, up to the coins in the books.

`contract.claim` says which providers a test is tried on, and `open_market` audits the books after each.
"""

import random

import pytest

from bot.domain.deadlines import refund_of
from bot.domain.errors import ForgedWebhook, NotFound
from bot.domain.ledger.gift import SendGift
from bot.domain.order_states import CREDITED, OrderState
from bot.domain.payment_cases import CaseKind
from bot.domain.withdrawal_errors import WithdrawalElsewhere
from bot.payments.provider import Capability, ProviderError
from tests.payments import oddities
from tests.payments.contract import claim
from tests.payments.market import COINS, MIA, NOAH, PRICE, Market
from tests.payments.oddities import ODDITIES
from tests.payments.wires import GUILD, AcknowledgedWire, LooseWire, Oddity, WebhookWire, Wire, able
from tests.storage.town import HOUR
from tests.thoroughness import by_thoroughness

pytestmark = pytest.mark.databases("sqlite", "postgresql", one_in=by_thoroughness(quick=0, full=6, long=1))

WEBHOOK, RECONCILE, ACKNOWLEDGE = Capability.WEBHOOK, Capability.RECONCILE, Capability.ACKNOWLEDGE
REFUND, RECORD, OWN_REFUNDS = Capability.REFUND, Capability.RECORD, Capability.OWN_REFUNDS


def credited(market: Market[Wire]) -> tuple[int, OrderState]:
    """Return the books after one purchase."""
    is_acknowledged = ACKNOWLEDGE in market.wire.provider.capabilities
    return COINS, OrderState.ACKNOWLEDGED if is_acknowledged else OrderState.CREDITED


@claim()
async def test_a_payment_is_credited_once_however_often_it_is_told(market):
    await market.paid()
    await market.hear(*market.wire.news() * 60)
    await market.reconcile(2)

    assert await market.books() == credited(market)
    assert await market.cases() == []


@claim()
async def test_a_gift_that_was_bought_for_goes_out_once_with_its_coins(market):
    await market.services.creators.approve(GUILD, NOAH, 13, is_bot=False)
    top_up = await market.services.top_ups.find(SendGift(GUILD, "gift", MIA, NOAH, 5, 1, 30, note="for you"))
    assert top_up is not None
    await market.wire.pay(await market.order(gift=top_up.gift))
    await market.hear(*market.wire.news() * 10)
    await market.reconcile(2)

    receipt = await market.services.gifts.find(GUILD, "planned:500", MIA)
    assert receipt is not None
    assert (receipt.other_id, receipt.note) == (NOAH, "for you")
    assert await market.coins() == COINS - top_up.gift.ceiling


@claim()
async def test_a_payment_that_is_told_fifty_times_at_once_is_credited_once(market):
    await market.paid()
    for _ in range(2):
        await market.hear_at_once(*market.wire.news() * 50)

    assert await market.books() == credited(market)
    assert await market.cases() == []


@claim(needs={RECONCILE})
async def test_a_payment_that_is_told_while_its_provider_is_asked_is_credited_once(market):
    payments = [await market.paid(500 + number, 11 + number) for number in range(5)]
    await market.hear_while_asking(*market.wire.news())

    assert len({*payments}) == 5
    assert [await market.coins(11 + number) for number in range(5)] == [COINS] * 5
    assert {await market.state(500 + number) for number in range(5)} == {credited(market)[1]}
    assert await market.cases() == []


@claim(needs={RECONCILE})
async def test_a_purchase_while_the_bot_is_away_is_reconciled(market):
    """The endpoint is gone for an hour, and what it would have heard comes late."""
    await market.paid()
    await market.paid(501, NOAH)
    market.clock.now_ms += HOUR - 60_000
    await market.reconcile(2)
    before = [await market.coins(member_id) for member_id in (MIA, NOAH)]
    await market.hear(*market.wire.news())

    assert before == [await market.coins(member_id) for member_id in (MIA, NOAH)] == [COINS, COINS]


@claim()
async def test_what_is_told_late_and_in_disorder_is_credited_all_the_same(market):
    await market.paid()
    await market.paid(501, NOAH)
    market.clock.now_ms += HOUR
    await market.hear(*reversed(market.wire.news()))
    await market.hear(*market.wire.news())

    assert [await market.coins(member_id) for member_id in (MIA, NOAH)] == [COINS, COINS]


@pytest.mark.parametrize(
    ("market", "oddity"), [(name, oddity) for name, oddity, _ in oddities.possible()], indirect=["market"]
)
async def test_a_payment_that_is_not_as_ordered_is_credited_to_nobody(market, oddity: Oddity, request):
    """Staff see it, unless it is no payment at all or nobody can say whose it is."""
    await able(market.wire, LooseWire).pay_oddly(await market.order(), oddity)
    await market.hear(*market.wire.news())
    if RECONCILE in market.wire.provider.capabilities:
        await market.reconcile(2)

    state, cases = ODDITIES[request.node.callspec.params["market"]][oddity]
    assert await market.books() == (0, state)
    assert await market.cases() == cases


@claim()
async def test_an_order_keeps_the_terms_that_its_buyer_accepted(market):
    """Staff change the package and take it out of the shop while somebody pays for it."""
    order = await market.order()
    await market.services.packages.edit(GUILD, 1, coins=7)
    await market.services.packages.archive(GUILD, 1)
    await market.wire.pay(order)
    await market.hear(*market.wire.news())

    assert await market.books() == credited(market)


@claim()
async def test_a_payment_for_an_order_that_its_buyer_has_cancelled_is_credited(market):
    order = await market.order()
    await market.services.orders.cancel(GUILD, order.order_id, MIA)
    await market.wire.pay(order)
    await market.hear(*market.wire.news())
    if await market.services.product_purchases.waiting(MIA):
        # It names no order, so it waits until its buyer orders again.
        await market.order(501)

    assert await market.coins() == COINS


@claim(lacks={RECORD})
async def test_a_refund_that_is_told_before_the_payment_leaves_nothing(market):
    external_id = await market.paid()
    await market.wire.refund(external_id, PRICE)
    await market.hear(*reversed(market.wire.news()))

    assert await market.coins() == 0
    assert await market.state() not in CREDITED
    assert await market.cases() == []


@claim()
async def test_a_whole_refund_takes_all_coins_back(market):
    external_id = await market.paid()
    await market.hear(*market.wire.news())
    await market.wire.refund(external_id, PRICE)
    for _ in range(2):
        await market.hear(*market.wire.news())

    assert await market.books() == (0, OrderState.REFUNDED)


@claim(one_of={REFUND, RECORD})
async def test_partial_refunds_add_up(market):
    external_id = await market.paid()
    await market.hear(*market.wire.news())
    balances = []
    for _ in range(3):
        await market.wire.refund(external_id, PRICE // 3)
        await market.hear(*market.wire.news())
        balances.append(await market.coins())

    # 70 coins cost 99 cents, so 33 cents are 23.3 coins.
    assert balances == [47, 24, 0]
    assert await market.state() is OrderState.REFUNDED


@claim(needs={REFUND, RECONCILE})
async def test_partial_refunds_of_which_no_word_comes_are_reconciled(market):
    external_id = await market.paid()
    await market.hear(*market.wire.news())
    balances = []
    for _ in range(3):
        await market.wire.refund(external_id, PRICE // 3)
        await market.reconcile(2)
        balances.append(await market.coins())

    assert balances == [47, 24, 0]


@claim(needs={REFUND})
async def test_a_refund_by_the_bot_is_made_once_for_its_key(market):
    external_id = await market.paid()
    for _ in range(2):
        await market.wire.provider.refund(external_id, 33, "refund")

    assert (await market.wire.provider.read(external_id)).refunded_minor == 33
    await market.hear(*market.wire.news())
    assert await market.books() == (47, OrderState.PARTIALLY_REFUNDED)


@claim(lacks={REFUND})
async def test_a_provider_that_sends_no_money_back_says_so(market):
    external_id = await market.paid()
    with pytest.raises(ProviderError):
        await market.wire.provider.refund(external_id, 33, "refund")


async def withdrawn(market: Market[Wire]) -> None:
    """Have the buyer withdraw from a purchase that was credited, and the bot send the money back, twice."""
    await market.services.limits.let_withdraw(GUILD, allowed=True)
    await market.paid()
    await market.hear(*market.wire.news())
    for _ in range(2):
        await market.services.withdrawals.withdraw(GUILD, MIA, 500, COINS)
        assert await market.services.withdrawals.send_back(refund_of(GUILD, 500)) is None
    await market.hear(*market.wire.news())


@claim(needs={REFUND})
async def test_a_withdrawal_sends_the_money_back_once(market):
    await withdrawn(market)
    order = await market.services.orders.find(GUILD, 500)

    assert (await market.wire.provider.read(order.external_id)).refunded_minor == PRICE
    assert await market.books() == (0, OrderState.WITHDRAWN)
    assert await market.cases() == []


@claim(needs={RECORD})
async def test_a_withdrawal_where_people_send_the_money_back_is_a_case_for_them(market):
    await withdrawn(market)

    assert await market.books() == (0, OrderState.WITHDRAWN)
    assert await market.cases() == [CaseKind.WITHDRAWN]


@claim(needs={OWN_REFUNDS})
async def test_a_withdrawal_that_only_the_provider_can_grant_is_left_to_it(market):
    await market.paid()
    await market.hear(*market.wire.news())
    await market.services.limits.let_withdraw(GUILD, allowed=True)

    with pytest.raises(WithdrawalElsewhere):
        await market.services.withdrawals.withdraw(GUILD, MIA, 500, COINS)
    assert await market.books() == credited(market)


@pytest.mark.parametrize("is_heard_between", [False, True])
@claim()
async def test_two_payments_through_one_link_are_both_credited(market, is_heard_between: bool):
    order = await market.order()
    await market.wire.pay(order)
    if is_heard_between:
        await market.hear(*market.wire.news())
    market.clock.now_ms += HOUR
    is_taken = await market.wire.pay_again(order)
    await market.hear(*market.wire.news())
    if await market.services.product_purchases.waiting(MIA):
        # It names no order, so it waits until its buyer orders again.
        await market.order(501)
        assert await market.cases() == []
    else:
        assert await market.cases() == [CaseKind.PAID_TWICE] * is_taken

    assert await market.coins() == (1 + is_taken) * COINS


@pytest.mark.databases("sqlite")
@claim(needs={RECONCILE})
async def test_more_purchases_than_a_page_holds_are_all_reconciled(market):
    members = range(1_000, 1_000 + by_thoroughness(quick=101, full=101, long=250))
    for member_id in members:
        await market.paid(member_id, member_id)
    await market.reconcile(2)

    assert [member_id for member_id in members if await market.coins(member_id) != COINS] == []


@claim(needs={ACKNOWLEDGE})
async def test_a_purchase_is_used_up_only_once_its_coins_are_in_the_books(market):
    """Using it up fails for a while. Its coins are there meanwhile, and only once."""
    await market.paid()
    able(market.wire, AcknowledgedWire).refuse_use()
    await market.reconcile(2)
    before = await market.books()
    able(market.wire, AcknowledgedWire).allow_use()
    await market.reconcile(2)

    assert before == (COINS, OrderState.CREDITED)
    assert await market.books() == credited(market)


@pytest.mark.databases("sqlite")
@claim(needs={WEBHOOK})
async def test_no_mutated_webhook_is_accepted(market):
    await market.paid()
    chance = random.Random(1)
    wire = able(market.wire, WebhookWire)
    for _ in range(by_thoroughness(quick=500, full=2_000, long=10_000)):
        with pytest.raises(ForgedWebhook):
            await market.services.payment_events.receive(wire.provider.name, *wire.forge(chance))
    await market.settle()

    assert await market.coins() == 0
    assert await market.cases() == []


@claim(lacks={WEBHOOK})
async def test_a_provider_that_sends_no_webhooks_accepts_none(market):
    with pytest.raises(ForgedWebhook):
        market.wire.provider.verify({}, b"{}", market.clock())
    with pytest.raises(NotFound):
        await market.services.payment_events.receive(market.wire.provider.name, {}, b"{}")
