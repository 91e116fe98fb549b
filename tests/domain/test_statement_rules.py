"""Statements add up, months follow one another, and what is stored of a statement is all of it."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.bookings import BookingType
from bot.domain.statements import WHOLE_MONTH, Line, Month, Statement, YearFile, date_of, statement, statement_of

OCTOBER = Month(2026, 10)
DAY_MS = 86_400_000
days = st.integers(OCTOBER.first_day, OCTOBER.following.first_day - 1)
lines = st.builds(
    Line,
    day=days,
    type=st.sampled_from([kind.value for kind in BookingType]),
    anonymous=st.booleans(),
    entries=st.integers(1, 9),
    pieces=st.integers(-9, 9),
    coins=st.integers(-99, 99),
    diamonds=st.integers(-99, 99),
)
months = st.lists(lines, unique_by=lambda line: line[:3], max_size=12)


@given(st.integers(-50, 50), months)
def test_a_statement_goes_from_before_to_after(opening: int, of_days: list[Line]):
    october = statement(OCTOBER, opening, of_days)

    assert october.closing == opening + sum(line.diamonds for line in of_days)
    assert sum(each.diamonds for each in october.sums) == october.closing - opening
    assert sum(each.entries for each in october.sums) == sum(line.entries for line in of_days)


@given(months)
def test_anonymous_gifts_have_one_line_a_type_for_the_whole_month(of_days: list[Line]):
    october = statement(OCTOBER, 0, of_days)

    hidden = [line for line in october.lines if line.anonymous]
    assert all(line.day == WHOLE_MONTH for line in hidden)
    assert len({line.type for line in hidden}) == len(hidden)
    assert [line for line in october.lines if not line.anonymous] == sorted(
        line for line in of_days if not line.anonymous
    )


@given(months, st.integers(1, 10**6))
def test_what_is_stored_is_all_of_it_and_its_digest_is_of_the_number_too(of_days: list[Line], number: int):
    draft = statement(OCTOBER, 7, of_days)
    october = Statement(OCTOBER, 7, draft.lines, number)
    copy = statement_of(october.content, number)

    assert copy.digest == october.digest
    assert (copy.closing, [*copy.lines]) == (october.closing, [*october.lines])
    assert statement_of(october.content, number + 1).digest != october.digest


@given(st.integers(0, 40_000))
def test_every_day_is_in_exactly_one_month(day: int):
    month = Month.of_day(day)

    assert month.first_day <= day < month.following.first_day
    assert Month.coded(month.code) == month
    assert date_of(day).startswith(str(month))


def test_a_month_is_closed_an_hour_after_its_end():
    end_ms = OCTOBER.following.first_day * DAY_MS

    assert not OCTOBER.is_closed(end_ms + 3_599_999)
    assert OCTOBER.is_closed(end_ms + 3_600_000)


def test_a_year_is_added_up_by_quarter():
    payout = Line(OCTOBER.first_day, "payout", False, 1, 0, 0, -20_000)
    march = statement(Month(2026, 3), 0, [Line(Month(2026, 3).first_day, "gift", False, 4, 9, 90_000, 45_000)])
    year = YearFile(2026, [march, statement(OCTOBER, 45_000, [payout])])

    assert [each.diamonds for each in year.sums(1)] == [45_000]
    assert year.sums(2) == []
    assert [(each.type, each.diamonds) for each in year.sums(4)] == [(BookingType.PAYOUT, -20_000)]
    assert year.payouts.entries == 1
    assert sum(each.diamonds for each in year.sums()) == 25_000
