"""Checkout sessions at the pretend Stripe, through Stripe's own client and without it."""

import pytest
import stripe

from tests.sandbox.stripe_desk import ITEM


async def test_a_new_session_is_open_and_unpaid_and_says_where_to_pay(desk):
    session = await desk.open()

    assert session.id.startswith("cs_test_")
    assert (session.status, session.payment_status, session.livemode) == ("open", "unpaid", False)
    assert (session.amount_subtotal, session.amount_total, session.currency) == (499, 499, "usd")
    assert (session.client_reference_id, session.metadata["order"]) == ("42", "42")
    assert session.url == f"{desk.root}/stripe/pay/{session.id}"
    assert session.payment_intent is None
    assert session.expires_at == session.created + 24 * 3600
    assert session.adaptive_pricing.enabled is False


async def test_a_paid_session_carries_its_payment_and_charge_on_request(desk):
    session = await desk.sell(payment_intent_data={"description": "coins", "metadata": {"order": "42"}})

    assert (session.status, session.payment_status, session.url) == ("complete", "paid", None)
    intent = session.payment_intent
    assert (intent.status, intent.amount_received, intent.metadata["order"]) == ("succeeded", 499, "42")
    charge = intent.latest_charge
    assert (charge.paid, charge.amount, charge.amount_refunded, charge.description) == (True, 499, 0, "coins")
    plain = await desk.client.v1.checkout.sessions.retrieve_async(session.id)
    assert plain.payment_intent == intent.id


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"mode": "gift"}, None, "mode"),
        ({"line_items": []}, "parameter_missing", "line_items"),
        ({"success_url": "nowhere"}, "url_invalid", "success_url"),
        ({"client_reference_id": "x" * 201}, "parameter_invalid_string_length", "client_reference_id"),
        ({"metadata": {"k" * 41: "v"}}, None, f"metadata[{'k' * 41}]"),
        ({"metadata": {str(number): "v" for number in range(51)}}, None, "metadata"),
        ({"expires_at": 1_800_000_000 + 1799}, None, "expires_at"),
        ({"expires_at": 1_800_000_000 + 24 * 3600 + 1}, None, "expires_at"),
        ({"surprise": "1"}, "parameter_unknown", "surprise"),
        ({"line_items": [{**ITEM, "quantity": 0}]}, "parameter_invalid_integer", "line_items[0][quantity]"),
        ({"line_items": [{"quantity": 1}]}, "parameter_missing", "line_items[0][price_data]"),
        ({"adaptive_pricing": {"enabled": "perhaps"}}, None, "adaptive_pricing[enabled]"),
        ({"payment_intent_data": {"statement_descriptor_suffix": "x" * 23}}, "parameter_invalid_string_length", None),
    ],
)
async def test_wrong_parameters_are_named_in_the_refusal(desk, changes, code, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await desk.open(**changes)

    assert refusal.value.http_status == 400
    assert refusal.value.code == code
    assert param is None or refusal.value.param == param


@pytest.mark.parametrize(("amount", "code"), [(49, "amount_too_small"), (10**8, "amount_too_large")])
async def test_a_total_that_stripe_cannot_collect_is_refused(desk, amount, code):
    price = {**ITEM["price_data"], "unit_amount": amount}

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await desk.open(line_items=[{"price_data": price, "quantity": 1}])

    assert refusal.value.code == code


@pytest.mark.parametrize("key", ["", "sk_test_another", "sk_live_the_shops_own", "\udcff"])
async def test_only_the_right_key_opens_anything(desk, key):
    status, answer = await desk.get("/v1/checkout/sessions", key)

    assert status == 401
    assert answer["error"]["type"] == "invalid_request_error"
    assert key == "" or key not in answer["error"]["message"]


async def test_an_unknown_session_and_an_unknown_address_are_not_found(desk):
    status, answer = await desk.get("/v1/checkout/sessions/cs_test_none")
    assert (status, answer["error"]["code"], answer["error"]["param"]) == (404, "resource_missing", "session")

    status, answer = await desk.get("/v1/coupons")
    assert (status, answer["error"]["type"]) == (404, "invalid_request_error")


async def test_the_list_is_newest_first_and_walks_both_ways(desk):
    ids = []
    for number in range(7):
        desk.clock.ms += 1000
        ids.append((await desk.open(client_reference_id=str(number))).id)
    newest_first = ids[::-1]
    sessions = desk.client.v1.checkout.sessions

    first = await sessions.list_async({"limit": 3})
    second = await sessions.list_async({"limit": 3, "starting_after": first.data[-1].id})
    back = await sessions.list_async({"limit": 3, "ending_before": second.data[0].id})
    everything = [session.id async for session in (await sessions.list_async({"limit": 2})).auto_paging_iter()]
    since = await sessions.list_async({"created": {"gte": 1_800_000_006}, "limit": 100})

    assert (first.object, first.has_more, first.url) == ("list", True, "/v1/checkout/sessions")
    assert [session.id for session in first.data] == newest_first[:3]
    assert [session.id for session in second.data] == newest_first[3:6]
    assert [session.id for session in back.data] == newest_first[:3]
    assert everything == newest_first
    assert [session.id for session in since.data] == newest_first[:2]


async def test_the_list_can_be_narrowed_to_a_payment_and_carry_it(desk):
    session = await desk.sell()
    await desk.open()

    page = await desk.client.v1.checkout.sessions.list_async(
        {"payment_intent": session.payment_intent.id, "expand": ["data.payment_intent.latest_charge"]}
    )

    assert [item.id for item in page.data] == [session.id]
    assert page.data[0].payment_intent.latest_charge.paid


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "starting_after=cs_no", "expand[]=data.url", "expand[]=payment_intent"]
)
async def test_a_list_refuses_what_makes_no_sense(desk, query):
    await desk.open()

    status, answer = await desk.get(f"/v1/checkout/sessions?{query}")

    assert status == 400
    assert answer["error"]["type"] == "invalid_request_error"


