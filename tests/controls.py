"""Every button and menu of the product, collected from the subclasses of Control so that none is forgotten."""

import importlib
from typing import Any

from bot.client import COGS
from bot.ui.kit.controls import Control


def _subclasses(kind: type[Control[Any]]) -> list[type[Control[Any]]]:
    direct = kind.__subclasses__()
    return [*direct, *(deeper for subclass in direct for deeper in _subclasses(subclass))]


for _name in COGS:
    importlib.import_module(_name)

CONTROLS = sorted(_subclasses(Control), key=lambda control: control.action)
