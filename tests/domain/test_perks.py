"""Perks: sold as long as stock lasts, at the price that was shown, and given back to the coin, whatever is asked."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.accounts import HOUSE, REAL_COINS, TEST_COINS, debt_of, promo_of
from bot.domain.budget_errors import OverBudget
from bot.domain.budgets import NO_BUDGET, BudgetPeriod
from bot.domain.errors import NotEnoughCoins, NotFound, PriceChanged, Refusal
from bot.domain.exported_books import Movement, Row, movements
from bot.domain.freezes import CaseRef, CaseType, Freeze, MemberFrozen
from bot.domain.guilds import GuildRules
from bot.domain.ledger import KINDS
from bot.domain.ledger.books import Books
from bot.domain.ledger.journal import JournalRow
from bot.domain.ledger.perk import BuyPerk, facts_of
from bot.domain.ledger.perk_return import ReturnCause, ReturnPerk
from bot.domain.ledger.restrictions import GiftBlocked, Restrictions
from bot.domain.lots import Lot, sum_of
from bot.domain.perk_errors import OwnPerk, PerkIncomplete, PerkLimit, PerkOwned, PerkSoldOut, TicketMoved
from bot.domain.perks import (
    DAY_MS,
    NOTHING,
    Holding,
    Perk,
    PerkKind,
    PerkWay,
    Restock,
    Unlock,
    UnlockState,
    check_complete,
    check_offered,
    next_restock_ms,
    steps_from,
    unlock_of,
    with_one_more,
)
from bot.domain.reversal_errors import AlreadyReversed, HouseShort, InDebt
from tests.domain.builders import ALICE, GUILD, HOLDERS, MIA, NOON, PAID, PROMO, balances_of, open_books, submit

HOLDER = HOLDERS[ALICE]
PERK = Perk(GUILD, 40, "Backstage", "🎭", PerkKind.ROLE, PerkWay.COINS, 100, NOON, role_id=1)
TEST = TEST_COINS.wallet_of(HOLDER)


def buy(number: int = 1, **changes: Any) -> BuyPerk:
    return BuyPerk(GUILD, f"perk:{number}", ALICE, PERK.perk_id, number, 100)._replace(**changes)


def shop(perk: Perk = PERK, **options: Any) -> Books:
    books = open_books(**options)
    books.perks[GUILD, perk.perk_id] = perk
    return books


def unlock(books: Books, row: JournalRow) -> Unlock:
    """Load what a row unlocked, as storage does for its return."""
    facts = facts_of(row)
    entry = Unlock(GUILD, facts["unlock"], PERK.perk_id, HOLDER, UnlockState.OPEN, NOON, NOON, None, row.seq, 100)
    books.unlocks[GUILD, entry.unlock_id] = entry
    books.rows[GUILD, row.seq] = row
    return entry


def give_back(books: Books, row: JournalRow, cause: ReturnCause = ReturnCause.UNDELIVERED) -> JournalRow:
    entry = unlock(books, row)
    key = f"return:{entry.unlock_id}"
    return submit(books, ReturnPerk(GUILD, key, ALICE, ALICE, row.seq, entry.unlock_id, (HOLDER,), cause))


def legs(row: JournalRow) -> list[tuple[int, str, int, int]]:
    return [(row.seq, account.kind.value, account.owner, amount) for account, amount in row.entries]


@given(promo=st.integers(0, 150), paid=st.integers(0, 150), price=st.integers(1, 200))
def test_a_perk_takes_promo_coins_first_and_all_of_it_goes_to_the_house_and_comes_back(
    promo: int, paid: int, price: int
) -> None:
    books = shop(replace(PERK, needs=price), promo=promo, paid=paid)
    before = balances_of(books)
    if promo + paid < price:
        with pytest.raises(NotEnoughCoins):
            submit(books, buy(ceiling=price))
        assert balances_of(books) == before
        return
    row = submit(books, buy(ceiling=price))
    facts = facts_of(row)
    assert facts["promo"] == min(promo, price)
    assert books.balance(GUILD, HOUSE) == price
    assert not KINDS["perk"].check(facts, legs(row))

    back = give_back(books, row)

    assert balances_of(books) == before
    assert not KINDS["perk_return"].check(back.facts, legs(back))
    assert sum_of(books.lots_of(GUILD, PAID)) == paid


@given(debt=st.integers(1, 250), promo=st.integers(0, 100))
def test_coins_that_come_back_pay_off_a_debt_first(debt: int, promo: int) -> None:
    books = shop(promo=promo, paid=100 - promo)
    row = submit(books, buy())
    books.balances[GUILD, debt_of(HOLDER)] = -debt

    back = give_back(books, row)

    assert books.debt(GUILD, HOLDER) == max(debt - 100, 0)
    assert books.balance(GUILD, PAID) + books.balance(GUILD, PROMO) == max(100 - debt, 0)
    assert not KINDS["perk_return"].check(back.facts, legs(back))


@given(stock=st.integers(0, 5), presses=st.integers(1, 10))
def test_no_more_is_sold_than_there_is(stock: int, presses: int) -> None:
    books = shop(replace(PERK, stock=stock, days=1), promo=10_000)
    outcomes: Counter[str] = Counter()
    for number in range(1, presses + 1):
        try:
            submit(books, buy(number))
        except Refusal as refusal:
            outcomes[type(refusal).__name__] += 1
        else:
            outcomes["sold"] += 1

    assert outcomes["sold"] == min(stock, presses)
    assert outcomes["PerkSoldOut"] == presses - outcomes["sold"]
    assert books.balance(GUILD, HOUSE) == 100 * outcomes["sold"]


@given(days=st.integers(1, 366), renewals=st.integers(1, 4))
def test_a_renewal_begins_when_what_is_there_ends(days: int, renewals: int) -> None:
    perk, holding = replace(PERK, days=days), NOTHING
    for number in range(renewals):
        entry = unlock_of(perk, number, HOLDER, holding, NOON)
        assert entry.from_ms == NOON + number * days * DAY_MS
        assert entry.until_ms == entry.from_ms + days * DAY_MS
        holding = with_one_more(holding, entry)

    assert holding == Holding(renewals, NOON + renewals * days * DAY_MS)


def test_the_same_press_charges_once_and_a_higher_price_is_refused_with_the_new_one() -> None:
    books = shop(promo=1_000)
    submit(books, buy())
    submit(books, buy())
    assert books.balance(GUILD, PROMO) == 900
    books = shop(replace(PERK, needs=120), promo=1_000)

    with pytest.raises(PriceChanged) as refusal:
        submit(books, buy())

    assert (refusal.value.price, refusal.value.ceiling) == (120, 100)
    assert submit(shop(replace(PERK, needs=80), promo=100), buy()).facts["coins"] == 80


@pytest.mark.parametrize(
    ("changes", "holding", "refusal"),
    [
        ({"archived": True}, NOTHING, NotFound),
        ({"stock": 0}, NOTHING, PerkSoldOut),
        ({}, Holding(1, has_forever=True), PerkOwned),
        ({"each": 2, "days": 1}, Holding(2, NOON), PerkLimit),
    ],
)
def test_what_is_not_offered_is_refused_before_anything_is_charged(
    changes: dict[str, Any], holding: Holding, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        check_offered(replace(PERK, **changes), holding, NOON)


def test_shout_outs_can_be_had_again_and_again() -> None:
    perk = replace(PERK, kind=PerkKind.SHOUTOUT)

    assert check_offered(perk, Holding(9, has_forever=True), NOON) == perk
    assert unlock_of(perk, 1, HOLDER, NOTHING, NOON).until_ms is None


def test_who_owes_is_frozen_or_over_budget_gets_nothing() -> None:
    with pytest.raises(InDebt):
        submit(shop(promo=100, debts={ALICE: 5}), buy())
    books = shop(promo=100)
    books.frozen[GUILD, HOLDER] = (Freeze(CaseRef(CaseType.FLAG, 1), "odd", NOON, 1),)
    with pytest.raises(MemberFrozen):
        submit(books, buy())
    books = shop(replace(PERK, days=1), promo=1_000)
    books.budgets[GUILD, HOLDER] = NO_BUDGET.with_limits({BudgetPeriod.DAY: 150}, NOON)
    row = submit(books, buy())
    with pytest.raises(OverBudget):
        submit(books, buy(2))

    give_back(books, row)

    assert submit(books, buy(3)).facts["coins"] == 100


def test_what_a_creator_decides_about_gifts_holds_for_their_perks() -> None:
    books = shop(replace(PERK, creator=HOLDERS[MIA], days=1), promo=1_000)
    assert submit(books, buy(creator_id=MIA)).facts["creator"] == HOLDERS[MIA]
    books.restrictions[GUILD, MIA] = Restrictions(blocked=frozenset({HOLDER}))
    with pytest.raises(GiftBlocked):
        submit(books, buy(2, creator_id=MIA))
    with pytest.raises(OwnPerk):
        submit(books, buy(3, member_id=MIA, creator_id=MIA))
    with pytest.raises(NotFound):
        submit(books, buy(4))


@pytest.mark.parametrize("sells_for_money", [True, False])
def test_test_coins_buy_only_where_nobody_pays_with_money(*, sells_for_money: bool) -> None:
    since_ms = NOON - 1 if sells_for_money else None
    books = shop(rules=GuildRules(GUILD, money_since_ms=since_ms))
    books.balances[GUILD, TEST] = 100
    books.lots[GUILD, TEST] = (Lot(0, 100),)
    if sells_for_money:
        with pytest.raises(NotEnoughCoins):
            submit(books, buy())
        return
    row = submit(books, buy())
    assert books.balance(GUILD, TEST_COINS.house) == 100
    assert not KINDS["perk"].check(row.facts, legs(row))

    give_back(books, row)

    assert books.balance(GUILD, TEST) == 100


def test_coins_go_back_once_and_wait_where_the_house_is_short() -> None:
    books = shop(promo=200)
    row = submit(books, buy())
    books.balances[GUILD, HOUSE] = 99
    with pytest.raises(HouseShort):
        give_back(books, row)
    books.balances[GUILD, HOUSE] = 100
    entry = unlock(books, row)
    give_back(books, row)
    books.unlocks[GUILD, entry.unlock_id] = replace(entry, state=UnlockState.REVERSED)
    again = ReturnPerk(GUILD, "again", ALICE, ALICE, row.seq, entry.unlock_id, (HOLDER,), ReturnCause.STAFF)

    with pytest.raises(AlreadyReversed):
        submit(books, again)
    with pytest.raises(TicketMoved):
        submit(books, again._replace(key="more", cause=ReturnCause.CREATOR))


@pytest.mark.parametrize("kind", ["perk", "perk_return"])
def test_a_changed_row_is_noticed(kind: str) -> None:
    books = shop(promo=30, paid=100)
    row = submit(books, buy())
    row = row if kind == "perk" else give_back(books, row)
    for fact in ("coins", "paid", "promo"):
        assert KINDS[kind].check({**row.facts, fact: row.facts[fact] + 1}, legs(row)), fact


def test_stock_is_filled_up_at_the_beginning_of_a_period_of_the_guild() -> None:
    for restock in Restock:
        at_ms = next_restock_ms(restock, NOON, "Europe/Berlin")
        assert at_ms > NOON
        assert next_restock_ms(restock, at_ms, "Europe/Berlin") > at_ms
    assert next_restock_ms(Restock.DAY, NOON, "UTC") % DAY_MS == 0


def test_a_shout_out_goes_forward_or_back_to_its_member_and_ends_there() -> None:
    assert steps_from(UnlockState.OPEN) == (UnlockState.DOING, UnlockState.DONE, UnlockState.REVERSED)
    assert UnlockState.REVERSED in steps_from(UnlockState.DOING)
    assert steps_from(UnlockState.DONE) == steps_from(UnlockState.REVERSED) == ()


@pytest.mark.parametrize(
    ("changes", "lacks"),
    [
        ({"role_id": 0}, "role"),
        ({"kind": PerkKind.CHANNEL}, "channel"),
        ({"kind": PerkKind.TEXT}, "text"),
        ({"kind": PerkKind.FILE}, "file"),
        ({"way": PerkWay.CLUB}, "creator"),
        ({"restock": Restock.DAY}, "stock"),
    ],
)
def test_a_perk_without_what_it_is_about_is_refused(changes: dict[str, Any], lacks: str) -> None:
    with pytest.raises(PerkIncomplete) as refusal:
        check_complete(replace(PERK, **changes))

    assert refusal.value.lacks == lacks


def test_promo_and_bought_coins_are_told_apart() -> None:
    books = shop(promo=30, paid=100)
    row = submit(books, buy())

    assert (row.facts["promo"], row.facts["paid"]) == (30, 70)
    assert books.balance(GUILD, REAL_COINS.wallet_of(HOLDER)) == 30
    assert books.balance(GUILD, promo_of(HOLDER)) == 0


def test_the_owner_reads_in_the_books_who_paid_for_a_perk_and_got_it_back() -> None:
    books = shop(promo=30, paid=100)
    row = submit(books, buy())
    back = give_back(books, row)

    for each, coins in ((row, 100), (back, -100)):
        exported = Row(each.seq, each.kind, each.actor, each.facts, legs(each))
        assert movements(exported) == [Movement("coins", HOLDER, -coins), Movement("perks", 0, coins)]
