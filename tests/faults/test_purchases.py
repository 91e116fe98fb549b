"""A short run of the state machine over payments, refunds, disputes and cases."""

from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.faults.purchases import Purchases
from tests.thoroughness import by_thoroughness

SHORT = settings(max_examples=by_thoroughness(quick=4, full=7, long=60), stateful_step_count=20, deadline=None)

CONTROL = settings(SHORT, max_examples=25, phases=[Phase.generate], database=None, derandomize=True)


class Deaf(Purchases):
    """A bot that takes every third report for settled."""

    reports = 0

    def settle(self) -> None:
        self.reports += 1
        if self.reports % 3:
            super().settle()
        self.unheard.clear()


def test_coins_follow_the_money_whatever_happens_to_payments(migrated: Path):
    Purchases.template = migrated
    run_state_machine_as_test(Purchases, settings=SHORT)


def test_reports_that_are_ignored_are_caught(migrated: Path):
    Purchases.template = migrated
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Deaf, settings=CONTROL)
