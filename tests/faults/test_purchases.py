"""A short run of the state machine over payments, refunds, disputes and cases."""

from pathlib import Path

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.faults.purchases import Purchases
from tests.thoroughness import by_thoroughness

SHORT = settings(max_examples=by_thoroughness(quick=6, full=15, long=60), stateful_step_count=20, deadline=None)


def test_coins_follow_the_money_whatever_happens_to_payments(migrated: Path):
    Purchases.template = migrated
    run_state_machine_as_test(Purchases, settings=SHORT)
