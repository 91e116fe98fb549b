"""Attendance: ten minutes a press, none of them twice, and no press within the last one's."""

from collections.abc import Callable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.attendance import PRESS_MS, Press, minutes_attended, press_at

MINUTE = 60_000
TIMES = st.integers(0, 400) | st.just(10) | st.just(20)


def presses_at(times: list[int]) -> list[Press]:
    """Return what counts of presses at these minutes."""
    presses: list[Press] = []
    for minute in sorted(times):
        press = press_at(minute * MINUTE, presses[-1] if presses else None)
        presses += [press] if press is not None else []
    return presses


@given(st.lists(TIMES, max_size=60))
def test_presses_never_overlap_and_every_one_is_covered(times: list[int]) -> None:
    presses = presses_at(times)
    assert all(first.until_ms <= second.from_ms for first, second in pairwise(presses))
    assert all(any(p.from_ms <= minute * MINUTE < p.until_ms for p in presses) for minute in times)
    assert minutes_attended(presses, 0, 500 * MINUTE) == 10 * len(presses)


@given(st.lists(TIMES, max_size=20), st.lists(TIMES, max_size=20), st.integers(0, 450), st.integers(0, 450))
def test_a_minute_of_two_live_events_counts_once(
    times: list[int], more_times: list[int], start: int, length: int
) -> None:
    presses = [*presses_at(times), *presses_at(more_times)]
    is_covered: Callable[[int], bool] = lambda minute: any(  # noqa: E731 - names what is counted below
        press.from_ms <= minute * MINUTE < press.until_ms for press in presses
    )
    minutes = sum(map(is_covered, range(start, start + length)))
    assert minutes_attended(reversed(presses), start * MINUTE, (start + length) * MINUTE) == minutes


@given(st.lists(TIMES, max_size=30), st.integers(0, 450))
def test_parts_of_a_time_add_up_to_it(times: list[int], middle: int) -> None:
    presses = presses_at(times)
    parts = [(0, middle), (middle, 500)]
    assert sum(minutes_attended(presses, a * MINUTE, b * MINUTE) for a, b in parts) == 10 * len(presses)


def test_the_next_press_counts_from_the_moment_when_the_last_one_is_over() -> None:
    first = press_at(0, None)
    assert first == Press(0, PRESS_MS)
    assert press_at(PRESS_MS - 1, first) is None
    assert press_at(PRESS_MS, first) == Press(PRESS_MS, 2 * PRESS_MS)
