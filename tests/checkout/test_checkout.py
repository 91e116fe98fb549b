"""The pretend payment provider keeps the promises that a real one makes."""

import hashlib
import hmac

import orjson
import pytest
from aiohttp import web

from tests.checkout.till import WEBHOOK_SECRET, serve_with


async def test_opening_a_session_tells_where_to_pay(till):
    status, session = await till.open()

    assert status == 201
    assert session["status"] == "open"
    assert session["url"] == f"{till.root}/pay/{session['id']}"
    assert (session["order_id"], session["amount_minor"], session["currency"]) == ("1", 499, "USD")


async def test_the_same_key_gives_the_same_session(till):
    _, first = await till.open()

    status, second = await till.open()

    assert status == 200
    assert second == first


async def test_the_same_key_with_another_price_is_a_conflict(till):
    await till.open()

    status, answer = await till.open(amount_minor=1)

    assert status == 409
    assert answer["error"]["code"] == "key_reused"


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_minor": 0},
        {"amount_minor": -5},
        {"amount_minor": 4.99},
        {"amount_minor": True},
        {"currency": "usd"},
        {"currency": "DOLLARS"},
        {"order_id": ""},
        {"order_id": 7},
        {"live": True},
    ],
)
async def test_an_odd_request_is_refused(till, changes):
    status, answer = await till.open(**changes)

    assert status == 400
    assert answer["error"]["message"]


async def test_a_wrong_key_opens_nothing(till):
    status, _ = await till.get("/sessions", key="a guess")

    assert status == 401


