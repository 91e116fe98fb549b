"""Ids as people type them: the number that was meant, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import HIGHEST, LONGEST_KEY, id_in, is_key


@given(number=st.integers(0, HIGHEST), before=st.sampled_from(["", " ", "\n"]), after=st.sampled_from(["", " ", "\t"]))
def test_an_id_is_read_as_it_is_written_whatever_space_is_around_it(number, before, after):
    assert id_in(f"{before}{number}{after}") == number


def test_the_highest_id_is_an_id_and_the_next_number_is_none():
    assert id_in(str(HIGHEST)) == HIGHEST == 9_223_372_036_854_775_807
    assert id_in(str(HIGHEST + 1)) is None


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-1", "+1", "1.0", "1e3", "0x10", "1 2", "1_000", "x", "12x", "<@12>", "٤", "４２", "²", "4\0",
        "9" * 20, "9" * 5_000,
    ],
    ids=lambda text: f"{text[:8]!a}",
)  # fmt: skip
def test_what_is_no_id_is_none(text):
    assert id_in(text) is None


@given(st.text(max_size=25))
def test_any_text_is_an_id_within_bounds_or_none(text):
    number = id_in(text)

    assert number is None or 0 <= number <= HIGHEST


@pytest.mark.parametrize("key", ["i:1576323220351483905", "intent:1:2", "cs_test_a1B2", "x" * LONGEST_KEY])
def test_plain_text_of_some_length_is_a_key(key):
    assert is_key(key)


@pytest.mark.parametrize("text", ["", "a\0b", "\ud800", "a\nb", "é", "\u202e", "x" * (LONGEST_KEY + 1)], ids=ascii)
def test_what_cannot_be_stored_everywhere_is_no_key(text):
    assert not is_key(text)
