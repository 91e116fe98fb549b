"""Reversals: what was moved comes back, as a whole or in parts, and what is gone is owed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import errors
from bot.domain import reversal_errors as refusals
from bot.domain.accounts import GRANTED, HOUSE, SOLD, SOURCES, debt_of
from bot.domain.guilds import GuildRules
from bot.domain.ledger import KINDS, decide
from bot.domain.ledger.books import Books
from bot.domain.ledger.journal import JournalRow
from bot.domain.ledger.reversal import Reverse, facts_of
from bot.domain.lots import Lot
from tests.domain.builders import (
    ALICE,
    EARNINGS,
    GUILD,
    HOLDERS,
    MIA,
    NOON,
    PAID,
    PROMO,
    ROB,
    balances_of,
    credit,
    gift,
    grant,
    item,
    open_books,
    order,
    submit,
)


def undo(row: JournalRow, part: int | None = None, key: str = "undo") -> Reverse:
    return Reverse(GUILD, key, ROB, ALICE, row.seq, "by mistake", part)


def recorded(books: Books, row: JournalRow) -> JournalRow:
    """Let the books know the row, as storage does for the rows that commands name."""
    books.rows[GUILD, row.seq] = row
    return row


@given(
    paid=st.integers(0, 2_000),
    promo=st.integers(0, 2_000),
    price=st.integers(1, 60),
    quantity=st.integers(1, 30),
    share=st.integers(0, 100),
    promo_share=st.integers(0, 100),
    data=st.data(),
)
def test_the_parts_of_a_gift_add_up_to_the_whole(paid, promo, price, quantity, share, promo_share, data):
    rules = GuildRules(GUILD, share_percent=share, promo_share_percent=promo_share)
    books = open_books(paid=paid, promo=promo, rules=rules, items=(item(price=price, stock=40),))
    before = balances_of(books)
    if price * quantity > paid + promo:
        return
    row = recorded(books, submit(books, gift(quantity=quantity)))

    remaining = quantity
    while remaining:
        part = data.draw(st.integers(1, remaining))
        reversal = submit(books, undo(row, part, key=f"undo {remaining}"))
        assert sum(entry.amount for entry in reversal.entries) == 0
        assert all(amount >= 0 or place.kind in SOURCES for (_, place), amount in books.balances.items())
        remaining -= part

    assert balances_of(books) == before
    assert books.items[GUILD, 1].stock == 40
    with pytest.raises(refusals.AlreadyReversed):
        decide(undo(row, key="once more"), books, NOON)


@given(bought=st.integers(1, 500), spent=st.integers(0, 500), house=st.integers(0, 300), share=st.integers(0, 100))
def test_an_order_is_taken_from_what_is_unspent_then_the_house_then_as_a_debt(bought, spent, house, share):
    spent = min(spent, bought)
    books = open_books(
        rules=GuildRules(GUILD, share_percent=share), items=(item(price=1, stock=None),), orders=(order(coins=bought),)
    )
    books.balances[GUILD, HOUSE], books.balances[GUILD, GRANTED] = house, -house
    row = recorded(books, submit(books, credit(order(coins=bought))))
    for number in range(0, spent, 99):
        submit(books, gift(key=f"gift {number}", quantity=min(99, spent - number)))
    in_house = books.balance(GUILD, HOUSE)

    facts = facts_of(submit(books, undo(row)))

    assert facts["paid"] + facts["promo"] == bought - spent
    assert facts["house"] == min(spent, in_house)
    assert facts["debt"] == spent - facts["house"] == books.debt(GUILD, HOLDERS[ALICE]) == facts["debt_after"]
    assert books.balance(GUILD, HOUSE) == in_house - facts["house"] >= 0
    assert books.balance(GUILD, PAID) == facts["paid_after"] == 0
    assert books.balance(GUILD, SOLD) == 0


def test_a_grant_is_taken_back_in_parts_but_never_more_than_it_was():
    books = open_books()
    row = recorded(books, submit(books, grant(amount=100)))

    submit(books, undo(row, 30))

    assert books.balance(GUILD, PROMO) == 70
    with pytest.raises(errors.InvalidAmount) as refusal:
        decide(undo(row, 71, key="too much"), books, NOON)
    assert (refusal.value.lowest, refusal.value.highest) == (1, 70)
    submit(books, undo(row, 70, key="the rest"))
    assert balances_of(books) == {}


def test_coins_that_come_back_from_a_gift_settle_a_debt_first():
    books = open_books(paid=100, items=(item(price=10),))
    row = recorded(books, submit(books, gift(quantity=10)))
    books.balances[GUILD, debt_of(HOLDERS[ALICE])] = -60

    facts = facts_of(submit(books, undo(row)))

    assert (facts["payoff"], facts["paid_after"], facts["debt_after"]) == (60, 40, 0)
    assert books.balance(GUILD, PAID) == 40


def test_a_gift_cannot_be_taken_back_from_a_house_that_has_spent_it():
    books = open_books(paid=100)
    row = recorded(books, submit(books, gift()))
    books.balances[GUILD, HOUSE] = 4

    with pytest.raises(refusals.HouseShort) as refusal:
        decide(undo(row), books, NOON)

    assert refusal.value == refusals.HouseShort(4, 5)


def test_a_reversal_is_not_reversed_and_a_row_that_is_not_there_is_not_found():
    books = open_books()
    row = recorded(books, submit(books, grant()))
    reversal = recorded(books, submit(books, undo(row)))

    with pytest.raises(refusals.NotReversible):
        decide(undo(reversal, key="again"), books, NOON)
    with pytest.raises(errors.NotFound):
        decide(undo(row, key="nothing")._replace(seq=99), books, NOON)


def test_coins_of_the_other_sort_are_taken_before_the_house():
    books = open_books(promo=15, orders=(order(coins=20),), items=(item(price=10),))
    row = recorded(books, submit(books, credit(order(coins=20))))
    books.balances[GUILD, PAID] = 5
    books.lots[GUILD, PAID] = (Lot(row.seq, 5),)
    books.balances[GUILD, HOUSE] = 100

    facts = facts_of(submit(books, undo(row)))

    assert (facts["paid"], facts["promo"], facts["house"], facts["debt"]) == (5, 15, 0, 0)


def test_earnings_that_are_gone_become_the_creators_debt_which_later_earnings_pay_off():
    books = open_books(paid=200)
    row = recorded(books, submit(books, gift(quantity=10)))
    books.balances[GUILD, EARNINGS] = 20

    facts = facts_of(submit(books, undo(row)))

    assert (facts["earnings"], facts["creator_debt"], facts["house"]) == (20, 30, 50)
    assert books.debt(GUILD, HOLDERS[MIA]) == 30
    assert books.balance(GUILD, PAID) == 200
    submit(books, gift(key="later", quantity=8))
    assert (books.debt(GUILD, HOLDERS[MIA]), books.balance(GUILD, EARNINGS)) == (0, 10)


def test_every_reversal_passes_the_check_of_its_kind_and_none_with_another_sum():
    books = open_books(paid=100, orders=(order(coins=30),))
    rows = [submit(books, command) for command in (gift(quantity=4), grant(), credit(order(coins=30)))]
    for row in rows:
        reversal = submit(books, undo(recorded(books, row), key=f"undo {row.seq}"))
        legs = [(reversal.seq, account.kind.value, account.owner, coins) for account, coins in reversal.entries]

        assert KINDS["reversal"].check(reversal.facts, legs) == ""
        for fact in ("coins", "paid", "house", "debt"):
            changed = reversal.facts | {fact: reversal.facts[fact] + 1}
            assert KINDS["reversal"].check(changed, legs) or (fact == "debt" and row.kind == "gift")
