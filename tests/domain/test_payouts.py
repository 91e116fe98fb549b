"""Payouts: what may be requested, who may decide, and where the coins are at each step."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.accounts import PAID_OUT, REAL_COINS, debt_of, reserved_of
from bot.domain.errors import Busy, InvalidAmount, NotFound, Refusal
from bot.domain.holds import NEVER, Hold, day_of
from bot.domain.ledger import KINDS
from bot.domain.ledger.books import Books
from bot.domain.ledger.journal import JournalRow
from bot.domain.ledger.payout import RecordPayout, RejectPayout, RequestPayout, facts_of
from bot.domain.payout_errors import (
    EarningsUncounted,
    OwnPayout,
    PayoutDecided,
    PayoutInDebt,
    PayoutNeedsAnother,
    PayoutOpen,
    PayoutTooLarge,
    PayoutTooSmall,
    PayoutUnapproved,
)
from bot.domain.payouts import Payable, PayoutRules, PayoutState, check_approval
from tests.domain.builders import ALICE, EARNINGS, GUILD, HOLDERS, MIA, NOON, ROB, open_books, submit

CREATOR = HOLDERS[MIA]
RESERVED, DEBT = reserved_of(CREATOR), debt_of(CREATOR)
TODAY = day_of(NOON)


def books_with(
    earned: int = 100, *holds: Hold, debt: int = 0, minimum: int = 10, people: int = 2, is_counted: bool = True
) -> Books:
    """Books in which Mia has earned something, as the fold of earnings knows it."""
    books = open_books(debts={MIA: debt})
    books.balances[GUILD, EARNINGS] = earned
    books.payout_rules[GUILD] = PayoutRules(minimum, people)
    books.payables[GUILD, CREATOR] = Payable(0, holds if is_counted else None)
    return books


def ask(books: Books, diamonds: int = 50, key: str = "ask") -> JournalRow:
    return submit(books, RequestPayout(GUILD, key, MIA, diamonds))


def approve(books: Books, by: int = ALICE, payout_id: int = 1) -> None:
    """Do what the service does in its job."""
    payout = books.payout(GUILD, payout_id)
    check_approval(payout, HOLDERS[by], books.debt(GUILD, payout.creator))
    books.payouts[GUILD, payout_id] = replace(payout, state=PayoutState.APPROVED, approved_by=HOLDERS[by])


def pay(books: Books, by: int = ROB) -> JournalRow:
    return submit(books, RecordPayout(GUILD, "pay", by, MIA, 1, "TX-1", (CREATOR,)))


def reject(books: Books, by: int = ROB) -> JournalRow:
    return submit(books, RejectPayout(GUILD, "reject", by, MIA, 1, "no bank account", (CREATOR,)))


def accounts(books: Books) -> tuple[int, int, int, int]:
    """What Mia has earned, what is reserved, what was paid out, and what she owes."""
    return (
        books.balance(GUILD, EARNINGS),
        books.balance(GUILD, RESERVED),
        books.balance(GUILD, PAID_OUT),
        books.debt(GUILD, CREATOR),
    )


def is_right(row: JournalRow) -> bool:
    legs = [(row.seq, account.kind.value, account.owner, amount) for account, amount in row.entries]
    return not KINDS[row.kind].check(row.facts, legs)


def test_a_request_reserves_and_a_payment_takes_what_is_reserved() -> None:
    books = books_with(100)

    request_row = ask(books, 60)
    assert accounts(books) == (40, 60, 0, 0)
    approve(books)
    payment = pay(books)

    assert accounts(books) == (40, 0, 60, 0)
    assert facts_of(payment) == {"payout": 1, "member": CREATOR, "coins": 60, "approved_by": HOLDERS[ALICE]}
    assert is_right(request_row)
    assert is_right(payment)
    payout = books.payout(GUILD, 1)
    assert (payout.state, payout.closed_by, payout.closed_seq) == (PayoutState.PAID, HOLDERS[ROB], 2)


def test_a_request_writes_down_what_it_had_to_leave_alone() -> None:
    books = books_with(100, Hold("discord_sku", NEVER, 40))
    books.payables[GUILD, CREATOR] = books.payables[GUILD, CREATOR]._replace(withheld=("discord_sku",))

    with pytest.raises(PayoutTooLarge, match="61"):
        ask(books, 61)
    row = ask(books, 60)

    assert row.facts == {"coins": 60, "withheld": ["discord_sku"]}
    assert is_right(row)


def test_a_rejection_gives_everything_back_but_a_debt_first() -> None:
    books = books_with(100)
    ask(books, 60)
    books.balances[GUILD, DEBT] = -25

    row = reject(books)

    assert accounts(books) == (75, 0, 0, 0)
    assert facts_of(row).get("payoff") == 25
    assert is_right(row)


@given(
    earned=st.integers(0, 60),
    waiting=st.integers(0, 60),
    days=st.integers(-1, 2) | st.just(NEVER - TODAY),
    diamonds=st.integers(-1, 70),
    minimum=st.integers(1, 20),
)
def test_exactly_what_is_available_can_be_requested(
    earned: int, waiting: int, days: int, diamonds: int, minimum: int
) -> None:
    books = books_with(earned, Hold("stripe", TODAY + days, waiting), minimum=minimum)
    available = max(earned - (waiting if days > 0 else 0), 0)

    if minimum <= diamonds <= available:
        ask(books, diamonds)
        assert accounts(books) == (earned - diamonds, diamonds, 0, 0)
        return
    before = dict(books.balances)
    why = InvalidAmount if diamonds < 1 else PayoutTooSmall if min(diamonds, available) < minimum else PayoutTooLarge
    with pytest.raises(why):
        ask(books, diamonds)
    assert books.balances == before


def test_what_is_flagged_waits_for_staff() -> None:
    books = books_with(100)
    today = day_of(NOON)
    held = Hold("stripe", today + 1, 30)
    # What is held and flagged waits once.
    books.payables[GUILD, CREATOR] = Payable(0, (held,), flags=(held, Hold("stripe", today, 30)))

    with pytest.raises(PayoutTooLarge) as refusal:
        ask(books, 41)
    assert refusal.value.available == 40
    ask(books, 40)


def test_a_creator_has_one_open_request() -> None:
    books = books_with(100)
    ask(books, 30)
    books.payables[GUILD, CREATOR] = books.payables[GUILD, CREATOR]._replace(seq=1)

    with pytest.raises(PayoutOpen) as refusal:
        ask(books, 30, "again")

    assert refusal.value.payout_id == 1


def test_nothing_is_requested_while_it_cannot_be_told_what_waits() -> None:
    with pytest.raises(EarningsUncounted):
        ask(books_with(is_counted=False))
    later = books_with()
    later.payables[GUILD, CREATOR] = Payable(5, ())
    with pytest.raises(Busy):
        ask(later)


def test_nothing_is_requested_approved_or_paid_while_the_creator_owes() -> None:
    with pytest.raises(PayoutInDebt) as own:
        ask(books_with(debt=1))
    assert own.value.is_own
    books = books_with()
    ask(books)
    books.balances[GUILD, DEBT] = -1
    with pytest.raises(PayoutInDebt) as approving:
        approve(books)
    assert not approving.value.is_own
    books.balances[GUILD, DEBT] = 0
    approve(books)
    books.balances[GUILD, DEBT] = -1
    with pytest.raises(PayoutInDebt):
        pay(books)


def test_what_is_below_the_minimum_is_refused_with_what_there_is() -> None:
    with pytest.raises(PayoutTooSmall) as refusal:
        ask(books_with(100, minimum=60), 50)
    assert (refusal.value.minimum, refusal.value.available, refusal.value.held) == (60, 100, 0)


def test_a_refusal_says_what_is_held_besides_and_that_nothing_is_to_whoever_never_earned() -> None:
    today = day_of(NOON)
    waiting = books_with(50, Hold("stripe", today + 1, 20))
    waiting.payables[GUILD, CREATOR] = waiting.payables[GUILD, CREATOR]._replace(flags=(Hold("manual", today, 10),))
    sums: list[tuple[int, int]] = []
    for books in (waiting, books_with(0)):
        with pytest.raises(PayoutTooSmall) as refusal:
            ask(books, 1)
        sums.append((refusal.value.available, refusal.value.held))

    assert sums == [(20, 30), (0, 0)]


STATES = [*PayoutState]
DEEDS: dict[str, Any] = {"approve": approve, "pay": pay, "reject": reject}
PEOPLE = [MIA, ALICE, ROB]


def in_state(state: PayoutState, people: int) -> Books:
    """A payout of Mia's that Alice has approved, unless it is not approved yet."""
    books = books_with(people=people)
    ask(books)
    if state is PayoutState.REJECTED:
        reject(books)
    elif state is not PayoutState.REQUESTED:
        approve(books)
        if state is PayoutState.PAID:
            submit(books, RecordPayout(GUILD, "early", ROB, MIA, 1, "TX-0", (CREATOR,)))
    return books


