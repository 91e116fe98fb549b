"""Every worker begins with the longest tests, and no test is lost on the way."""

from pathlib import Path

import pytest

from tests.ordering import LONGEST, spread

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("workers", [1, 2, 6])
@pytest.mark.parametrize("count", [0, 1, 20, 97])
def test_each_stretch_begins_with_its_share_of_the_long_ones(count: int, workers: int):
    ordered = spread(range(count), lambda number: number >= count - 12, workers)

    assert sorted(ordered) == [*range(count)]
    start = 0
    for worker in range(workers if count > 50 else 0):
        size = (count - start) // (workers - worker)
        stretch = ordered[start : start + size]
        assert [number >= count - 12 for number in stretch].index(False) == 12 // workers
        assert sum(number >= count - 12 for number in stretch) == 12 // workers
        start += size


def test_what_is_named_as_long_is_there():
    assert [place for place in LONGEST if not (ROOT / place).exists()] == []
