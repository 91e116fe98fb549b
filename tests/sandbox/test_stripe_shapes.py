"""The pretend Stripe's objects have the fields that Stripe's own library describes, and no others."""

from typing import Any, get_type_hints

import pytest
import stripe

from tests.sandbox.stripe_desk import Desk

ON_REQUEST = {"checkout.session": {"line_items"}, "charge": {"refunds"}}
"""Lists within an object that are left out unless a request expands them."""
ONLY_WHERE_NEEDED = {
    "charge": {"level3", "transfer"},
    "account": {"company", "deleted", "groups", "individual"},
    "event": {"account"},
    "balance_transaction": {"balance_type"},
}
"""Fields of special cases, which others do not have."""
LIBRARY: dict[Any, Any] = {
    "checkout.session": stripe.checkout.Session,
    "payment_intent": stripe.PaymentIntent,
    "charge": stripe.Charge,
    "refund": stripe.Refund,
    "dispute": stripe.Dispute,
    "balance_transaction": stripe.BalanceTransaction,
    "event": stripe.Event,
    "account": stripe.Account,
}


def fields_of(kind):
    """Return the names of the fields that the library describes."""
    inner = LIBRARY[kind]
    return {name for name in inner.__annotations__ if name != "OBJECT_NAME" and not name.startswith("_")}


async def every_object(desk: Desk):
    """Let everything happen once, and return an object of each kind."""
    session = await desk.sell()
    await desk.client.v1.refunds.create_async({"payment_intent": session.payment_intent.id, "amount": 100})
    desk.dispute(session)
    own = desk.server.platform.own
    return {"account": own.record} | {kind: own.all(kind)[-1] for kind in LIBRARY if kind != "account"}


@pytest.mark.parametrize("kind", LIBRARY)
async def test_an_object_has_exactly_the_fields_of_the_library(desk, kind):
    thing = (await every_object(desk))[kind]

    expected = fields_of(kind) - ON_REQUEST.get(kind, set())

    assert set(thing) - expected == set()
    assert expected - set(thing) <= ONLY_WHERE_NEEDED.get(kind, set())


async def test_a_thin_event_is_what_the_library_reads(desk):
    await desk.sell()
    thin = desk.server.platform.own.all("v2.core.event")[-1]

    described = set(stripe.v2.core.Event.__annotations__) - {"OBJECT_NAME", "_inner_class_types", "changes"}

    assert set(thin) - described == {"related_object"}
    assert described <= set(thin)
    assert get_type_hints(stripe.v2.core.RelatedObject).keys() == thin["related_object"].keys()
