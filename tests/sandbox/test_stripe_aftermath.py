"""Refunds and disputes at the pretend Stripe."""

import pytest
import stripe


def kinds(events):
    return [event["type"] for event in events]


async def refund(desk, session, **params):
    return await desk.client.v1.refunds.create_async({"payment_intent": session.payment_intent.id, **params})


async def test_partial_refunds_add_up_on_the_charge(desk):
    session = await desk.sell()

    first = await refund(desk, session, amount=100, reason="requested_by_customer", metadata={"order": "42"})
    second = await refund(desk, session)
    charge = (await desk.read(session.id)).payment_intent.latest_charge
    listed = await desk.client.v1.refunds.list_async({"charge": charge.id})

    assert (first.amount, first.status, first.charge, first.metadata["order"]) == (100, "succeeded", charge.id, "42")
    assert second.amount == 399
    assert (charge.amount_refunded, charge.refunded) == (499, True)
    assert [entry.id for entry in listed.data] == [second.id, first.id]


async def test_a_refund_tells_what_was_refunded_so_far(desk):
    session = await desk.sell()

    await refund(desk, session, amount=100)
    await refund(desk, session, amount=50)

    reports = [event for event in await desk.heard(7) if event["type"] == "charge.refunded"]
    assert {event["data"]["object"]["amount_refunded"] for event in reports} == {100, 150}


@pytest.mark.parametrize(
    ("params", "code"),
    [({"amount": 500}, None), ({"amount": 0}, "parameter_invalid_integer"), ({"reason": "whim"}, None)],
)
async def test_a_refund_that_cannot_be_is_refused(desk, params, code):
    session = await desk.sell()

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await refund(desk, session, **params)

    assert refusal.value.code == code
    assert (await desk.read(session.id)).payment_intent.latest_charge.amount_refunded == 0


async def test_money_is_refunded_once_and_only_where_there_was_a_payment(desk):
    session = await desk.sell()
    await refund(desk, session)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await refund(desk, session)
    assert refusal.value.code == "charge_already_refunded"
    for params in ({}, {"payment_intent": "pi_none"}, {"charge": "ch_none"}):
        with pytest.raises(stripe.InvalidRequestError):
            await desk.client.v1.refunds.create_async(params)


async def test_a_slow_refund_is_pending_first_and_can_fail(desk):
    platform = desk.server.platform
    platform.are_refunds_slow = True
    session = await desk.sell()

    slow, failing = await refund(desk, session, amount=100), await refund(desk, session, amount=50)
    assert (slow.status, failing.status) == ("pending", "pending")
    desk.finish(slow.id, is_paid=True)
    desk.finish(failing.id, is_paid=False)

    statuses = {entry.id: entry.status for entry in (await desk.client.v1.refunds.list_async()).data}
    assert statuses == {slow.id: "succeeded", failing.id: "failed"}
    assert (await desk.read(session.id)).payment_intent.latest_charge.amount_refunded == 100
    assert "refund.failed" in kinds(await desk.heard(8))


async def test_a_dispute_takes_the_money_at_once_and_a_win_gives_it_back(desk):
    session = await desk.sell()
    await refund(desk, session, amount=100)

    dispute_id = desk.dispute(session)
    dispute = await desk.client.v1.disputes.retrieve_async(dispute_id, {"expand": ["charge"]})
    assert (dispute.amount, dispute.status, dispute.charge.disputed) == (399, "needs_response", True)
    assert dispute.evidence_details.due_by > dispute.created
    assert [entry.amount for entry in dispute.balance_transactions] == [-399]
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        await refund(desk, session)
    assert refusal.value.code == "charge_disputed"

    desk.decide(dispute_id, "won")
    dispute = await desk.client.v1.disputes.retrieve_async(dispute_id)
    assert (dispute.status, [entry.amount for entry in dispute.balance_transactions]) == ("won", [-399, 399])
    reports = [event["type"] for event in reversed(await desk.events()) if "dispute" in event["type"]]
    assert reports == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.closed",
        "charge.dispute.funds_reinstated",
    ]


async def test_a_lost_dispute_gives_nothing_back(desk):
    session = await desk.sell()
    dispute_id = desk.dispute(session)

    desk.decide(dispute_id, "lost")

    dispute = await desk.client.v1.disputes.retrieve_async(dispute_id)
    assert (dispute.status, [entry.amount for entry in dispute.balance_transactions]) == ("lost", [-499])
    assert "charge.dispute.funds_reinstated" not in kinds(await desk.events())


async def test_evidence_can_be_staged_and_is_handed_in_once(desk):
    session = await desk.sell()
    dispute_id = desk.dispute(session)
    disputes = desk.client.v1.disputes

    staged = await disputes.update_async(dispute_id, {"evidence": {"receipt": "file_1"}, "submit": False})
    assert (staged.status, staged.evidence_details.submission_count) == ("needs_response", 0)
    handed = await disputes.update_async(dispute_id, {"evidence": {"uncategorized_text": "They used it."}})
    assert (handed.status, handed.evidence_details.submission_count) == ("under_review", 1)
    assert (handed.evidence.receipt, handed.evidence.uncategorized_text) == ("file_1", "They used it.")
    for evidence in ({"receipt": "file_2"}, {"alibi": "none"}):
        with pytest.raises(stripe.InvalidRequestError):
            await disputes.update_async(dispute_id, {"evidence": evidence})


async def test_evidence_comes_too_late_after_its_date(desk):
    dispute_id = desk.dispute(await desk.sell())
    desk.clock.ms += 11 * 24 * 3600 * 1000

    with pytest.raises(stripe.InvalidRequestError):
        await desk.client.v1.disputes.update_async(dispute_id, {"evidence": {"receipt": "file_1"}})


async def test_giving_a_dispute_up_loses_it(desk):
    dispute_id = desk.dispute(await desk.sell())

    closing = await desk.client.v1.disputes.close_async(dispute_id)

    assert closing.status == "lost"
    with pytest.raises(stripe.InvalidRequestError):
        await desk.client.v1.disputes.close_async(dispute_id)
    assert [entry.id for entry in (await desk.client.v1.disputes.list_async({"charge": closing.charge})).data] == [
        dispute_id
    ]