async def test_an_expired_session_cannot_be_paid_and_says_so(desk):
    session = await desk.open()

    expired = await desk.client.v1.checkout.sessions.expire_async(session.id)

    assert (expired.status, expired.url) == ("expired", None)
    [event] = await desk.heard(1)
    assert event["type"] == "checkout.session.expired"
    with pytest.raises(stripe.InvalidRequestError):
        await desk.client.v1.checkout.sessions.expire_async(session.id)


async def test_a_session_expires_by_itself_when_its_time_is_over(desk):
    session = await desk.open(expires_at=1_800_000_000 + 1800)
    desk.clock.ms += 1800 * 1000

    again = await desk.read(session.id)

    assert again.status == "expired"
    assert [event["type"] for event in await desk.heard(1)] == ["checkout.session.expired"]


async def test_tax_comes_on_top_of_the_subtotal_or_is_part_of_it(desk):
    exclusive = await desk.sell(automatic_tax={"enabled": True})
    price = {**ITEM["price_data"], "tax_behavior": "inclusive"}
    inclusive = await desk.sell(automatic_tax={"enabled": True}, line_items=[{"price_data": price, "quantity": 1}])

    assert (exclusive.amount_subtotal, exclusive.amount_total, exclusive.total_details.amount_tax) == (499, 599, 100)
    assert exclusive.payment_intent.amount == 599
    assert (inclusive.amount_subtotal, inclusive.amount_total, inclusive.total_details.amount_tax) == (499, 499, 83)


async def test_a_buyers_own_currency_leaves_the_shops_amounts_as_they_are(desk):
    session = await desk.open(adaptive_pricing={"enabled": True})

    desk.press(session.id, "pay-converted")
    session = await desk.read(session.id)

    assert (session.amount_total, session.currency) == (499, "usd")
    seen = session.presentment_details
    assert (seen.presentment_amount, seen.presentment_currency) == (459, "eur")
    assert session.payment_intent.latest_charge.presentment_details.presentment_currency == "eur"


async def test_managed_payments_take_a_tax_code_and_nothing_of_connect(desk):
    product = {"name": "350 coins", "tax_code": "txcd_10201000"}
    items = [{"price_data": {**ITEM["price_data"], "product_data": product}, "quantity": 1}]

    session = await desk.sell(managed_payments={"enabled": True}, line_items=items)

    assert session.managed_payments.enabled
    assert (session.amount_subtotal, session.amount_total) == (499, 599)
    for changes in (
        {},
        {"line_items": items, "payment_intent_data": {"application_fee_amount": 10}},
        {"line_items": items, "automatic_tax": {"enabled": True}},
    ):
        with pytest.raises(stripe.InvalidRequestError):
            await desk.open(managed_payments={"enabled": True}, **changes)


async def test_a_bank_transfer_is_complete_long_before_it_is_paid(desk):
    session = await desk.open()

    desk.press(session.id, "pay-later")
    pending = await desk.read(session.id)
    assert (pending.status, pending.payment_status) == ("complete", "unpaid")
    assert (pending.payment_intent.status, pending.payment_intent.latest_charge.status) == ("processing", "pending")

    desk.press(session.id, "arrive")
    paid = await desk.read(session.id)
    assert (paid.payment_status, paid.payment_intent.status) == ("paid", "succeeded")
    assert {event["type"] for event in await desk.heard(2)} == {
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
    }


async def test_a_bank_transfer_can_bounce(desk):
    session = await desk.open()

    desk.press(session.id, "pay-later", "bounce")
    session = await desk.read(session.id)

    assert (session.status, session.payment_status) == ("complete", "unpaid")
    assert session.payment_intent.status == "requires_payment_method"
    assert "checkout.session.async_payment_failed" in {event["type"] for event in await desk.heard(2)}


async def test_after_a_declined_card_the_session_is_still_open(desk):
    session = await desk.open()

    desk.press(session.id, "decline")
    declined = await desk.read(session.id)
    desk.press(session.id, "pay")
    paid = await desk.read(session.id)

    assert (declined.status, declined.payment_intent.last_payment_error.code) == ("open", "card_declined")
    assert (paid.payment_status, paid.payment_intent.id) == ("paid", declined.payment_intent.id)
    assert paid.payment_intent.latest_charge.id != declined.payment_intent.latest_charge.id


@pytest.mark.parametrize(
    "form",
    [
        "mode", "[a]=1", "a[=1", "a]b=1", "=", "a=%ff", "a[b]=1&a=2", "a=1&a[b]=2", "line_items=1", "line_items[x]=1",
        "line_items[0]=1", "line_items[0][price_data]=1", "metadata[a][b]=1", "expand=1", "expires_at[]=1", "&&&",
        "line_items[]=1&line_items[]=2", "mode=payment&line_items[99999999999999999999]=1", "metadata=1",
    ],
)  # fmt: skip
async def test_nonsense_is_refused_and_never_an_accident(desk, form):
    for path in ("/v1/checkout/sessions", "/v1/refunds", "/v1/accounts", "/v1/account_links", "/v1/disputes/dp_no"):
        status, answer, _ = await desk.post(path, form)
        assert 400 <= status < 500, (path, form, answer)
        assert answer["error"]["message"]
        status, answer = await desk.get(f"{path}?{form}")
        assert status < 500, (path, form, answer)
