"""The sandbox provider against a small checkout of this test's own, on loopback."""

from collections.abc import AsyncIterator
from dataclasses import replace

import orjson
import pytest

from bot.domain.errors import ForgedWebhook
from bot.domain.orders import Observation, Order, PaymentStatus, Reference
from bot.payments.provider import ProviderError, UnknownPurchase, UnreadablePurchase, WebhookNotice
from bot.payments.sandbox import SandboxProvider
from bot.payments.signatures import sign
from tests.payments.canned import Canned, serving

SECRET = "checkout-secret"
WEBHOOK_SECRET = "webhook-secret"
NOW_MS = 1_770_000_000_000
ORDER = Order(7, 500, 11, 2, 350, 499, "USD", "sandbox", test=True, consented_ms=NOW_MS)
SESSION = {
    "id": "cs_1", "url": "http://127.0.0.1/pay/cs_1", "order_id": "500", "amount_minor": 499, "currency": "USD",
    "status": "paid", "live": False,
}  # fmt: skip


@pytest.fixture
def checkout() -> Canned:
    return Canned()


@pytest.fixture
async def provider(checkout: Canned) -> AsyncIterator[SandboxProvider]:
    async with serving(checkout) as root:
        provider = SandboxProvider(f"{root}/checkout/v1/", SECRET, WEBHOOK_SECRET)
        yield provider
        await provider.close()


async def test_an_order_opens_a_session_for_exactly_its_price(checkout, provider):
    checkout.will_say(SESSION, status=201)

    prompt = await provider.start(ORDER, "")

    assert (prompt.external_id, prompt.url) == ("cs_1", SESSION["url"])
    ((method, path, headers, body),) = checkout.requests
    assert (method, path) == ("POST", "/checkout/v1/sessions")
    assert headers["Authorization"] == f"Bearer {SECRET}"
    assert headers["Idempotency-Key"] == "7-500"
    assert orjson.loads(body) == {
        "order_id": "7-500", "amount_minor": 499, "currency": "USD", "description": "350 coins", "live": False
    }  # fmt: skip


async def test_a_package_is_called_at_the_checkout_as_it_is_by_the_bot(checkout, provider):
    checkout.will_say(SESSION, status=201)

    await provider.start(replace(ORDER, coins=1_400), "")

    ((_, _, _, body),) = checkout.requests
    assert orjson.loads(body)["description"] == "1,400 coins"


async def test_a_second_start_shows_the_same_key(checkout, provider):
    checkout.will_say(SESSION, status=201)
    checkout.will_say(SESSION)

    assert await provider.start(ORDER, "") == await provider.start(ORDER, "")

    assert [headers["Idempotency-Key"] for _, _, headers, _ in checkout.requests] == ["7-500", "7-500"]


async def test_an_order_that_has_a_checkout_goes_on_there(checkout, provider):
    checkout.will_say(SESSION)

    prompt = await provider.start(replace(ORDER, external_id="cs_1"), "")

    assert (prompt.external_id, prompt.url) == ("cs_1", SESSION["url"])
    assert checkout.requests[0][:2] == ("GET", "/checkout/v1/sessions/cs_1")


async def test_a_reference_names_guild_and_order(checkout, provider):
    checkout.will_say({**SESSION, "order_id": str(ORDER.reference)})

    assert (await provider.read("cs_1")).reference == ORDER.reference == Reference(7, 500)


async def test_a_purchase_that_the_checkout_does_not_have_is_unknown(checkout, provider):
    checkout.will_say({"error": {}}, status=404)

    with pytest.raises(UnknownPurchase):
        await provider.read("cs_1")


async def test_reading_tells_what_the_checkout_knows(checkout, provider):
    checkout.will_say(SESSION)

    observation = await provider.read("cs_1")

    assert observation == Observation(
        "sandbox", "cs_1", Reference(None, 500), PaymentStatus.PAID, 499, "USD", live=False
    )
    assert checkout.requests[0][:2] == ("GET", "/checkout/v1/sessions/cs_1")


@pytest.mark.parametrize("external_id", ["../../admin", "cs_1?x=1", "cs_1#x", "a/b", "é", "%2e%2e"])
async def test_an_id_stays_one_part_of_the_path(checkout, provider, external_id):
    checkout.will_say(SESSION)

    await provider.read(external_id)

    _, path, _, _ = checkout.requests[0]
    assert path.startswith("/checkout/v1/sessions/")
    assert not set("/?#") & set(path.removeprefix("/checkout/v1/sessions/"))


@pytest.mark.parametrize(
    "order_id",
    ["", "x", "-5", "5.0", "٥", str(2**63), "9" * 20, "9" * 5_000, None, 1.5, "7-", "-", "x-5", "7-5-5", f"{2**63}-5"],
)
async def test_a_reference_that_cannot_be_ours_is_none(checkout, provider, order_id):
    checkout.will_say({**SESSION, "order_id": order_id})

    assert (await provider.read("cs_1")).reference is None


@pytest.mark.parametrize("live", [True, "false", 0, None, "yes"])
async def test_whatever_is_not_plainly_test_money_counts_as_real(checkout, provider, live):
    checkout.will_say({**SESSION, "live": live})

    assert (await provider.read("cs_1")).live is True


@pytest.mark.parametrize("amount", ["499", 4.99, 499.0, True, None, [499]])
async def test_an_amount_that_is_no_whole_number_is_not_trusted(checkout, provider, amount):
    checkout.will_say({**SESSION, "amount_minor": amount})

    with pytest.raises(ProviderError):
        await provider.read("cs_1")


@pytest.mark.parametrize("missing", ["id", "order_id", "amount_minor", "currency", "status"])
async def test_a_session_with_a_hole_in_it_is_not_trusted(checkout, provider, missing):
    checkout.will_say({name: value for name, value in SESSION.items() if name != missing})

    with pytest.raises(ProviderError):
        await provider.read("cs_1")


