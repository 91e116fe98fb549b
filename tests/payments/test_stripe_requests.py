"""The Stripe provider with canned answers: what it asks Stripe for."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.orders import Observation, PaymentStatus, Reference
from bot.domain.prompts import Checkout
from bot.payments.provider import ForeignPurchase, ProviderError
from bot.payments.stripe.provider import StripeProvider
from bot.payments.stripe.selling import Mode
from tests.payments.canned import Canned
from tests.payments.stripe_answers import (
    GUILD,
    KEY,
    LIVE_KEY,
    NOW_MS,
    ORDER,
    open_session,
    payment,
    provider_at,
    session,
)

PAID = Observation("stripe", "cs_test_1", Reference(7, 500), PaymentStatus.PAID, 499, "USD", live=False)


async def test_an_order_opens_a_session_for_exactly_its_price(answers, stripe_):
    answers.will_say(open_session())

    prompt = await stripe_.start(ORDER, "")

    assert prompt == Checkout("cs_test_1", "https://checkout.stripe.com/c/pay/cs_test_1")
    assert answers.requests[0][:2] == ("POST", "/v1/checkout/sessions")
    assert answers.form() == {
        "mode": "payment",
        "client_reference_id": "7-500",
        "metadata[rosette_order]": "7-500",
        "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": "usd",
        "line_items[0][price_data][unit_amount]": "499",
        "line_items[0][price_data][product_data][name]": "350 gift credits",
        "expires_at": str((NOW_MS // 3_600_000 + 2) * 3600),
        "success_url": "https://discord.com/channels/7",
        "cancel_url": "https://discord.com/channels/7",
        "submit_type": "pay",
        "adaptive_pricing[enabled]": "false",
        "managed_payments[enabled]": "false",
        "payment_intent_data[statement_descriptor_suffix]": "GIFT CREDITS",
        "expand[0]": "payment_intent.latest_charge",
    }
    assert answers.header("Authorization") == f"Bearer {KEY}"
    assert answers.header("Stripe-Account") is None
    assert not {"telemetry_id", "platform"} & set(str(answers.header("X-Stripe-Client-User-Agent")).split('"'))


async def test_the_same_order_makes_the_same_request_with_the_same_key(answers, stripe_):
    for _ in range(2):
        answers.will_say(open_session())
        await stripe_.start(ORDER, "")

    assert answers.form(0) == answers.form(1)
    assert answers.header("Idempotency-Key", 0) == answers.header("Idempotency-Key", 1)
    assert str(answers.header("Idempotency-Key")).startswith("order:7-500:")


async def test_stripe_as_the_seller_is_told_the_tax_code_and_nothing_that_it_decides_itself(answers, root):
    provider = provider_at(root, Mode.MANAGED)
    answers.will_say(open_session())

    await provider.start(ORDER, "")
    await provider.close()

    request = answers.form()
    assert request["managed_payments[enabled]"] == "true"
    assert request["line_items[0][price_data][product_data][tax_code]"] == "txcd_10201000"
    assert request["line_items[0][price_data][tax_behavior]"] == "inclusive"
    assert not [
        name for name in request if name.startswith(("adaptive_pricing", "payment_intent_data", "automatic_tax"))
    ]


async def test_a_guild_with_its_own_account_sells_there(answers, root):
    provider = provider_at(root, Mode.CONNECT)
    answers.will_say(open_session())

    prompt = await provider.start(ORDER, "acct_1")
    seal = answers.form()["metadata[rosette_seal]"]
    observation = await read_at(answers, provider, session(metadata={"rosette_order": "7-500", "rosette_seal": seal}))

    assert prompt.external_id == "acct_1/cs_test_1"
    assert [answers.header("Stripe-Account", number) for number in (0, 1)] == ["acct_1", "acct_1"]
    assert observation == replace(PAID, external_id="acct_1/cs_test_1")
    for account in ("", "cs_1", "acct_1/x"):
        with pytest.raises(ProviderError):
            await provider.start(ORDER, account)
    await provider.close()


async def read_at(answers: Canned, provider: StripeProvider, answer: dict[str, Any]) -> Observation:
    answers.will_say(answer)
    return await provider.read("acct_1/cs_test_1")


@pytest.mark.parametrize("marks", [{"rosette_order": "7-500"}, {"rosette_order": "7-500", "rosette_seal": "0" * 40}])
async def test_a_session_that_a_guild_made_itself_pays_for_no_order(answers, root, marks):
    provider = provider_at(root, Mode.CONNECT)

    assert (await read_at(answers, provider, session(metadata=marks))).reference is None
    with pytest.raises(ForeignPurchase):
        await read_at(answers, provider, session(metadata={}))
    await provider.close()


async def test_who_is_served_and_whether_it_is_a_test(root):
    plain, connect, live = provider_at(root), provider_at(root, Mode.CONNECT), provider_at(root, key=LIVE_KEY)

    assert (plain.serves(GUILD), plain.serves(8), plain.needs_account, plain.test) == (True, False, False, True)
    assert (connect.serves(GUILD), connect.serves(8), connect.needs_account) == (True, True, True)
    assert not live.test


async def test_an_open_session_goes_on_and_another_replaces_one_that_is_over(answers, stripe_):
    order = replace(ORDER, external_id="cs_test_1")
    answers.will_say(open_session())
    first = await stripe_.start(order, "")
    for _ in range(2):
        answers.will_say(session(status="expired", payment_status="unpaid", payment_intent=None))
        answers.will_say(open_session(id="cs_test_2"))
    second, third = await stripe_.start(order, ""), await stripe_.start(order, "")

    assert (first.external_id, second.external_id, third.external_id) == ("cs_test_1", "cs_test_2", "cs_test_2")
    assert answers.header("Idempotency-Key", 2) == answers.header("Idempotency-Key", 4)
    assert str(answers.header("Idempotency-Key", 2)).endswith(":cs_test_1")


async def test_a_part_of_the_price_is_the_same_part_of_the_charge(answers, stripe_):
    for minor in (33, 499):
        answers.will_say(session(amount_total=594, payment_intent=payment(amount=594)))
        answers.will_say({"id": "re_1", "object": "refund"})
        await stripe_.refund("cs_test_1", minor, f"refund-{minor}")

    assert [answers.form(number) for number in (1, 3)] == [
        {"payment_intent": "pi_1", "amount": "39"},
        {"payment_intent": "pi_1", "amount": "594"},
    ]
    assert answers.header("Idempotency-Key", 3) == "refund-499"


async def test_what_was_not_paid_cannot_be_refunded(answers, stripe_):
    answers.will_say(open_session())

    with pytest.raises(ProviderError):
        await stripe_.refund("cs_test_1", 499, "refund")


async def test_a_guild_gets_an_account_and_a_link_to_set_it_up(answers, root):
    provider = provider_at(root, Mode.CONNECT)
    answers.will_say({"id": "acct_1", "object": "account"})
    for _ in range(2):
        answers.will_say({"object": "account_link", "url": "https://connect.stripe.com/setup/1"})
    for is_ready in (False, True):
        answers.will_say({"id": "acct_1", "object": "account", "charges_enabled": is_ready})

    first, again = await provider.onboard(GUILD, ""), await provider.onboard(GUILD, "acct_1")
    readiness = [await provider.is_ready("acct_1") for _ in range(2)]
    await provider.close()

    assert first == again == ("acct_1", "https://connect.stripe.com/setup/1")
    assert answers.form(1) == answers.form(2)
    assert answers.form(1)["account"] == "acct_1"
    assert readiness == [False, True]
