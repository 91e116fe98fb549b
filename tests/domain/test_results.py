"""Results of weeks and months: posted once each, just before the end, and final once they are over."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.deadlines import SETTLED_MS
from bot.domain.periods import Period, Span, period_key_of
from bot.domain.results import (
    BEFORE_MS,
    PERIODS,
    Results,
    What,
    days_of,
    first_day_of,
    next_step,
    stretch_at,
    stretch_before,
)  # fmt: skip
from tests.domain.test_periods import HOUR, times, zones

BERLIN = ZoneInfo("Europe/Berlin")
DAY = 24 * HOUR
periods = st.sampled_from(PERIODS)


def switched_on(period: Period, now_ms: int, zone: ZoneInfo) -> Results:
    return Results(1, period).switched(now_ms, zone, is_on=True)


@given(periods, times, zones)
def test_weeks_and_months_follow_one_another_without_gap_or_overlap(period: Period, at_ms: int, zone: ZoneInfo) -> None:
    stretch, earlier = stretch_at(period, at_ms, zone), stretch_before(period, at_ms, zone)

    assert stretch.start_ms <= at_ms < stretch.end_ms
    assert earlier.end_ms == stretch.start_ms
    assert stretch_at(period, stretch.end_ms, zone).start_ms == stretch.end_ms
    assert earlier.number < stretch.number


@given(periods, times, zones)
def test_the_days_of_a_number_are_those_that_gifts_count_for(period: Period, at_ms: int, zone: ZoneInfo) -> None:
    stretch = stretch_at(period, at_ms, zone)
    day, span = period_key_of(Period.TODAY, at_ms, zone), days_of(period, stretch.number)
    first = first_day_of(period, stretch.number)

    if period is Period.MONTH:
        assert span == (day // 100, day // 100)
    else:
        assert span.first <= day <= span.last
    local = datetime.fromtimestamp(stretch.start_ms / 1000, UTC).astimezone(zone)
    assert local.date() == first


def test_the_week_over_new_year_has_its_days() -> None:
    assert days_of(Period.WEEK, 202653) == Span(20261228, 20270103)
    assert first_day_of(Period.MONTH, 202702) == date(2027, 2, 1)


@given(periods, times, zones)
def test_results_are_posted_five_minutes_before_the_end(period: Period, now_ms: int, zone: ZoneInfo) -> None:
    stretch = stretch_at(period, now_ms, zone)
    results = switched_on(period, stretch.start_ms, zone)
    before = next_step(results, stretch.end_ms - BEFORE_MS - 1, zone)
    due = next_step(results, stretch.end_ms - BEFORE_MS, zone)
    post = results.posted(stretch.number, 5, 6, is_final=False)
    waiting = [next_step(post, stretch.end_ms + passed_ms, zone) for passed_ms in (-1, 0, SETTLED_MS - 1)]
    over = next_step(post, stretch.end_ms + SETTLED_MS, zone)

    assert (before.what, before.at_ms) == (What.WAIT, stretch.end_ms - BEFORE_MS)
    assert (due.what, due.number, due.is_over, due.at_ms) == (What.POST, stretch.number, False, stretch.end_ms)
    assert {(step.what, step.at_ms) for step in waiting} == {(What.WAIT, stretch.end_ms + SETTLED_MS)}
    assert (over.what, over.number, over.is_over) == (What.FINISH, stretch.number, True)


@given(periods, times, zones, st.lists(st.tuples(st.integers(0, 20 * DAY), zones), max_size=25))
def test_every_stretch_is_posted_at_most_once_and_becomes_final(
    period: Period, start_ms: int, zone: ZoneInfo, looks: list[tuple[int, ZoneInfo]]
) -> None:
    now_ms, results = start_ms, switched_on(period, start_ms, zone)
    posts: list[int] = []
    for passed_ms, zone_of_look in looks:
        now_ms += passed_ms
        for _ in range(4):
            step = next_step(results, now_ms, zone_of_look)
            if step.what is What.WAIT:
                break
            assert step.is_over == (step.number <= stretch_before(period, now_ms, zone_of_look).number)
            if step.what is What.POST:
                posts.append(step.number)
            else:
                assert step.number == posts[-1]
            results = results.posted(step.number, 5, 6, is_final=step.is_over)
        step = next_step(results, now_ms, zone_of_look)
        # Whoever waits as told is never stuck.
        assert step.what is What.WAIT
        assert step.at_ms > now_ms

    assert posts == sorted({*posts})


@given(periods, times, zones, st.integers(1, 400 * DAY))
def test_after_an_absence_only_the_latest_is_posted(period: Period, now_ms: int, zone: ZoneInfo, away_ms: int) -> None:
    results = switched_on(period, now_ms, zone)
    back_ms = now_ms + away_ms
    step = next_step(results, back_ms, zone)

    if step.what is What.POST and step.is_over:
        assert step.number == stretch_before(period, back_ms, zone).number


@pytest.mark.parametrize("period", PERIODS)
def test_nothing_that_was_over_is_posted_when_results_are_switched_on(period: Period) -> None:
    now_ms = int(datetime(2026, 11, 25, 12, tzinfo=BERLIN).timestamp() * 1000)
    first = switched_on(period, now_ms, BERLIN)
    again = first.switched(now_ms, BERLIN, is_on=False).switched(now_ms + 90 * DAY, BERLIN, is_on=True)

    assert next_step(first, now_ms, BERLIN).what is What.WAIT
    assert next_step(again, now_ms + 90 * DAY, BERLIN).what is What.WAIT
    assert not first.switched(now_ms, BERLIN, is_on=False).is_on
