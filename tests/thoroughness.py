"""How much is done of what can be done without end: a part of it in `make test`, all of it in `make soak`."""

import os
from typing import Final, TypeVar

T = TypeVar("T")

IS_LONG: Final = os.environ.get("LONG_TESTS") == "1"


def some(part: T, everything: T) -> T:
    """Return `part` in a run that somebody waits for, `everything` where LONG_TESTS=1."""
    return everything if IS_LONG else part
