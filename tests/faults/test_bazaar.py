"""A short run of the state machine over all providers, and a bot that is a little deaf, which it catches."""

from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.faults.bazaar import Bazaar
from tests.thoroughness import by_thoroughness

SHORT = settings(
    max_examples=by_thoroughness(quick=3, full=6, long=60),
    stateful_step_count=25,
)
CONTROL = settings(SHORT, max_examples=25, phases=[Phase.generate], database=None, derandomize=True)


class Deaf(Bazaar):
    """A bot that takes every third report for settled."""

    reports = 0

    def settle(self) -> None:
        self.reports += 1
        if self.reports % 3:
            super().settle()
        self.is_settled = True


@pytest.fixture(autouse=True)
def template(migrated: Path) -> None:
    """Start every run from the migrated database."""
    Bazaar.template = migrated


def test_money_is_conserved_at_all_providers_whatever_happens():
    run_state_machine_as_test(Bazaar, settings=SHORT)


def test_news_that_is_ignored_is_caught():
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Deaf, settings=CONTROL)
