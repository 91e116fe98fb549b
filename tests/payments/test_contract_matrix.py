"""The matrix of claims and providers is complete: each cell is tried, or a capability says why it is not."""

import inspect
from typing import Any, get_args

import pytest

from bot.payments.provider import Capability
from bot.settings import Settings
from tests.payments import test_contract
from tests.payments.contract import CLAIMS, CONTENDERS
from tests.payments.oddities import ODDITIES, possible
from tests.payments.wires import Oddity

# A plus is a test that runs.
MATRIX = """
"""


def matrix() -> list[list[str]]:
    """Return a row for each claim, with a plus for each provider that is tried, else what it has or has not."""
    tests = {name: getattr(test_contract, name) for name in CLAIMS}
    return [
        [name.removeprefix("test_"), *(_cell(name, test, provider) for provider in CONTENDERS)]
        for name, test in tests.items()
    ]


def _cell(name: str, test: Any, provider: str) -> str:
    (mark,) = [mark for mark in test.pytestmark if mark.name == "parametrize" and "market" in mark.args[0]]
    if provider in mark.args[1]:
        return "+"
    return CLAIMS[name].obstacle(CONTENDERS[provider].provider.capabilities) or "skipped"


def test_each_claim_is_tried_on_each_provider_unless_a_capability_says_why_not():
    rows = [line.split() for line in MATRIX.strip().splitlines()]
    actual = [[row[0], *(cell.replace(" ", "-") for cell in row[1:])] for row in matrix()]

    assert rows[1:] == actual, "\n".join(" ".join(row) for row in actual)
    assert rows[0] == ["claim", *CONTENDERS]
    assert "skipped" not in MATRIX


def test_every_test_of_the_contract_is_a_claim_or_about_an_oddity():
    tests = {name for name, _ in inspect.getmembers(test_contract, inspect.isfunction) if name.startswith("test_")}

    assert tests - {*CLAIMS} == {"test_a_payment_that_is_not_as_ordered_is_credited_to_nobody"}


def test_every_provider_that_an_operator_can_switch_on_is_tried():
    (names, _) = get_args(Settings.model_fields["payment_providers"].annotation)

    assert {*get_args(names)} == {it.provider.name for it in CONTENDERS.values()}


@pytest.mark.parametrize("capability", Capability)
def test_every_capability_is_what_some_claim_is_about(capability: Capability):
    assert [name for name, about in CLAIMS.items() if capability in {*about.needs, *about.one_of, *about.lacks}]


def test_every_oddity_is_tried_on_every_provider_or_cannot_be_there():
    assert {*ODDITIES} == {*CONTENDERS}
    assert all({*cells} == {*get_args(Oddity)} for cells in ODDITIES.values())
    reasons = {cell for cells in ODDITIES.values() for cell in cells.values() if isinstance(cell, str)}
    assert all(len(reason.split()) > 3 for reason in reasons)
    (mark,) = [
        mark
        for mark in test_contract.test_a_payment_that_is_not_as_ordered_is_credited_to_nobody.pytestmark
        if mark.name == "parametrize"
    ]
    assert [*mark.args[1]] == [(name, oddity) for name, oddity, _ in possible()]
