"""Stripe over its own wire: what happens there and nowhere else."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.buying_errors import ProviderDown
from bot.domain.errors import NotFound
from bot.domain.order_states import OrderState
from bot.domain.payment_cases import CaseKind
from bot.payments.provider import UnknownPurchase
from bot.payments.stripe.places import Place
from bot.payments.stripe.selling import Mode
from sandbox.stripe import accounts, checkout_sessions, refunds
from tests.payments.market import COINS, PRICE, Market, open_market
from tests.payments.stripe_wire import StripeWire, stripe
from tests.payments.wires import GUILD

StripeMarket = Market[StripeWire]
OTHER_GUILD = 8


@pytest.fixture
async def market(address: str) -> AsyncIterator[StripeMarket]:
    async with open_market(lambda clock: stripe(clock, Mode.PLAIN, "both"), address) as opened_market:
        yield opened_market


@pytest.fixture
async def connected(address: str) -> AsyncIterator[StripeMarket]:
    async with open_market(lambda clock: stripe(clock, Mode.CONNECT, "both"), address) as opened_market:
        yield opened_market


async def test_tax_on_top_is_no_part_of_the_price_and_goes_back_with_it(market: StripeMarket) -> None:
    """The operator has Stripe add tax, which the bot never asks for."""
    order = await market.order()
    _, session = market.wire.find(order.external_id)
    session["automatic_tax"]["enabled"] = True
    await market.wire.pay(order)
    await market.hear(*market.wire.news())
    credited = await market.books()
    await market.wire.provider.refund(order.external_id, PRICE, "refund")
    await market.hear(*market.wire.news())
    _, charge = market.wire.charge(order.external_id)

    assert session["amount_total"] > PRICE
    assert charge["amount_refunded"] == session["amount_total"]
    assert (credited, await market.books()) == ((COINS, OrderState.CREDITED), (0, OrderState.REFUNDED))


@pytest.mark.parametrize(
    ("end", "books"), [("arrive", (COINS, OrderState.CREDITED)), ("bounce", (0, OrderState.FAILED))]
)
async def test_a_bank_transfer_is_pending_until_it_arrives_or_bounces(market: StripeMarket, end, books) -> None:
    order = await market.order()
    await market.wire.pay(order, "pay-later")
    await market.hear(*market.wire.news())
    pending = await market.books()
    await market.wire.pay(order, end)
    await market.hear(*market.wire.news())

    assert (pending, await market.books()) == ((0, OrderState.PENDING), books)


async def test_a_declined_card_decides_nothing(market: StripeMarket) -> None:
    order = await market.order()
    await market.wire.pay(order, "decline")
    await market.reconcile()
    declined = await market.books()
    await market.wire.pay(order)
    await market.hear(*market.wire.news())

    assert (declined, await market.books()) == ((0, OrderState.OPEN), (COINS, OrderState.CREDITED))


async def test_real_money_never_pays_for_test_coins(market: StripeMarket) -> None:
    external_id = await market.paid()
    market.wire.find(external_id)[1]["livemode"] = True
    await market.reconcile(2)

    assert await market.books() == (0, OrderState.REVIEW)
    assert await market.cases() == [CaseKind.DIFFERS]


async def test_a_refund_that_fails_in_the_end_is_shown_to_staff(market: StripeMarket) -> None:
    external_id = await market.paid()
    account, charge = market.wire.charge(external_id)
    refund = refunds.create(account, {"charge": charge["id"]}, is_slow=True)
    await market.hear(*market.wire.news())
    refunded = await market.books()
    refunds.finish(account, refund, is_paid=False)
    await market.hear(*market.wire.news())

    assert refunded == (0, OrderState.REFUNDED)
    assert CaseKind.REFUND_FAILED in await market.cases()


async def test_an_old_purchase_with_a_new_refund_is_reconciled(market: StripeMarket) -> None:
    external_id = await market.paid()
    await market.reconcile()
    market.clock.now_ms += 20 * 24 * 3_600_000
    await market.wire.refund(external_id, PRICE)
    await market.reconcile(2)

    assert await market.books() == (0, OrderState.REFUNDED)


async def test_a_lost_answer_leads_to_the_same_page(market: StripeMarket) -> None:
    order = await market.order()
    unbound = replace(order, order_id=order.order_id + 1, external_id="")
    market.wire.server.faults.answer("POST", "/v1/checkout/sessions", 502, after=True)
    prompts = [await market.wire.provider.start(unbound, "") for _ in range(2)]

    assert prompts[0] == prompts[1]
    assert len(market.wire.server.platform.own.all("checkout.session")) == 2


async def test_a_page_that_ran_out_is_replaced_by_one(market: StripeMarket) -> None:
    order = await market.order()
    account, session = market.wire.find(order.external_id)
    checkout_sessions.expire(account, session)
    prompts = [await market.wire.provider.start(order, "") for _ in range(2)]

    assert prompts[0] == prompts[1]
    assert prompts[0].external_id != order.external_id


async def test_what_else_the_account_sells_is_none_of_our_business(market: StripeMarket, caplog) -> None:
    order = await market.order()
    session = market.wire.find(order.external_id)[1]
    session |= {"metadata": {}, "client_reference_id": "T-shirt"}
    await market.wire.pay(order)
    await market.wire.refund(order.external_id, PRICE)
    await market.hear(*market.wire.news())
    await market.reconcile(2)

    assert await market.books() == (0, OrderState.OPEN)
    assert not [
        record for record in caplog.records if record.levelno >= logging.INFO and record.name.startswith("bot.")
    ]


async def test_two_guilds_with_accounts_of_their_own_are_told_apart(connected: StripeMarket) -> None:
    """A guild's own staff can make any session at their account, but none that pays for an order of another guild."""
    market, provider = connected, connected.wire.stripe
    order = await market.order()
    rival, _ = await provider.onboard(OTHER_GUILD, "")
    account = market.wire.server.platform.account(rival)
    accounts.complete(account)
    session = market.wire.find(order.external_id)[1]
    forged = (await provider.start(replace(order, external_id=""), rival)).external_id
    market.wire.find(forged)[1]["metadata"] = dict(session["metadata"])
    await market.wire.pay(replace(order, external_id=forged))
    await market.hear(*market.wire.news())
    stolen = await market.books()
    await market.wire.pay(order)
    await market.hear(*market.wire.news())

    assert Place.parse(forged).account == rival != Place.parse(order.external_id).account
    assert (stolen, await market.books()) == ((0, OrderState.OPEN), (COINS, OrderState.CREDITED))


