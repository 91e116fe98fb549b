"""How thorough the tests are: a sample in `make test`, every test in `make test-all` and CI, for hours in `make soak`.

What is left out repeats a path that is run: more of the same kills, values and examples, and the same tests on a second
database. Kills begin at another statement for each kind of money, so that few of them still are at all kinds of
statements. CONTRIBUTING.md has the parts of each level.
"""

import os
from collections.abc import Sequence
from typing import Final, Literal, TypeVar

T = TypeVar("T")

LEVEL: Final[Literal["quick", "full", "long"]] = os.environ.get("THOROUGHNESS", "full")  # pyright: ignore[reportAssignmentType]


def by_thoroughness(*, quick: T, full: T, long: T) -> T:
    """Return the value for this run."""
    return {"quick": quick, "full": full, "long": long}[LEVEL]


def sample(values: Sequence[T], count: int) -> Sequence[T]:
    """Return `count` of the values in a quick run, from the first to the last and evenly spread; else all of them."""
    if LEVEL != "quick" or len(values) <= count:
        return values
    return [values[number * (len(values) - 1) // (count - 1)] for number in range(count)]
