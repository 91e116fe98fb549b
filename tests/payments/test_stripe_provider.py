"""The Stripe provider with canned answers: what it makes of anything that it is told."""

import logging
import traceback
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.orders import Dispute, DisputeStatus, Observation, PaymentStatus, Reference
from bot.logs import configure_logging
from bot.payments.provider import ForeignPurchase, ProviderError, UnknownPurchase, UnreadablePurchase
from bot.payments.stripe.provider import StripeProvider
from bot.payments.stripe.selling import Mode
from tests.payments.canned import Canned
from tests.payments.stripe_answers import (
    EMAIL,
    GUILD,
    KEY,
    NOW_MS,
    ORDER,
    WEBHOOK_SECRET,
    charge,
    dispute,
    listing,
    open_session,
    payment,
    provider_at,
    session,
    snapshot,
)

PAID = Observation("stripe", "cs_test_1", Reference(7, 500), PaymentStatus.PAID, 499, "USD", live=False)


async def read(answers: Canned, provider: StripeProvider, answer: dict[str, Any]) -> Observation:
    answers.will_say(answer)
    return await provider.read("cs_test_1")


@pytest.mark.parametrize(
    ("answer", "changes"),
    [
        (session(), {}),
        (open_session(), {"status": PaymentStatus.OPEN}),
        (open_session(status="expired"), {"status": PaymentStatus.EXPIRED}),
        (
            session(payment_status="unpaid", payment_intent=payment(status="processing")),
            {"status": PaymentStatus.PENDING},
        ),
        (
            session(payment_status="unpaid", payment_intent=payment(status="requires_payment_method")),
            {"status": PaymentStatus.FAILED},
        ),
        (session(currency="eur"), {"currency": "EUR"}),
        (session(livemode=True), {"live": True}),
        (session(livemode=None), {"live": True}),
        (session(client_reference_id=None), {}),
        (session(metadata={}), {}),
        (session(metadata={"rosette_order": "x"}), {"reference": None}),
        # Tax on top, and a buyer who pays in another currency: the price is what counts.
        (session(amount_total=594, payment_intent=payment(amount=594)), {}),
        (session(amount_total=594, payment_intent=payment(amount=594, amount_refunded=594)), {"refunded_minor": 499}),
        (session(payment_intent=payment(amount=459, currency="eur")), {}),
        (session(payment_intent=payment(amount=459, currency="eur", amount_refunded=459)), {"refunded_minor": 499}),
        (session(payment_intent=payment(amount_refunded=166)), {"refunded_minor": 166}),
        (session(total_details={"amount_discount": 100}, payment_intent=payment(amount=399)), {"amount_minor": 399}),
        (session(payment_status="no_payment_required", amount_subtotal=0, payment_intent=None), {"amount_minor": 0}),
        (session(currency="jpy"), {"currency": "JPY"}),
        (session(currency="isk", amount_subtotal=49_900), {"currency": "ISK"}),
        (session(currency="kwd"), {"currency": "KWD"}),
    ],
)  # fmt: skip
async def test_reading_tells_what_stripe_knows(answers, stripe_, answer, changes):
    assert await read(answers, stripe_, answer) == replace(PAID, **changes)


async def test_a_paid_session_says_what_its_payment_and_its_charge_are_called(answers, stripe_):
    purchase = await read(answers, stripe_, session())
    open_purchase = await read(answers, stripe_, open_session())

    assert (purchase.other_ids, open_purchase.other_ids) == (("pi_1", "ch_1"), ())


async def test_a_dispute_says_when_its_evidence_is_due(answers, stripe_):
    answers.will_say(session(payment_intent=payment(disputed=True)))
    answers.will_say(listing([dispute("needs_response", evidence_details={"due_by": 1_770_292_800})]))

    (open_dispute,) = (await stripe_.read("cs_test_1")).disputes

    assert open_dispute == Dispute("dp_1", DisputeStatus.OPEN, 499, 1_770_292_800_000)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("needs_response", DisputeStatus.OPEN), ("under_review", DisputeStatus.OPEN), ("won", DisputeStatus.WON),
        ("lost", DisputeStatus.LOST), ("appeal_under_review", DisputeStatus.OPEN), ("news_to_us", DisputeStatus.OPEN),
        ("warning_needs_response", None), ("warning_closed", None), ("prevented", None),
    ],
)  # fmt: skip
async def test_a_dispute_counts_from_the_moment_that_it_takes_the_money(answers, stripe_, status, outcome):
    answers.will_say(session(payment_intent=payment(disputed=True)))
    answers.will_say(listing([dispute(status)]))

    observation = await stripe_.read("cs_test_1")

    assert observation.disputes == ((Dispute("dp_1", outcome, 499),) if outcome else ())
    assert answers.requests[1][1].startswith("/v1/disputes?payment_intent=pi_1")


