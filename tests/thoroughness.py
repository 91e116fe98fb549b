"""How thorough the tests are: a sample in `make test`, every test in `make test-all` and CI, for hours in `make soak`.

What CI leaves out repeats a path that it runs: more of the same kills, values and examples, and the same tests on a
second database. A sample also leaves out tests of suites that start processes, but never the first of a file. Kills
begin at another statement for each kind of money, so that few of them still are at all kinds of statements.
CONTRIBUTING.md has the parts of each level.
"""

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal, TypeVar

T = TypeVar("T")

LEVEL: Final[Literal["quick", "full", "long"]] = os.environ.get("THOROUGHNESS", "full")  # pyright: ignore[reportAssignmentType]


ONE_IN: Final[Mapping[str, int]] = {
    "bot": 6,
    "faults": 4,
    "operations": 4,
    "overlay": 4,
    "page": 4,
    "payments": 3,
    "services": 6,
    "storage": 5,
    "web": 3,
}
"""By suite, one test in how many belongs to the sample of each file. Suites that are not named run whole."""


def by_thoroughness(*, quick: T, full: T, long: T) -> T:
    """Return the value for this run."""
    return {"quick": quick, "full": full, "long": long}[LEVEL]


def sample(values: Sequence[T], count: int) -> Sequence[T]:
    """Return `count` of the values in a quick run, from the first to the last and evenly spread; else all of them."""
    if LEVEL != "quick" or len(values) <= count:
        return values
    return [values[number * (len(values) - 1) // (count - 1)] for number in range(count)]


def sampled(tests: Iterable[str]) -> set[str]:
    """Return which of the `tests`, ids of pytest, are the sample: the first of each file, and others evenly spread."""
    numbers = Counter[str]()
    sample_ids: set[str] = set()
    for test in tests:
        file = test.split("::")[0]
        suite = file.split("/")[1]
        if numbers[file] % ONE_IN.get(suite, 1) == 0:
            sample_ids.add(test)
        numbers[file] += 1
    return sample_ids
