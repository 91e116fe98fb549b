"""Each button, menu and form has a listed test that presses it over the wire with success, and each form one that is
refused."""

import importlib
from collections import Counter
from collections.abc import Iterable, Mapping

import pytest

from tests.bot.answered_forms import ANSWERED_FORMS
from tests.bot.answered_presses import ANSWERED_PRESSES
from tests.bot.refused_forms import REFUSED_FORMS
from tests.controls import CONTROLS, FORMS

Table = Mapping[str, Mapping[str, Iterable[str]]]
TABLES: tuple[Table, ...] = (ANSWERED_PRESSES, ANSWERED_FORMS, REFUSED_FORMS)


def actions_of(table: Table) -> Counter[str]:
    return Counter(action for tests in table.values() for actions in tests.values() for action in actions)


@pytest.mark.parametrize(
    ("table", "actions"),
    [
        (ANSWERED_PRESSES, {control.action for control in CONTROLS}),
        (ANSWERED_FORMS, {form.action for form in FORMS}),
        (REFUSED_FORMS, {form.action for form in FORMS}),
    ],
    ids=["presses", "forms", "refused forms"],
)
def test_each_is_listed_once(table: Table, actions: set[str]) -> None:
    assert actions_of(table) == Counter(actions)


def test_each_listed_test_exists() -> None:
    missing = [
        f"{file}.{test}"
        for table in TABLES
        for file, tests in table.items()
        for test in tests
        if not hasattr(importlib.import_module(f"tests.bot.{file}"), test)
    ]

    assert missing == []
