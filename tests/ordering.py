"""The order in which the workers of pytest run the tests: the longest first, so that all workers end together.

Each worker gets a stretch of the tests, and who has finished takes from the end of another's. With the longest at the
end, the last minutes would be spent waiting for a few of them.
"""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Final, TypeVar

LONGEST: Final = (
    "tests/faults/",
    "tests/bot/test_gone_books.py",
    "tests/bot/test_health.py",
    "tests/bot/test_malformed_events.py",
    "tests/bot/test_refusing_channels.py",
    "tests/operations/test_canaries.py",
    "tests/operations/test_journey.py",
    "tests/storage/test_lots_migration.py",
    "tests/storage/test_migration_kills.py",
    "tests/storage/test_processes.py",
    "tests/storage/test_rankings.py",
    "tests/storage/test_tampering.py",
    "tests/ui/test_rendering.py",
)
"""Where a test may take ten seconds: it kills many processes, waits as long as the bot would, or repeats itself."""

T = TypeVar("T")


def spread(tests: Sequence[T], is_long: Callable[[T], bool], workers: int) -> list[T]:
    """Return the tests so that the stretch of each worker begins with its share of the long ones."""
    long_tests = [test for test in tests if is_long(test)]
    short_tests = (test for test in tests if not is_long(test))
    ordered: list[T] = []
    for worker in range(workers):
        # `--dist worksteal` cuts the stretches in the same way.
        size = (len(tests) - len(ordered)) // (workers - worker)
        share = long_tests[worker::workers]
        ordered += [*share, *islice(short_tests, max(0, size - len(share)))]
    return [*ordered, *short_tests]
