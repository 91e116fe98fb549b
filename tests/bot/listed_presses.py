"""Which test presses each button and menu, and sends each form: checked by conftest when that test runs.

So nothing depends on the order of the tests, or on how many of them run. That none is missing is checked by
tests/ui/test_listed_presses, and how buttons and menus are refused by test_refused_presses.
"""

from collections.abc import Iterable, Iterator

import pytest

from tests.bot.answered_forms import ANSWERED_FORMS
from tests.bot.answered_presses import ANSWERED_PRESSES
from tests.bot.presses import Press
from tests.bot.refused_forms import REFUSED_FORMS


def is_listed(test: pytest.Function) -> bool:
    """Whether a test is the one that presses something."""
    return any(True for _press in _listed(test))


def unseen(test: pytest.Function, actual: Iterable[Press]) -> list[Press]:
    """Return the presses that a test is listed for, and that are not among the `actual` ones."""
    return sorted({*_listed(test)} - {*actual})


def _listed(test: pytest.Function) -> Iterator[Press]:
    file, name = test.path.stem, test.originalname
    for table in (ANSWERED_PRESSES, ANSWERED_FORMS):
        for action in table.get(file, {}).get(name, ()):
            yield Press(action, "")
    for action, refusal in REFUSED_FORMS.get(file, {}).get(name, {}).items():
        yield Press(action, refusal)
