"""How thorough a run is: which tests it has, and how often each of them repeats itself.

The suites that start processes, open books or draw pages take far longer than all others, so `make test` and CI run
only a part of their tests. In CI each commit gets another part, and `make test-all` runs them all.

A lower level of repetition leaves out what repeats a path that is run anyway: more of the same kills, values and
examples, and the same tests on a second database. Kills begin at a different statement for each kind of money, so that
even a few of them hit all kinds of statements. CONTRIBUTING.md says what each command runs.
"""

import os
import zlib
from collections.abc import Mapping, Sequence
from typing import Final, Literal, TypeVar

T = TypeVar("T")

LEVEL: Final[Literal["quick", "full", "long"]] = os.environ.get("THOROUGHNESS", "full")  # pyright: ignore[reportAssignmentType]

PART: Final[int | None] = int(os.environ["TESTS_PART"]) if os.environ.get("TESTS_PART", "all") != "all" else None
"""Which part of the tests this run has; None for all of them."""

PARTS: Final[Mapping[str, int]] = {
    "bot": 4,
    "faults": 4,
    "imaging": 3,
    "operations": 4,
    "overlay": 4,
    "page": 4,
    "payments": 3,
    "services": 4,
    "storage": 4,
    "ui": 2,
    "web": 3,
}
"""The number of parts into which each suite's tests are divided. Suites that are not named belong to every part."""


def by_thoroughness(*, quick: T, full: T, long: T) -> T:
    """Return the value for this run."""
    return {"quick": quick, "full": full, "long": long}[LEVEL]


def sample(values: Sequence[T], count: int) -> Sequence[T]:
    """Return `count` of the values in a quick run, from the first to the last and evenly spread; else all of them."""
    if LEVEL != "quick" or len(values) <= count:
        return values
    return [values[number * (len(values) - 1) // (count - 1)] for number in range(count)]


def is_in_part(test: str, part: int) -> bool:
    """Return whether a test, given by its id in pytest, belongs to a part. Parts are numbered without end.

    A test stays in its part when others are added, and the tests of a file are spread over all parts.
    """
    suite = test.split("/")[1]
    parts = PARTS.get(suite, 1)
    return zlib.crc32(test.encode()) % parts == part % parts
