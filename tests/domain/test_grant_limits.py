"""What staff may grant: never more in a day than allowed, whatever they ask for and whenever."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import InvalidAmount
from bot.domain.grant_errors import DailyGrantLimit, ForeignReceipt, GrantTooLarge, NeedsSecondPerson
from bot.domain.grant_limits import DAY_MS, NOTHING, GrantedInDay, GrantLimits, count, day_of
from tests.domain.builders import ALICE, GUILD, HOLDERS, MIA, NOON, ROB, gift, grant, open_books, submit

limits = st.builds(GrantLimits, st.none() | st.integers(1, 500), st.none() | st.integers(1, 2_000))
MIDNIGHT = (day_of(NOON) + 1) * DAY_MS


@given(limits, st.lists(st.tuples(st.integers(1, 600), st.integers(0, DAY_MS // 2)), max_size=40))
def test_nobody_grants_more_in_a_day_than_allowed_and_nothing_else_is_refused(
    allowed: GrantLimits, grants: list[tuple[int, int]]
) -> None:
    books, now_ms = open_books(), NOON
    books.grant_limits[GUILD] = allowed
    by_day: Counter[int] = Counter()
    for number, (coins, pause_ms) in enumerate(grants):
        now_ms += pause_ms
        fits = coins <= (allowed.per_grant or coins) and (
            allowed.per_day is None or by_day[day_of(now_ms)] + coins <= allowed.per_day
        )
        try:
            submit(books, grant(key=f"g{number}", amount=coins), now_ms)
        except (GrantTooLarge, DailyGrantLimit):
            assert not fits
        else:
            assert fits
            by_day[day_of(now_ms)] += coins

    assert all(coins <= (allowed.per_day or coins) for coins in by_day.values())


@given(st.integers(1, 100), st.integers(1, 10_000))
def test_what_is_counted_begins_with_the_first_row_of_the_day(coins: int, seq: int) -> None:
    today = count(GrantLimits(), NOTHING, coins=coins, largest=coins, seq=seq, now_ms=NOON)
    later = count(GrantLimits(), today, coins=1, largest=1, seq=seq + 5, now_ms=NOON + 1)
    tomorrow = count(GrantLimits(), later, coins=7, largest=7, seq=seq + 9, now_ms=MIDNIGHT)

    assert later == GrantedInDay(day_of(NOON), coins + 1, seq)
    assert tomorrow == GrantedInDay(day_of(NOON) + 1, 7, seq + 9)


def test_a_refusal_says_what_is_left_today_and_when_the_next_day_begins() -> None:
    books = open_books()
    books.grant_limits[GUILD] = GrantLimits(per_day=100)
    submit(books, grant(amount=70))

    with pytest.raises(DailyGrantLimit) as refusal:
        submit(books, grant(key="again", amount=31))

    assert refusal.value == DailyGrantLimit(100, 30, MIDNIGHT)
    submit(books, grant(key="tomorrow", amount=31), MIDNIGHT)


def test_each_manager_has_a_day_of_their_own() -> None:
    books = open_books()
    books.grant_limits[GUILD] = GrantLimits(per_day=100)
    submit(books, grant(amount=100))

    submit(books, grant(key="other", actor_id=MIA, amount=100))


@pytest.mark.parametrize("approver", [0, ROB])
def test_nobody_grants_coins_to_themselves_alone(approver: int) -> None:
    with pytest.raises(NeedsSecondPerson):
        submit(open_books(), grant(member_id=ROB, approver_id=approver))


def test_the_books_keep_who_confirmed_a_grant_of_staff_to_themselves() -> None:
    row = submit(open_books(), grant(member_id=ROB, approver_id=MIA))

    assert row.facts["approver"] == HOLDERS[MIA]
    assert row.actor == row.facts["member"] == HOLDERS[ROB]


def test_an_automatic_grant_is_no_act_of_staff() -> None:
    books = open_books()
    books.grant_limits[GUILD] = GrantLimits(1, 1)

    submit(books, grant(actor_id=ALICE, amount=100, is_automatic=True))

    assert books.granted_in_day == {}


@pytest.mark.parametrize("coins", [0, -1, 10**9 + 1])
def test_a_limit_is_an_amount_of_coins(coins: int) -> None:
    with pytest.raises(InvalidAmount):
        GrantLimits(per_day=coins).checked()


@pytest.mark.parametrize(("receiver", "fits"), [(ALICE, True), (MIA, False)])
def test_a_refund_of_goodwill_names_a_gift_or_a_purchase_of_its_receiver(receiver: int, fits: bool) -> None:
    books = open_books(promo=100)
    sent = submit(books, gift())
    books.rows[GUILD, sent.seq] = sent
    refund = grant(member_id=receiver, receipt=sent.seq)

    if fits:
        assert submit(books, refund).facts["goodwill"] == sent.seq
    else:
        with pytest.raises(ForeignReceipt):
            submit(books, refund)
    granted = submit(books, grant(key="other", member_id=receiver))
    books.rows[GUILD, granted.seq] = granted
    for wrong in (granted.seq, 99):
        with pytest.raises(ForeignReceipt):
            submit(books, grant(key="wrong", member_id=receiver, receipt=wrong))
