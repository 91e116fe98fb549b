"""Team gifts: the parts always add up, and either everybody gets theirs or nobody does."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.accounts import HOUSE, REAL_COINS, TEST_COINS, paid_of, promo_of
from bot.domain.budget_errors import OverBudget
from bot.domain.budgets import Budget, Limit, Use
from bot.domain.errors import (
    CreatorLeft,
    ItemUnavailable,
    MustConfirm,
    NotACreator,
    NotEnoughCoins,
    PriceChanged,
    Refusal,
)
from bot.domain.guilds import GuildRules
from bot.domain.ledger import book
from bot.domain.ledger.books import Books
from bot.domain.ledger.joint_reversal import ReverseJoint
from bot.domain.ledger.journal import JournalRow
from bot.domain.ledger.restrictions import GiftBlocked, Restrictions
from bot.domain.ledger.reversal import Reverse
from bot.domain.ledger.team_gift import MOST_CREATORS, SendTeamGift, TeamTooSmall, TooCheapToSplit
from bot.domain.lots import Lot, sum_listed
from bot.domain.splits import equal_parts, shares_of
from tests.domain.builders import ALICE, CHANNEL, GUILD, HOLDERS, MIA, NOON, ROB, balances_of, item, open_books

NOA = 14
TEAM = (MIA, NOA, ROB)


def team_gift(**changes: Any) -> SendTeamGift:
    return SendTeamGift(GUILD, "team:1", ALICE, TEAM, 1, CHANNEL)._replace(**changes)


def books_for(price: int, *, team: tuple[int, ...] = TEAM, **options: Any) -> Books:
    books = open_books(items=(item(price=price, **options.pop("look", {})),), **options)
    books.holders |= {(GUILD, member): HOLDERS.get(member, member + 1_000) for member in (*team, NOA)}
    books.creators |= {(GUILD, member) for member in team}
    return books


def send(books: Books, **changes: Any) -> list[JournalRow]:
    return [row for row, _ in book(team_gift(**changes), books, NOON)]


def take_back(books: Books, rows: list[JournalRow]) -> None:
    books.rows |= {(GUILD, row.seq): row for row in rows}
    reversals = tuple(
        Reverse(GUILD, "back", ROB, ALICE, row.seq, "mistake", holder_ids=(row.actor, row.facts["creator"]))
        for row in rows
    )
    book(ReverseJoint(GUILD, "back", ROB, reversals), books, NOON)


def only(coins: Mapping[Any, int]) -> dict[Any, int]:
    return {account: balance for account, balance in coins.items() if balance}


@given(st.integers(0, 10**9), st.integers(1, 99))
def test_equal_parts_add_up_and_differ_by_one_coin_at_most(coins: int, people: int) -> None:
    parts = equal_parts(coins, people)

    assert sum(parts) == coins
    assert len(parts) == people
    assert max(parts) - min(parts) <= 1
    assert list(parts) == sorted(parts, reverse=True)


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=60), st.data())
def test_shares_in_proportion_add_up_and_none_is_above_its_weight(weights: list[int], data: st.DataObject) -> None:
    coins = data.draw(st.integers(0, sum(weights)))

    parts = shares_of(coins, weights)

    assert sum(parts) == coins
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))
    assert shares_of(sum(weights), weights) == tuple(weights)


@given(st.data())
def test_everybody_gets_an_exact_part_and_a_reversal_undoes_all_of_it(data: st.DataObject) -> None:
    people = data.draw(st.integers(2, MOST_CREATORS))
    team = tuple(range(20, 20 + people))
    price = data.draw(st.integers(people, 45_000))
    promo = data.draw(st.integers(0, price))
    test = data.draw(st.sampled_from((0, price)))
    percent = data.draw(st.integers(0, 100))
    books = books_for(
        price, team=team, paid=0 if test else price, promo=promo, rules=GuildRules(GUILD, share_percent=percent)
    )
    if test:
        test_wallet = TEST_COINS.wallet_of(HOLDERS[ALICE])
        books.balances[GUILD, test_wallet] = test
        books.lots[GUILD, test_wallet] = (Lot(0, test),)
    before = only(balances_of(books))

    rows = send(books, team=team)

    facts = [row.facts for row in rows]
    assert [each["coins"] for each in facts] == list(equal_parts(price, people))
    assert sum(each["paid"] + each["promo"] for each in facts) == price
    assert sum(each["promo"] for each in facts) == min(promo, price)
    assert all(each["joint"] == [place, people, price] for place, each in enumerate(facts))
    assert [coins for _, coins in facts[0]["team"]] == [each["coins"] for each in facts]
    assert sum(sum_listed(each.get("lots", ())) for each in facts) == sum(each["paid"] for each in facts)
    assert {each.get("tier") for each in facts} == {item(price=price).tier.value}
    assert sum(books.balances.values()) == sum(before.values())

    take_back(books, rows)

    assert only(balances_of(books)) == before


def test_the_first_named_get_the_coins_that_are_over() -> None:
    books = books_for(100, paid=100)

    rows = send(books)

    assert [row.facts["coins"] for row in rows] == [34, 33, 33]
    assert [row.facts["share"] for row in rows] == [17, 16, 16]
    assert books.balance(GUILD, HOUSE) == 51
    assert books.balance(GUILD, REAL_COINS.earnings_of(HOLDERS[MIA])) == 17


def test_promo_coins_are_spread_over_all_parts() -> None:
    """Otherwise whoever is named first would get only coins that earn nothing."""
    rows = send(books_for(300, paid=200, promo=100))

    assert [row.facts["promo"] for row in rows] == [33, 33, 34]
    assert [row.facts["paid"] for row in rows] == [67, 67, 66]


def test_stock_is_sold_once() -> None:
    books = books_for(300, paid=600, look={"stock": 1})

    rows = send(books)
    assert books.items[GUILD, 1].stock == 0
    with pytest.raises(ItemUnavailable):
        book(team_gift(key="team:2"), books.copied(), NOON)

    books.rows |= {(GUILD, row.seq): row for row in rows}
    take_back(books, rows)
    assert books.items[GUILD, 1].stock == 1


def test_it_uses_a_budget_once_and_gives_back_all_of_it() -> None:
    books = books_for(300, paid=600)
    books.budgets[GUILD, HOLDERS[ALICE]] = Budget((Limit(400), Limit(), Limit()), (Use(NOON, 0, False),) * 3)

    rows = send(books)
    assert books.budgets[GUILD, HOLDERS[ALICE]].uses[0].coins == 300
    with pytest.raises(OverBudget):
        book(team_gift(key="team:2"), books.copied(), NOON)

    take_back(books, rows)
    assert books.budgets[GUILD, HOLDERS[ALICE]].uses[0].coins == 0


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"team": (MIA,)}, TeamTooSmall),
        ({"team": (MIA, MIA)}, TeamTooSmall),
        ({"team": (MIA, ALICE)}, Refusal),
        ({"team": (MIA, 99)}, NotACreator),
        ({"absent": (ROB,)}, CreatorLeft),
        ({"bots": (NOA,)}, Refusal),
        ({"ceiling": 299}, PriceChanged),
        ({"asks_first": True}, MustConfirm),
    ],
)
def test_what_one_creator_refuses_is_refused_whole(change: dict[str, Any], refusal: type[Refusal]) -> None:
    books = books_for(300, paid=600, rules=GuildRules(GUILD, confirm_above=100))
    books.holders[GUILD, 99] = 99
    before = balances_of(books)

    with pytest.raises(refusal):
        book(team_gift(**change), books.copied(), NOON)

    assert balances_of(books) == before
    assert not books.recorded


def test_a_block_by_the_last_creator_refuses_the_whole() -> None:
    books = books_for(300, paid=600)
    books.restrictions[GUILD, ROB] = Restrictions(blocked=frozenset({HOLDERS[ALICE]}))

    with pytest.raises(GiftBlocked) as refusal:
        book(team_gift(), books.copied(), NOON)
    assert refusal.value.creator_id == ROB


def test_every_creator_gets_at_least_a_coin() -> None:
    with pytest.raises(TooCheapToSplit):
        book(team_gift(), books_for(2, paid=600), NOON)
    assert [row.facts["coins"] for row in send(books_for(3, paid=600))] == [1, 1, 1]


def test_too_few_coins_are_refused_with_the_whole_price() -> None:
    with pytest.raises(NotEnoughCoins) as refusal:
        book(team_gift(), books_for(300, paid=100, promo=50), NOON)
    assert (refusal.value.balance, refusal.value.needed) == (150, 300)


def test_a_gift_takes_test_coins_whole_or_not_at_all() -> None:
    books = books_for(300, paid=300, promo=10)
    books.balances[GUILD, TEST_COINS.wallet_of(HOLDERS[ALICE])] = 150

    rows = send(books)

    assert not any("test" in row.facts for row in rows)
    assert books.balance(GUILD, paid_of(HOLDERS[ALICE])) == 10
    assert books.balance(GUILD, promo_of(HOLDERS[ALICE])) == 0
