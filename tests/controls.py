"""Every button, menu and form of the product, collected from the subclasses of their base so that none is forgotten."""

import importlib
from typing import Any, TypeVar

from bot.client import COGS
from bot.ui.kit.controls import Control, Form

T = TypeVar("T")


def _subclasses(kind: type[T]) -> list[type[T]]:
    direct = kind.__subclasses__()
    return [*direct, *(deeper for subclass in direct for deeper in _subclasses(subclass))]


for _name in COGS:
    importlib.import_module(_name)

_controls: list[type[Control[Any]]] = _subclasses(Control)
CONTROLS = sorted(_controls, key=lambda control: control.action)
FORMS = sorted((form for form in _subclasses(Form) if not form.__subclasses__()), key=lambda form: form.action)
ACTIONS = {each.action for each in (*CONTROLS, *FORMS)}
"""The beginning of the custom_id of each."""