async def test_paying_is_seen_and_announced_with_a_valid_signature(till, shop, clock):
    _, session = await till.open()

    status, page = await till.press(session["id"], "pay")
    [(headers, body)] = await shop.wait_for(1)

    assert status == 200
    assert "Paid." in page
    assert (await till.get(f"/sessions/{session['id']}"))[1]["paid_ms"] == clock.ms
    event = orjson.loads(body)
    assert (event["type"], event["session_id"]) == ("session.paid", session["id"])
    stamp = clock.ms // 1000
    digest = hmac.new(WEBHOOK_SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["Rosette-Signature"] == f"t={stamp},v1={digest}"


async def test_a_webhook_is_repeated_until_the_shop_takes_it(till, shop, clock):
    shop.statuses.extend([500, 503, 302])
    _, session = await till.open()

    await till.press(session["id"], "pay")
    webhooks = await shop.wait_for(4)

    assert clock.pauses == [1, 2, 4]
    assert len({orjson.loads(body)["id"] for _, body in webhooks}) == 1
    assert len({headers["Rosette-Signature"] for headers, _ in webhooks}) == 4


async def test_paying_twice_is_announced_once(till, shop):
    _, session = await till.open()

    await till.press(session["id"], "pay")
    status, page = await till.press(session["id"], "pay")
    await till.press(session["id"], "refund")
    webhooks = await shop.wait_for(2)

    assert status == 200
    assert "Paid." in page
    assert {orjson.loads(body)["type"] for _, body in webhooks} == {"session.paid", "session.refunded"}


@pytest.mark.parametrize(("action", "status"), [("decline", "failed"), ("cancel", "expired")])
async def test_not_paying_has_an_end_too(till, shop, action, status):
    _, session = await till.open()

    await till.press(session["id"], action)
    [(_, body)] = await shop.wait_for(1)

    assert orjson.loads(body)["type"] == f"session.{status}"
    assert (await till.get(f"/sessions/{session['id']}"))[1]["status"] == status


@pytest.mark.parametrize("action", ["decline", "cancel"])
async def test_who_did_not_pay_can_try_again(till, shop, action):
    _, session = await till.open()
    _, page = await till.press(session["id"], action)
    assert 'value="retry">Try again' in page

    _, page = await till.press(session["id"], "retry")
    assert 'value="pay"' in page
    await till.press(session["id"], "pay")

    types = {orjson.loads(body)["type"] for _, body in await shop.wait_for(2)}
    assert types == {"session.paid", "session.failed" if action == "decline" else "session.expired"}


@pytest.mark.parametrize("action", ["pay", "decline", "cancel"])
async def test_every_end_has_a_way_back_to_the_chat(till, action):
    _, session = await till.open()

    _, page = await till.press(session["id"], action)

    assert '<a class="button wide" href="/">Back to the chat</a>' in page


async def test_a_refund_gives_everything_back(till):
    _, session = await till.open()
    await till.press(session["id"], "pay")

    await till.press(session["id"], "refund")

    _, after = await till.get(f"/sessions/{session['id']}")
    assert (after["status"], after["refunded_minor"]) == ("refunded", 499)


async def test_another_site_cannot_press_the_button(till):
    _, session = await till.open()

    status, _ = await till.press(session["id"], "pay", origin="http://elsewhere.example")

    assert status == 403
    assert (await till.get(f"/sessions/{session['id']}"))[1]["status"] == "open"


async def test_the_page_says_that_it_is_pretend_and_shows_names_as_text(till):
    _, session = await till.open(description="<script>alert(1)</script> $price {price}")

    async with till.session.get(session["url"]) as response:
        page = await response.text()

    assert "No real money" in page
    assert "$4.99" in page
    assert "<script>" not in page
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


async def test_the_list_walks_through_every_change_once(till, clock):
    ids = []
    for number in range(5):
        clock.ms += 10
        ids.append((await till.open(f"order-{number}"))[1]["id"])
    listed_ids, after = [], ""

    while True:
        _, page = await till.get(f"/sessions?since_ms=0&limit=2&after={after}")
        listed_ids.extend(session["id"] for session in page["data"])
        after = listed_ids[-1]
        if len(listed_ids) == 2:
            clock.ms += 10
            await till.press(ids[1], "pay")
        if not page["has_more"]:
            break

    assert listed_ids == ids


async def test_the_list_starts_where_it_is_told(till, clock):
    _, old = await till.open("old")
    await till.open("untouched")
    clock.ms += 1000

    await till.press(old["id"], "pay")
    _, page = await till.get(f"/sessions?since_ms={clock.ms}")

    assert [(session["id"], session["status"]) for session in page["data"]] == [(old["id"], "paid")]


async def test_sessions_outlive_the_process(till, clock, shop, tmp_path):
    file = tmp_path / "checkout.json"
    runner, root = await serve_with(web.Application(), clock, shop, file)
    till.root = root
    _, session = await till.open()
    await till.press(session["id"], "pay")
    await runner.cleanup()

    runner, till.root = await serve_with(web.Application(), clock, shop, file)
    status, again = await till.open()
    _, page = await till.get("/sessions?since_ms=0")
    await runner.cleanup()

    assert (status, again["id"], again["status"]) == (200, session["id"], "paid")
    assert len(page["data"]) == 1


@pytest.mark.parametrize(
    ("action", "payment", "words"), [("pay-half", (249, "USD"), "$2.49"), ("pay-other", (499, "EUR"), "€4.99")]
)
async def test_a_payment_of_another_amount_or_currency_is_told_as_what_was_paid(till, shop, action, payment, words):
    _, session = await till.open()

    _, page = await till.press(session["id"], action)
    await shop.wait_for(1)
    _, record = await till.get(f"/sessions/{session['id']}")

    assert words in page
    assert "Your coins are waiting" not in page
    assert (record["status"], record["amount_minor"], record["currency"]) == ("paid", 499, "USD")
    assert (record["paid_minor"], record["paid_currency"]) == payment


async def test_an_event_of_a_session_that_there_is_not_is_signed_like_any_other(till, shop):
    _, session = await till.open()

    status, _ = await till.press(session["id"], "stray")
    [(headers, body)] = await shop.wait_for(1)
    stranger = orjson.loads(body)["session_id"]

    assert status == 200
    assert headers["Rosette-Signature"]
    assert (await till.get(f"/sessions/{stranger}"))[0] == 404
    assert (await till.get(f"/sessions/{session['id']}"))[1]["status"] == "open"