@pytest.mark.parametrize(("state", "deed", "by", "people"), [*product(STATES, DEEDS, PEOPLE, (1, 2))])
def test_who_may_do_what_to_a_payout_in_which_state(state: PayoutState, deed: str, by: int, people: int) -> None:
    """Command × actor: nobody gains by their own decision, and paying takes a second person unless one is trusted."""
    books = in_state(state, people)
    why: type[Refusal] | None = None
    if deed == "reject":
        why = None if state in {PayoutState.REQUESTED, PayoutState.APPROVED} else PayoutDecided
    elif by == MIA:
        why = OwnPayout
    elif deed == "approve":
        why = None if state is PayoutState.REQUESTED else PayoutDecided
    elif state is PayoutState.REQUESTED:
        why = PayoutUnapproved
    elif state is not PayoutState.APPROVED:
        why = PayoutDecided
    elif by == ALICE and people == 2:
        why = PayoutNeedsAnother
    if state is PayoutState.REJECTED and deed == "reject":
        books.recorded.clear()

    if why is None:
        DEEDS[deed](books, by)
    else:
        with pytest.raises(why):
            DEEDS[deed](books, by)


def test_whoever_takes_their_own_request_back_is_not_told_of_it() -> None:
    def news(by: int) -> list[str]:
        books = books_with()
        ask(books)
        command = RejectPayout(GUILD, "reject", by, MIA, 1, "mine", (CREATOR,))
        return [type(effect).__name__ for effect in KINDS["payout_rejection"].decide(command, books, NOON).effects]  # type: ignore[misc]

    assert news(MIA) == ["PayoutClosed"]
    assert news(ROB) == ["PayoutClosed", "CreatorTold", "MoneyMoved"]


