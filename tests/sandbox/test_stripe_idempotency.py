"""The pretend Stripe carries a request out once per idempotency key."""

import pytest
import stripe

from sandbox.stripe.errors import StripeError
from sandbox.stripe.idempotency import Keys
from tests.sandbox.stripe_desk import open_desk

DAY_MS = 24 * 3600 * 1000
SESSIONS = "/v1/checkout/sessions"
FORM = (
    "mode=payment&success_url=https://shop.example/&line_items[0][quantity]=1&line_items[0][price_data][currency]=usd"
    "&line_items[0][price_data][unit_amount]=499&line_items[0][price_data][product_data][name]=coins"
)


async def test_the_same_key_gives_the_same_answer_to_the_letter(desk):
    _, first, headers = await desk.post(SESSIONS, FORM, **{"Idempotency-Key": "a"})
    desk.press(first["id"], "pay")
    _, second, again = await desk.post(SESSIONS, FORM, **{"Idempotency-Key": "a"})

    assert second == first
    assert second["status"] == "open"
    assert "Idempotent-Replayed" not in headers
    assert (again["Idempotent-Replayed"], again["Original-Request"]) == ("true", headers["Request-Id"])
    assert len((await desk.client.v1.checkout.sessions.list_async()).data) == 1


async def test_the_order_of_parameters_does_not_matter_and_their_values_do(desk):
    await desk.post(SESSIONS, FORM, **{"Idempotency-Key": "a"})

    status, _, _ = await desk.post(SESSIONS, "&".join(reversed(FORM.split("&"))), **{"Idempotency-Key": "a"})
    assert status == 200
    for form, path in ((f"{FORM}&client_reference_id=1", SESSIONS), (FORM, "/v1/refunds")):
        status, answer, _ = await desk.post(path, form, **{"Idempotency-Key": "a"})
        assert (status, answer["error"]["type"]) == (400, "idempotency_error")


async def test_the_client_reads_changed_parameters_as_an_error_of_their_own(desk):
    await desk.open(key="a")

    with pytest.raises(stripe.IdempotencyError):
        await desk.open(key="a", client_reference_id="43")


async def test_a_key_is_good_for_a_day(desk):
    first = await desk.open(key="a")

    desk.clock.ms += DAY_MS
    same = await desk.open(key="a")
    desk.clock.ms += 1000
    other = await desk.open(key="a")

    assert (same.id, other.id != first.id) == (first.id, True)


async def test_a_refusal_is_repeated_but_wrong_parameters_leave_the_key_free(desk):
    session = await desk.open()
    desk.press(session.id, "pay-later")
    intent_id = (await desk.read(session.id)).payment_intent.id

    early, _, _ = await desk.post("/v1/refunds", f"payment_intent={intent_id}", **{"Idempotency-Key": "a"})
    desk.press(session.id, "arrive")
    late, _, headers = await desk.post("/v1/refunds", f"payment_intent={intent_id}", **{"Idempotency-Key": "a"})
    wrong, _, _ = await desk.post("/v1/refunds", f"payment_intent={intent_id}&amount=x", **{"Idempotency-Key": "b"})
    right, _, _ = await desk.post("/v1/refunds", f"payment_intent={intent_id}", **{"Idempotency-Key": "b"})

    assert (early, late, headers["Idempotent-Replayed"]) == (400, 400, "true")
    assert (wrong, right) == (400, 200)


async def test_each_account_has_keys_of_its_own(desk):
    account = desk.server.platform.connect({})
    account.record["charges_enabled"] = True

    own = await desk.open(key="a")
    connected = await desk.open(key="a", account=account.id)

    assert own.id != connected.id


def test_a_key_is_in_use_until_its_request_is_over():
    keys = Keys(lambda: 0)
    keys.begin("acct_1", "a", SESSIONS, "mode=payment")

    with pytest.raises(StripeError) as refusal:
        keys.begin("acct_1", "a", SESSIONS, "mode=payment")
    keys.end("acct_1", "a", None)

    assert (refusal.value.status, refusal.value.code) == (409, "idempotency_key_in_use")
    assert keys.begin("acct_1", "a", SESSIONS, "mode=payment") is None


async def test_an_answer_that_got_lost_is_given_again(desk):
    desk.server.faults.drop("POST", SESSIONS, after=True)
    with pytest.raises(stripe.APIConnectionError):
        await desk.open(key="a")

    session = await desk.open(key="a")

    assert [one.id for one in (await desk.client.v1.checkout.sessions.list_async()).data] == [session.id]


async def test_everything_outlives_the_process(tmp_path):
    path = tmp_path / "stripe.json"
    async with open_desk(path) as desk:
        account = desk.server.platform.connect({})
        account.record["charges_enabled"] = True
        own, connected = await desk.open(key="a"), await desk.open(key="a", account=account.id)
        await desk.client.v1.refunds.create_async({"payment_intent": (await desk.sell()).payment_intent.id})
        own_id = (await desk.client.v1.accounts.retrieve_current_async()).id

    async with open_desk(path) as desk:
        assert (await desk.open(key="a")).id == own.id
        assert (await desk.open(key="a", account=account.id)).id == connected.id
        assert (await desk.client.v1.accounts.retrieve_current_async()).id == own_id
        assert len((await desk.client.v1.refunds.list_async()).data) == 1
        assert (await desk.client.v1.events.list_async({"type": "charge.refunded"})).data
