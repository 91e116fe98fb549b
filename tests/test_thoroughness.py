"""Each test of the long suites belongs to one part, and every other test to all parts."""

from math import lcm
from pathlib import Path

from tests.thoroughness import PARTS, is_in_part

TESTS = Path(__file__).parent
EVERY_PART = range(lcm(*PARTS.values()))


def test_each_test_of_a_suite_that_takes_long_is_in_one_of_its_parts():
    for suite, parts in PARTS.items():
        tests = [f"tests/{suite}/test_{suite}.py::test_gift[{number}]" for number in range(300)]

        sizes = [sum(is_in_part(test, part) for test in tests) for part in range(parts)]

        assert sum(sizes) == len(tests)
        assert min(sizes) > len(tests) / parts / 2, f"{suite}: {sizes}"


def test_the_parts_begin_again_after_the_last():
    test = "tests/bot/test_gift.py::test_a_gift"

    parts = [part for part in EVERY_PART if is_in_part(test, part)]

    assert parts == list(range(parts[0], len(EVERY_PART), PARTS["bot"]))


def test_what_takes_no_time_is_in_every_part():
    tests = ("tests/domain/test_decide.py::test_a_gift[1]", "tests/test_settings.py::test_names")

    assert all(is_in_part(test, part) for test in tests for part in EVERY_PART)


def test_every_suite_that_has_parts_is_there():
    assert [suite for suite in PARTS if not (TESTS / suite).is_dir()] == []