def test_a_payout_that_does_not_exist_is_not_found() -> None:
    for deed in (approve, pay, reject):
        with pytest.raises(NotFound):
            deed(books_with())


@pytest.mark.parametrize("kind", ["payout_request", "payout", "payout_rejection"])
def test_the_audit_notices_other_coins_than_the_row_says(kind: str) -> None:
    books = books_with()
    rows = {"payout_request": ask(books)}
    rows["payout_rejection"] = reject(books)
    second_books = books_with()
    ask(second_books)
    approve(second_books)
    rows["payout"] = pay(second_books)
    row = rows[kind]
    legs = [(row.seq, account.kind.value, account.owner, amount) for account, amount in row.entries]

    assert not KINDS[kind].check(row.facts, legs)
    assert KINDS[kind].check(row.facts | {"coins": 49}, legs)
    assert KINDS[kind].check(row.facts, legs[1:])
    if kind == "payout":
        assert KINDS[kind].check(row.facts | {"approved_by": CREATOR}, legs)


@pytest.mark.parametrize("rules", [PayoutRules(0, 1), PayoutRules(1, 0), PayoutRules(1, 3), PayoutRules(2**60, 1)])
def test_what_no_guild_can_choose(rules: PayoutRules) -> None:
    with pytest.raises(InvalidAmount):
        rules.checked()
    assert PayoutRules(1, 1).checked() == PayoutRules(1, 1)


def test_test_earnings_are_never_paid_out() -> None:
    assert REAL_COINS.earnings_of(CREATOR) == EARNINGS
    books = books_with(0)
    books.balances[GUILD, EARNINGS._replace(kind="test_earnings")] = 1_000_000  # type: ignore[arg-type]
    with pytest.raises(PayoutTooSmall):
        ask(books)
