"""What a machine cannot carry is refused in time; what it can carry never is."""

import contextlib
from collections import deque

import pytest

from bot.ui.kit.workload import FEW, Workload
from tests.clock import Clock

DISCORD_WAITS_S = 3.0
SECONDS = 20.0
REFUSAL = 0.2
"""What a refusal costs of what an answer costs."""


class Machine:
    """Finishes so many answers a second, in the order in which they were begun. Times are the clock's seconds."""

    def __init__(self, clock: Clock, capacity_per_s: float) -> None:
        self.clock = clock
        self.capacity_per_s = capacity_per_s
        self.workload = Workload(clock)
        self.refused = 0
        self.waits: list[float] = []
        self._free_at = 0.0
        self._begun: deque[tuple[float, contextlib.ExitStack]] = deque()

    def ask(self, at: float) -> None:
        """Press a button at a time, after everything that is finished by then."""
        self._finish(until=at)
        if not self._begun:
            self._free_at = max(at, self._free_at)
        self.clock.now = at
        if not self.workload.has_room(0.0):
            self.refused += 1
            self._free_at += REFUSAL / self.capacity_per_s
            return
        working = contextlib.ExitStack()
        working.enter_context(self.workload)
        self._begun.append((at, working))

    def _finish(self, until: float) -> None:
        while self._begun and self._free_at + 1 / self.capacity_per_s <= until:
            self.clock.now = self._free_at = self._free_at + 1 / self.capacity_per_s
            asked_at, working = self._begun.popleft()
            working.close()
            self.waits.append(self.clock.now - asked_at)


def storm(rate: float, capacity: float) -> Machine:
    """Ask a machine `rate` times a second."""
    machine = Machine(Clock(), capacity)
    for number in range(int(rate * SECONDS)):
        machine.ask(number / rate)
    return machine


@pytest.mark.parametrize(("offered_per_s", "capacity_per_s"), [(500, 400), (500, 200), (300, 150), (2_000, 1_000)])
def test_under_more_load_than_it_can_carry_a_machine_still_answers_in_time(offered_per_s: float, capacity_per_s: float):
    machine = storm(offered_per_s, capacity_per_s)

    assert max(machine.waits) < DISCORD_WAITS_S
    assert machine.refused > 0
    # What refusals leave of the machine's time is used.
    assert len(machine.waits) > 0.8 * (capacity_per_s * SECONDS - REFUSAL * machine.refused)


@pytest.mark.parametrize(("offered_per_s", "capacity_per_s"), [(400, 500), (20, 25), (900, 1_000)])
def test_what_a_machine_can_carry_is_never_refused(offered_per_s: float, capacity_per_s: float):
    assert storm(offered_per_s, capacity_per_s).refused == 0


@pytest.mark.parametrize("capacity_per_s", [300, 2_000])
def test_a_burst_after_an_idle_hour_is_not_taken_for_a_slow_machine(capacity_per_s: float):
    machine = Machine(Clock(), capacity_per_s)
    for begins_at in (0.0, 7_200.0):
        for minute in range(60):
            machine.ask(begins_at + minute * 60.0)
        # Answers are counted from this press on, mostly idle, until the burst is at its height.
        machine.ask(begins_at + 3_599.754)
        for press in range(290):
            machine.ask(begins_at + 3_600.0 + press / 50_000)

    assert machine.refused == 0


def test_a_few_answers_are_never_too_many():
    workload = Workload(Clock())

    with contextlib.ExitStack() as stack:
        for _ in range(FEW):
            assert workload.has_room(2.9)
            stack.enter_context(workload)
        assert not workload.has_room(2.9)
