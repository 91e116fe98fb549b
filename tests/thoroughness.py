"""How thorough open-ended tests are: they do a part of the work in `make test`, and all of it in `make soak`."""

import os
from typing import Final, TypeVar

T = TypeVar("T")

IS_LONG: Final = os.environ.get("LONG_TESTS") == "1"


def by_thoroughness(part: T, everything: T) -> T:
    """Return `part` in an ordinary run, and `everything` with LONG_TESTS=1."""
    return everything if IS_LONG else part
