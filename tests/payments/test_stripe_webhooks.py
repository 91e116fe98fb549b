"""Webhooks of Stripe: both forms of events, and nothing that was not signed lately with the secret."""

import random
from typing import Any

import orjson
import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import ForgedWebhook
from bot.payments.provider import WebhookNotice
from bot.payments.signatures import sign
from bot.payments.stripe.provider import StripeProvider
from bot.payments.stripe.selling import Mode
from tests.payments.stripe_answers import (
    LIVE_KEY,
    NOW_MS,
    WEBHOOK_SECRET,
    charge,
    dispute,
    provider_at,
    session,
    snapshot,
    thin,
)
from tests.payments.wires import mutated
from tests.thoroughness import by_thoroughness

COMPLETED = "checkout.session.completed"
EVENTS = [
    (snapshot(COMPLETED, session()), "cs_test_1"),
    (snapshot("charge.refunded", charge(payment_intent="pi_1")), "pi_1"),
    (snapshot("charge.refunded", charge()), "ch_1"),
    (snapshot("refund.failed", {"id": "re_1", "object": "refund", "payment_intent": "pi_1"}), "pi_1"),
    (snapshot("charge.dispute.created", dispute("needs_response", payment_intent=None)), "dp_1"),
    (thin(COMPLETED, "cs_test_1"), "cs_test_1"),
    (thin("charge.dispute.closed", "dp_1"), "dp_1"),
]
ABOUT_NOTHING_HERE = [
    snapshot("balance.available", {"object": "balance"}),
    snapshot("customer.created", {"id": "cus_1", "object": "customer", "email": "a@b.example"}),
    thin("customer.created", "cus_1"),
    {"id": "evt_1", "object": "v2.core.event", "type": "v2.core.account.updated", "livemode": False},
    snapshot(COMPLETED, session(), livemode=True),
    thin(COMPLETED, "cs_test_1", livemode=True),
    snapshot(COMPLETED, session(), account="acct_1"),
]


@pytest.fixture
def provider() -> StripeProvider:
    return provider_at("http://127.0.0.1:1")


def signed(body: bytes, secret: str = WEBHOOK_SECRET, at_ms: int = NOW_MS) -> dict[str, str]:
    return {"Stripe-Signature": sign(secret, body, at_ms // 1000)}


def heard(provider: StripeProvider, event: dict[str, Any]) -> WebhookNotice | None:
    body = orjson.dumps(event)
    return provider.verify(signed(body), body, NOW_MS)


@pytest.mark.parametrize(("event", "object_id"), EVENTS)
def test_an_event_of_either_form_says_what_it_is_about(provider, event, object_id):
    assert heard(provider, event) == WebhookNotice(event["id"], object_id)


@pytest.mark.parametrize("event", ABOUT_NOTHING_HERE)
def test_an_event_that_is_none_of_the_bots_business_is_no_news(provider, event):
    assert heard(provider, event) is None


def test_an_event_of_a_guilds_own_account_names_the_account():
    provider = provider_at("http://127.0.0.1:1", Mode.CONNECT)

    assert heard(provider, snapshot(COMPLETED, session(), account="acct_1")) == WebhookNotice(
        "evt_1", "acct_1/cs_test_1"
    )
    assert heard(provider, thin(COMPLETED, "cs_1", context="org_6/acct_1")) == WebhookNotice(
        "evt_test_1", "acct_1/cs_1"
    )
    assert heard(provider, snapshot(COMPLETED, session())) is None
    assert heard(provider, thin(COMPLETED, "cs_1")) is None


def test_an_endpoint_with_a_live_key_ignores_test_events():
    provider = provider_at("http://127.0.0.1:1", key=LIVE_KEY)

    assert heard(provider, snapshot(COMPLETED, session())) is None
    assert heard(provider, snapshot(COMPLETED, session(), livemode=True)) is not None


def test_what_stripes_own_library_signs_is_let_through(provider):
    body = orjson.dumps(snapshot(COMPLETED, session()))
    header = stripe.WebhookSignature.generate_signature_header(body.decode(), WEBHOOK_SECRET, NOW_MS // 1000)

    assert provider.verify({"Stripe-Signature": header}, body, NOW_MS) is not None


def test_while_a_secret_is_replaced_either_signature_is_enough(provider):
    body = orjson.dumps(snapshot(COMPLETED, session()))
    old = signed(body, "whsec_of_the_past")["Stripe-Signature"]
    new = signed(body)["Stripe-Signature"].partition(",")[2]

    assert provider.verify({"Stripe-Signature": f"{old},{new},v0=abc"}, body, NOW_MS) is not None
    with pytest.raises(ForgedWebhook):
        provider.verify({"Stripe-Signature": f"{old},{old.partition(',')[2]}"}, body, NOW_MS)


@pytest.mark.parametrize("late_s", [-4_000, -301, 301, 4_000])
def test_an_old_event_and_one_from_the_future_are_refused(provider, late_s):
    body = orjson.dumps(snapshot(COMPLETED, session()))

    with pytest.raises(ForgedWebhook):
        provider.verify(signed(body, at_ms=NOW_MS + late_s * 1000), body, NOW_MS)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"5", b"null", b'"x"', b"{}", b"\xff\xfe", b'{"id": "evt_1"}',
        orjson.dumps(snapshot(COMPLETED, {})), orjson.dumps(snapshot(COMPLETED, session(id="../cs"))),
        orjson.dumps(snapshot(COMPLETED, session(id=5))), orjson.dumps(snapshot(COMPLETED, session(), id="")),
        orjson.dumps(snapshot(COMPLETED, session(), id="evt 1")),
        orjson.dumps(snapshot(COMPLETED, session(), data=None)),
        orjson.dumps(snapshot(COMPLETED, session(), livemode="maybe")), orjson.dumps(thin(COMPLETED, "cs_\0")),
        orjson.dumps(thin(COMPLETED, "cs_1", related_object=None)), b'{"id": "evt_1", "object": "\\ud800"}',
    ],
)  # fmt: skip
def test_a_signed_body_that_is_no_event_is_refused(provider, body):
    with pytest.raises(ForgedWebhook) as error:
        provider.verify(signed(body), body, NOW_MS)

    assert "evt_1" not in error.value.why


@given(body=st.binary(max_size=200))
def test_signed_garbage_is_refused_and_nothing_worse(body):
    with pytest.raises(ForgedWebhook):
        provider_at("http://127.0.0.1:1").verify(signed(body), body, NOW_MS)


def test_no_mutated_webhook_is_accepted(provider):
    chance = random.Random(1)
    bodies = [orjson.dumps(event) for event, _ in EVENTS]
    accepted = []
    for number in range(by_thoroughness(quick=1_000, full=4_000, long=200_000)):
        body = chance.choice(bodies)
        header = signed(body)["Stripe-Signature"].encode()
        forgery = (mutated(chance, header), body) if number % 2 else (header, mutated(chance, body))
        if forgery == (header, body):
            continue
        try:
            provider.verify({"Stripe-Signature": forgery[0].decode(errors="surrogateescape")}, forgery[1], NOW_MS)
            accepted.append(forgery)
        except ForgedWebhook:
            pass

    assert accepted == []
