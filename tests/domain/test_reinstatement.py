"""What a reversal took of an order comes back exactly, unless something is owed by then."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.accounts import HOUSE, SOLD, debt_of
from bot.domain.errors import NotFound
from bot.domain.ledger import KINDS, decide
from bot.domain.ledger.books import Books
from bot.domain.ledger.journal import JournalRow
from bot.domain.ledger.reinstatement import Reinstate, facts_of
from bot.domain.ledger.reversal import Reverse
from bot.domain.orders import Cause
from bot.domain.reversal_errors import AlreadyReversed, NotReversible
from tests.domain.builders import (
    ALICE,
    GUILD,
    HOLDERS,
    PAID,
    PROMO,
    balances_of,
    credit,
    gift,
    item,
    open_books,
    order,
    submit,
)

DEBT = debt_of(HOLDERS[ALICE])


def recorded(books: Books, row: JournalRow) -> JournalRow:
    """Let the books know the row, as storage does for the rows that commands name."""
    books.rows[GUILD, row.seq] = row
    return row


def bought(coins: int, *, spent: int = 0, promo: int = 0) -> tuple[Books, JournalRow]:
    """Return books in which Alice has bought coins and spent some, and the row of the purchase."""
    books = open_books(promo=promo, items=(item(price=max(spent, 1)),), orders=(order(coins=coins),))
    sale = recorded(books, submit(books, credit(order(coins=coins))))
    if spent:
        submit(books, gift())
    return books, sale


def take(books: Books, sale: JournalRow, total: int, key: str = "dispute") -> JournalRow:
    command = Reverse(GUILD, key, ALICE, ALICE, sale.seq, "", total=total, cause=Cause.DISPUTE)
    return recorded(books, submit(books, command))


def give_back(reversal: JournalRow, sale: JournalRow, key: str = "won") -> Reinstate:
    return Reinstate(GUILD, key, ALICE, reversal.seq, sale.seq)


@given(coins=st.integers(1, 500), promo=st.integers(0, 100), data=st.data())
def test_a_dispute_that_is_won_leaves_every_account_as_before(coins, promo, data):
    spent = data.draw(st.integers(0, coins + promo))
    books, sale = bought(coins, spent=spent, promo=promo)
    before = balances_of(books)
    reversal = take(books, sale, data.draw(st.integers(1, coins)))

    row = submit(books, give_back(reversal, sale))

    assert balances_of(books) == before
    assert books.reversed[GUILD, sale.seq] == 0
    legs = [(row.seq, account.kind.value, account.owner, amount) for account, amount in row.entries]
    assert KINDS[row.kind].check(row.facts, legs) == ""


def test_coins_that_come_back_settle_what_is_owed_by_then():
    books, sale = bought(100)
    reversal = take(books, sale, 100)
    books.balances[GUILD, DEBT] = -30

    row = submit(books, give_back(reversal, sale))

    facts = facts_of(row)
    assert (facts["paid"], facts["payoff"], facts["debt_after"]) == (70, 30, 0)
    assert (books.balance(GUILD, PAID), books.balance(GUILD, DEBT)) == (70, 0)


def test_a_debt_that_was_paid_meanwhile_comes_back_as_coins():
    books, sale = bought(100, spent=100)
    books.balances[GUILD, HOUSE] = 0
    reversal = take(books, sale, 100)
    assert books.debt(GUILD, HOLDERS[ALICE]) == 100
    books.balances[GUILD, DEBT] = 0

    submit(books, give_back(reversal, sale))

    assert (books.balance(GUILD, PAID), books.balance(GUILD, PROMO), books.balance(GUILD, SOLD)) == (100, 0, -100)


def test_only_a_reversal_of_an_order_is_undone():
    books, sale = bought(100)
    with pytest.raises(NotFound):
        decide(Reinstate(GUILD, "won", ALICE, 99, sale.seq), books, 0)
    with pytest.raises(NotReversible):
        decide(Reinstate(GUILD, "won", ALICE, sale.seq, sale.seq), books, 0)


def test_taking_back_up_to_a_total_takes_what_is_missing_and_never_twice():
    books, sale = bought(100)
    take(books, sale, 30, "refund:30")
    take(books, sale, 80, "refund:80")

    assert books.balance(GUILD, PAID) == 20
    with pytest.raises(AlreadyReversed):
        take(books, sale, 80, "refund:80 again")
    take(books, sale, 1_000, "dispute")
    assert books.balance(GUILD, PAID) == 0
