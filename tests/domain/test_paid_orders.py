"""An order is paid by exactly its price, in its currency, at its provider, in its mode."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.order_states import (
    CREDITED,
    MONEY_CAME,
    STEPS,
    UNPAID,
    UNPAID_ENDS,
    Action,
    OrderState,
    Report,
    Step,
)
from bot.domain.orders import (
    Dispute,
    DisputeStatus,
    Observation,
    PaymentStatus,
    Reference,
    coins_for,
    is_paid_by,
    money_back,
    paid_again,
    price_of,
    report_of,
    step_of,
)
from tests.domain.builders import order

PAID = Observation("sandbox", "cs_1", Reference(7, 500), PaymentStatus.PAID, 499, "USD", live=True)


def test_a_payment_of_exactly_the_order_pays_it():
    assert is_paid_by(order(), PAID)
    assert is_paid_by(order(test=True), replace(PAID, live=False))


def test_a_provider_that_knows_the_order_from_before_guilds_were_named_pays_it():
    assert is_paid_by(order(), replace(PAID, reference=Reference.parse("500")))


@pytest.mark.parametrize(
    "changes",
    [
        {"provider": "manual"}, {"reference": Reference(7, 501)}, {"reference": Reference(8, 500)},
        {"reference": Reference(None, 501)}, {"reference": None}, {"status": PaymentStatus.PENDING},
        {"status": PaymentStatus.OPEN}, {"amount_minor": 498}, {"amount_minor": 500}, {"amount_minor": -499},
        {"currency": "EUR"}, {"currency": "usd"}, {"live": False},
    ],
    ids=str,
)  # fmt: skip
def test_any_difference_leaves_the_order_unpaid(changes):
    assert not is_paid_by(order(), replace(PAID, **changes))


@pytest.mark.parametrize("test", [False, 0])
def test_pretended_money_never_pays_a_real_order(test):
    assert not is_paid_by(order(test=test), replace(PAID, live=False))


@pytest.mark.parametrize("test", [True, 1])
def test_real_money_never_pays_for_test_coins(test):
    assert not is_paid_by(order(test=test), replace(PAID, live=True))


def test_an_order_is_credited_under_one_key_for_ever():
    assert order().key == order(coins=1, external_id="cs_2").key == "order:500"
    assert order().key != order(order_id=501).key


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("7-500", Reference(7, 500)), ("500", Reference(None, 500)), (f"7-{2**63 - 1}", Reference(7, 2**63 - 1)),
        ("", None), ("-", None), ("7-", None), ("-500", None), ("7-5-500", None), ("x-500", None), ("7-x", None),
        (f"{2**63}-1", None), (f"1-{2**63}", None), ("７-５", None),
    ],
)  # fmt: skip
def test_a_reference_is_read_as_it_was_written_or_not_at_all(text, reference):
    assert Reference.parse(text) == reference
    assert reference is None or str(reference) == text


def disputed(status: str, amount_minor: int = 499) -> tuple[Dispute, ...]:
    return (Dispute("dp_1", DisputeStatus(status), amount_minor),)


@pytest.mark.parametrize(
    ("changes", "report"),
    [
        ({"status": PaymentStatus.OPEN}, Report.OPEN),
        ({"status": PaymentStatus.PENDING}, Report.PENDING),
        ({"status": PaymentStatus.FAILED}, Report.FAILED),
        ({"status": PaymentStatus.EXPIRED}, Report.EXPIRED),
        ({}, Report.PAID),
        ({"amount_minor": 50}, Report.DIFFERS),
        ({"amount_minor": 50, "refunded_minor": 50}, Report.DIFFERS),
        ({"refunded_minor": 1}, Report.PARTLY_REFUNDED),
        ({"refunded_minor": 499}, Report.REFUNDED),
        ({"disputes": disputed("open")}, Report.DISPUTED),
        ({"disputes": disputed("won")}, Report.WON),
        ({"disputes": disputed("lost")}, Report.LOST),
        ({"disputes": disputed("won"), "refunded_minor": 499}, Report.REFUNDED),
        ({"disputes": disputed("open"), "refunded_minor": 499}, Report.DISPUTED),
        ({"disputes": disputed("lost"), "refunded_minor": 10}, Report.LOST),
    ],
    ids=str,
)
def test_a_report_says_one_thing_about_an_order(changes, report):
    assert report_of(order(), replace(PAID, **changes)) is report


def test_every_state_has_an_answer_to_every_report():
    assert set(STEPS) == {(state, report) for state in OrderState for report in Report}


def test_nothing_unpaid_leads_out_of_a_state_that_money_led_to():
    unpaid = {Report.OPEN, Report.PENDING, Report.FAILED, Report.EXPIRED}

    for (state, report), step in STEPS.items():
        if report in unpaid:
            assert step.action is Action.NOTHING
            assert step.state is state or state not in MONEY_CAME | {OrderState.REVIEW}
            assert step.state not in MONEY_CAME - {state}


@pytest.mark.parametrize("state", sorted(UNPAID | UNPAID_ENDS | {OrderState.PENDING, OrderState.REVIEW}))
@pytest.mark.parametrize("report", [Report.PAID, Report.PARTLY_REFUNDED, Report.WON])
def test_money_that_is_there_is_credited_whatever_the_order_had_become(state, report):
    step = STEPS[state, report]

    assert step.action is Action.CREDIT
    assert step.state in CREDITED


@pytest.mark.parametrize("state", sorted(UNPAID | UNPAID_ENDS | {OrderState.PENDING, OrderState.REVIEW}))
@pytest.mark.parametrize("report", [Report.REFUNDED, Report.DISPUTED, Report.LOST])
def test_money_that_is_gone_before_the_coins_came_credits_nothing(state, report):
    assert STEPS[state, report].action is Action.ADJUST


def test_the_last_report_decides_whatever_came_before():
    """All states that money led to, except after a withdrawal, agree on where a report leads."""
    for report in (Report.PARTLY_REFUNDED, Report.REFUNDED, Report.DISPUTED, Report.WON, Report.LOST):
        assert len({STEPS[state, report].state for state in MONEY_CAME - {OrderState.WITHDRAWN}}) == 1


@pytest.mark.parametrize("report", [Report.PAID, Report.PARTLY_REFUNDED, Report.REFUNDED])
def test_a_withdrawal_stays_one_when_its_refund_is_reported(report):
    assert STEPS[OrderState.WITHDRAWN, report].state is OrderState.WITHDRAWN


@pytest.mark.parametrize("state", sorted(OrderState))
def test_a_payment_of_another_amount_waits_for_staff(state):
    step = STEPS[state, Report.DIFFERS]

    assert step.action is Action.REVIEW
    assert step.state is (state if state in MONEY_CAME else OrderState.REVIEW)


@pytest.mark.parametrize(
    ("state", "status", "then"),
    [
        ("created", "open", "open"), ("open", "pending", "pending"), ("open", "failed", "failed"),
        ("open", "expired", "expired"), ("pending", "failed", "failed"), ("pending", "expired", "expired"),
        ("failed", "pending", "pending"), ("expired", "pending", "pending"), ("cancelled", "pending", "pending"),
        ("cancelled", "expired", "cancelled"), ("cancelled", "failed", "cancelled"), ("expired", "failed", "expired"),
        ("open", "open", "open"), ("pending", "open", "pending"), ("review", "expired", "review"),
    ],
)  # fmt: skip
def test_an_unpaid_order_follows_its_checkout(state, status, then):
    observation = replace(PAID, status=PaymentStatus(status))

    assert step_of(order(state=OrderState(state)), observation).state == then


def test_a_checkout_that_another_took_the_place_of_ends_nothing():
    purchase = order(external_id="cs_2", state=OrderState.OPEN)

    assert step_of(purchase, replace(PAID, status=PaymentStatus.EXPIRED)) == Step(OrderState.OPEN, Action.NOTHING)
    assert step_of(purchase, PAID) == Step(OrderState.CREDITED, Action.CREDIT)


@given(coins=st.integers(1, 10**6), price=st.integers(1, 10**6), data=st.data())
def test_what_is_paid_back_for_coins_never_takes_more_money_or_all_coins_too_early(coins, price, data):
    purchase = order(coins=coins, price_minor=price)
    part = data.draw(st.integers(0, coins))
    minor = data.draw(st.integers(0, price))

    assert price_of(purchase, coins) == price
    assert coins_for(purchase, price) == coins_for(purchase, price + 1) == coins
    assert 0 <= price_of(purchase, part) <= price
    assert coins_for(purchase, minor) < coins or minor == price
    assert abs(price_of(purchase, part) * coins - part * price) * 2 <= coins


@given(coins=st.integers(1, 10**6), price=st.integers(1, 10**6), data=st.data())
def test_unspent_coins_bring_back_their_part_of_the_price_and_never_more_than_the_seller_has(coins, price, data):
    refunded = data.draw(st.integers(0, price))
    unspent = data.draw(st.integers(0, coins))
    purchase = order(coins=coins, price_minor=price, refunded_minor=refunded)

    minor = money_back(purchase, unspent)

    assert 0 <= minor <= price - refunded
    assert minor <= money_back(purchase, min(unspent + 1, coins))
    assert minor == price - refunded or abs(minor * coins - unspent * price) * 2 <= coins
    assert money_back(purchase, coins) == price - refunded
    assert money_back(purchase, 0) == 0


def test_a_bonus_counts_in_proportion():
    assert money_back(order(coins=1_050, price_minor=999), 525) == 500
    assert money_back(order(coins=1_050, price_minor=999, refunded_minor=600), 525) == 399


def test_a_second_payment_is_an_order_of_its_own_and_always_the_same_one():
    first = order(state=OrderState.CREDITED, external_id="cs_1", report="paid:cs_1")
    second = replace(PAID, external_id="cs_2")

    again = paid_again(first, second)

    assert again == paid_again(first, second)
    assert again.order_id != first.order_id
    assert (again.state, again.external_id, again.report, again.terms) == (OrderState.OPEN, "cs_2", "", first.terms)
    assert is_paid_by(again, second)
    assert paid_again(first, replace(second, external_id="cs_3")).order_id != again.order_id


def test_a_report_is_recognized_only_if_nothing_has_changed():
    reports = [
        PAID,
        replace(PAID, status=PaymentStatus.PENDING),
        replace(PAID, external_id="cs_2"),
        replace(PAID, refunded_minor=1),
        replace(PAID, amount_minor=1),
        replace(PAID, currency="EUR"),
        replace(PAID, live=False),
        replace(PAID, disputes=disputed("open")),
        replace(PAID, disputes=disputed("won")),
        replace(PAID, disputes=disputed("open", 1)),
    ]

    assert len({report.fingerprint for report in reports}) == len(reports)
    assert PAID.event_id == "paid:cs_1"  # Earlier versions have stored it.
