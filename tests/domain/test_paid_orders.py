"""An order is paid by exactly its price, in its currency, at its provider, in its mode."""

from dataclasses import replace

import pytest

from bot.domain.errors import PaymentMismatch
from bot.domain.orders import Observation, check_paid
from tests.domain.builders import order

PAID = Observation("sandbox", "cs_1", 500, "paid", 499, "USD", live=False)


def test_a_payment_of_exactly_the_order_pays_it():
    check_paid(order(), PAID)
    check_paid(order(test=False), replace(PAID, live=True))


@pytest.mark.parametrize(
    "changes",
    [
        {"provider": "manual"}, {"order_id": 501}, {"order_id": None}, {"status": "pending"}, {"status": "open"},
        {"status": "PAID"}, {"amount_minor": 498}, {"amount_minor": 500}, {"amount_minor": -499}, {"currency": "EUR"},
        {"currency": "usd"}, {"live": True},
    ],
    ids=str,
)  # fmt: skip
def test_any_difference_leaves_the_order_unpaid(changes):
    with pytest.raises(PaymentMismatch) as refused:
        check_paid(order(), replace(PAID, **changes))

    assert refused.value.order_id == 500


@pytest.mark.parametrize("test", [False, 0])
def test_pretended_money_never_pays_a_real_order(test):
    with pytest.raises(PaymentMismatch):
        check_paid(order(test=test), PAID)


@pytest.mark.parametrize("test", [True, 1])
def test_real_money_never_pays_for_test_coins(test):
    with pytest.raises(PaymentMismatch):
        check_paid(order(test=test), replace(PAID, live=True))


def test_an_order_is_credited_under_one_key_for_ever():
    assert order().key == order(coins=1, external_id="cs_2").key == "order:500"
    assert order().key != order(order_id=501).key
