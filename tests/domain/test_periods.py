"""Days, weeks and months in a guild's own time zone, whatever its clocks do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.periods import ALL_TIME, PastPeriod, Period, last_30_days, period_key_of, start_of, week_of

STRETCHES = [Period.TODAY, Period.WEEK, Period.MONTH]
HOUR = 3_600_000
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    "UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "America/Havana", "America/Santiago",
    "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tokyo", "Asia/Beirut", "Africa/Cairo", "Australia/Lord_Howe",
    "Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Atlantic/Azores",
]  # fmt: skip
zones = st.sampled_from(ZONES).map(ZoneInfo)
times = st.integers(
    int(datetime(2015, 1, 1, tzinfo=UTC).timestamp() * 1000), int(datetime(2036, 1, 1, tzinfo=UTC).timestamp() * 1000)
)


def at(zone: ZoneInfo, *when: int, fold: int = 0) -> int:
    return int(datetime(*when, tzinfo=zone, fold=fold).timestamp() * 1000)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("period", "bucket"),
    [(Period.TODAY, 20261122), (Period.WEEK, 202647), (Period.MONTH, 202611), (Period.ALL, ALL_TIME)],
)
def test_a_period_has_a_number_that_reads_as_its_date(period, bucket):
    assert period_key_of(period, at(BERLIN, 2026, 11, 22, 12), BERLIN) == bucket


@pytest.mark.parametrize(
    ("zone", "bucket"),
    [("Pacific/Kiritimati", 20270101), ("UTC", 20261231), ("Pacific/Pago_Pago", 20261231)],
)
def test_midnight_comes_in_the_guilds_own_zone(zone, bucket):
    at_ms = at(ZoneInfo("UTC"), 2026, 12, 31, 11)

    assert period_key_of(Period.TODAY, at_ms, ZoneInfo(zone)) == bucket


@pytest.mark.parametrize(
    ("date", "week"),
    [
        ((2026, 12, 31), 202653), ((2027, 1, 1), 202653), ((2027, 1, 3), 202653), ((2027, 1, 4), 202701),
        ((2024, 12, 29), 202452), ((2024, 12, 30), 202501), ((2025, 1, 1), 202501),
    ],
)  # fmt: skip
def test_the_week_over_new_year_is_one_week_of_one_year(date, week):
    assert period_key_of(Period.WEEK, at(BERLIN, *date, 12), BERLIN) == week


@pytest.mark.parametrize(
    ("date", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 10, 26), 24), ((2026, 6, 1), 24)]
)
def test_a_day_lasts_23_or_25_hours_when_the_clocks_change(date, hours):
    start = start_of(Period.TODAY, at(BERLIN, *date, 12), BERLIN)
    bucket = period_key_of(Period.TODAY, start, BERLIN)

    inside = [start + hour * HOUR for hour in range(hours)]

    assert {period_key_of(Period.TODAY, at_ms, BERLIN) for at_ms in inside} == {bucket}
    assert period_key_of(Period.TODAY, start + hours * HOUR, BERLIN) > bucket
    assert period_key_of(Period.TODAY, start + hours * HOUR - 1, BERLIN) == bucket


def test_a_week_with_a_clock_change_still_starts_at_midnight_on_monday():
    assert start_of(Period.WEEK, at(BERLIN, 2026, 3, 29, 12), BERLIN) == at(BERLIN, 2026, 3, 23)
    assert start_of(Period.WEEK, at(BERLIN, 2026, 10, 25, 23), BERLIN) == at(BERLIN, 2026, 10, 19)


def test_a_day_with_two_midnights_starts_at_the_first():
    havana = ZoneInfo("America/Havana")
    first = at(havana, 2026, 11, 1)

    assert start_of(Period.TODAY, at(havana, 2026, 11, 1, 0, 30, fold=1), havana) == first
    assert start_of(Period.MONTH, at(havana, 2026, 11, 1, 0, 30, fold=1), havana) == first
    assert start_of(Period.TODAY, at(havana, 2026, 11, 1, 12), havana) == first


@given(period=st.sampled_from(STRETCHES), at_ms=times, zone=zones)
def test_a_period_begins_where_its_number_begins(period, at_ms, zone):
    start = start_of(period, at_ms, zone)

    assert start <= at_ms
    assert period_key_of(period, start, zone) == period_key_of(period, at_ms, zone)
    assert period_key_of(period, start - 1, zone) < period_key_of(period, start, zone)
    assert start_of(period, start, zone) == start


@given(at_ms=times, later=st.integers(1, 400), zone=zones)
def test_numbers_grow_with_the_days(at_ms, later, zone):
    after = at_ms + int(timedelta(days=later).total_seconds() * 1000) + 2 * HOUR

    assert period_key_of(Period.TODAY, after, zone) > period_key_of(Period.TODAY, at_ms, zone)
    assert period_key_of(Period.WEEK, after, zone) >= period_key_of(Period.WEEK, at_ms, zone)
    assert period_key_of(Period.MONTH, after, zone) >= period_key_of(Period.MONTH, at_ms, zone)


@pytest.mark.parametrize("period", [Period.LIVE, Period.ALL])
def test_only_a_stretch_of_the_calendar_has_a_start(period):
    with pytest.raises(ValueError, match=period.value):
        start_of(period, 0, BERLIN)


def test_a_live_event_is_its_own_bucket():
    with pytest.raises(ValueError, match="live"):
        period_key_of(Period.LIVE, 0, BERLIN)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2026-10", 202610),
        (" 2026-1 ", 202601),
        ("2026-10-31", 20261031),
        ("2028-02-29", 20280229),
        ("2026-02-29", None),
        ("2026-13", None),
        ("2026-00", None),
        ("1999-12", None),
        ("0000-01-01", None),
        ("2026", None),
        ("tomorrow", None),
        ("", None),
        ("2026-10-31-1", None),
    ],
)
def test_a_month_or_a_day_is_read_as_it_is_written(text: str, number: int | None):
    period = PastPeriod.of(text)

    assert (period and period.number) == number
    assert period is None or PastPeriod.of(str(period)) == period


@pytest.mark.parametrize("number", [0, 5, 99, 2026, 202613, 20260431, 10**13, -1])
def test_a_number_that_is_no_period_is_none(number: int):
    assert PastPeriod.numbered(number) is None


def test_thirty_days_begin_at_midnight_twenty_nine_days_ago_also_across_a_clock_change():
    now = at(BERLIN, 2026, 4, 10, 12)

    assert start_of(Period.LAST_30_DAYS, now, BERLIN) == at(BERLIN, 2026, 3, 12)
    assert last_30_days(now, BERLIN).first == 20260312


@given(at_ms=st.integers(0, 4_102_444_800_000))
def test_the_week_of_a_day_is_that_of_its_moments(at_ms: int):
    day = period_key_of(Period.TODAY, at_ms, BERLIN)

    assert week_of(day) == period_key_of(Period.WEEK, at_ms, BERLIN)
