"""Events and webhooks of the pretend Stripe, in both forms, and what can go wrong with them."""

import orjson
import pytest
import stripe

from sandbox.stripe.events import PURCHASES
from tests.sandbox.stripe_desk import WEBHOOK_SECRET

DAY_MS = 24 * 3600 * 1000
COMPLETED = "checkout.session.completed"


def verified(desk, index=-1):
    """Return a webhook, checked with Stripe's own code."""
    headers, body = desk.shop.webhooks[index]
    # The library compares with the machine's clock, and these tests have a clock of their own.
    stripe.WebhookSignature.verify_header(body.decode(), headers["Stripe-Signature"], WEBHOOK_SECRET, tolerance=None)
    return orjson.loads(body)


async def test_a_webhook_is_a_snapshot_that_stripes_library_accepts(desk):
    session = await desk.sell()

    await desk.heard(1)
    event = verified(desk)

    assert (event["object"], event["type"]) == ("event", COMPLETED)
    assert event["data"]["object"]["id"] == session.id
    assert (event["data"]["object"]["payment_status"], event["livemode"]) == ("paid", False)
    assert "account" not in event


async def test_a_snapshot_stays_as_it_was(desk):
    session = await desk.open()
    desk.press(session.id, "pay-later", "arrive")

    events = {event["type"]: event["data"]["object"]["payment_status"] for event in await desk.heard(2)}

    assert events == {COMPLETED: "unpaid", "checkout.session.async_payment_succeeded": "paid"}


async def test_a_thin_event_names_the_object_and_the_library_reads_it(desk):
    desk.server.destination.payload = "thin"
    session = await desk.sell()

    await desk.heard(1)
    event = verified(desk)
    headers, body = desk.shop.webhooks[0]

    assert (event["object"], event["type"]) == ("v2.core.event", f"v1.{COMPLETED}")
    assert event["related_object"] == {
        "id": session.id,
        "type": "checkout.session",
        "url": f"/v1/checkout/sessions/{session.id}",
    }
    assert "data" not in event
    notice = stripe.StripeClient.parse_event_notification(
        desk.client, body, headers["Stripe-Signature"], WEBHOOK_SECRET, tolerance=10**10
    )
    assert isinstance(notice, stripe.events.V1CheckoutSessionCompletedEventNotification)
    # Not with the library's `fetch_event_async`: it sends a parameter that the API does not know.
    _, thin = await desk.get(f"/v2/core/events/{notice.id}")
    snapshot = await desk.client.v1.events.retrieve_async(thin["snapshot_event"])
    assert snapshot.data.object.id == notice.related_object.id == session.id


async def test_both_forms_can_come_for_one_thing_that_happened(desk):
    desk.server.destination.payload = "both"
    await desk.sell()

    events = await desk.heard(2)

    assert {event["object"] for event in events} == {"event", "v2.core.event"}
    assert len({event["id"] for event in events}) == 2


async def test_a_shop_hears_only_what_it_listens_to_and_can_list_the_rest(desk):
    await desk.sell()
    await desk.heard(1)

    listed = [event["type"] for event in await desk.events()]

    assert [event["type"] for event in await desk.heard(1)] == [COMPLETED]
    assert listed == [COMPLETED, "payment_intent.succeeded", "charge.succeeded", "payment_intent.created"]
    assert set(PURCHASES) > {COMPLETED}


async def test_events_can_be_listed_by_type_and_for_thirty_days(desk):
    await desk.sell()
    desk.clock.ms += 30 * DAY_MS - 1000
    events = desk.client.v1.events
    assert [
        stripe_event.type for stripe_event in (await events.list_async({"types": [COMPLETED, "charge.failed"]})).data
    ] == [COMPLETED]
    [old] = (await events.list_async({"type": "charge.*"})).data

    desk.clock.ms += 1000

    assert (await events.list_async()).data == []
    with pytest.raises(stripe.InvalidRequestError):
        await events.retrieve_async(old.id)


