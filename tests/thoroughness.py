"""How thorough the tests are: a sample in `make test`, everything in `make test-all` and CI, for hours in `make soak`.

What `make test` leaves out repeats a path that it does run: more of the same kills, values and examples, and the bot's
commands and most use-cases on a second database, whose statements the suite of storage runs on both. `make test-all`
and CI run half of the use-cases and a third of the bot's tests there, and `make soak` all of these.
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
