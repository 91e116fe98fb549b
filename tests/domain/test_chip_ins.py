"""Chip-ins: what members pool is reserved, and becomes one gift or goes back, to the coin."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.accounts import (
    HOUSE,
    REAL_COINS,
    TEST_COINS,
    AccountKind,
    debt_of,
    paid_of,
    promo_chips_of,
    promo_of,
)
from bot.domain.budget_errors import OverBudget
from bot.domain.budgets import Budget, Limit, Use
from bot.domain.chip_ins import (
    HOUR_MS,
    CalledOff,
    ChipIn,
    ChipInOver,
    ChipInRuns,
    ChipInState,
    ChipsShowNames,
    ChipTooSmall,
    NotPoolable,
    PoolShort,
    UnpoolableTestCoins,
    least_of,
    quick_amounts,
)
from bot.domain.errors import ItemUnavailable, MustConfirm, NotACreator, NotEnoughCoins, NotFound, Refusal
from bot.domain.guilds import GuildRules
from bot.domain.ledger import KINDS, book
from bot.domain.ledger.books import Books
from bot.domain.ledger.chip_returns import ReturnChip
from bot.domain.ledger.chips import ChipCoins
from bot.domain.ledger.joint_reversal import ReverseJoint
from bot.domain.ledger.journal import JournalRow
from bot.domain.ledger.pool_gift import SendPool
from bot.domain.ledger.restrictions import CreatorPaused, GiftBlocked, Restrictions
from bot.domain.ledger.reversal import Reverse
from bot.domain.lots import Lot, sum_of
from bot.domain.reversal_errors import InDebt
from tests.domain.builders import ALICE, CHANNEL, GUILD, HOLDERS, MIA, NOON, ROB, item, open_books

POOL = 77
BEA, COY = 21, 22
MEMBERS = (ALICE, BEA, COY)


def pool_books(price: int = 300, *, look: dict[str, Any] | None = None, rules: GuildRules | None = None) -> Books:
    """Books in which three members have 200 bought coins each, and 100 granted ones."""
    books = open_books(items=(item(**{"price": price, **(look or {})}),), rules=rules)
    books.holders |= {(GUILD, member): member + 1_000 for member in (BEA, COY)}
    for lot, member in enumerate(MEMBERS, 1):
        fill(books, member, paid=200, promo=100, lot=lot)
    return books


def fill(books: Books, member: int, *, paid: int = 0, promo: int = 0, test: int = 0, lot: int = 1) -> None:
    holder = books.holders[GUILD, member]
    for account, coins in ((paid_of(holder), paid), (TEST_COINS.wallet_of(holder), test)):
        books.balances[GUILD, account] = coins
        books.lots[GUILD, account] = (Lot(lot, coins),) if coins else ()
    books.balances[GUILD, promo_of(holder)] = promo


def chip(member: int, coins: int, number: int = 0, **changes: Any) -> ChipCoins:
    return ChipCoins(GUILD, f"chip:{member}:{number}", member, POOL, coins, MIA, 1, CHANNEL, hours=24)._replace(
        **changes
    )


def add(books: Books, member: int, coins: int, number: int = 0, **changes: Any) -> JournalRow:
    ((row, _),) = book(chip(member, coins, number, **changes), books, NOON)
    return row


def give_back(books: Books, member: int, row: JournalRow) -> JournalRow:
    ((back, _),) = book(ReturnChip(GUILD, member, POOL, row.seq, (row.actor,)), books, NOON)
    return back


def send(books: Books, **changes: Any) -> list[JournalRow]:
    people = tuple(dict.fromkeys(member_of(books, each.holder) for each in sorted(books.chips[GUILD, POOL])))
    command = SendPool(GUILD, POOL, MIA, 1, CHANNEL, people)._replace(**changes)
    return [row for row, _ in book(command, books, NOON)]


def member_of(books: Books, holder: int) -> int:
    return next(member for (_, member), each in books.holders.items() if each == holder)


def the_pool(books: Books) -> ChipIn:
    return books.chip_ins[GUILD, POOL]


def reserved(books: Books) -> int:
    kinds = {AccountKind.CHIPS, AccountKind.PROMO_CHIPS, AccountKind.TEST_CHIPS}
    return sum(coins for (_, account), coins in books.balances.items() if account.kind in kinds)


def full(books: Books) -> Books:
    for member in MEMBERS:
        add(books, member, 100)
    return books


def check(books: Books) -> None:
    """Check each row as the audit does, and that all accounts and lots add up."""
    for row in books.recorded.values():
        legs = [(row.seq, str(account.kind), account.owner, coins) for account, coins in row.entries]
        assert KINDS[row.kind].check(row.facts, legs) == "", row
    assert reserved(books) == the_pool(books).collected == sum(each.coins for each in books.chips[GUILD, POOL])
    for place, lots in books.lots.items():
        assert sum_of(lots) == books.balances[place], place


@given(st.lists(st.tuples(st.sampled_from(MEMBERS), st.integers(3, 120), st.booleans()), max_size=12), st.booleans())
def test_whatever_members_do_every_coin_is_in_a_wallet_reserved_or_given(
    moves: list[tuple[int, int, bool]], is_sent: bool
) -> None:
    books = pool_books()
    whole = sum(books.balances.values())
    for number, (member, coins, is_return) in enumerate(moves):
        own = [each for each in books.chips.get((GUILD, POOL), ()) if each.holder == books.holders[GUILD, member]]
        try:
            if is_return and own:
                book(ReturnChip(GUILD, member, POOL, own[0].seq, (own[0].holder,)), books, NOON)
            else:
                add(books, member, coins, number)
        except Refusal:
            continue
    if (GUILD, POOL) not in books.chip_ins:
        return
    if is_sent and the_pool(books).state is ChipInState.FULL:
        rows = send(books)
        assert sum(row.facts["coins"] for row in rows) == the_pool(books).price
        assert the_pool(books).state is ChipInState.SENT
    check(books)
    assert sum(books.balances.values()) == whole


def test_a_chip_reserves_promo_coins_first_and_keeps_the_lots() -> None:
    books = pool_books()

    row = add(books, ALICE, 150)

    assert (row.facts["promo"], row.facts["paid"], row.facts["lots"]) == (100, 50, [[1, 50]])
    assert books.balance(GUILD, promo_chips_of(row.actor)) == 100
    assert books.lots_of(GUILD, REAL_COINS.chips_of(row.actor)) == (Lot(1, 50),)
    assert books.lots_of(GUILD, paid_of(row.actor)) == (Lot(1, 150),)
    check(books)


def test_the_gift_goes_out_in_the_name_of_all_each_with_their_own_part() -> None:
    books = full(pool_books())
    assert the_pool(books).state is ChipInState.FULL

    rows = send(books)

    assert [(row.actor, row.facts["coins"]) for row in rows] == [(books.holders[GUILD, m], 100) for m in MEMBERS]
    assert rows[0].facts["pool"] == [[books.holders[GUILD, member], 100] for member in MEMBERS]
    assert [row.facts["joint"] for row in rows] == [[place, 3, 300] for place in range(3)]
    assert all(row.facts["tier"] == "medium" for row in rows)
    # Each paid with their promo coins, which earn nothing.
    assert books.balance(GUILD, REAL_COINS.earnings_of(HOLDERS[MIA])) == 0
    assert books.balance(GUILD, HOUSE) == 300
    check(books)


@given(st.integers(0, 100), st.integers(0, 100))
def test_the_creator_gets_the_share_of_each_part(percent: int, alices: int) -> None:
    books = pool_books(rules=GuildRules(GUILD, share_percent=percent))
    for member in MEMBERS:
        fill(books, member, paid=300, lot=member)
    parts = [3 + alices, 100, 197 - alices]
    for member, coins in zip(MEMBERS, parts, strict=True):
        add(books, member, coins)

    send(books)

    assert books.balance(GUILD, REAL_COINS.earnings_of(HOLDERS[MIA])) == sum(part * percent // 100 for part in parts)
    check(books)


def test_the_last_chip_is_cut_to_what_is_missing_and_nobody_adds_to_a_full_one() -> None:
    books = pool_books()
    add(books, ALICE, 290)

    row = add(books, BEA, 100)

    assert row.facts["coins"] == 10
    assert the_pool(books).state is ChipInState.FULL
    with pytest.raises(ChipInOver):
        add(books, COY, 50)


def test_a_member_takes_a_chip_back_once_and_a_full_one_is_open_again() -> None:
    books = pool_books()
    chips = [add(books, member, 100) for member in MEMBERS]

    give_back(books, BEA, chips[1])

    assert the_pool(books).state is ChipInState.OPEN
    assert books.balance(GUILD, promo_of(books.holders[GUILD, BEA])) == 100
    with pytest.raises(NotFound):
        book(ReturnChip(GUILD, BEA, POOL, chips[1].seq, (chips[1].actor,)), books.copied(), NOON)
    check(books)


@pytest.mark.parametrize("debt", [0, 30, 80, 150, 500])
def test_what_comes_back_pays_off_a_debt_first(debt: int) -> None:
    books = pool_books()
    row = add(books, ALICE, 150)
    holder = HOLDERS[ALICE]
    books.balances[GUILD, debt_of(holder)] = -debt

    give_back(books, ALICE, row)

    assert books.debt(GUILD, holder) == max(debt - 150, 0)
    assert books.balance(GUILD, paid_of(holder)) == 150 + max(50 - debt, 0)
    assert books.balance(GUILD, promo_of(holder)) == 100 - max(min(debt, 150) - 50, 0)
    check(books)


def test_the_last_return_ends_a_chip_in_that_was_called_off() -> None:
    books = pool_books()
    chips = [add(books, member, 50) for member in MEMBERS]
    books.chip_ins[GUILD, POOL] = the_pool(books).called_off(CalledOff.TIME)

    for member, row in zip(MEMBERS, chips, strict=True):
        assert the_pool(books).state is ChipInState.RETURNING
        give_back(books, member, row)

    assert the_pool(books).state is ChipInState.RETURNED
    assert reserved(books) == 0


def test_chips_in_flight_count_against_the_budget_of_their_time() -> None:
    books = pool_books()
    holder = HOLDERS[ALICE]
    books.budgets[GUILD, holder] = Budget((Limit(150), Limit(), Limit()), (Use(NOON, 0, False),) * 3)

    row = add(books, ALICE, 100)
    with pytest.raises(OverBudget):
        add(books, ALICE, 60, 1)
    assert books.budgets[GUILD, holder].uses[0].coins == 100
    give_back(books, ALICE, row)

    assert books.budgets[GUILD, holder].uses[0].coins == 0


@pytest.mark.parametrize("why", ["debt", "blocked", "absent"])
def test_who_cannot_send_a_gift_now_holds_up_only_their_own_part(why: str) -> None:
    books = full(pool_books())
    holder = books.holders[GUILD, BEA]
    if why == "debt":
        books.balances[GUILD, debt_of(holder)] = -5
    if why == "blocked":
        books.restrictions[GUILD, MIA] = Restrictions(blocked=frozenset({holder}))

    with pytest.raises(PoolShort) as refusal:
        send(books.copied(), absent=(BEA,) if why == "absent" else ())

    assert refusal.value.holders == (holder,)
    check(books)


def test_a_creator_who_takes_a_break_refuses_the_whole() -> None:
    books = full(pool_books())
    books.restrictions[GUILD, MIA] = Restrictions(paused_until_ms=NOON + HOUR_MS)

    with pytest.raises(CreatorPaused):
        send(books.copied())


def test_a_price_that_rose_changes_nothing_for_those_who_pool() -> None:
    books = full(pool_books())
    books.items[GUILD, 1] = item(price=900)

    rows = send(books)

    assert sum(row.facts["coins"] for row in rows) == 300


def test_stock_is_sold_when_the_gift_goes_out_and_once() -> None:
    books = full(pool_books(look={"stock": 1}))
    send(books)
    assert books.items[GUILD, 1].stock == 0

    late = full(pool_books(look={"stock": 1}))
    late.items[GUILD, 1] = item(price=300, stock=0)
    with pytest.raises(ItemUnavailable):
        send(late)


def test_a_reversal_gives_everyone_their_part_back() -> None:
    books = full(pool_books())
    before = {member: books.balance(GUILD, promo_of(books.holders[GUILD, member])) for member in MEMBERS}
    rows = send(books)
    books.rows |= {(GUILD, row.seq): row for row in rows}
    reversals = tuple(Reverse(GUILD, "back", ROB, 0, row.seq, "mistake", holder_ids=(row.actor,)) for row in rows)

    book(ReverseJoint(GUILD, "back", ROB, reversals), books, NOON)

    for member, coins in before.items():
        assert books.balance(GUILD, promo_of(books.holders[GUILD, member])) == coins + 100
    assert books.balance(GUILD, HOUSE) == 0


@pytest.mark.parametrize(
    ("look", "change", "refusal"),
    [
        ({"price": 99}, {}, NotPoolable),
        ({"fans_only": True}, {}, NotPoolable),
        ({"archived": True}, {}, ItemUnavailable),
        ({}, {"hours": 0}, NotFound),
        ({}, {"coins": 2}, ChipTooSmall),
        ({}, {"coins": 301, "member_id": BEA}, NotEnoughCoins),
        ({}, {"creator_id": ROB}, NotACreator),
        ({}, {"member_id": MIA}, Refusal),
    ],
)
def test_what_cannot_be_pooled_opens_nothing(
    look: dict[str, Any], change: dict[str, Any], refusal: type[Refusal]
) -> None:
    books = pool_books(look=look)
    fill(books, BEA, paid=100)
    with pytest.raises(refusal):
        book(chip(ALICE, 50)._replace(**change), books, NOON)
    assert not books.chip_ins


def test_there_is_one_for_a_creator_in_a_channel() -> None:
    books = pool_books()
    add(books, ALICE, 50)

    with pytest.raises(ChipInRuns):
        book(chip(BEA, 50, chip_in_id=POOL + 1), books, NOON)
    book(chip(BEA, 50, chip_in_id=POOL + 1, channel_id=CHANNEL + 9), books, NOON)


def test_after_its_end_it_takes_nothing() -> None:
    books = pool_books()
    add(books, ALICE, 50)
    with pytest.raises(ChipInOver):
        book(chip(BEA, 50), books, NOON + 24 * HOUR_MS)
    book(chip(BEA, 50), books, NOON + 24 * HOUR_MS - 1)


def test_a_large_chip_asks_first_and_debts_and_blocks_refuse_it() -> None:
    books = pool_books(rules=GuildRules(GUILD, confirm_above=60))
    with pytest.raises(MustConfirm):
        add(books, ALICE, 61, asks_first=True)
    books.balances[GUILD, debt_of(HOLDERS[ALICE])] = -1
    with pytest.raises(InDebt):
        add(books, ALICE, 50)
    books.restrictions[GUILD, MIA] = Restrictions(blocked=frozenset({books.holders[GUILD, BEA]}))
    with pytest.raises(GiftBlocked):
        add(books, BEA, 50)


def test_who_gives_anonymously_is_not_named_by_chipping_in() -> None:
    books = pool_books()
    books.anonymous.add((GUILD, ALICE))
    with pytest.raises(ChipsShowNames):
        add(books, ALICE, 50)


def test_test_coins_pool_only_where_nothing_is_sold_for_money() -> None:
    books = pool_books()
    fill(books, ALICE, test=300)
    row = add(books, ALICE, 300)
    assert row.facts["test"]
    rows = send(books)
    assert rows[0].facts["test"]
    check(books)

    shop = pool_books(rules=GuildRules(GUILD, money_since_ms=NOON))
    fill(shop, ALICE, test=300)
    with pytest.raises(UnpoolableTestCoins):
        add(shop, ALICE, 300)


@given(st.integers(100, 45_000), st.data())
def test_the_buttons_never_offer_too_little_or_too_much(price: int, data: st.DataObject) -> None:
    collected = data.draw(st.integers(0, price - 1))
    pool = ChipIn(GUILD, POOL, CHANNEL, MIA, 1, "Lantern", "🏮", price, 1, NOON, NOON + HOUR_MS, collected)

    amounts = quick_amounts(pool)

    assert all(pool.least <= coins <= pool.missing for coins in amounts)
    assert 1 <= len(amounts) <= 3
    assert least_of(price) * 100 >= price
