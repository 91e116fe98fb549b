"""Freezes: what is closed for a frozen member and what is not, and who may freeze whom."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refusal
from bot.domain.freezes import (
    CaseRef,
    CaseType,
    CreatorFrozen,
    Freeze,
    MemberFrozen,
    NotInCase,
    OwnFreeze,
    check_creator_frozen,
    check_freezing,
    check_frozen,
    check_unfreezing,
)
from bot.domain.ledger.books import Books
from bot.domain.ledger.kinds import Command
from bot.domain.ledger.payout import RecordPayout, RejectPayout, RequestPayout
from bot.domain.payouts import Payable, Payout, PayoutRules, PayoutState
from tests.domain.builders import (
    ALICE,
    EARNINGS,
    GUILD,
    HOLDERS,
    MIA,
    NOON,
    ROB,
    balances_of,
    credit,
    gift,
    grant,
    open_books,
    order,
    submit,
)

ALICES, MIAS = HOLDERS[ALICE], HOLDERS[MIA]
cases = st.builds(CaseRef, st.sampled_from(CaseType), st.integers(1, 9))
freezes = st.builds(Freeze, cases, st.text(min_size=1), st.integers(1, NOON), st.just(HOLDERS[ROB]))
some_freezes = st.lists(freezes, min_size=1, max_size=4).map(tuple)
people = st.sampled_from([ALICE, MIA, ROB])

REQUEST = RequestPayout(GUILD, "ask", MIA, 50)
PAYMENT = RecordPayout(GUILD, "pay", ROB, MIA, 1, "TX-1", (MIAS,))
REJECTION = RejectPayout(GUILD, "reject", ROB, MIA, 1, "no account", (MIAS,))


def books_with(**frozen: tuple[Freeze, ...]) -> Books:
    """Books in which Alice can spend, and Mia has earnings and an approved payout."""
    books = open_books(paid=100, promo=5, orders=(order(),))
    books.balances[GUILD, EARNINGS] = 100
    books.payout_rules[GUILD] = PayoutRules(10, 2)
    books.payables[GUILD, MIAS] = Payable(0, ())
    books.frozen = {(GUILD, HOLDERS[{"alice": ALICE, "mia": MIA}[name]]): why for name, why in frozen.items()}
    return books


def with_approved_payout(books: Books) -> Books:
    submit(books, REQUEST)
    books.payouts[GUILD, 1] = Payout(GUILD, 1, MIAS, 50, NOON, PayoutState.APPROVED, ALICES, NOON)
    return books


@given(some_freezes)
def test_a_frozen_member_sends_nothing_and_reads_the_newest_reason(why: tuple[Freeze, ...]) -> None:
    books = books_with(alice=why)
    before = balances_of(books)

    with pytest.raises(MemberFrozen) as refusal:
        submit(books, gift())

    newest = max(why, key=lambda freeze: (freeze.since_ms, freeze.case))
    assert (refusal.value.case_type, refusal.value.number, refusal.value.reason) == (*newest.case, newest.reason)
    assert balances_of(books) == before
    assert not books.recorded


@given(some_freezes, st.sampled_from([{"creator_id": ROB}, {"item_id": 9}, {"asks_first": True, "quantity": 99}]))
def test_it_comes_before_every_other_refusal_of_a_gift(why: tuple[Freeze, ...], odd: dict[str, Any]) -> None:
    with pytest.raises(MemberFrozen):
        submit(books_with(alice=why), gift(**odd))


@given(some_freezes)
def test_what_was_paid_for_is_credited_and_gifts_to_a_frozen_creator_go_on(why: tuple[Freeze, ...]) -> None:
    books, free = books_with(alice=why, mia=why), books_with()

    for each in (books, free):
        submit(each, credit(order()))
        submit(each, grant())
    books.frozen.pop((GUILD, ALICES))
    for each in (books, free):
        submit(each, gift(quantity=3))

    assert balances_of(books) == balances_of(free)


@given(some_freezes)
def test_a_gift_that_was_sent_before_is_still_answered(why: tuple[Freeze, ...]) -> None:
    books = books_with()
    row = submit(books, gift())
    books.frozen[GUILD, ALICES] = why

    assert submit(books, gift()) is row


@given(some_freezes)
def test_a_frozen_creator_asks_for_nothing_and_is_paid_nothing_but_a_payout_can_be_rejected(
    why: tuple[Freeze, ...],
) -> None:
    with pytest.raises(MemberFrozen):
        submit(books_with(mia=why), REQUEST)
    books = with_approved_payout(books_with())
    books.frozen[GUILD, MIAS] = why
    before = balances_of(books)

    with pytest.raises(CreatorFrozen):
        submit(books, PAYMENT)
    assert balances_of(books) == before

    submit(books, REJECTION)
    assert books.balance(GUILD, EARNINGS) == 100


@given(st.dictionaries(st.sampled_from(["alice", "mia"]), some_freezes))
def test_a_command_of_somebody_who_is_free_does_what_it_always_does(frozen: dict[str, tuple[Freeze, ...]]) -> None:
    commands_of: dict[str, list[Command]] = {"alice": [gift()], "mia": [REQUEST]}
    for name, commands in commands_of.items():
        for command in commands:
            books, free = books_with(**frozen), books_with()
            submit(free, command)
            with suppress(MemberFrozen):
                submit(books, command)
            assert (balances_of(books) == balances_of(free)) == (name not in frozen)


@given(people, people, st.sets(people))
def test_nobody_freezes_themselves_or_somebody_whom_the_case_does_not_name(
    member: int, by: int, named: set[int]
) -> None:
    refusal: Refusal | None = None
    try:
        check_freezing(member, by, named)
    except Refusal as error:
        refusal = error

    kind = OwnFreeze if member == by else NotInCase if member not in named else None
    assert (type(refusal) if refusal else None) is kind


@given(people, people)
def test_nobody_unfreezes_themselves(member: int, by: int) -> None:
    if member == by:
        with pytest.raises(OwnFreeze):
            check_unfreezing(member, by)
    else:
        check_unfreezing(member, by)


def test_whoever_has_no_freeze_is_free() -> None:
    check_frozen(())
    check_creator_frozen(())
