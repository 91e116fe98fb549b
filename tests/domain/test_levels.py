"""Levels and badges: what is reached with which coins, and that nothing but coins changes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.levels import BADGES, LEVEL_COINS, TOP_LEVEL, badges_of, level_of, progress_of

coins = st.integers(0, 2_000_000)


def test_each_level_begins_at_ten_times_its_number_to_the_power_of_two_point_four():
    assert LEVEL_COINS[:10] == (10, 53, 140, 279, 476, 737, 1067, 1470, 1951, 2512)
    assert list(LEVEL_COINS) == [round(10 * level**2.4) for level in range(1, TOP_LEVEL + 1)]
    assert len(LEVEL_COINS) == TOP_LEVEL == 50


@pytest.mark.parametrize(("gifted", "level"), [(0, 0), (9, 0), (10, 1), (52, 1), (53, 2), (119_545, 50), (10**9, 50)])
def test_a_level_begins_at_its_coins_and_the_last_one_never_ends(gifted: int, level: int):
    assert level_of(gifted) == level


def test_badges_are_kept_from_their_coins_on():
    assert badges_of(0) == ()
    assert badges_of(1) == badges_of(99) == (1,)
    assert badges_of(10_000) == (1, 100, 1_000, 5_000, 10_000)
    assert badges_of(10**9) == BADGES


@given(coins, coins)
def test_more_coins_never_lower_anything_and_fewer_never_raise_it(gifted: int, more: int):
    assert level_of(gifted) <= level_of(gifted + more)
    assert set(badges_of(gifted)) <= set(badges_of(gifted + more))


@given(coins)
def test_what_is_missing_leads_exactly_to_the_next_level(gifted: int):
    progress = progress_of(gifted)

    assert progress.level == level_of(gifted)
    if progress.level == TOP_LEVEL:
        assert progress.missing == progress.span == 0
        return
    assert 0 <= progress.part < progress.span
    assert level_of(gifted + progress.missing) == progress.level + 1
    assert level_of(gifted + progress.missing - 1) == progress.level
