"""Weekly recaps: which week is due, once, whatever clocks and zones do, and what a week is compared with."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.creator_stats import NOTHING, Given
from bot.domain.creator_weeks import Trend, Week, best_hour, due_week, trend_of, week_at, week_before
from bot.domain.periods import Period, period_key_of
from tests.domain.test_periods import HOUR, times, zones

BERLIN = ZoneInfo("Europe/Berlin")
DAY = 24 * HOUR


def at(*when: int) -> int:
    return int(datetime(*when, tzinfo=BERLIN).timestamp() * 1000)  # pyright: ignore[reportArgumentType]


@given(times, zones)
def test_weeks_follow_one_another_without_gap_or_overlap(at_ms: int, zone: ZoneInfo) -> None:
    week = week_at(at_ms, zone)
    earlier = week_before(at_ms, zone)

    assert week.start_ms <= at_ms < week.end_ms
    assert earlier.end_ms == week.start_ms
    assert earlier.number < week.number
    assert week_at(week.end_ms, zone).start_ms == week.end_ms
    assert period_key_of(Period.WEEK, week.end_ms - 1, zone) == week.number


@given(times, zones)
def test_a_week_has_seven_days_and_begins_on_a_monday(at_ms: int, zone: ZoneInfo) -> None:
    first, last = week_at(at_ms, zone).days(zone)
    days = [datetime.strptime(str(day), "%Y%m%d").replace(tzinfo=UTC) for day in (first, last)]

    assert [day.isoweekday() for day in days] == [1, 7]
    assert (days[1] - days[0]).days == 6


def test_weeks_with_a_clock_change_are_an_hour_shorter_or_longer() -> None:
    spring, autumn = (week_at(at(*day), BERLIN) for day in ((2026, 3, 25), (2026, 10, 21)))

    assert spring.end_ms - spring.start_ms == 7 * DAY - HOUR
    assert autumn.end_ms - autumn.start_ms == 7 * DAY + HOUR


@given(times, st.lists(st.tuples(st.integers(0, 40 * DAY), zones), max_size=12))
def test_every_week_is_due_at_most_once_and_only_the_latest(start_ms: int, looks: list[tuple[int, ZoneInfo]]) -> None:
    now_ms, last = start_ms, week_before(start_ms, BERLIN).number
    numbers: list[int] = []
    for passed_ms, zone in looks:
        now_ms += passed_ms
        week = due_week(now_ms, zone, last)
        if week is not None:
            assert week == week_before(now_ms, zone)
            assert week.end_ms <= now_ms
            numbers.append(week.number)
            last = week.number
        assert due_week(now_ms, zone, last) is None

    assert numbers == sorted({*numbers})


@given(times, zones)
def test_a_guild_that_has_just_begun_gets_nothing_of_the_past(now_ms: int, zone: ZoneInfo) -> None:
    assert due_week(now_ms, zone, None) is None
    assert due_week(now_ms, zone, week_before(now_ms, zone).number) is None


@given(times, zones)
def test_a_week_is_due_the_moment_the_next_one_begins(now_ms: int, zone: ZoneInfo) -> None:
    week = week_at(now_ms, zone)
    last = week_before(now_ms, zone).number

    assert due_week(week.end_ms - 1, zone, last) is None
    assert due_week(week.end_ms, zone, last) == week


@pytest.mark.parametrize(
    ("now", "before", "trend"),
    [
        (Given(5, 1), NOTHING, Trend.FIRST),
        (Given(5, 1), Given(5, 3), Trend.SAME),
        (Given(6, 1), Given(5, 3), Trend.MORE),
        (NOTHING, Given(5, 3), Trend.FEWER),
    ],
)
def test_a_week_is_compared_with_the_one_before_by_its_coins(now: Given, before: Given, trend: Trend) -> None:
    assert trend_of(now, before) is trend


def test_the_first_of_the_best_hours_is_named() -> None:
    hours = [NOTHING] * 24
    assert best_hour(hours) is None
    hours[7] = hours[20] = Given(30, 1)
    assert best_hour(hours) == 7


def test_a_week_over_new_year_is_one_week() -> None:
    assert week_at(at(2027, 1, 1, 12), BERLIN) == Week(202653, at(2026, 12, 28), at(2027, 1, 4))
