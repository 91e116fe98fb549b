"""Buttons of a leaderboard know its board and period by numbers that they keep."""

import pytest

from bot.domain.leaderboards import PUBLIC_BOARDS, Board
from bot.domain.periods import Period
from cogs.leaderboard.views import BOARD_NUMBERS, PERIOD_NUMBERS


def test_every_choice_has_a_number_of_its_own() -> None:
    assert set(BOARD_NUMBERS) == set(PUBLIC_BOARDS)
    assert set(PERIOD_NUMBERS) == set(Period)
    for numbers in (BOARD_NUMBERS, PERIOD_NUMBERS):
        assert len(set(numbers.values())) == len(numbers)


@pytest.mark.parametrize(("position", "board"), [*enumerate(["gifters", "creators", "gifts"])])
def test_a_board_on_an_old_button_is_still_understood(position: int, board: str) -> None:
    assert BOARD_NUMBERS[Board(board)] == position


@pytest.mark.parametrize(("position", "period"), [*enumerate(["live", "today", "week", "month", "all"])])
def test_a_period_on_an_old_button_is_still_understood(position: int, period: str) -> None:
    assert PERIOD_NUMBERS[Period(period)] == position
