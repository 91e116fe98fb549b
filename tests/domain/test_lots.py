"""Every bought coin belongs to a purchase, whatever is spent, taken back or returned, and lots add up to balances."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.accounts import HOUSE, debt_of
from bot.domain.ledger import KINDS
from bot.domain.ledger.books import Books
from bot.domain.ledger.journal import JournalRow
from bot.domain.ledger.kinds import Command
from bot.domain.ledger.order import CreditOrder
from bot.domain.ledger.reinstatement import Reinstate
from bot.domain.ledger.reversal import Reverse
from bot.domain.lots import Lot, Lots, listed, minus, part_between, plus, spend, sum_of, unlisted
from bot.domain.orders import Cause
from tests.domain.builders import ALICE, GUILD, HOLDERS, PAID, ROB, credit, gift, grant, item, open_books, order, submit

amounts = st.lists(st.integers(1, 50), min_size=1, max_size=6)


def lots_of(coins: list[int]) -> Lots:
    return tuple(Lot(seq, portion) for seq, portion in enumerate(coins, start=1))


def with_purchases(*coins: int, promo: int = 0) -> Books:
    """Return books in which Alice has bought coins, several times."""
    purchases = [order(order_id=number, coins=portion) for number, portion in enumerate(coins, start=1)]
    books = open_books(orders=tuple(purchases), items=(item(price=1),), promo=promo)
    for purchase in purchases:
        record(books, credit(purchase))
    return books


def record(books: Books, command: Command) -> JournalRow:
    """Submit, and let the books know the row, as storage does for the rows that commands name."""
    row = submit(books, command)
    books.rows[GUILD, row.seq] = row
    legs = [(row.seq, account.kind.value, account.owner, coins) for account, coins in row.entries]
    assert KINDS[row.kind].check(row.facts, legs) == ""
    if "lots" in row.facts:
        padded = row.facts | {"lots": [*row.facts["lots"], [99, 1]]}
        assert KINDS[row.kind].check(padded, legs)
    return row


def undo(row: JournalRow, part: int | None = None, key: str = "undo", cause: Cause | None = None) -> Reverse:
    return Reverse(GUILD, key, ROB, ALICE, row.seq, "by mistake", part, cause=cause)


def held(books: Books) -> list[list[int]]:
    """Return Alice's lots."""
    return listed(books.lots_of(GUILD, PAID))


@given(coins=amounts, data=st.data())
def test_parts_that_follow_each_other_are_the_whole_and_take_from_each_lot_in_proportion(coins, data):
    lots, total = lots_of(coins), sum(coins)
    cuts = sorted({0, total, *data.draw(st.lists(st.integers(0, total), max_size=8))})

    parts = [part_between(lots, *cut) for cut in pairwise(cuts)]

    assert [sum_of(part) for part in parts] == [until - before for before, until in pairwise(cuts)]
    back: Lots = ()
    for part, until in zip(parts, cuts[1:], strict=True):
        assert minus(plus(back, part), part) == back
        back = plus(back, part)
        assert all(abs(dict(back).get(seq, 0) * total - until * portion) < total * len(lots) for seq, portion in lots)
    assert back == lots


@given(coins=amounts, data=st.data())
def test_the_oldest_coins_are_spent_first_except_those_of_a_lot_that_is_named(coins, data):
    lots = lots_of(coins)
    expense = data.draw(st.integers(0, sum(coins)))
    first = data.draw(st.sampled_from(lots)).seq

    takes, remainder = spend(lots, expense)
    assert (sum_of(takes), plus(takes, remainder), minus(lots, takes)) == (expense, lots, remainder)
    assert not takes or not remainder or takes[-1].seq <= remainder[0].seq
    takes, remainder = spend(lots, expense, first=first)
    assert (sum_of(takes), plus(takes, remainder), minus(lots, takes)) == (expense, lots, remainder)
    assert dict(takes).get(first, 0) == min(expense, dict(lots)[first])
    later_lots = tuple(lot for lot in lots if lot.seq != first)
    assert tuple(lot for lot in takes if lot.seq != first) == spend(later_lots, max(expense - dict(lots)[first], 0))[0]
    assert unlisted(listed(lots)) == lots


def test_a_gift_takes_from_the_oldest_purchase_first_and_says_so():
    books = with_purchases(10, 20, 30, promo=5)

    row = record(books, gift(quantity=30))

    assert (row.facts["lots"], row.facts["paid"]) == ([[1, 10], [2, 15]], 25)
    assert held(books) == [[2, 5], [3, 30]]


def test_a_gift_of_promo_coins_alone_takes_from_no_lot():
    books = with_purchases(10, promo=5)

    assert "lots" not in record(books, gift(quantity=5)).facts
    assert held(books) == [[1, 10]]


