"""Statistics of creators: hours and weekdays are those of the guild's clock, and all ways of adding up agree."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.creator_stats import DayGiven, Given, Hour, by_weekday, days_of, hour_of, total_of, weekday_of
from bot.domain.periods import PastPeriod, Period, Span, period_key_of

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Kiritimati")


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def test_where_clocks_are_put_back_an_hour_has_two_hours():
    before, after = at("2026-10-25T00:59:59"), at("2026-10-25T01:00:00")

    assert hour_of(before, "Europe/Berlin") == hour_of(after, "Europe/Berlin") == Hour(20261025, 2)
    assert hour_of(at("2026-10-25T02:00:00"), "Europe/Berlin") == Hour(20261025, 3)


def test_where_clocks_are_put_forward_an_hour_is_missing():
    assert hour_of(at("2026-03-29T00:59:59"), "Europe/Berlin") == Hour(20260329, 1)
    assert hour_of(at("2026-03-29T01:00:00"), "Europe/Berlin") == Hour(20260329, 3)


def test_zones_with_half_and_quarter_hours_have_their_own_hours():
    assert hour_of(at("2026-02-05T18:14:59"), "Asia/Kathmandu") == Hour(20260205, 23)
    assert hour_of(at("2026-02-05T18:15:00"), "Asia/Kathmandu") == Hour(20260206, 0)


@given(st.integers(946_684_800_000, 4_102_444_800_000), st.sampled_from(ZONES))
def test_the_day_of_an_hour_is_the_day_of_leaderboards(at_ms: int, zone: str):
    day, hour = hour_of(at_ms, zone)

    assert day == period_key_of(Period.TODAY, at_ms, ZoneInfo(zone))
    assert hour == datetime.fromtimestamp(at_ms / 1000, ZoneInfo(zone)).hour


def test_weeks_begin_on_monday():
    assert [weekday_of(day) for day in (20261123, 20261124, 20261129)] == [0, 1, 6]


days = st.builds(
    DayGiven,
    day=st.sampled_from([20260101, 20260228, 20261231]),
    sums=st.builds(Given, st.integers(0, 99), st.integers(0, 9)),
    anonymous=st.builds(Given, st.integers(0, 9), st.integers(0, 1)),
)


@given(st.lists(days))
def test_weekdays_add_up_to_the_total(sums: list[DayGiven]):
    assert total_of(by_weekday(sums)) == total_of(entry.sums for entry in sums)


@pytest.mark.parametrize(
    ("period", "span"),
    [
        (Period.TODAY, Span(20260301, 99991231)),
        (Period.WEEK, Span(20260223, 99991231)),
        (Period.MONTH, Span(20260301, 99991231)),
        (Period.LAST_30_DAYS, Span(20260131, 99991231)),
        (Period.ALL, Span(10000101, 99991231)),
        (PastPeriod(202602), Span(20260201, 20260231)),
        (PastPeriod(20260210), Span(20260210, 20260210)),
    ],
)
def test_periods_are_days_of_the_guild(period: Period | PastPeriod, span: Span):
    # In Auckland it is Sunday, 1 March, already.
    assert days_of(period, at("2026-02-28T12:00:00"), ZoneInfo("Pacific/Auckland")) == span


def test_what_no_gift_was_sent_in_has_no_days():
    with pytest.raises(ValueError, match="live"):
        days_of(Period.LIVE, 0, ZoneInfo("UTC"))
