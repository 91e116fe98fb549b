"""The sample of `make test` has something of every file, and all of what takes no time."""

from pathlib import Path

from tests.thoroughness import ONE_IN, sampled

ROOT = Path(__file__).parent


def test_the_sample_has_the_first_test_of_each_file_and_others_evenly_spread():
    bot_tests = [f"tests/bot/test_{name}.py::test_{number}" for name in ("one", "other") for number in range(9)]
    rules = [f"tests/domain/test_rules.py::test_{number}[{number}]" for number in range(5)]
    own_test = "tests/test_settings.py::test_names"

    sample = sampled([*bot_tests, *rules, own_test])

    assert ONE_IN["bot"] == 6
    assert sample == {*bot_tests[0:9:6], *bot_tests[9::6], *rules, own_test}


def test_every_suite_of_which_there_is_a_sample_is_there():
    assert [suite for suite in ONE_IN if not (ROOT / suite).is_dir()] == []
