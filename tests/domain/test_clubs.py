"""Fan clubs: memberships pause after a live event that somebody missed, resume with one act, and rest in breaks."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.clubs import (
    CLUB_POINTS,
    PATIENCE_MS,
    Break,
    LastShow,
    club_level_of,
    is_paused,
    merged,
    pause_due_ms,
    points_of,
)

DAY = 86_400_000
SHOW = LastShow(100 * DAY, 100 * DAY + 3_600_000)
DUE = SHOW.ended_ms + PATIENCE_MS

times = st.integers(90 * DAY, 130 * DAY)
breaks = st.lists(st.builds(Break, times, times), max_size=5)


def test_a_membership_pauses_seven_days_after_a_missed_live_event():
    assert not is_paused(SHOW.started_ms - 1, SHOW, [], DUE - 1)
    assert is_paused(SHOW.started_ms - 1, SHOW, [], DUE)


def test_one_act_during_the_live_event_or_after_it_keeps_it_or_resumes_it():
    for active_ms in (SHOW.started_ms, SHOW.ended_ms + DAY, DUE + DAY):
        assert not is_paused(active_ms, SHOW, [], DUE + 2 * DAY)


def test_without_a_live_event_nobody_has_missed_anything():
    assert not is_paused(0, None, [], 10**15)


def test_a_break_of_the_creator_pauses_nobody_and_adds_its_days():
    away = Break(SHOW.ended_ms + 2 * DAY, SHOW.ended_ms + 12 * DAY)

    assert not is_paused(0, SHOW, [away], SHOW.ended_ms + 11 * DAY)
    assert pause_due_ms(SHOW, [away]) == DUE + 10 * DAY
    assert is_paused(0, SHOW, [away], DUE + 10 * DAY)


def test_a_break_before_the_live_event_or_after_the_pause_changes_nothing():
    early, late = Break(SHOW.started_ms - 9 * DAY, SHOW.started_ms), Break(DUE, DUE + DAY)

    assert pause_due_ms(SHOW, [early, late]) == DUE


def test_nobody_is_paused_while_the_creator_is_away_even_if_they_were_before():
    late = Break(DUE + DAY, DUE + 2 * DAY)

    assert is_paused(0, SHOW, [late], DUE)
    assert not is_paused(0, SHOW, [late], DUE + DAY)
    assert is_paused(0, SHOW, [late], DUE + 2 * DAY)


@given(breaks)
def test_breaks_that_overlap_count_once(overlapping: list[Break]):
    once = merged(overlapping)

    assert pause_due_ms(SHOW, overlapping) == pause_due_ms(SHOW, once)
    assert all(before.until_ms < after.from_ms for before, after in pairwise(once))


@given(times, breaks, times, times)
def test_an_act_never_pauses_anybody_and_a_break_never_brings_a_pause_forward(
    active_ms: int, away: list[Break], now_ms: int, later_ms: int
):
    if not is_paused(active_ms, SHOW, away, now_ms):
        assert not is_paused(max(active_ms, later_ms), SHOW, away, now_ms)
    assert pause_due_ms(SHOW, away) >= pause_due_ms(SHOW, [])
    if is_paused(active_ms, SHOW, away, now_ms):
        assert is_paused(active_ms, SHOW, [], now_ms)


@given(breaks)
def test_seven_days_without_a_break_have_passed_when_memberships_pause(away: list[Break]):
    due_ms = pause_due_ms(SHOW, away)
    resting_ms = sum(max(min(one.until_ms, due_ms) - max(one.from_ms, SHOW.ended_ms), 0) for one in merged(away))

    assert due_ms - SHOW.ended_ms - resting_ms == PATIENCE_MS


@given(st.integers(0, 10**6), st.integers(0, 99), st.integers(0, 10**6))
def test_points_and_levels_only_fall_with_reversals(coins: int, events: int, more: int):
    assert club_level_of(points_of(coins, events)) <= club_level_of(points_of(coins + more, events))
    assert [club_level_of(points) for points in (9, 10, CLUB_POINTS[-1])] == [0, 1, 10]
