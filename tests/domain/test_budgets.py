"""Budgets: less at once, more a day later; never more gifted than a limit; periods as the guild's clocks have them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.accounts import TEST_COINS
from bot.domain.budget_errors import BudgetPaused, NoBudget, OverBudget, PauseRuns
from bot.domain.budgets import (
    DAY_MS,
    NO_BUDGET,
    PERIODS,
    RAISE_MS,
    Budget,
    BudgetPeriod,
    Limit,
    Use,
    calendar_at,
    crossed,
    lines_of,
    tightest,
    young_limit_of,
)
from bot.domain.errors import InvalidAmount, Refusal
from bot.domain.guilds import GuildRules
from bot.domain.ids import DISCORD_EPOCH_MS
from bot.domain.ledger import decide
from bot.domain.ledger.budget import lines_in
from bot.domain.ledger.gift import facts_of
from bot.domain.ledger.reversal import Reverse
from bot.domain.lots import Lot
from bot.domain.periods import Period
from tests.domain.builders import ALICE, GUILD, HOLDERS, HOUR, NOON, ROB, gift, open_books, submit

ALICE_IN_BOOKS = GUILD, HOLDERS[ALICE]
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "America/Havana")

coins = st.integers(1, 500)
times = st.integers(NOON - 400 * DAY_MS, NOON + 800 * DAY_MS)


def budget(day: int | None = None, week: int | None = None, month: int | None = None, **changes: Any) -> Budget:
    return Budget(tuple(Limit(limit) for limit in (day, week, month)))._replace(**changes)


@given(now=coins, wanted=st.one_of(st.none(), coins))
def test_less_holds_at_once_and_more_a_day_later(now: int, wanted: int | None) -> None:
    limit = Limit(now).changed(wanted, NOON)
    is_less = wanted is not None and wanted <= now

    assert limit.at(NOON).coins == (wanted if is_less else now)
    assert limit.at(NOON + RAISE_MS - 1).coins == (wanted if is_less else now)
    assert limit.at(NOON + RAISE_MS).coins == wanted


@given(st.lists(st.tuples(st.integers(0, 30 * HOUR), st.one_of(st.none(), coins)), min_size=1, max_size=12))
def test_no_limit_is_lifted_sooner_than_a_day_after_somebody_asked(steps: list[tuple[int, int | None]]) -> None:
    limit, now_ms = Limit(100), NOON
    requests: list[tuple[int, int | None]] = []
    for pause_ms, coins in steps:
        before = limit.at(now_ms).coins
        now_ms += pause_ms
        now = limit.at(now_ms).coins
        if before is not None and (now is None or now > before):
            assert any(at_ms <= now_ms - RAISE_MS and number == now for at_ms, number in requests)
        limit = limit.changed(coins, now_ms)
        requests.append((now_ms, coins))


def test_the_first_limit_holds_at_once_and_asking_twice_does_not_wait_twice() -> None:
    change = Limit(10).changed(50, NOON)

    assert Limit().changed(50, NOON) == Limit(50)
    assert change.changed(50, NOON + HOUR) == change
    assert change.changed(60, NOON + HOUR) == Limit(10, 60, NOON + HOUR + RAISE_MS)
    assert change.changed(10, NOON + HOUR) == Limit(10)
    assert Limit().changed(None, NOON) == Limit()


def test_clearing_ends_every_limit_a_day_later_unless_its_member_keeps_them() -> None:
    end = budget(10, month=50).cleared(NOON)

    assert end.coins_at(NOON + RAISE_MS - 1) == [10, None, 50]
    assert end.coins_at(NOON + RAISE_MS) == [None, None, None]
    assert end.kept(NOON + HOUR) == budget(10, month=50)
    with pytest.raises(NoBudget):
        NO_BUDGET.cleared(NOON)
    with pytest.raises(InvalidAmount):
        NO_BUDGET.with_limits({BudgetPeriod.DAY: 0}, NOON)


def test_a_pause_can_be_made_longer_and_never_shorter() -> None:
    pause = NO_BUDGET.paused(7, NOON)

    assert pause.paused(30, NOON).paused_until_ms == NOON + 30 * DAY_MS
    with pytest.raises(PauseRuns):
        pause.paused(6, NOON)
    for days in (0, 31):
        with pytest.raises(InvalidAmount):
            NO_BUDGET.paused(days, NOON)
    with pytest.raises(BudgetPaused):
        pause.check_pause(NOON + 7 * DAY_MS - 1)
    pause.check_pause(NOON + 7 * DAY_MS)


@given(times, st.sampled_from(ZONES))
def test_a_moment_is_in_its_periods_and_the_next_ones_begin_where_these_end(at_ms: int, name: str) -> None:
    zone = ZoneInfo(name)
    calendar = calendar_at(at_ms, zone)

    for place, (start, end) in enumerate(zip(*calendar, strict=True)):
        assert start <= at_ms < end
        assert calendar_at(end, zone).starts[place] == end
        assert calendar_at(end - 1, zone).starts[place] == start


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-29", 24)])
def test_a_day_on_which_clocks_change_is_as_long_as_it_is(day: str, hours: int) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    noon_ms = int(datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=berlin).timestamp()) * 1000
    calendar = calendar_at(noon_ms, berlin)

    assert calendar.ends[0] - calendar.starts[0] == hours * HOUR


def test_a_guilds_limit_is_for_young_accounts_and_the_lower_of_two_counts() -> None:
    young = (NOON - 30 * DAY_MS + 1 - DISCORD_EPOCH_MS) << 22
    calendar = calendar_at(NOON, ZoneInfo("UTC"))

    assert young_limit_of(20, young, NOON) == 20
    assert young_limit_of(20, young, NOON + 1) is None
    assert young_limit_of(None, young, NOON) is None
    assert [(line.limit, line.is_young) for line in lines_of([None, 90, None], [0, 0, 0], calendar, 20)] == [
        (20, True),
        (90, False),
    ]
    assert lines_of([10, None, None], [0, 0, 0], calendar, 20)[0].limit == 10


def test_the_tightest_limit_is_the_one_that_has_least_room_and_lasts_longest() -> None:
    lines = lines_of([50, 40, 60], [20, 10, 30], calendar_at(NOON, ZoneInfo("UTC")))
    line = tightest(lines)

    assert line is not None
    assert (line.period, line.room, line.percent) == (Period.MONTH, 30, 50)
    assert tightest(()) is None


def test_a_gift_beyond_a_budget_is_refused_before_anybody_is_asked_for_money() -> None:
    books = open_books(paid=5)
    books.budgets[ALICE_IN_BOOKS] = budget(week=9)
    with pytest.raises(OverBudget) as refusal:
        decide(gift(), books, NOON)

    assert refusal.value == OverBudget(Period.WEEK, 9, 9, 10, calendar_at(NOON, ZoneInfo("UTC")).ends[1])
    books.budgets[ALICE_IN_BOOKS] = budget(paused_until_ms=NOON + 1)
    with pytest.raises(BudgetPaused):
        decide(gift(), books, NOON)


def test_a_young_account_without_a_budget_is_counted_from_its_first_gift() -> None:
    young = (NOON - DAY_MS - DISCORD_EPOCH_MS) << 22
    books = open_books(rules=GuildRules(GUILD, young_limit=15))
    books.holders[GUILD, young] = HOLDERS[ALICE]
    books.balances |= open_books(paid=100).balances
    books.lots |= open_books(paid=100).lots
    submit(books, gift(sender_id=young))

    assert [use.coins for use in books.budgets[ALICE_IN_BOOKS].uses] == [10, 10, 10]
    with pytest.raises(OverBudget) as refusal:
        decide(gift(sender_id=young, key="gift:2"), books, NOON)
    assert refusal.value.is_young


def test_the_warning_comes_once_in_a_period_and_again_in_the_next() -> None:
    books = open_books(paid=500)
    books.budgets[ALICE_IN_BOOKS] = budget(day=50)
    rows = [submit(books, gift(key=f"gift:{number}")) for number in range(5)]
    later = [submit(books, gift(key=f"gift:{number}"), NOON + DAY_MS) for number in range(5, 9)]

    assert [facts_of(row).get("budget") for row in rows] == [None, None, None, [0, 40, 50, 0], None]
    assert [facts_of(row).get("budget") for row in later] == [None, None, None, [0, 40, 50, 0]]


@given(limit=st.integers(1, 500), purchases=st.lists(st.integers(1, 200), max_size=9))
def test_purchases_warn_once_on_their_way_to_a_limit(limit: int, purchases: list[int]) -> None:
    calendar, used, warnings = calendar_at(NOON, ZoneInfo("UTC")), 0, 0
    for number in purchases:
        used += number
        line = crossed(lines_of([limit, None, None], [used] * 3, calendar), number)
        warnings += line is not None

    assert warnings == (used * 100 // limit >= 80)


def test_who_has_no_budget_is_not_counted() -> None:
    books = open_books(paid=50)
    decision = decide(gift(), books, NOON)

    assert lines_in(decision) == ()
    assert not submit(books, gift()).facts.get("budget")
    assert books.budgets == {}


def test_a_test_beside_real_money_counts_on_no_budget() -> None:
    books = open_books(rules=GuildRules(GUILD, money_since_ms=1))
    wallet = TEST_COINS.wallet_of(HOLDERS[ALICE])
    books.balances[GUILD, wallet] = 50
    books.lots[GUILD, wallet] = (Lot(0, 50),)
    books.budgets[ALICE_IN_BOOKS] = budget(day=5)
    submit(books, gift())

    assert books.budgets[ALICE_IN_BOOKS].uses[0] == Use()


@given(
    gifts=st.lists(st.tuples(st.integers(0, 20 * HOUR), st.integers(1, 9), st.booleans()), max_size=30),
    limits=st.tuples(*(st.one_of(st.none(), st.integers(20, 300)) for _ in PERIODS)),
    zone=st.sampled_from(ZONES),
)
def test_no_window_of_any_period_ever_holds_more_than_its_limit(
    gifts: list[tuple[int, int, bool]], limits: tuple[int | None, ...], zone: str
) -> None:
    books = open_books(paid=100_000, rules=GuildRules(GUILD, time_zone=zone))
    books.budgets[ALICE_IN_BOOKS] = budget(*limits)
    now_ms, gifts_in = NOON, dict[int, tuple[int, int]]()
    for number, (pause_ms, quantity, is_returned) in enumerate(gifts):
        now_ms += pause_ms
        starts = calendar_at(now_ms, ZoneInfo(zone)).starts
        totals = [_since(gifts_in, start) + quantity * 10 for start in starts]
        if any(limit is not None and total > limit for total, limit in zip(totals, limits, strict=True)):
            with pytest.raises(OverBudget):
                submit(books, gift(key=f"gift:{number}", quantity=quantity), now_ms)
            continue
        row = submit(books, gift(key=f"gift:{number}", quantity=quantity), now_ms)
        gifts_in[row.seq] = now_ms, quantity * 10
        if is_returned:
            books.rows[GUILD, row.seq] = row
            submit(books, Reverse(GUILD, f"back:{number}", ROB, ALICE, row.seq, "by mistake"), now_ms + 1)
            gifts_in.pop(row.seq)
        assert [use.coins for use in books.budgets[ALICE_IN_BOOKS].uses] == [
            _since(gifts_in, start) for start in starts
        ]


def _since(gifts_in: dict[int, tuple[int, int]], start_ms: int) -> int:
    return sum(coins for at_ms, coins in gifts_in.values() if at_ms >= start_ms)


def test_a_gift_of_yesterday_that_comes_back_makes_room_only_in_the_week_and_the_month() -> None:
    books = open_books(paid=500)
    books.budgets[ALICE_IN_BOOKS] = budget(100, 100, 100)
    yesterday = submit(books, gift())
    submit(books, gift(key="gift:2"), NOON + DAY_MS)
    books.rows[GUILD, yesterday.seq] = yesterday
    submit(books, Reverse(GUILD, "back", ROB, ALICE, yesterday.seq, "by mistake"), NOON + DAY_MS)

    assert [use.coins for use in books.budgets[ALICE_IN_BOOKS].uses] == [10, 10, 10]


def test_a_clock_that_goes_back_frees_nothing() -> None:
    books = open_books(paid=500)
    books.budgets[ALICE_IN_BOOKS] = budget(day=15)
    submit(books, gift(), NOON)
    with pytest.raises(Refusal):
        decide(gift(key="gift:2"), books, NOON - DAY_MS)


@pytest.mark.parametrize("place", range(3))
def test_each_period_begins_anew_by_itself(place: int) -> None:
    starts = (30, 20, 10)
    before = Budget(uses=tuple(Use(start, 7, is_warned=True) for start in starts))
    began = [start + (number == place) for number, start in enumerate(starts)]
    uses = before.since(began).uses

    assert uses[place] == Use(starts[place] + 1)
    assert [use for number, use in enumerate(uses) if number != place] == [
        use for number, use in enumerate(before.uses) if number != place
    ]