BAD_ANSWERS = [
    pytest.param(b"", id="nothing"),
    pytest.param(b"{", id="half an object"),
    pytest.param(b"\xff\xfe", id="not UTF-8"),
    pytest.param(b"[]", id="a list"),
    pytest.param(b"null", id="null"),
    pytest.param(b'"text"', id="text"),
    pytest.param(b"5", id="a number"),
    pytest.param(b"{}", id="an empty object"),
    pytest.param(b'{"data": 5, "has_more": false}', id="data that is no list"),
    pytest.param(b'{"data": [5], "has_more": false}', id="data of the wrong kind"),
    pytest.param(b'{"data": [{}], "has_more": false}', id="an empty session"),
]


@pytest.mark.parametrize("body", BAD_ANSWERS)
async def test_an_answer_of_the_wrong_form_is_a_provider_error_everywhere(checkout, provider, body):
    for _ in range(3):
        checkout.will_say(body)

    with pytest.raises(ProviderError):
        await provider.start(ORDER, "")
    with pytest.raises(ProviderError):
        await provider.read("cs_1")
    with pytest.raises(ProviderError):
        [_ async for _ in provider.changes(0, [])]


@pytest.mark.parametrize("status", [400, 401, 404, 409, 429, 500, 503])
async def test_a_refusal_by_the_checkout_is_a_provider_error(checkout, provider, status):
    checkout.will_say({"error": {}}, status=status)

    with pytest.raises(ProviderError, match=str(status)):
        await provider.start(ORDER, "")


async def test_a_broken_connection_is_a_provider_error_and_the_next_call_works(checkout, provider):
    checkout.will_hang_up()
    checkout.will_say(SESSION)

    with pytest.raises(ProviderError):
        await provider.start(ORDER, "")

    assert (await provider.read("cs_1")).status == "paid"


async def test_a_checkout_that_is_away_is_a_provider_error():
    provider = SandboxProvider("http://127.0.0.1:1/checkout/v1", SECRET, WEBHOOK_SECRET)

    with pytest.raises(ProviderError):
        await provider.read("cs_1")

    await provider.close()


async def test_an_error_never_tells_the_key(checkout, provider):
    checkout.will_say(b"<html>", content_type="text/html")

    with pytest.raises(ProviderError) as error:
        await provider.read("cs_1")

    assert SECRET not in str(error.value)


async def test_changes_follow_the_pages_to_the_last(checkout, provider):
    checkout.will_say({"data": [{**SESSION, "id": "cs_1"}, {**SESSION, "id": "cs_2"}], "has_more": True})
    checkout.will_say({"data": [{**SESSION, "id": "cs_3"}], "has_more": False})

    observation = [observation.external_id async for observation in provider.changes(NOW_MS, [])]

    assert observation == ["cs_1", "cs_2", "cs_3"]
    assert [path for _, path, _, _ in checkout.requests] == [
        f"/checkout/v1/sessions?since_ms={NOW_MS}", f"/checkout/v1/sessions?since_ms={NOW_MS}&after=cs_2"
    ]  # fmt: skip


async def test_a_session_that_cannot_be_read_hides_no_other(checkout, provider):
    sessions = [{**SESSION, "id": "cs_1", "amount_minor": "many"}, {**SESSION, "id": "cs_2"}]
    checkout.will_say({"data": sessions, "has_more": False})

    first, second = [change async for change in provider.changes(NOW_MS, [])]

    assert isinstance(first, UnreadablePurchase)
    assert (first.external_id, second.external_id) == ("cs_1", "cs_2")


async def test_changes_end_at_an_empty_page_whatever_it_says(checkout, provider):
    checkout.will_say({"data": [], "has_more": True})

    assert [observation async for observation in provider.changes(NOW_MS, [])] == []


async def test_closing_what_was_never_used_does_nothing():
    await SandboxProvider("http://127.0.0.1:1", SECRET, WEBHOOK_SECRET).close()


def signed(body: bytes, at_ms: int = NOW_MS) -> dict[str, str]:
    return {"Rosette-Signature": sign(WEBHOOK_SECRET, body, at_ms // 1000)}


def provider_at_rest() -> SandboxProvider:
    return SandboxProvider("http://127.0.0.1:1", SECRET, WEBHOOK_SECRET)


def test_a_signed_event_says_which_session_it_is_about():
    body = b'{"id": "evt_1", "session_id": "cs_1", "type": "session.paid"}'

    assert provider_at_rest().verify(signed(body), body, NOW_MS) == WebhookNotice("evt_1", "cs_1")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"5", b"null", b'"x"', b"{}", b'{"id": "evt_1"}', b"\xff",
        b'{"id": "a\\u0000b", "session_id": "cs_1"}', b'{"id": "evt_1", "session_id": "\\u0000"}',
        b'{"id": "", "session_id": "cs_1"}', b'{"id": "\\ud800", "session_id": "cs_1"}',
    ],
)  # fmt: skip
def test_a_signed_body_that_is_no_event_is_refused(body):
    with pytest.raises(ForgedWebhook):
        provider_at_rest().verify(signed(body), body, NOW_MS)


def test_an_unsigned_event_is_refused():
    body = b'{"id": "evt_1", "session_id": "cs_1"}'

    with pytest.raises(ForgedWebhook):
        provider_at_rest().verify({}, body, NOW_MS)
    with pytest.raises(ForgedWebhook):
        provider_at_rest().verify(signed(body), body + b" ", NOW_MS)
    with pytest.raises(ForgedWebhook):
        provider_at_rest().verify(signed(body), body, NOW_MS + 301_000)
