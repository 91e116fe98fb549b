"""Test coins: whatever happens to them, no coin that was bought with money or earned moves, and tests are marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.accounts import (
    HOUSE,
    REAL_COINS,
    SOLD,
    SOURCES,
    TEST_COINS,
    TEST_HOUSE,
    TEST_KINDS,
    TEST_SOLD,
    Account,
    debt_of,
)
from bot.domain.anonymity import in_public
from bot.domain.errors import NotEnoughCoins
from bot.domain.guilds import GuildRules
from bot.domain.ledger import KINDS, credit_of, decide
from bot.domain.ledger.books import Books
from bot.domain.ledger.journal import JournalRow, canonical
from bot.domain.ledger.reinstatement import Reinstate
from bot.domain.ledger.reversal import Reverse, facts_of
from bot.domain.orders import Order
from bot.domain.receipts import Receipt
from bot.domain.reversal_errors import HouseShort, InDebt
from bot.domain.wallets import Wallet
from tests.domain.builders import (
    ALICE,
    EARNINGS,
    GUILD,
    HOLDERS,
    HOUR,
    MIA,
    NOON,
    PAID,
    PROMO,
    ROB,
    balances_of,
    credit,
    gift,
    item,
    live_event,
    open_books,
    order,
    submit,
)

TEST = TEST_COINS.wallet_of(HOLDERS[ALICE])
TEST_DEBT = TEST_COINS.debt_of(HOLDERS[ALICE])
TEST_EARNINGS = TEST_COINS.earnings_of(HOLDERS[MIA])


def order_of(test_coins: int) -> Order:
    return order(order_id=501, coins=test_coins, test=True)


def books_with(test: int = 0, **options) -> Books:
    """Return books in which Alice has so many test coins, besides what `options` say."""
    books = open_books(orders=(order_of(max(test, 1)),), **options)
    if test:
        recorded(books, submit(books, credit(order_of(test))))
    return books


def recorded(books: Books, row: JournalRow) -> JournalRow:
    """Let the books know the row, as storage does for the rows that commands name."""
    books.rows[GUILD, row.seq] = row
    return row


def undo(row: JournalRow, key: str = "undo", **options) -> Reverse:
    return Reverse(GUILD, key, ROB, ALICE, row.seq, "by mistake", **options)


def real_balances(books: Books) -> dict[Account, int]:
    """Return what stands on accounts that are not of test coins, without promo coins."""
    return {place: coins for place, coins in balances_of(books).items() if place.kind not in TEST_KINDS | {"promo"}}


def is_right(row: JournalRow) -> bool:
    legs = [(row.seq, account.kind.value, account.owner, coins) for account, coins in row.entries]
    return KINDS[row.kind].check(row.facts, legs) == ""


def test_a_test_order_brings_test_coins_and_no_others():
    books = books_with(350, paid=5, promo=7)
    row = books.rows[GUILD, 1]

    assert (books.balance(GUILD, TEST), books.balance(GUILD, TEST_SOLD)) == (350, -350)
    assert (books.balance(GUILD, PAID), books.balance(GUILD, PROMO), books.balance(GUILD, SOLD)) == (5, 7, 0)
    assert (row.facts["test"], row.facts["paid_after"], row.facts["promo_after"]) == (True, 350, 7)
    assert is_right(row)


def test_an_old_test_order_whose_coins_were_paid_coins_passes_its_check_and_a_mix_does_not():
    facts = books_with(20).rows[GUILD, 1].facts
    check = KINDS["order"].check

    assert check(facts, [(1, "sold", 0, -20), (1, "paid", 1, 20)]) == ""
    assert check(facts, [(1, "test_sold", 0, -20), (1, "paid", 1, 20)])
    assert check(facts | {"test": False}, [(1, "test_sold", 0, -20), (1, "test", 1, 20)])


@pytest.mark.parametrize(
    ("promo", "test", "paid", "takes"),
    [
        pytest.param(50, 50, 50, {"promo": 50}, id="promo coins alone are no test"),
        pytest.param(0, 50, 50, {"test": 50}, id="test coins before bought ones"),
        pytest.param(10, 40, 50, {"promo": 10, "test": 40}, id="promo coins with test coins"),
        pytest.param(10, 39, 50, {"promo": 10, "paid": 40}, id="never test coins with bought ones"),
        pytest.param(0, 49, 50, {"paid": 50}, id="not enough test coins"),
    ],
)
def test_a_gift_takes_promo_coins_first_then_test_coins_if_they_are_enough_and_else_bought_ones(
    promo, test, paid, takes
):
    books = books_with(test, paid=paid, promo=promo, items=(item(price=50),))

    row = submit(books, gift())

    assert {account.kind: -coins for account, coins in row.entries if coins < 0} == takes
    assert row.facts.get("test", False) is ("test" in takes)
    assert Wallet(paid, promo, test=test).spends_test_coins(50) is ("test" in takes)
    assert is_right(row)


def test_a_gift_is_refused_if_neither_sort_of_coins_pays_for_it():
    books = books_with(40, paid=30, promo=10, items=(item(price=51),))

    with pytest.raises(NotEnoughCoins) as refusal:
        decide(gift(), books, NOON)

    assert refusal.value == NotEnoughCoins(balance=50, needed=51, is_test=True)
    assert Wallet(30, 10, test=40).spendable == 50


def test_whoever_owes_coins_can_still_send_test_coins_but_keeps_their_promo_coins():
    books = books_with(20, promo=30, debts={ALICE: 5})

    row = submit(books, gift(quantity=2))

    assert (row.facts["paid"], row.facts["promo"], books.balance(GUILD, PROMO)) == (20, 0, 30)
    with pytest.raises(InDebt):
        decide(gift(key="more"), books, NOON)


@given(
    promo=st.integers(0, 500),
    test=st.integers(0, 500),
    paid=st.integers(0, 500),
    price=st.integers(1, 60),
    quantity=st.integers(1, 20),
    share=st.integers(0, 100),
    promo_share=st.integers(0, 100),
    data=st.data(),
)
def test_a_gift_of_test_coins_and_its_reversal_move_nothing_real(
    promo, test, paid, price, quantity, share, promo_share, data
):
    rules = GuildRules(GUILD, share_percent=share, promo_share_percent=promo_share)
    books = books_with(test, paid=paid, promo=promo, rules=rules, items=(item(price=price, stock=40),))
    if not promo < price * quantity <= promo + test:
        return
    before, real = balances_of(books), real_balances(books)

    row = recorded(books, submit(books, gift(quantity=quantity)))

    assert is_right(row)
    assert real_balances(books) == real
    assert row.facts["share"] == books.balance(GUILD, TEST_EARNINGS)
    remaining = quantity
    while remaining:
        part = data.draw(st.integers(1, remaining))
        reversal = submit(books, undo(row, f"undo {remaining}", part=part))
        assert is_right(reversal)
        assert real_balances(books) == real
        assert all(amount >= 0 or place.kind in SOURCES for (_, place), amount in books.balances.items())
        remaining -= part
    assert balances_of(books) == before


@given(coins=st.integers(1, 300), cost=st.integers(0, 300), paid=st.integers(0, 300), promo=st.integers(0, 50))
def test_a_refund_of_a_test_takes_test_coins_then_the_house_of_tests_and_owes_the_rest_in_test_coins(
    coins, cost, paid, promo
):
    cost = min(cost, coins)
    books = books_with(coins, items=(item(price=max(cost, 1)),))
    if cost:
        submit(books, gift())
    books.balances[GUILD, PAID], books.balances[GUILD, PROMO] = paid, promo
    books.balances[GUILD, HOUSE] = 1_000
    real, in_house = real_balances(books), books.balance(GUILD, TEST_HOUSE)

    reversal = recorded(books, submit(books, undo(books.rows[GUILD, 1])))

    facts = facts_of(reversal)
    assert (facts["paid"], facts["promo"], facts["house"]) == (coins - cost, 0, min(cost, in_house))
    assert facts["debt"] == facts["debt_after"] == -books.balance(GUILD, TEST_DEBT) == cost - facts["house"]
    assert (real_balances(books), books.balance(GUILD, PROMO)) == (real, promo)
    assert is_right(reversal)

    row = submit(books, Reinstate(GUILD, "won", ALICE, reversal.seq, 1))

    assert is_right(row)
    assert row.facts["test"]
    assert (real_balances(books), books.balance(GUILD, PROMO)) == (real, promo)
    assert books.balance(GUILD, TEST) == coins - cost
    assert books.balance(GUILD, TEST_HOUSE) == in_house
    assert books.balance(GUILD, TEST_DEBT) == 0


def test_only_test_coins_pay_off_a_debt_of_test_coins():
    books = open_books(orders=(order(coins=30), order_of(50)))
    books.balances[GUILD, TEST_DEBT] = -20
    books.balances[GUILD, debt_of(HOLDERS[ALICE])] = -10

    real, test = (submit(books, credit(purchase)).facts for purchase in (order(coins=30), order_of(50)))

    assert (real["payoff"], real["paid_after"]) == (10, 20)
    assert (test["payoff"], test["paid_after"]) == (20, 30)


def test_what_a_creator_owes_in_test_coins_is_paid_off_by_test_earnings_alone():
    books = books_with(100, paid=100)
    books.balances[GUILD, TEST_COINS.debt_of(HOLDERS[MIA])] = -12

    facts = submit(books, gift(quantity=4)).facts

    assert (facts["share"], facts["payoff"]) == (20, 12)
    assert (books.balance(GUILD, TEST_EARNINGS), books.balance(GUILD, EARNINGS)) == (8, 0)


def test_a_test_is_not_taken_back_from_the_house_of_others():
    books = books_with(100)
    row = recorded(books, submit(books, gift()))
    books.balances[GUILD, TEST_HOUSE], books.balances[GUILD, HOUSE] = 4, 1_000

    with pytest.raises(HouseShort) as refusal:
        decide(undo(row), books, NOON)

    assert refusal.value == HouseShort(4, 5)


def test_the_coins_of_an_old_test_come_back_as_test_coins_though_they_were_taken_as_paid_ones():
    books = open_books(paid=30, orders=(order(coins=30),))
    sale = recorded(books, submit(books, credit(order(coins=30))))
    reversal = recorded(books, submit(books, undo(sale)))
    old_facts = sale.facts | {"test": True}
    books.rows[GUILD, sale.seq] = sale._replace(body=canonical(old_facts))
    paid = books.balance(GUILD, PAID)

    submit(books, Reinstate(GUILD, "won", ALICE, reversal.seq, sale.seq))

    assert (books.balance(GUILD, PAID), books.balance(GUILD, TEST)) == (paid, 30)


def test_a_test_counts_on_boards_only_where_nobody_can_pay_with_real_money():
    for since_ms, counts in ((None, True), (NOON, False)):
        rules = GuildRules(GUILD, money_since_ms=since_ms)
        books = books_with(100, rules=rules, live=live_event())
        row = recorded(books, submit(books, gift(quantity=3)))
        reversal = submit(books, undo(row))

        entries = [credit_of(r.kind, r.seq, r.actor, r.at_ms, r.facts) for r in (row, reversal)]

        assert ([entry is not None for entry in entries]) == [counts, counts]
        assert row.facts.get("counts", True) is reversal.facts.get("counts", True) is counts


def test_a_gift_of_bought_coins_counts_wherever_members_can_pay_with_real_money():
    books = books_with(5, paid=100, rules=GuildRules(GUILD, money_since_ms=NOON - HOUR))

    row = submit(books, gift())

    assert not {"test", "counts"} & row.facts.keys()
    assert credit_of(row.kind, row.seq, row.actor, row.at_ms, row.facts) is not None


def test_everybody_may_know_that_a_gift_is_a_test_but_not_what_is_left():
    books = books_with(100)
    row = submit(books, gift(anonymous=True))

    public = in_public(Receipt(GUILD, row.seq, row.kind, row.at_ms, ALICE, MIA, row.facts))

    assert public.is_test
    assert not {"paid", "promo", "share", "paid_after", "promo_after"} & public.facts.keys()


def test_the_kinds_of_accounts_of_both_sorts_are_different():
    kinds = [{*coinage[:4], coinage.house.kind, coinage.source.kind} for coinage in (REAL_COINS, TEST_COINS)]

    assert not kinds[0] & kinds[1]
    assert kinds[1] == TEST_KINDS
