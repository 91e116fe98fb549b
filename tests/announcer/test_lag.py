"""How far boards lag behind: what is measured, and what is logged about it."""

import logging

import pytest

from bot.announcer.lag import EVERY_MS, LagMeter, Unshown
from bot.domain.combos import EventGift

NOON = 1_770_000_000_000
HOUR = 3_600_000


def gift(seq: int, at_ms: int) -> EventGift:
    return EventGift(seq, at_ms, 1, 2, "Petal", "🌸", 1, 1)


def test_a_board_is_behind_since_the_oldest_gift_that_it_does_not_show():
    unshown = Unshown()
    unshown.show(5, NOON)
    unshown.read([gift(6, NOON + 100), gift(7, NOON + 900)], NOON + 1_000)
    unshown.read([gift(8, NOON + 1_500)], NOON + 2_000)

    assert unshown.show(8, NOON + 2_100) == 2_000
    assert unshown.since_ms is None


def test_gifts_that_are_read_again_do_not_wait():
    unshown = Unshown()
    unshown.show(7, NOON)
    unshown.read([gift(6, NOON - HOUR), gift(7, NOON - HOUR)], NOON)

    assert unshown.since_ms is None
    assert unshown.show(7, NOON) is None

    unshown.read([gift(6, NOON - HOUR), gift(7, NOON - HOUR), gift(8, NOON)], NOON + 10)

    assert unshown.show(8, NOON + 50) == 50


def test_a_process_that_was_away_blames_no_board_for_it():
    unshown = Unshown()
    unshown.read([gift(6, NOON - HOUR)], NOON)

    assert unshown.show(6, NOON + 300) == 300


def test_an_edit_without_new_gifts_measures_nothing():
    unshown = Unshown()
    unshown.read([], NOON)

    assert unshown.show(0, NOON + HOUR) is None


def test_nothing_is_logged_when_nothing_happened(caplog: pytest.LogCaptureFixture):
    meter = LagMeter()
    meter.note(None)
    with caplog.at_level(logging.INFO):
        meter.report(NOON)
        meter.report(NOON + HOUR, at_once=True)

    assert caplog.messages == []


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([40], "Live boards showed gifts after 40 ms (p50), 40 ms (p99), 40 ms at most, in 1 edit"),
        ([40, 10], "Live boards showed gifts after 40 ms (p50), 40 ms (p99), 40 ms at most, in 2 edits"),
    ],
)
def test_a_line_a_minute_counts_the_edits(values: list[int], text: str, caplog: pytest.LogCaptureFixture):
    meter = LagMeter()
    with caplog.at_level(logging.INFO):
        for value in values:
            meter.note(value)
        meter.report(NOON)
        meter.note(70)
        meter.report(NOON + EVERY_MS - 1)

    assert caplog.messages == [text]
