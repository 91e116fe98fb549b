"""Quiet hours, on both sides of midnight and of clock changes."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.quiet_hours import DAY_MINUTES, quiet_until

BERLIN = ZoneInfo("Europe/Berlin")


def at(moment: str) -> int:
    return int(datetime.fromisoformat(moment).replace(tzinfo=BERLIN).timestamp() * 1000)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-24T21:59", None),
        ("2026-11-24T22:00", "2026-11-25T08:00"),
        ("2026-11-24T23:59", "2026-11-25T08:00"),
        ("2026-11-25T00:00", "2026-11-25T08:00"),
        ("2026-11-25T07:59", "2026-11-25T08:00"),
        ("2026-11-25T08:00", None),
        # The night in which clocks go forward ends at the same time of day.
        ("2026-03-28T23:00", "2026-03-29T08:00"),
    ],
)
def test_a_night_lasts_over_midnight(now, until):
    assert quiet_until(at(now), 22 * 60, 8 * 60, BERLIN) == (at(until) if until else 0)


def test_quiet_hours_may_lie_within_a_day():
    assert quiet_until(at("2026-11-24T13:00"), 13 * 60, 14 * 60, BERLIN) == at("2026-11-24T14:00")
    assert quiet_until(at("2026-11-24T14:00"), 13 * 60, 14 * 60, BERLIN) == 0


@given(now_ms=st.integers(0, 4 * 10**12), minute=st.integers(0, DAY_MINUTES - 1))
def test_the_same_time_for_both_means_none(now_ms, minute):
    assert quiet_until(now_ms, minute, minute, BERLIN) == 0


@given(
    now_ms=st.integers(10**12, 4 * 10**12), start=st.integers(0, DAY_MINUTES - 1), end=st.integers(0, DAY_MINUTES - 1)
)
def test_they_end_within_a_day_and_a_clock_change(now_ms, start, end):
    until = quiet_until(now_ms, start, end, BERLIN)

    assert until == 0 or 0 < until - now_ms <= (DAY_MINUTES + 60) * 60_000


@pytest.mark.parametrize("now", ["2026-11-24T13:00:30", "2026-11-24T13:59:59.999", "2026-11-24T13:00:00.250"])
def test_they_end_on_the_minute_whenever_one_asks(now):
    assert quiet_until(at(now), 13 * 60, 14 * 60, BERLIN) == at("2026-11-24T14:00")
