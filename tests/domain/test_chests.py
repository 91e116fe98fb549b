"""Chests: every coin that is reserved is count in equal shares or goes back, and nobody takes two."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.accounts import CHEST, debt_of, promo_of
from bot.domain.chest_errors import (
    ChestEmpty,
    ChestOver,
    ChestRuns,
    NotASponsor,
    NotEnoughPromo,
    OwnChest,
    TooFewForShares,
    TooNewForChest,
    TooYoungForChest,
)
from bot.domain.chests import DAY_MS, HOUR_MS, check_sponsor, end_key_of, key_of, split
from bot.domain.errors import InvalidAmount, Refusal
from bot.domain.freezes import CaseRef, CaseType, Freeze, MemberFrozen
from bot.domain.guilds import GuildRules
from bot.domain.ids import DISCORD_EPOCH_MS
from bot.domain.ledger import KINDS, decide
from bot.domain.ledger.books import Books
from bot.domain.ledger.chest import OpenChest, ReturnChest, TakeShare, opening_of
from bot.domain.policy import Actor, Staff
from bot.domain.reversal_errors import InDebt
from tests.domain.builders import ALICE, CHANNEL, GUILD, HOLDERS, MIA, NOON, ROB, open_books

ANYBODY = replace(GuildRules(GUILD), chest_account_days=0, chest_joined_hours=0)
MINUTES = 10
END = NOON + MINUTES * 60_000
LEGS = {"promo": promo_of, "debt": debt_of}


def opening(coins: int = 20, shares: int = 2, **changes: Any) -> OpenChest:
    return OpenChest(GUILD, "open", ALICE, CHANNEL, coins, shares, MINUTES)._replace(**changes)


def taking(member_id: int = MIA, **changes: Any) -> TakeShare:
    return TakeShare(GUILD, key_of(1, HOLDERS.get(member_id, 0)), 1, member_id, 0, ALICE)._replace(**changes)


def book(books: Books, command: Any, at_ms: int = NOON) -> Books:
    row = books.record(GUILD, command.key, decide(command, books, at_ms), at_ms)
    legs = [(row.seq, account.kind.value, account.owner, amount) for account, amount in row.entries]
    assert KINDS[row.kind].check(row.facts, legs) == ""
    return books


def with_chest(rules: GuildRules = ANYBODY, **changes: Any) -> Books:
    return book(open_books(promo=100, rules=rules), opening(**changes))


def promo(books: Books, member_id: int) -> int:
    return books.balance(GUILD, promo_of(HOLDERS[member_id]))


@given(shares=st.integers(2, 500), more=st.integers(0, 10**8))
def test_every_share_is_equal_and_the_rest_is_too_little_for_one_more_each(shares: int, more: int):
    coins = shares + more
    parts = split(coins, shares)

    assert parts.coins + parts.rest == coins
    assert parts.share >= 1
    assert 0 <= parts.rest < shares


@pytest.mark.parametrize(("coins", "shares", "lowest"), [(4, 5, 5), (1, 2, 2), (9, 1, 2)])
def test_there_are_two_shares_with_a_coin_each(coins: int, shares: int, lowest: int):
    with pytest.raises(TooFewForShares) as refusal:
        split(coins, shares)

    assert refusal.value.lowest == lowest


@pytest.mark.parametrize(("coins", "shares"), [(0, 2), (5, 0), (5, 501), (-1, 2)])
def test_numbers_out_of_bounds_are_refused(coins: int, shares: int):
    with pytest.raises(InvalidAmount):
        split(coins, shares)


@given(
    coins=st.integers(2, 100),
    shares=st.integers(2, 5),
    takers=st.lists(st.sampled_from([MIA, ROB, 50, 51, 52]), unique=True),
    debt=st.integers(0, 30),
)
def test_what_is_reserved_is_taken_or_goes_back_to_the_coin(coins: int, shares: int, takers: list[int], debt: int):
    books = open_books(promo=100, rules=ANYBODY, debts={MIA: debt} if debt else {})
    books.holders |= {(GUILD, member): member for member in (50, 51, 52)}
    if coins < shares:
        return
    book(books, opening(coins, shares))
    parts = split(coins, shares)
    for member_id in takers:
        if books.chests[GUILD, 1].left:
            book(books, taking(member_id, key=f"take {member_id}"))
    count = min(len(takers), shares)
    assert books.balance(GUILD, CHEST) == (shares - count) * parts.share
    if books.chests[GUILD, 1].is_open:
        book(books, ReturnChest(GUILD, end_key_of(1), 1, HOLDERS[ALICE], ALICE), END)

    assert books.balance(GUILD, CHEST) == 0
    assert promo(books, ALICE) == 100 - count * parts.share
    promo_sum = sum(books.balance(GUILD, promo_of(books.holders[GUILD, member])) for member in takers)
    paid_off = debt + books.balance(GUILD, debt_of(HOLDERS[MIA]))
    assert promo_sum + paid_off == count * parts.share
    assert not books.open_chests
    with pytest.raises((ChestOver, ChestEmpty)):
        decide(taking(ROB, key="late"), books, NOON)


def test_a_chest_takes_promo_coins_and_no_bought_ones():
    books = open_books(promo=19, paid=500, rules=ANYBODY)
    with pytest.raises(NotEnoughPromo) as refusal:
        decide(opening(), books, NOON)

    assert (refusal.value.needed, refusal.value.promo) == (20, 19)
    facts = opening_of(decide(opening(19), books, NOON))  # pyright: ignore[reportArgumentType]
    assert (facts["coins"], facts["share"], facts["promo_after"]) == (18, 9, 1)


def test_whoever_owes_coins_shares_none_out():
    books = open_books(promo=100, rules=ANYBODY, debts={ALICE: 5})
    with pytest.raises(InDebt) as refusal:
        decide(opening(), books, NOON)

    assert refusal.value.coins == 5


def test_a_sponsor_has_one_chest_at_a_time():
    books = with_chest()
    with pytest.raises(ChestRuns):
        decide(opening(key="again"), books, NOON)
    book(books, ReturnChest(GUILD, end_key_of(1), 1, HOLDERS[ALICE], ALICE), END)
    decide(opening(key="again"), books, END)


@pytest.mark.parametrize(
    ("command", "at_ms", "refusal"),
    [
        (taking(ALICE), NOON, OwnChest),
        (taking(), END, ChestOver),
        (taking(chest_id=9), NOON, ChestOver),
    ],
)
def test_a_share_is_for_others_and_in_time(command: TakeShare, at_ms: int, refusal: type[Refusal]):
    with pytest.raises(refusal):
        decide(command, with_chest(), at_ms)


@pytest.mark.parametrize(("member_id", "command"), [(ALICE, opening(key="new")), (MIA, taking())])
def test_who_is_frozen_neither_shares_coins_out_nor_takes_a_share(member_id: int, command: Any):
    books = with_chest()
    books.frozen[GUILD, HOLDERS[member_id]] = (Freeze(CaseRef(CaseType.FLAG, 1), "we look into it", NOON, 3),)

    with pytest.raises(MemberFrozen):
        decide(command, books, NOON)


def test_accounts_made_for_it_and_newcomers_get_no_share():
    young = (NOON - 7 * DAY_MS + 1 - DISCORD_EPOCH_MS) << 22
    old = (NOON - 7 * DAY_MS - DISCORD_EPOCH_MS) << 22
    books = with_chest(GuildRules(GUILD))
    books.holders |= {(GUILD, member): member for member in (young, old)}
    joined_ms = NOON - 24 * HOUR_MS

    with pytest.raises(TooYoungForChest) as age:
        decide(taking(young, joined_ms=joined_ms), books, NOON)
    with pytest.raises(TooNewForChest) as stay:
        decide(taking(old, joined_ms=joined_ms + 1), books, NOON)
    decide(taking(old, joined_ms=joined_ms), books, NOON)
    assert (age.value.days, stay.value.hours, stay.value.allowed_ms) == (7, 24, NOON + 1)


@pytest.mark.parametrize(
    ("staff", "roles", "sponsor_role", "is_sponsor"),
    [
        ({Staff.MANAGER}, [], 0, True),
        ({Staff.HOST}, [], 5, True),
        ({Staff.TREASURER}, [], 5, False),
        (set[Staff](), [5], 5, True),
        (set[Staff](), [5], 0, False),
        (set[Staff](), [0], 0, False),
    ],
)
def test_staff_and_those_with_the_role_share_coins_out(
    staff: set[Staff], roles: list[int], sponsor_role: int, is_sponsor: bool
):
    actor = Actor(1, frozenset(staff), manages_guild=False, is_creator=False)
    try:
        check_sponsor(actor, roles, sponsor_role)
    except NotASponsor:
        assert not is_sponsor
    else:
        assert is_sponsor


def test_a_row_whose_shares_are_not_its_coins_is_reported():
    row = with_chest().recorded[GUILD, "open"]
    legs = [(row.seq, account.kind.value, account.owner, amount) for account, amount in row.entries]

    assert KINDS["chest"].check(row.facts | {"share": 3}, legs)
    assert KINDS["chest"].check(row.facts, legs[:1])
    assert KINDS["chest_share"].check({"coins": 5}, legs)
