"""When a board is looked after: at once where something is new, and by the clock only where it changes by the clock."""

import math
from dataclasses import replace

import pytest

from bot.announcer.live_board import LOOK_GAP_MS, SIGHT_MS, LiveBoard
from bot.domain.combos import EventGift
from bot.domain.deadlines import SETTLED_MS
from bot.domain.live import LiveEvent
from bot.domain.live_displays import SHOWN_FOR_MS, BoardMessage
from bot.domain.live_progress import PACE_MS, LiveProgress
from bot.domain.momentum import LEVEL_MS, Train
from bot.domain.posts import REPOST_MS
from bot.domain.trains import Railway, TrainRecord

NOON = 1_770_000_000_000
HOUR = 3_600_000
EVENT = LiveEvent(7, 900, 71, 13, "Friday", None, NOON, NOON + HOUR)
POSTED = BoardMessage(5, NOON)


def board(**changes: object) -> LiveBoard:
    """A board that shows everything."""
    board = LiveBoard(EVENT, LiveProgress(EVENT), is_dirty=False)
    for name, value in changes.items():
        setattr(board, name, value)
    return board


def test_a_board_with_nothing_new_waits_for_ever():
    assert board().ready_ms == math.inf


def test_what_is_new_is_looked_at_at_once_but_not_more_often_than_twice_a_second():
    assert board(is_dirty=True).ready_ms <= NOON
    assert board(is_dirty=True, looked_ms=NOON).ready_ms == NOON + LOOK_GAP_MS


def test_a_board_that_failed_rests_whatever_is_new():
    assert board(is_dirty=True, rest_until_ms=NOON + HOUR).ready_ms == NOON + HOUR


def test_a_board_is_posted_anew_before_its_message_is_too_old_to_be_edited():
    fresh = board()

    fresh.plan(POSTED, NOON + 1)

    assert fresh.ready_ms == NOON + REPOST_MS
    assert not fresh.is_old(POSTED, NOON + REPOST_MS - 1)
    assert fresh.is_old(POSTED, NOON + REPOST_MS)


def test_a_train_is_looked_at_when_its_level_ends_and_again_when_that_is_announced():
    progress = LiveProgress(EVENT)
    progress.feed([EventGift(seq, NOON + seq, seq, 13, "Rose", "🌹", 1, 500) for seq in (1, 2, 3)])
    fresh = board(progress=progress)
    ends_ms = NOON + 3 + LEVEL_MS

    times: list[float] = []
    for now_ms in (NOON + 3, NOON + 3 + PACE_MS, ends_ms, ends_ms + SETTLED_MS):
        fresh.plan(POSTED, now_ms)
        times.append(fresh.ready_ms)

    # The coins of the last minute change by the clock alone, too.
    assert times == [NOON + 3 + PACE_MS, ends_ms, ends_ms + SETTLED_MS, NOON + REPOST_MS]


def test_what_stands_below_a_board_is_asked_once_it_has_changed_and_not_more_often_than_twice_a_minute():
    fresh = board()

    assert not fresh.asks(POSTED, NOON + SIGHT_MS)
    fresh.is_unasked = True
    assert not fresh.asks(POSTED, NOON + SIGHT_MS - 1)
    assert fresh.asks(POSTED, NOON + SIGHT_MS)
    fresh.asked_ms = NOON + SIGHT_MS
    assert not fresh.asks(POSTED, NOON + 2 * SIGHT_MS - 1)
    assert fresh.asks(POSTED, NOON + 2 * SIGHT_MS)


def test_a_board_that_changed_is_looked_at_when_it_may_be_asked_about():
    fresh = board(is_unasked=True)

    fresh.plan(POSTED, NOON + 1)
    planned_ms = fresh.ready_ms
    # Somebody is asking just now, and may fail.
    fresh.plan(POSTED, NOON + SIGHT_MS)

    assert (planned_ms, fresh.ready_ms) == (NOON + SIGHT_MS, NOON + 2 * SIGHT_MS)


def test_a_message_that_could_not_be_removed_is_tried_again():
    fresh = board()

    fresh.plan(POSTED._replace(replaced_id=4), NOON + 1)

    assert fresh.ready_ms == NOON + 1 + SIGHT_MS


@pytest.mark.parametrize(
    ("posted", "later_ms", "is_closed"),
    [
        (POSTED, 1, False),
        (POSTED._replace(closed=True), 1, True),
        (None, 1, True),
        (POSTED, SHOWN_FOR_MS + 1, True),
    ],
)
def test_the_board_of_an_event_that_ended_is_left_once_it_says_so(
    posted: BoardMessage | None, later_ms: int, is_closed: bool
):
    ended = board(event=LiveEvent(7, 900, 71, 13, "", None, NOON - HOUR, NOON, ended_ms=NOON))

    ended.plan(posted, NOON + later_ms)

    assert ended.is_closed == is_closed
    assert ended.ready_ms == math.inf


def test_the_trains_of_other_events_are_those_at_the_time_when_the_board_is_written() -> None:
    trains = list[Train]()
    over = Train(1, NOON, NOON, ended_ms=NOON + 1, total=700)
    railway = Railway((over,), TrainRecord(1, 1, 1, 700))
    other_board = board(railway=railway, beside=lambda: tuple(trains))
    assert other_board.rails == railway

    trains += [Train(2, NOON, NOON, total=500), replace(over, ended_ms=None)]
    assert {*other_board.rails.others} == {over, trains[0]}
