"""A short run of the state machine over all money commands, and slightly wrong books, which it catches."""

import contextlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import rule, run_state_machine_as_test
from sqlalchemy import update

from bot.domain.errors import Refusal
from bot.storage.sql.tables import balances, payouts
from tests.faults.economy import Economy
from tests.thoroughness import by_thoroughness

SHORT = settings(max_examples=by_thoroughness(quick=4, full=8, long=60), stateful_step_count=25, deadline=None)
CONTROL = settings(SHORT, max_examples=25, phases=[Phase.generate], database=None, derandomize=True)


class Leaking(Economy):
    """Books from which somebody takes coins behind the writer's back."""

    @rule()
    def take_coins(self) -> None:
        theft = update(balances).where(balances.c.amount > 0).values(amount=balances.c.amount - 1)
        self.wait(self.books.writer.perform(lambda c: c.execute(theft)))


class Forgetful(Economy):
    """Books that ignore keys, so that a repeated command counts as new."""

    def submit(self, command: Any, is_allowed: bool) -> None:
        super().submit(command, is_allowed)
        if is_allowed and not command.key.startswith("order"):
            # Some commands would be refused the second time, whatever their keys are.
            with contextlib.suppress(Refusal):
                self.wait(self.books.writer.submit(command._replace(key=f"{command.key} again")))


class Padding(Economy):
    """Books in which somebody makes payouts larger than what was asked for."""

    @rule()
    def pad_a_payout(self) -> None:
        padding = update(payouts).values(diamonds=payouts.c.diamonds + 1)
        self.wait(self.books.writer.perform(lambda c: c.execute(padding)))


@pytest.fixture(autouse=True)
def template(migrated: Path) -> None:
    """Start every run from the migrated database."""
    Economy.template = migrated


def test_any_sequence_of_money_commands_is_what_the_model_says():
    run_state_machine_as_test(Economy, settings=SHORT)


@pytest.mark.parametrize("machine", [Leaking, Forgetful, Padding])
def test_books_that_are_a_little_wrong_are_caught(machine: type[Economy]):
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine, settings=CONTROL)
