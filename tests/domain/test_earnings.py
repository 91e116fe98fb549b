"""What is available and what is held follow from the pieces, for any day, and releases add up to both."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.earnings import Earnings, Release
from bot.domain.holds import NEVER, TEST, Hold, starts_ms

TODAY = 20_000


def earnings(total: int, *holds: Hold, uncounted: int = 0, flags: Sequence[Hold] = ()) -> Earnings:
    return Earnings(total, TODAY, holds, {}, 0, uncounted, 0, 0, 0, flags=flags)


def test_what_waits_is_held_until_its_day_begins():
    overview = earnings(100, Hold("stripe", TODAY + 1, 30), Hold("kofi", TODAY + 5, 20))

    assert (overview.available, overview.held) == (50, 50)
    assert [overview.available_on(TODAY + day) for day in (0, 1, 4, 5)] == [50, 80, 80, 100]
    assert overview.releases() == [
        Release(starts_ms(TODAY + 1), 30, ("stripe",)),
        Release(starts_ms(TODAY + 5), 20, ("kofi",)),
    ]


def test_one_day_is_one_release_whatever_its_sources():
    overview = earnings(100, Hold("kofi", TODAY + 1, 30), Hold("stripe", TODAY + 1, 20))

    assert overview.releases() == [Release(starts_ms(TODAY + 1), 50, ("kofi", "stripe"))]


def test_what_a_reversal_took_of_older_earnings_is_not_available_again():
    overview = earnings(25, Hold("stripe", TODAY + 1, 30), Hold("kofi", TODAY + 5, 20))

    assert (overview.available, overview.held) == (0, 25)
    assert [release.diamonds for release in overview.releases()] == [5, 20]
    assert overview.held_by_source() == {"kofi": Hold("kofi", TODAY + 5, 20), "stripe": Hold("stripe", TODAY + 1, 5)}


def test_of_what_was_paid_out_and_taken_back_no_more_is_said_to_be_held_than_there_is():
    overview = earnings(12, Hold("stripe", TODAY + 1, 30), Hold("kofi", TODAY + 5, 20), flags=(Hold("manual", 1, 4),))

    assert (overview.available, overview.held, overview.flagged) == (0, 12, 4)
    assert overview.held_by_source() == {"kofi": Hold("kofi", TODAY + 5, 8)}


def test_tests_and_what_cannot_be_counted_are_never_available():
    overview = earnings(100, Hold("stripe", TODAY + 1, 30), Hold(TEST, NEVER, 20), uncounted=10)

    assert (overview.available, overview.held) == (40, 60)
    assert [release.diamonds for release in overview.releases()] == [30]
    assert overview.held_by_source() == {"stripe": Hold("stripe", TODAY + 1, 30)}


def test_what_is_flagged_and_held_waits_once_and_goes_on_waiting_after_its_day():
    held, later = Hold("stripe", TODAY + 1, 30), Hold("kofi", TODAY + 2, 5)
    overview = earnings(100, held, later, flags=(held, Hold("manual", TODAY, 10)))

    assert (overview.available, overview.held, overview.flagged) == (55, 45, 40)
    assert overview.releases() == [Release(starts_ms(TODAY + 2), 5, ("kofi",))]
    assert overview.held_by_source() == {"kofi": Hold("kofi", TODAY + 2, 5)}


def test_of_one_day_what_is_flagged_is_left_out_of_the_forecast_and_of_its_sources():
    flagged, beside, mixed = (
        Hold("stripe", TODAY + 1, 30),
        Hold("kofi", TODAY + 1, 7),
        Hold("discord_sku", TODAY + 1, 9),
    )
    overview = earnings(100, flagged, mixed, beside, flags=(flagged, mixed._replace(diamonds=4)))

    assert overview.releases() == [Release(starts_ms(TODAY + 1), 12, ("discord_sku", "kofi"))]
    assert sum(hold.diamonds for hold in overview.held_by_source().values()) + overview.flagged == overview.held


def test_no_more_is_said_to_be_flagged_than_there_is():
    overview = earnings(10, flags=(Hold("manual", TODAY, 30),))

    assert (overview.available, overview.held, overview.flagged) == (0, 10, 10)


def test_the_source_that_holds_the_most_comes_first_with_its_last_day():
    holds = [Hold("kofi", TODAY + 1, 5), Hold("stripe", TODAY + 2, 10), Hold("kofi", TODAY + 3, 6)]

    assert [*earnings(50, *holds).held_by_source().values()] == [
        Hold("kofi", TODAY + 3, 11),
        Hold("stripe", TODAY + 2, 10),
    ]


HOLDS = st.lists(
    st.builds(Hold, st.sampled_from(["stripe", "kofi"]), st.integers(TODAY + 1, TODAY + 9), st.integers(1))
)


@given(st.integers(0, 10**9), HOLDS, st.integers(0, 100))
def test_available_and_all_releases_are_the_total(total: int, holds: list[Hold], uncounted: int):
    overview = earnings(total, *sorted(holds, key=lambda hold: hold.until_day), uncounted=uncounted)

    assert overview.available >= 0
    assert overview.held >= 0
    released = sum(release.diamonds for release in overview.releases())
    assert overview.available + released == max(total - uncounted, 0)
    assert sum(hold.diamonds for hold in overview.held_by_source().values()) == released


@given(st.integers(0, 200), HOLDS, st.data())
def test_on_each_day_as_much_is_available_as_was_forecast(total: int, holds: list[Hold], data: st.DataObject):
    pieces = [hold._replace(diamonds=min(hold.diamonds, 50)) for hold in sorted(holds, key=lambda hold: hold.until_day)]
    flags = [hold._replace(diamonds=data.draw(st.integers(0, hold.diamonds))) for hold in pieces]
    overview = earnings(total, *pieces, flags=flags)
    releases = overview.releases()

    assert all(release.diamonds > 0 for release in releases)
    for day in range(TODAY, TODAY + 11):
        due = sum(release.diamonds for release in releases if release.at_ms <= starts_ms(day))
        assert overview.available_on(day) == overview.available + due
