"""Books and their journal: what a decision leaves behind, and that no trace of it can be changed unseen."""

import copy
import hashlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.accounts import GRANTED, HOUSE, Account, AccountKind
from bot.domain.errors import ItemUnavailable
from bot.domain.ledger import decide
from bot.domain.ledger.books import Decision
from bot.domain.ledger.journal import GENESIS, Head, canonical, row_after, row_hash
from bot.domain.ledger.postings import Entry, Posting, entries_of
from bot.domain.money import MAX_BALANCE, share_of
from bot.domain.order_states import OrderState
from bot.domain.receipts import other_holder
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
    item,
    open_books,
    submit,
)
from tests.domain.builders import order as an_order

ROW: dict[str, Any] = {
    "guild_id": GUILD,
    "seq": 1,
    "kind": "grant",
    "key": "k",
    "actor": 3,
    "at_ms": NOON,
    "body": b"{}",
    "entries": (Entry(HOUSE, 5), Entry(GRANTED, -5)),
}


def test_rows_are_numbered_without_gaps_and_chained_by_their_hashes():
    books = open_books(paid=1_000)

    rows = [submit(books, gift(key=f"gift:{number}"), NOON + number) for number in range(5)]

    assert [row.seq for row in rows] == [1, 2, 3, 4, 5]
    assert [row.previous for row in rows] == [GENESIS, *(row.hash for row in rows[:-1])]
    assert books.heads[GUILD] == rows[-1].head == Head(5, rows[-1].hash)


def test_a_row_says_what_was_decided():
    books = open_books(paid=100)
    decision = decide(gift(note="hi"), books, NOON)

    row = books.record(GUILD, "gift:1", decision, NOON)

    assert (row.guild_id, row.key, row.kind, row.actor, row.at_ms) == (GUILD, "gift:1", "gift", HOLDERS[ALICE], NOON)
    assert row.facts == decision.facts
    assert row.entries == entries_of(decision.postings)
    assert other_holder(row) == HOLDERS[MIA]


def test_recording_brings_every_projection_up_to_date():
    books = open_books(paid=100, items=(item(stock=5),), orders=(an_order(),))

    submit(books, gift(quantity=3))
    submit(books, grant())
    submit(books, credit(an_order()))

    assert books.items[GUILD, 1].stock == 2
    assert books.orders[GUILD, 500].state is OrderState.CREDITED
    assert books.balance(GUILD, PAID) == 100 - 30 + 350
    assert books.balance(GUILD, PROMO) == 100
    assert books.balance(GUILD, EARNINGS) == 15
    assert books.balance(GUILD, HOUSE) == 15
    assert len(books.recorded) == 3


def test_a_wallet_can_be_spent_to_the_last_coin():
    books = open_books(paid=10)

    submit(books, gift())

    assert books.balance(GUILD, PAID) == 0


def test_an_account_can_be_filled_to_its_last_coin():
    books = open_books(promo=MAX_BALANCE - 100)

    submit(books, grant())

    assert books.balance(GUILD, PROMO) == MAX_BALANCE


def test_items_without_a_limit_are_not_counted():
    books = open_books(paid=100)

    submit(books, gift(quantity=3))

    assert books.items[GUILD, 1].stock is None


@given(stock=st.integers(0, 20), counts=st.lists(st.integers(1, 9), max_size=12))
def test_stock_is_never_oversold(stock, counts):
    books = open_books(paid=10_000, items=(item(stock=stock),))
    pieces = 0

    for number, count in enumerate(counts):
        try:
            submit(books, gift(key=f"gift:{number}", quantity=count))
        except ItemUnavailable:
            assert count > stock - pieces
        else:
            pieces += count

    assert pieces <= stock
    assert books.items[GUILD, 1].stock == stock - pieces


@pytest.mark.parametrize(
    "posting",
    [
        Posting(PAID, HOUSE, 101),
        Posting(GRANTED, PAID, MAX_BALANCE - 99),
        Posting(HOUSE, PAID, 1),
    ],
)
def test_a_row_that_would_break_a_balance_leaves_no_trace(posting):
    books = open_books(paid=100)
    before = copy.deepcopy(books)

    with pytest.raises(AssertionError):
        books.record(GUILD, "k", Decision("grant", 3, (posting,), {}), NOON)

    assert books == before


def test_a_key_is_recorded_once():
    books = open_books()
    decision = decide(grant(), books, NOON)
    books.record(GUILD, "k", decision, NOON)

    with pytest.raises(AssertionError):
        books.record(GUILD, "k", decision, NOON)


