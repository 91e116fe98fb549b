"""Limits of reporting are facts with dates: none is said to hold before or after it does."""

from datetime import date

import pytest

from bot.domain.reporting_limits import LIMITS, Nearness, Region, limit_in, nearness


@pytest.mark.parametrize(("year", "amount_minor"), [(2025, None), (2026, 2_000_00), (2027, None)])
def test_the_limit_of_the_us_is_known_for_the_year_that_it_was_published_for(year: int, amount_minor: int | None):
    limit = limit_in(Region.US, year)

    assert (limit.amount_minor if limit else None) == amount_minor


def test_the_eu_has_no_lowest_sum_and_a_day_by_which_platforms_report():
    limit = limit_in(Region.EU, 2026)

    assert limit is not None
    assert (limit.amount_minor, limit.due_date(2026)) == (0, date(2027, 1, 31))
    assert nearness(0, limit) is Nearness.REACHED


@pytest.mark.parametrize(
    ("amount_minor", "expected_nearness"),
    [
        (0, Nearness.BELOW),
        (1_599_99, Nearness.BELOW),
        (1_600_00, Nearness.NEAR),
        (1_999_99, Nearness.NEAR),
        (2_000_00, Nearness.REACHED),
    ],
)
def test_a_sum_is_near_from_four_fifths_on(amount_minor: int, expected_nearness: Nearness):
    assert nearness(amount_minor, LIMITS[0]) is expected_nearness