@pytest.mark.parametrize(
    ("external_id", "paths", "first"),
    [
        ("pi_1", ["/v1/checkout/sessions"], []),
        ("ch_1", ["/v1/charges/ch_1", "/v1/checkout/sessions"], [charge(payment_intent="pi_1")]),
        ("re_1", ["/v1/refunds/re_1", "/v1/checkout/sessions"], [{"object": "refund", "payment_intent": "pi_1"}]),
        ("dp_1", ["/v1/disputes/dp_1", "/v1/checkout/sessions"], [dispute("lost", payment_intent="pi_1")]),
    ],
)
async def test_whatever_an_event_is_about_leads_to_its_session(answers, stripe_, external_id, paths, first):
    for answer in [*first, listing([session()])]:
        answers.will_say(answer)

    assert await stripe_.read(external_id) == PAID
    assert [path.partition("?")[0] for _, path, _, _ in answers.requests] == paths


async def test_what_the_bot_did_not_sell_is_foreign(answers, stripe_):
    for answer in [listing([]), charge(payment_intent=None), session(metadata={}, client_reference_id="T-shirt")]:
        answers.will_say(answer)

    for external_id in ("pi_1", "ch_1", "cs_test_1", "sub_1"):
        with pytest.raises(ForeignPurchase):
            await stripe_.read(external_id)


@pytest.mark.parametrize(
    "external_id", ["", "x", "../../v1/charges", "cs_1?x=1", "cs_é", "acct_1/", "cs_1/cs_2", "a/b/c"]
)
async def test_what_is_no_id_of_stripes_is_not_asked_for(answers, stripe_, external_id):
    with pytest.raises(UnknownPurchase):
        await stripe_.read(external_id)

    assert answers.requests == []


async def test_a_purchase_that_stripe_does_not_have_is_unknown(answers, stripe_):
    answers.will_say({"error": {"code": "resource_missing", "type": "invalid_request_error"}}, status=404)

    with pytest.raises(UnknownPurchase):
        await stripe_.read("cs_test_1")


@pytest.mark.parametrize("is_oldest_first", [False, True])
async def test_changes_are_new_sessions_and_old_ones_with_news_over_all_pages(answers, stripe_, is_oldest_first):
    new = [
        session(id=f"cs_test_{number}", payment_intent=None, payment_status="no_payment_required")
        for number in range(3)
    ]
    pages = [new[:2], new[2:]] if is_oldest_first else [new[:0:-1], new[:1]]
    answers.will_say(listing(pages[0], has_more=True, url="/v1/checkout/sessions"))
    answers.will_say(listing(pages[1], url="/v1/checkout/sessions"))
    refunded = snapshot("charge.refunded", charge(payment_intent="pi_old"))
    completed = snapshot("checkout.session.completed", new[1], id="evt_2")
    answers.will_say(listing([completed, refunded], has_more=True, url="/v1/events"))
    answers.will_say(listing([session(id="cs_test_old", payment_intent=payment(amount_refunded=499))]))
    answers.will_say(listing([refunded | {"id": "evt_3"}], url="/v1/events"))

    changes = [change async for change in stripe_.changes(NOW_MS, ["acct_1"])]

    assert sorted(change.external_id for change in changes) == ["cs_test_0", "cs_test_1", "cs_test_2", "cs_test_old"]
    assert changes[0] == replace(PAID, external_id="cs_test_old", refunded_minor=499)
    assert len(answers.requests) == 5
    assert f"starting_after={pages[0][-1]['id']}" in answers.requests[1][1]
    listed = [path for _, path, _, _ in answers.requests if "payment_intent=" not in path]
    assert all(f"created%5Bgte%5D={NOW_MS // 1000}" in path for path in listed)


