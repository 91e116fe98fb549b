"""A short run of the state machine over all providers, and a bot that is a little deaf, which it catches."""

from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.faults.bazaar import Bazaar
from tests.faults.gift_buyers import GiftBuyers
from tests.thoroughness import by_thoroughness

SHORT = settings(
    max_examples=by_thoroughness(quick=3, full=6, long=60),
    stateful_step_count=25,
)
MACHINE: type[Bazaar] = by_thoroughness(quick=Bazaar, full=Bazaar, long=GiftBuyers)
"""In a long run also with gifts that coins were bought for, and orders that were cancelled before they were paid."""
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
    run_state_machine_as_test(MACHINE, settings=SHORT)


def test_news_that_is_ignored_is_caught():
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Deaf, settings=CONTROL)
