"""Counts that anything keeps about its own work."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tallies import SECONDS, Spread, Spreads, Tally


def test_known_labels_are_there_from_the_start_and_others_when_they_come():
    tally = Tally([("small",), ("large",)])
    tally.add("large", times=3)
    tally.add("new")

    assert dict(tally.counts) == {("small",): 0, ("large",): 3, ("new",): 1}


def test_labels_that_become_known_begin_with_0_and_keep_what_was_counted():
    tally = Tally()
    tally.add("large", times=3)
    tally.know("small")
    tally.know("large")

    assert dict(tally.counts) == {("small",): 0, ("large",): 3}


@given(st.lists(st.floats(min_value=0, max_value=10)))
def test_a_spread_counts_for_each_bound_what_is_at_most_as_large(values: list[float]):
    spread = Spread(SECONDS)
    for value in values:
        spread.note(value)

    for place, bound in enumerate(SECONDS):
        assert sum(spread.counts[: place + 1]) == sum(value <= bound for value in values)
    assert sum(spread.counts) == len(values)
    assert spread.total == pytest.approx(sum(values))


def test_each_label_has_a_spread_of_its_own():
    spreads = Spreads((1.0,))
    spreads.note("gift", 0.5)
    spreads.note("buy", 2.0)
    spreads.note("gift", 1.0)

    assert {label: spread.counts for label, spread in spreads.by_label.items()} == {"gift": [2, 0], "buy": [0, 1]}
