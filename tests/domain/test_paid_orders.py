"""An order is paid by exactly its price, in its currency, at its provider, in its mode."""

from dataclasses import replace

import pytest

from bot.domain.orders import OrderState, PaymentState, Reference, after, is_paid_by
from tests.domain.builders import order

PAID = PaymentState("sandbox", "cs_1", Reference(7, 500), "paid", 499, "USD", live=False)


def test_a_payment_of_exactly_the_order_pays_it():
    assert is_paid_by(order(), PAID)
    assert is_paid_by(order(test=False), replace(PAID, live=True))


def test_a_provider_that_knows_the_order_from_before_guilds_were_named_pays_it():
    assert is_paid_by(order(), replace(PAID, reference=Reference.parse("500")))


@pytest.mark.parametrize(
    "changes",
    [
        {"provider": "manual"}, {"reference": Reference(7, 501)}, {"reference": Reference(8, 500)},
        {"reference": Reference(None, 501)}, {"reference": None}, {"status": "pending"}, {"status": "open"},
        {"status": "PAID"}, {"amount_minor": 498}, {"amount_minor": 500}, {"amount_minor": -499}, {"currency": "EUR"},
        {"currency": "usd"}, {"live": True},
    ],
    ids=str,
)  # fmt: skip
def test_any_difference_leaves_the_order_unpaid(changes):
    assert not is_paid_by(order(), replace(PAID, **changes))


@pytest.mark.parametrize("test", [False, 0])
def test_pretended_money_never_pays_a_real_order(test):
    assert not is_paid_by(order(test=test), PAID)


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


def test_money_that_came_decides_whatever_the_order_has_become():
    short = replace(PAID, amount_minor=50)

    for state in OrderState:
        purchase = order(state=state)
        assert after(purchase, PAID) is OrderState.CREDITED
        assert after(purchase, short) is (state if state is OrderState.CREDITED else OrderState.REVIEW)


@pytest.mark.parametrize("status", ["open", "pending", "failed", "expired", "refunded", "", "PAID"])
def test_what_is_not_paid_takes_no_coins_and_no_decision_away(status):
    for state in (OrderState.CREDITED, OrderState.REVIEW):
        assert after(order(state=state), replace(PAID, status=status)) is state


@pytest.mark.parametrize(
    ("state", "status", "then"),
    [
        ("open", "pending", "pending"), ("open", "failed", "failed"), ("open", "expired", "expired"),
        ("pending", "failed", "failed"), ("pending", "expired", "expired"), ("failed", "pending", "pending"),
        ("expired", "pending", "pending"), ("cancelled", "pending", "pending"), ("cancelled", "expired", "cancelled"),
        ("cancelled", "failed", "cancelled"), ("expired", "failed", "expired"), ("open", "open", "open"),
        ("pending", "open", "pending"), ("open", "refunded", "open"),
    ],
)  # fmt: skip
def test_an_unpaid_order_follows_its_checkout(state, status, then):
    assert after(order(state=OrderState(state)), replace(PAID, status=status)) == then


def test_a_checkout_that_another_took_the_place_of_ends_nothing():
    purchase = order(external_id="cs_2")

    assert after(purchase, replace(PAID, status="expired")) is OrderState.OPEN
    assert after(purchase, PAID) is OrderState.CREDITED