async def test_a_guild_is_ready_once_stripe_has_checked_it(connected: StripeMarket) -> None:
    provider = connected.wire.stripe
    account, link = await provider.onboard(OTHER_GUILD, "")
    again, other_link = await provider.onboard(OTHER_GUILD, account)
    before = await provider.is_ready(account)
    accounts.complete(connected.wire.server.platform.account(account))

    assert account == again
    assert link != other_link
    assert (before, await provider.is_ready(account)) == (False, True)


async def test_staff_connect_an_account_and_members_are_offered_it_once_it_is_ready(connected: StripeMarket) -> None:
    providers = connected.services.guild_providers
    await connected.services.guilds.welcome(OTHER_GUILD)
    page = await providers.onboard(OTHER_GUILD, "stripe")
    (before,) = await providers.methods(OTHER_GUILD)
    again = await providers.onboard(OTHER_GUILD, "stripe")
    accounts.complete(connected.wire.server.platform.account(before.account))
    ready = await providers.onboard(OTHER_GUILD, "stripe")
    (after,) = await providers.methods(OTHER_GUILD)

    assert page.startswith("http")
    assert again.startswith("http")
    assert ready == ""
    assert (before.is_offered, after.is_offered) == (False, True)
    assert before.account == after.account


async def test_who_needs_no_account_connects_none(market: StripeMarket) -> None:
    with pytest.raises(NotFound):
        await market.services.guild_providers.onboard(GUILD, "stripe")


async def test_staff_hear_that_stripe_is_silent(connected: StripeMarket) -> None:
    connected.wire.server.faults.answer("*", "/v1/accounts", 503, times=None)

    with pytest.raises(ProviderDown):
        await connected.services.guild_providers.onboard(GUILD, "stripe")


async def test_an_account_that_was_taken_back_delays_nobody(connected: StripeMarket) -> None:
    market = connected
    external_id = await market.paid()
    rival, _ = await market.wire.stripe.onboard(OTHER_GUILD, "")
    await market.services.guilds.welcome(OTHER_GUILD)
    await market.services.guild_providers.connect(OTHER_GUILD, "stripe", rival)
    market.wire.server.platform.disconnect(market.wire.server.platform.account(rival))
    await market.reconcile()
    credited = await market.books()
    market.wire.server.platform.disconnect(market.wire.server.platform.account(market.wire.account))

    assert credited == (COINS, OrderState.CREDITED)
    with pytest.raises(UnknownPurchase):
        await market.wire.provider.read(external_id)
    assert await market.wire.stripe.is_ready(market.wire.account) is False
