"""Streaks: weeks of the guild's own time zone, one of which may be missed each month."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.leaderboards import period_keys
from bot.domain.periods import Period, start_of
from bot.domain.streaks import Streak, streak_of

WEEK_MS = 7 * 86_400_000
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Kiritimati")

THIS_WEEK = 202_648
"""From Monday, 23 November 2026."""


def week(*back: int, now: int = THIS_WEEK) -> set[int]:
    """Return the weeks that were so many weeks before `now`."""
    monday = date.fromisocalendar(now // 100, now % 100, 1)
    days = [(monday - timedelta(weeks=weeks)).isocalendar() for weeks in back]
    return {day.year * 100 + day.week for day in days}


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def test_weeks_in_a_row_are_a_streak():
    assert streak_of(week(0, 1, 2), THIS_WEEK) == Streak(3, 3, has_this_week=True)
    assert streak_of(set(), THIS_WEEK) == Streak()


def test_the_week_that_is_not_over_is_not_missed():
    assert streak_of(week(1, 2), THIS_WEEK) == Streak(2, 2)


def test_one_missed_week_a_month_is_forgiven_and_does_not_count():
    assert streak_of(week(0, 2, 3), THIS_WEEK) == Streak(3, 3, has_this_week=True, is_grace_used=True)
    assert streak_of(week(2, 3), THIS_WEEK) == Streak(2, 2, is_grace_used=True)


def test_a_second_missed_week_of_the_month_ends_it():
    assert streak_of(week(0, 3), THIS_WEEK) == Streak(1, 1, has_this_week=True)
    assert streak_of(week(0, 2, 4, 5), THIS_WEEK) == Streak(2, 3, has_this_week=True, is_grace_used=True)
    assert streak_of(week(3, 4), THIS_WEEK) == Streak(0, 2)


def test_each_month_has_its_own_week_of_grace():
    # Weeks 1, 4 and 9 before are in November, October and September, by their Thursdays.
    assert streak_of(week(0, 2, 3, 5, 6, 7, 8, 10), THIS_WEEK).weeks == 8


def test_a_week_belongs_to_the_month_of_its_thursday():
    # 26 October to 1 November is October's: its Thursday is the 29th.
    missed_in_october = 202_644
    weeks = week(0, 1, 2, 3, 5, 6) - {missed_in_october}

    assert not streak_of(weeks, THIS_WEEK).is_grace_used
    assert streak_of(weeks - week(2), THIS_WEEK).weeks == 5


def test_a_streak_goes_on_over_the_turn_of_a_year_with_53_weeks():
    assert streak_of({202_652, 202_653, 202_701}, 202_701).weeks == 3


def test_after_a_move_to_the_west_the_week_that_has_begun_counts_and_far_ones_do_not():
    weeks = week(-1, 0, 1)

    assert streak_of(weeks, THIS_WEEK) == Streak(3, 3, has_this_week=True)
    assert streak_of(week(-9, 0), THIS_WEEK) == Streak(1, 1, has_this_week=True)


def test_a_gift_counts_for_the_week_that_it_is_at_home():
    # Sunday evening in New York is Monday in Berlin. Clocks go back that day in neither.
    sunday = at("2026-11-23T01:00:00")

    assert period_keys(sunday, "America/New_York").week == 202_647
    assert period_keys(sunday, "Europe/Berlin").week == 202_648


members_weeks = st.sets(st.integers(0, 60)).map(lambda back: week(*back))


@given(members_weeks, st.integers(0, 60))
def test_taking_part_never_shortens_a_streak_and_a_reversal_never_lengthens_one(weeks: set[int], more: int):
    before, after = streak_of(weeks, THIS_WEEK), streak_of(weeks | week(more), THIS_WEEK)

    assert before.weeks <= after.weeks
    assert before.longest <= after.longest
    assert before.weeks <= before.longest <= len(weeks)


@given(st.integers(1_000_000_000_000, 2_500_000_000_000), st.sampled_from(ZONES), st.integers(1, 60))
def test_whoever_gifts_once_in_each_week_keeps_the_streak_in_every_zone_and_over_every_change_of_clocks(
    now_ms: int, zone: str, count: int
):
    monday = start_of(Period.WEEK, now_ms, ZoneInfo(zone))
    # At noon of a Monday, so that an hour more or less changes no week.
    gifts = [monday + 43_200_000 - back * WEEK_MS for back in range(count)]
    weeks = {period_keys(at_ms, zone).week for at_ms in gifts}

    assert streak_of(weeks, period_keys(now_ms, zone).week).weeks == count


@given(
    st.integers(1_000_000_000_000, 2_500_000_000_000),
    st.lists(st.sampled_from(ZONES), min_size=2, max_size=30),
)
def test_a_change_of_zone_ends_no_streak_of_somebody_who_gifts_in_the_middle_of_each_week(
    now_ms: int, zones: list[str]
):
    thursday = start_of(Period.WEEK, now_ms, ZoneInfo("UTC")) + 3 * 86_400_000 + 43_200_000
    # Each week the guild lives somewhere else. What counted before stays where it was.
    weeks = {period_keys(thursday - back * WEEK_MS, zone).week for back, zone in enumerate(zones)}

    for zone in ZONES:
        streak = streak_of(weeks, period_keys(thursday, zone).week)
        assert streak.weeks == len(zones)