async def test_a_session_that_cannot_be_read_hides_no_other_and_foreign_ones_are_left_out(answers, stripe_):
    foreign = session(id="cs_test_9", metadata={}, client_reference_id=None)
    answers.will_say(listing([session(id="cs_test_2"), foreign, session(amount_subtotal="many")]))
    answers.will_say(
        listing([snapshot("charge.refunded", charge(payment_intent=payment)) for payment in ("pi_8", "pi_9")])
    )
    answers.will_say(listing([session(id="cs_test_3", status="news to us")]))
    answers.will_say(listing([]))

    earlier, first, second = [change async for change in stripe_.changes(NOW_MS, [])]

    assert isinstance(earlier, UnreadablePurchase)
    assert isinstance(first, UnreadablePurchase)
    assert (earlier.external_id, first.external_id, second.external_id) == ("pi_8", "cs_test_1", "cs_test_2")


async def test_an_account_that_cannot_be_asked_delays_no_other(answers, root):
    provider = provider_at(root, Mode.CONNECT)
    answers.will_say({"error": {"code": "account_invalid"}}, status=403)
    answers.will_say({"error": {"code": "rate_limit"}}, status=429)
    for answer in [listing([session()]), listing([])]:
        answers.will_say(answer)

    changes = provider.changes(NOW_MS, ["acct_2", "acct_1", "acct_0"])

    assert (await anext(changes)).external_id == "acct_2/cs_test_1"
    with pytest.raises(ProviderError):
        await anext(changes)
    await provider.close()


BAD_ANSWERS = [b"", b"{", b"\xff\xfe", b"[]", b"null", b'"text"', b"5", b"{}", b'{"data": 5, "has_more": false}',
               b'{"object": "list", "data": [], "has_more": true, "url": 5}', b'{"id": "cs_1"}']  # fmt: skip


@pytest.mark.parametrize("body", BAD_ANSWERS)
async def test_an_answer_of_the_wrong_form_is_a_provider_error_everywhere(answers, stripe_, body):
    calls = [stripe_.start(ORDER, ""), stripe_.read("cs_1"), stripe_.read("pi_1"), stripe_.refund("cs_1", 1, "key"),
             stripe_.onboard(GUILD, "")]  # fmt: skip
    for call in calls:
        answers.answers.clear()
        for _ in range(3):
            answers.will_say(body)
        with pytest.raises(ProviderError):
            await call


@pytest.mark.parametrize("missing", ["id", "amount_subtotal", "currency", "status", "payment_status", "livemode"])
async def test_a_session_with_a_hole_in_it_is_not_trusted(answers, stripe_, missing):
    answer = {name: value for name, value in session().items() if name != missing}

    with pytest.raises(ProviderError):
        await read(answers, stripe_, answer)


@pytest.mark.parametrize("amount", ["499", 4.99, 499.0, True, None, [499], -1])
async def test_an_amount_that_is_no_whole_number_is_not_trusted(answers, stripe_, amount):
    for answer in (session(amount_subtotal=amount), session(payment_intent=payment(amount_refunded=amount))):
        with pytest.raises(ProviderError):
            await read(answers, stripe_, answer)


async def test_no_secret_and_nothing_about_the_buyer_is_in_an_error_or_a_log(answers, root, capsys):
    """Stripe's errors quote the key, the parameters and the answer. None of that may pass, not even at DEBUG."""
    root_logger, level = logging.getLogger(), logging.getLogger().level
    handlers = root_logger.handlers[:]
    configure_logging("DEBUG")
    # It holds repeated lines back, and here each counts.
    root_logger.handlers[0].filters.clear()
    provider = provider_at(root)
    texts = []
    error = {
        "message": f"Invalid API Key provided: {KEY} by {EMAIL}",
        "code": EMAIL,
        "type": "card_error",
        "param": KEY,
    }
    try:
        for status in (400, 401, 402, 403, 404, 409, 429, 500):
            for _ in range(4):
                answers.will_say({"error": error}, status=status)
            for call in (provider.read("cs_1"), provider.start(ORDER, ""), provider.refund("cs_1", 1, "key")):
                try:
                    await call
                except ProviderError as caught:
                    logging.getLogger("bot.test").exception("%r", caught)
                    texts += [repr(caught), *traceback.format_exception(caught)]
            answers.answers.clear()
        answers.will_say(session(amount_subtotal=EMAIL))
        with pytest.raises(ProviderError) as unreadable:
            await provider.read("cs_1")
        texts.append(repr(unreadable.value))
    finally:
        await provider.close()
        root_logger.handlers[:] = handlers
        root_logger.setLevel(level)

    everything = "".join([*texts, capsys.readouterr().err])
    assert "ProviderError" in everything
    assert not [secret for secret in (KEY, WEBHOOK_SECRET, "CANARY", EMAIL) if secret in everything]
