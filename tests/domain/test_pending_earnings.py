"""Earnings that wait for staff or the operator: never those paid out, none in their place, and all that are still
there."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.buying_limits import DAY_MS
from bot.domain.holds import Hold
from bot.domain.pending_earnings import POOLED, WITHHELD_NOW_MS, PastPayout, PendingPiece, unpaid
from tests.domain.earnings_account import FIRST_DAY, Account


def piece(seq: int, diamonds: int, *, until: int = FIRST_DAY, flagged_ms: int = 0) -> PendingPiece:
    return PendingPiece(seq, flagged_ms, Hold("stripe", until, diamonds))


def payout(seq: int, leftover: int, *, day: int = FIRST_DAY) -> PastPayout:
    return PastPayout(seq, day * DAY_MS, leftover)


AFTERWARDS = FIRST_DAY * DAY_MS + 1
"""When something is flagged after the payouts of the first day."""


def held(pieces: list[PendingPiece], *payouts: PastPayout) -> list[tuple[int, int]]:
    return [(each.seq, each.hold.diamonds) for each in unpaid(pieces, payouts)]


def test_what_a_payout_took_before_the_flag_is_not_held() -> None:
    assert held([piece(1, 30, flagged_ms=AFTERWARDS)], payout(2, 0)) == []


def test_what_a_payout_left_behind_counts_as_flagged_first_and_the_oldest_was_paid_first() -> None:
    pieces = [piece(1, 30, flagged_ms=AFTERWARDS), piece(2, 30, flagged_ms=AFTERWARDS)]

    assert held(pieces, payout(3, 40)) == [(1, 10), (2, 30)]
    assert held(pieces, payout(3, 100)) == [(1, 30), (2, 30)]
    assert held(pieces, payout(3, 100), payout(4, 5)) == [(2, 5)]


def test_a_payout_paid_nothing_that_was_flagged_by_then_or_held_or_earned_later() -> None:
    flagged, waiting = piece(1, 30), piece(2, 20, until=FIRST_DAY + 1, flagged_ms=AFTERWARDS)
    later, early = piece(9, 10, flagged_ms=AFTERWARDS), piece(3, 7, flagged_ms=AFTERWARDS)

    assert held([flagged, waiting, later, early], payout(8, 30)) == [(1, 30), (2, 20), (9, 10)]


def test_what_was_lost_since_is_not_there_to_be_held() -> None:
    assert held([piece(1, 30)], payout(2, 10)) == [(1, 10)]
    assert held([piece(1, 30)], payout(2, -10)) == []


def test_a_payout_that_had_to_leave_a_source_alone_paid_nothing_of_it() -> None:
    purchase = PendingPiece(0, WITHHELD_NOW_MS, Hold("discord_sku", FIRST_DAY, 50))

    assert held([purchase], payout(2, 0)) == []
    assert held([purchase], payout(2, 0)._replace(withheld=POOLED)) == [(0, 50)]


def test_what_a_payout_left_behind_waits_for_the_operator_or_for_staff_but_only_once() -> None:
    purchase = PendingPiece(0, WITHHELD_NOW_MS, Hold("discord_sku", FIRST_DAY, 50))
    flagged_piece = piece(1, 30, flagged_ms=AFTERWARDS)

    assert held([purchase, flagged_piece], payout(2, 40)) == [(0, 10), (1, 30)]
    # Here the operator had withheld bought coins: what was left behind belongs to the others.
    assert held([purchase, flagged_piece], payout(2, 40)._replace(withheld=POOLED)) == [(0, 50), (1, 30)]
    assert held([purchase, flagged_piece], payout(2, 0)._replace(withheld=POOLED)) == [(0, 50)]


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("earn"), st.integers(1, 1_000), st.integers(0, 3)),
        st.tuples(st.just("earn on Discord"), st.integers(1, 1_000), st.integers(0, 3)),
        st.tuples(st.just("operator"), st.booleans()),
        st.tuples(st.just("pay"), st.integers(0, 100) | st.just(100)),
        st.tuples(st.just("flag"), st.integers(0, 50)),
        st.tuples(st.just("sleep"), st.integers(1, DAY_MS * 2)),
    ),
    max_size=40,
)


@given(ACTS)
def test_after_any_history_nothing_waits_in_the_place_of_what_was_paid_out(acts: list[tuple[str, int, int]]) -> None:
    account = Account()
    for act, *numbers in acts:
        before = sum(each.hold.diamonds for each in account.pending)
        account.now_ms += 1
        if act == "sleep":
            account.now_ms += numbers[0]
        elif act == "earn":
            account.earn(*numbers)
        elif act == "earn on Discord":
            account.earn(*numbers, source="discord_sku")
        elif act == "operator":
            account.withheld = POOLED if numbers[0] else frozenset()
        elif act == "pay":
            account.pay(account.available * numbers[0] // 100)
        elif account.pieces:
            account.flag(sorted(account.pieces)[numbers[0] % len(account.pieces)])
        held_now = account.pending
        total = sum(each.hold.diamonds for each in held_now)

        assert total <= account.balance
        # A payout takes nothing that is held.
        assert act != "pay" or total == before
        # What nobody has flagged since the last payout is there as soon as its day comes.
        last = account.payouts[-1].seq if account.payouts else 0
        fresh = (
            hold
            for seq, hold in account.pieces.items()
            if seq > last and seq not in account.flags and hold.source not in account.withheld
        )
        assert account.available >= sum(hold.diamonds for hold in fresh if hold.until_day <= account.day)
        # What the operator withholds is not available, nor is what staff look at.
        assert account.available <= account.balance - total
        # What no payout can have taken is held as a whole.
        untouched = [
            each
            for each in (PendingPiece(seq, account.flags[seq], account.pieces[seq]) for seq in account.flags)
            if not any(past.may_include(each) and past.at_ms < each.since_ms for past in account.payouts)
        ]
        assert {*untouched} <= {*held_now}
