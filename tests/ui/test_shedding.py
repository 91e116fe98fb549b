"""What waited too long in front of the bot is refused in words and never begun; what only travelled far is not."""

import asyncio
from typing import Any

import pytest

from bot.ui.kit.shedding import AHEAD_S, IN_A_ROW, LOST_S, MOST_TRAVEL_S, QUEUED_S, SPAN_S, Queue, Shedding
from tests.clock import Clock

COMMAND, PRESS, TYPING, FORM = 2, 3, 4, 5


class Side:
    """Discord, as far as it hears of refusals."""

    def __init__(self, *, is_alone: bool = True) -> None:
        self.clock = Clock()
        self.age_s = 0.1
        self.answers: dict[int, dict[str, Any]] = {}
        self.number = 0
        self.shedding = Shedding(
            Queue(self.clock),
            lambda _: self.age_s,
            lambda data: data["data"]["name"] == "gift",
            lambda: is_alone,
            self._hear,
        )

    async def _hear(self, interaction_id: int, token: str, answer: dict[str, Any]) -> None:
        assert token == f"token {interaction_id}"
        self.answers[interaction_id] = answer

    def comes(self, age_s: float, kind: int = COMMAND, name: str = "gift", locale: str = "en-US") -> bool:
        """Whether the next interaction, which is so old, is taken."""
        self.age_s = age_s
        self.number += 1
        data = {"name": name}
        interaction = {"id": self.number, "token": f"token {self.number}", "type": kind, "locale": locale}
        return self.shedding.takes(interaction | {"data": data})

    async def last_answer(self) -> dict[str, Any] | None:
        for _ in range(3):
            await asyncio.sleep(0)
        return self.answers.get(self.number)

    def fall_behind(self) -> None:
        """Let a queue build up."""
        self.comes(0.1)
        for _ in range(IN_A_ROW):
            self.comes(0.1 + QUEUED_S)


async def test_behind_a_queue_what_could_not_be_answered_in_time_is_refused_in_words():
    side = Side()
    side.fall_behind()

    assert not side.comes(0.1 + QUEUED_S)
    answer = await side.last_answer()

    assert answer is not None
    assert (answer["type"], answer["data"]["flags"]) == (4, 64 | 1 << 15)
    (card,) = answer["data"]["components"]
    assert card["components"][0]["content"] == (
        "It's very busy right now. Please try again in a moment.\n-# You haven't been charged."
    )


async def test_what_no_answer_would_reach_in_time_gets_none():
    side = Side()
    side.fall_behind()

    assert not side.comes(0.1 + LOST_S)
    assert await side.last_answer() is None


@pytest.mark.parametrize(
    ("name", "is_alone", "is_denied"), [("gift", True, True), ("gift", False, False), ("help", True, False)]
)
async def test_that_nothing_was_charged_is_said_where_coins_could_have_moved_and_nobody_else_can_be_at_it(
    name: str, *, is_alone: bool, is_denied: bool
):
    side = Side(is_alone=is_alone)
    side.fall_behind()
    side.comes(1.5, name=name)
    answer = await side.last_answer()

    assert answer is not None
    assert ("charged" in str(answer)) == is_denied


async def test_presses_and_forms_are_refused_too_and_typing_gets_no_choices():
    side = Side()
    side.fall_behind()
    answers: list[Any] = []
    for kind in (PRESS, FORM, TYPING):
        side.comes(1.5, kind, locale="de")
        answers.append(await side.last_answer())

    assert ["sehr viel los" in str(answer) or answer["type"] for answer in answers] == [True, True, 8]
    assert answers[2]["data"] == {"choices": []}


def test_a_few_late_ones_after_a_hiccup_are_taken_and_a_fresh_one_ends_the_queue():
    queue = Queue(Clock())
    queue.wait_of(0.1)
    hiccup = [queue.wait_of(2.0) for _ in range(IN_A_ROW - 1)]
    fresh = queue.wait_of(0.2)
    again = [queue.wait_of(2.0) for _ in range(IN_A_ROW)]

    assert [*hiccup, fresh, *again[:-1]] == [0.0] * (2 * IN_A_ROW - 1)
    assert again[-1] == pytest.approx(1.9)


def test_a_clock_that_is_ahead_and_a_network_that_is_slow_make_no_queue():
    queue = Queue(Clock())

    assert {queue.wait_of(MOST_TRAVEL_S + 0.9) for _ in range(10 * IN_A_ROW)} == {0.0}


@pytest.mark.parametrize("ahead_s", [AHEAD_S + 0.1, 13 * 3_600.0])
def test_a_moment_in_which_discord_is_ahead_of_its_own_time_makes_no_queue_of_what_follows(ahead_s: float):
    queue = Queue(Clock())
    mad = [queue.wait_of(-ahead_s) for _ in range(2)]
    waits = {queue.wait_of(0.1) for _ in range(10 * IN_A_ROW)}

    assert {*mad, *waits} == {0.0}


def test_a_queue_is_known_by_a_clock_that_is_a_little_behind_too():
    queue = Queue(Clock())
    queue.wait_of(0.1 - AHEAD_S)
    waits = [queue.wait_of(0.1 - AHEAD_S + QUEUED_S) for _ in range(IN_A_ROW)]

    assert waits[-1] >= QUEUED_S


def test_a_queue_that_lasts_is_never_taken_for_a_slow_network():
    clock = Clock()
    queue = Queue(clock)
    waits: list[float] = []
    for _ in range(100):
        clock.now += SPAN_S / 10
        waits += [queue.wait_of(3.0) for _ in range(IN_A_ROW)]

    assert min(waits[IN_A_ROW:]) >= QUEUED_S