async def test_thin_events_are_listed_page_by_page(desk):
    session = await desk.sell()

    _, first = await desk.get("/v2/core/events?limit=3")
    _, second = await desk.get(first["next_page_url"])
    _, about = await desk.get(f"/v2/core/events?object_id={session.id}")

    assert [len(page["data"]) for page in (first, second, about)] == [3, 1, 1]
    assert second["next_page_url"] is None


async def test_an_event_names_the_request_behind_it(desk):
    session = await desk.sell()
    options = {"idempotency_key": "refund-1"}

    await desk.client.v1.refunds.create_async({"payment_intent": session.payment_intent.id}, options)

    by_type = {event["type"]: event["request"]["idempotency_key"] for event in await desk.events()}
    assert (by_type["charge.refunded"], by_type[COMPLETED]) == ("refund-1", None)


async def test_a_webhook_is_repeated_with_the_same_id_until_the_shop_takes_it(desk):
    desk.shop.statuses.extend([500, 503])
    await desk.sell()

    events = await desk.heard(3)

    assert len({event["id"] for event in events}) == 1
    assert len({headers["Stripe-Signature"] for headers, _ in desk.shop.webhooks}) == 3


async def test_a_webhook_can_get_lost_and_be_redelivered(desk):
    desk.server.destination.faults.lose = 1
    silent_sale, loud_sale = await desk.sell(), await desk.sell()
    [event] = await desk.heard(1)
    assert event["data"]["object"]["id"] == loud_sale.id

    [_, missing] = [stripe_event for stripe_event in await desk.events() if stripe_event["type"] == COMPLETED]
    stored = desk.server.platform.find_event(missing["id"])
    desk.server.destination.redeliver(stored)
    desk.server.destination.redeliver(stored)

    again = (await desk.heard(3))[1:]
    assert {stripe_event["id"] for stripe_event in again} == {missing["id"]}
    assert again[0]["data"]["object"]["id"] == silent_sale.id


async def test_a_webhook_can_come_twice(desk):
    desk.server.destination.faults.duplicate = 1
    await desk.sell()

    first, second = await desk.heard(2)

    assert first == second


async def test_a_webhook_can_come_late(desk):
    desk.server.destination.faults.delay = 1
    await desk.sell()
    await desk.heard(1)

    assert desk.clock.pauses == [5.0]


async def test_webhooks_can_come_in_the_wrong_order(desk):
    destination = desk.server.destination
    destination.faults.is_holding = True
    session = await desk.open()
    desk.press(session.id, "pay-later", "arrive")
    assert [event["type"] for event in destination.waiting] == [COMPLETED, "checkout.session.async_payment_succeeded"]

    destination.release()

    assert {event["type"] for event in await desk.heard(2)} == {
        event["type"] for event in (await desk.events()) if event["type"] in PURCHASES
    }
    assert destination.waiting == []


async def test_a_strangers_copy_of_a_webhook_has_a_signature_that_does_not_fit(desk):
    desk.server.destination.faults.forge = 1
    await desk.sell()
    await desk.heard(2)

    verdicts = []
    for index in range(2):
        try:
            verified(desk, index)
            verdicts.append(True)
        except stripe.SignatureVerificationError:
            verdicts.append(False)

    assert sorted(verdicts) == [False, True]


async def test_a_destination_that_is_off_hears_nothing(desk):
    desk.server.destination.is_on = False
    await desk.sell()
    desk.server.destination.is_on = True
    sale = await desk.sell()

    [event] = await desk.heard(1)

    assert event["data"]["object"]["id"] == sale.id


async def test_what_is_wrong_with_the_api_can_be_asked_for(desk):
    faults = desk.server.faults
    faults.answer("GET", "/v1/events", 500, body={"error": {"type": "api_error", "message": "Trouble"}})
    faults.answer("GET", "/v1/events", 429, body={"error": {"type": "invalid_request_error", "code": "rate_limit"}})

    with pytest.raises(stripe.APIError):
        await desk.client.v1.events.list_async()
    with pytest.raises(stripe.RateLimitError):
        await desk.client.v1.events.list_async()
    assert (await desk.client.v1.events.list_async()).data == []