def test_guilds_keep_journals_of_their_own():
    books = open_books(paid=100)
    books.rules[8] = replace(books.rules[GUILD], guild_id=8)
    books.holders[8, ALICE], books.holders[8, MIA], books.holders[8, 13] = 1, 2, 3
    submit(books, gift())

    row = submit(books, grant(guild_id=8))

    assert (row.seq, row.previous) == (1, GENESIS)
    assert books.balance(8, Account(AccountKind.PAID, 1)) == 0


def test_canonical_json_does_not_depend_on_the_order_of_facts():
    assert canonical({"b": 1, "a": "é"}) == canonical({"a": "é", "b": 1}) == '{"a":"é","b":1}'.encode()


def test_the_hash_of_a_row_stays_what_it_was():
    """Every journal ever written depends on it."""
    line = "7|1|grant|k|3|1770000000000|house,0,5;granted,0,-5|{}".replace("|", "\0")

    assert row_hash(GENESIS, **ROW) == hashlib.sha256(bytes(32) + line.encode()).digest()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("guild_id", 8), ("seq", 2), ("kind", "gift"), ("key", "l"), ("actor", 4), ("at_ms", NOON + 1), ("body", b"[]"),
        ("entries", (Entry(HOUSE, 6), Entry(GRANTED, -6))),
        ("entries", (Entry(Account(AccountKind.HOUSE, 1), 5), Entry(GRANTED, -5))),
        ("entries", (Entry(Account(AccountKind.PAID, 0), 5), Entry(GRANTED, -5))),
        ("entries", (Entry(GRANTED, -5), Entry(HOUSE, 5))),
        ("entries", ()),
    ],
)  # fmt: skip
def test_any_changed_field_changes_the_hash(field, value):
    assert row_hash(GENESIS, **ROW | {field: value}) != row_hash(GENESIS, **ROW)


def test_a_changed_predecessor_changes_the_hash():
    assert row_hash(bytes([1]) + bytes(31), **ROW) != row_hash(GENESIS, **ROW)


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
entries = st.builds(Entry, st.builds(Account, st.sampled_from(AccountKind), st.integers(0, 9)), st.integers(-9, 9))
rows = st.fixed_dictionaries({
    "guild_id": st.integers(0, 99), "seq": st.integers(1, 99), "kind": texts, "key": texts, "actor": st.integers(0, 99),
    "at_ms": st.integers(0, 99), "body": texts.map(lambda text: canonical({"text": text})),
    "entries": st.lists(entries, max_size=3).map(tuple),
})  # fmt: skip


@given(row=rows, other_row=rows, fields=st.sets(st.sampled_from(list(ROW))))
def test_rows_that_differ_hash_differently(row, other_row, fields):
    mixture = row | {field: other_row[field] for field in fields}

    assert (row_hash(GENESIS, **row) == row_hash(GENESIS, **mixture)) == (row == mixture)


@pytest.mark.parametrize(("kind", "key"), [("gift\0", "k"), ("gift", "\0k")])
def test_no_text_can_pose_as_the_border_between_two_fields(kind, key):
    with pytest.raises(AssertionError):
        row_after(Head(), guild_id=1, kind=kind, key=key, actor=1, at_ms=1, body=b"{}", entries=())


@pytest.mark.parametrize("amount", [0, -1])
def test_a_posting_moves_at_least_one_coin(amount):
    with pytest.raises(ValueError, match="not a movement"):
        entries_of([Posting(GRANTED, HOUSE, amount)])


def test_a_posting_needs_two_accounts():
    with pytest.raises(ValueError, match="not a movement"):
        entries_of([Posting(HOUSE, HOUSE, 1)])


accounts = st.builds(Account, st.sampled_from(AccountKind), st.integers(0, 3))
postings = st.tuples(accounts, accounts, st.integers(1, 100)).filter(lambda legs: legs[0] != legs[1])


@given(st.lists(postings.map(lambda legs: Posting(*legs)), max_size=20))
def test_entries_sum_to_zero_with_one_for_each_account_that_changes(movements):
    entries = entries_of(movements)

    assert sum(entry.amount for entry in entries) == 0
    assert all(entry.amount for entry in entries)
    assert len({entry.account for entry in entries}) == len(entries)
    for entry in entries:
        income = sum(posting.amount for posting in movements if posting.destination == entry.account)
        expense = sum(posting.amount for posting in movements if posting.source == entry.account)
        assert entry.amount == income - expense


@given(coins=st.integers(0, MAX_BALANCE), percent=st.integers(0, 100))
def test_a_share_is_never_more_than_its_percentage(coins, percent):
    share = share_of(coins, percent)

    assert 0 <= share <= coins
    assert share * 100 <= coins * percent < (share + 1) * 100


@pytest.mark.parametrize(("coins", "percent"), [(-1, 50), (1, -1), (1, 101)])
def test_a_share_of_nonsense_is_a_bug(coins, percent):
    with pytest.raises(AssertionError):
        share_of(coins, percent)
