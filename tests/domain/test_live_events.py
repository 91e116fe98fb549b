"""When a live event takes gifts: from its start to its bell, and while time stands still."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.live import LiveEvent
from tests.domain.builders import HOUR, NOON, live_event

moments = st.integers(NOON - 2 * HOUR, NOON + 3 * HOUR)


@given(at=moments)
def test_a_gift_at_the_bell_belongs_to_the_next_event_and_to_no_other(at):
    first = live_event()
    second = replace(first, event_id=901, started_ms=first.ends_ms, ends_ms=first.ends_ms + HOUR)

    takers = [event for event in (first, second) if event.takes_gifts(at)]

    assert len(takers) == (first.started_ms <= at < second.ends_ms)


@given(at=moments)
def test_an_event_that_has_ended_takes_nothing(at):
    assert not live_event(ended_ms=NOON).takes_gifts(at)


def test_no_bell_rings_while_time_stands_still():
    paused: LiveEvent = live_event(paused_ms=NOON)

    assert paused.takes_gifts(paused.ends_ms)
    assert not paused.rings(paused.ends_ms)
    assert live_event().rings(paused.ends_ms)


def test_a_goal_is_in_time_before_its_deadline():
    event = live_event(goal=5, goal_until_ms=NOON)

    assert (event.in_time(NOON - 1), event.in_time(NOON)) == (True, False)
    assert live_event(goal=5).in_time(NOON + HOUR)