def test_what_comes_back_of_a_gift_refills_the_lots_that_it_took_from():
    books = with_purchases(10, 20, 30)
    gift_row = record(books, gift(quantity=24))

    parts = [record(books, undo(gift_row, 8, key=f"part {number}")).facts["lots"] for number in range(3)]

    assert parts == [[[1, 3], [2, 5]], [[1, 3], [2, 5]], [[1, 4], [2, 4]]]
    assert held(books) == [[1, 10], [2, 20], [3, 30]]


def test_coins_that_pay_off_a_debt_come_back_into_no_lot():
    books = with_purchases(10, 20)
    gift_row = record(books, gift(quantity=20))
    books.balances[GUILD, debt_of(HOLDERS[ALICE])] = -12

    row = record(books, undo(gift_row))

    assert (row.facts["payoff"], row.facts["lots"]) == (12, [[2, 8]])
    assert held(books) == [[2, 18]]


def test_an_order_that_pays_off_a_debt_opens_a_lot_of_the_rest():
    books = open_books(orders=(order(coins=50), order(order_id=501, coins=5)), debts={ALICE: 32})

    record(books, credit(order(order_id=501, coins=5)))
    record(books, credit(order(coins=50)))

    assert held(books) == [[2, 23]]


def test_an_order_is_taken_out_of_its_own_lot_and_then_out_of_the_oldest():
    books = with_purchases(10, 20, 30, promo=80)
    record(books, gift(quantity=95))
    sale = books.rows[GUILD, 3]

    first = record(books, undo(sale, 25, key="refund", cause=Cause.REFUND))
    assert held(books) == [[2, 15], [3, 5]]
    record(books, gift(quantity=18, key="later"))
    assert held(books) == [[3, 2]]
    record(books, credit_of(books, 400, 7))
    second = record(books, undo(sale, 5, key="dispute", cause=Cause.DISPUTE))

    assert (first.facts["lots"], second.facts["lots"]) == ([[3, 25]], [[3, 2], [7, 3]])
    assert held(books) == [[7, 4]]


def credit_of(books: Books, order_id: int, coins: int) -> CreditOrder:
    books.orders[GUILD, order_id] = order(order_id=order_id, coins=coins)
    return credit(books.orders[GUILD, order_id])


def test_a_grant_that_is_taken_back_after_it_was_spent_takes_the_oldest_bought_coins():
    books = with_purchases(10, 20)
    granted = record(books, grant(amount=15))
    record(books, gift(quantity=15))

    assert record(books, undo(granted)).facts["lots"] == [[1, 10], [2, 5]]


@given(coins=amounts, promo=st.integers(0, 30), data=st.data())
def test_a_dispute_that_is_won_leaves_every_lot_as_before(coins, promo, data):
    books = with_purchases(*coins, promo=promo)
    if expense := data.draw(st.integers(0, min(sum(coins) + promo, 99))):
        record(books, gift(quantity=expense))
    books.balances[GUILD, HOUSE] = data.draw(st.integers(0, 20))
    before = held(books)
    sale = books.rows[GUILD, data.draw(st.integers(1, len(coins)))]
    reversal = record(books, undo(sale, key="dispute", cause=Cause.DISPUTE))

    record(books, Reinstate(GUILD, "won", ALICE, reversal.seq, sale.seq))

    assert held(books) == before


def test_a_debt_that_was_paid_meanwhile_comes_back_into_the_lot_of_the_order():
    books = with_purchases(10, 20)
    record(books, gift(quantity=25))
    books.balances[GUILD, HOUSE] = 0
    sale = books.rows[GUILD, 2]
    reversal = record(books, undo(sale, key="dispute", cause=Cause.DISPUTE))
    assert (reversal.facts["lots"], reversal.facts["debt"]) == ([[2, 5]], 15)
    record(books, credit_of(books, 400, 18))

    row = record(books, Reinstate(GUILD, "won", ALICE, reversal.seq, sale.seq))

    assert row.facts["lots"] == [[2, 20]]
    assert held(books) == [[2, 20], [5, 3]]


def test_old_rows_do_not_list_lots_but_the_books_do():
    books = with_purchases(10, 20)
    gift_row = record(books, gift(quantity=15))
    body = gift_row.body.replace(b'"lots":[[1,10],[2,5]],', b"")
    assert body != gift_row.body
    books.rows[GUILD, gift_row.seq] = gift_row._replace(body=body)
    books.unlisted_lots[GUILD, gift_row.seq] = (Lot(1, 10), Lot(2, 5))

    assert record(books, undo(gift_row)).facts["lots"] == [[1, 10], [2, 5]]


def test_no_row_is_recorded_whose_lots_do_not_add_up_to_the_balance():
    books = with_purchases(10)
    books.lots[GUILD, PAID] = ()

    with pytest.raises(AssertionError):
        submit(books, gift())
