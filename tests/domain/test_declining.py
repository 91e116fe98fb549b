"""Declining: for a day, by a gift's own creator or by staff, and nobody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import reversal_errors as refusals
from bot.domain.errors import NotFound, Refusal
from bot.domain.ledger import decide
from bot.domain.ledger.books import Books
from bot.domain.ledger.reversal import DECLINE_MS, Reverse, SenderTold
from bot.domain.orders import Cause
from bot.domain.staff_acts import MoneyMoved
from tests.domain.builders import ALICE, GUILD, MIA, NOON, ROB, balances_of, gift, grant, open_books, submit


def books_with_gift() -> tuple[Books, int]:
    """Books in which Alice sent Mia a gift, and its row."""
    books = open_books(paid=100, promo=100)
    row = submit(books, gift())
    books.rows[GUILD, row.seq] = row
    return books, row.seq


def decline(actor_id: int, seq: int, cause: Cause = Cause.DECLINED) -> Reverse:
    return Reverse(GUILD, "decline", actor_id, ALICE, seq, "", cause=cause)


def test_a_creator_declines_a_gift_and_everybody_has_what_they_had():
    before = balances_of(open_books(paid=100, promo=100))
    books, seq = books_with_gift()
    command = decline(MIA, seq)
    decision = decide(command, books, NOON)
    submit(books, command)

    assert {account: coins for account, coins in balances_of(books).items() if coins} == before
    assert decision.facts["cause"] == "declined"
    sender = books.holders[GUILD, ALICE]
    assert SenderTold(sender, "decline") in decision.effects
    assert not any(isinstance(effect, MoneyMoved) for effect in decision.effects)


def test_staff_decline_a_gift_for_its_creator_which_is_an_act():
    books, seq = books_with_gift()
    decision = decide(decline(ROB, seq, Cause.STAFF_DECLINED), books, NOON)

    assert any(isinstance(effect, MoneyMoved) for effect in decision.effects)


@pytest.mark.parametrize("actor_id", [ALICE, ROB])
def test_a_gift_to_somebody_else_is_not_found(actor_id):
    books, seq = books_with_gift()

    with pytest.raises(NotFound):
        decide(decline(actor_id, seq), books, NOON)


def test_a_grant_is_no_gift():
    books = open_books()
    row = submit(books, grant())
    books.rows[GUILD, row.seq] = row

    with pytest.raises(NotFound):
        decide(decline(ROB, row.seq, Cause.STAFF_DECLINED), books, NOON)


@given(st.integers(0, 3 * DECLINE_MS), st.sampled_from([Cause.DECLINED, Cause.STAFF_DECLINED]))
def test_a_gift_is_declined_for_exactly_a_day(age_ms, cause):
    books, seq = books_with_gift()
    refusal: Refusal | None = None
    try:
        decide(decline(MIA, seq, cause), books, NOON + age_ms)
    except Refusal as error:
        refusal = error

    assert (refusal is None) == (age_ms < DECLINE_MS)
    assert refusal is None or isinstance(refusal, refusals.DeclineOver)
