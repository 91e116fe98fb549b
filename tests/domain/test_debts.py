"""Debts: whoever owes coins sends no gifts, and whatever comes in pays that off first."""

import pytest

from bot.domain.accounts import GRANTED, SOLD
from bot.domain.ledger import decide
from bot.domain.reversal_errors import InDebt
from tests.domain.builders import (
    ALICE,
    EARNINGS,
    GUILD,
    HOLDERS,
    MIA,
    NOON,
    PAID,
    PROMO,
    credit,
    gift,
    grant,
    open_books,
    order,
    submit,
)


def test_whoever_owes_coins_sends_no_gifts_however_many_they_have():
    with pytest.raises(InDebt) as refusal:
        decide(gift(), open_books(paid=500, debts={ALICE: 1}), NOON)

    assert refusal.value == InDebt(1)


def test_a_grant_pays_off_a_debt_and_only_the_rest_can_be_spent():
    books = open_books(debts={ALICE: 60})

    part, rest = submit(books, grant(amount=20)), submit(books, grant(key="grant:2", amount=100))

    assert (part.facts["payoff"], part.facts["promo_after"]) == (20, 0)
    assert (rest.facts["payoff"], rest.facts["promo_after"]) == (40, 60)
    assert (books.debt(GUILD, HOLDERS[ALICE]), books.balance(GUILD, PROMO)) == (0, 60)
    assert books.balance(GUILD, GRANTED) == -120
    assert submit(books, gift()).kind == "gift"


def test_a_purchase_pays_off_a_debt_first():
    books = open_books(debts={ALICE: 30}, orders=(order(coins=50),))

    facts = submit(books, credit(order(coins=50))).facts

    assert (facts["coins"], facts["payoff"], facts["paid_after"]) == (50, 30, 20)
    assert (books.balance(GUILD, PAID), books.balance(GUILD, SOLD)) == (20, -50)
    assert books.debt(GUILD, HOLDERS[ALICE]) == 0


def test_earnings_pay_off_what_their_creator_owes():
    books = open_books(paid=100, debts={MIA: 12})

    facts = submit(books, gift(quantity=4)).facts

    assert (facts["share"], facts["payoff"]) == (20, 12)
    assert books.balance(GUILD, EARNINGS) == 8
    assert books.debt(GUILD, HOLDERS[MIA]) == 0


def test_without_a_debt_no_row_says_anything_of_one():
    books = open_books(paid=100, orders=(order(),))

    rows = [submit(books, command) for command in (gift(), grant(), credit(order()))]

    assert not [row for row in rows if "payoff" in row.facts]
