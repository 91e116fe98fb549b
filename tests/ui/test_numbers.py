"""Buttons know what has no id by numbers that stay, whatever is added: those of messages that are out there mean what
they meant when they were posted."""

from typing import Any

import pytest

from bot.domain.periods import Period
from bot.domain.policy import Staff
from bot.ui.kit.numbers import Numbers
from bot.ui.looks.leaderboards import TITLES
from bot.ui.looks.periods import NUMBERS as PERIODS
from bot.ui.text.refusals import Unreadable
from cogs.help import views as help_views
from cogs.help.topics import TOPICS
from cogs.leaderboard.views import BOARDS
from cogs.settings.forms import FORMS, Shares, Threshold, TimeZone
from cogs.settings.views import ROLES

POSTED: list[tuple[Numbers[Any], list[Any]]] = [
    (BOARDS, ["gifters", "creators", "gifts"]),
    (PERIODS, ["live", "today", "week", "month", "all", "30days"]),
    (ROLES, ["manager", "host", "treasurer", "auditor"]),
    (FORMS, [Shares, Threshold, TimeZone]),
]
"""What the numbers from 0 on have meant so far. Only ever add to it."""


@pytest.mark.parametrize(("numbers", "meanings"), POSTED)
def test_a_number_on_an_old_button_is_still_understood(numbers: Numbers[Any], meanings: list[Any]) -> None:
    assert [numbers.thing(number) for number in range(len(meanings))] == meanings


@pytest.mark.parametrize(
    ("numbers", "things"),
    [(BOARDS, TITLES), (PERIODS, Period), (ROLES, Staff), (help_views.NUMBERS, TOPICS)],
)
def test_everything_that_is_shown_has_a_number(numbers: Numbers[Any], things: Any) -> None:
    assert [thing for _, thing in numbers] == [*things]
    assert all(numbers.thing(numbers.of(thing)) is thing for thing in things)


def test_a_thing_in_the_middle_leaves_the_others_their_numbers() -> None:
    numbers = Numbers({0: "first", 2: "new", 1: "last"})

    assert [thing for _, thing in numbers] == ["first", "new", "last"]
    assert (numbers.thing(1), numbers.of("new")) == ("last", 2)


def test_a_number_that_nothing_has_is_refused() -> None:
    with pytest.raises(Unreadable):
        BOARDS.thing(99)
