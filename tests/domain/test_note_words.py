"""Word lists: words are found through simple tricks, and innocent words are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.note_words import MOST_WORDS, clean_words, word_in


def hit(note: str, *words: str) -> bool:
    return word_in(note, [clean_words(words)]) is not None


@pytest.mark.parametrize(
    "note",
    [
        "loser", "You LOSER!", "lóser", "l\u0301oser", "l o s e r", "l.o.s.e.r", "looooser", "LOOOSERRR", "l0ser",
        "ｌｏｓｅｒ", "lo$er", "l0s3r", "1oser", "lоser", "what a loser, really", "loser-like",
    ],
)  # fmt: skip
def test_a_word_is_found_as_it_is_and_through_simple_tricks(note: str):
    assert hit(note, "Loser")


@pytest.mark.parametrize(
    ("note", "word"),
    [
        ("closer to you", "loser"),
        ("first class", "ass"),
        ("Scunthorpe", "cunt"),
        ("good evening", "god"),
        ("100 thanks", "loo"),
        ("а я тебя люблю", "a"),
        ("I a m here", "am"),
        ("all the best", "ail"),
        ("thanks", ""),
    ],
)
def test_words_that_only_look_alike_are_left_alone(note: str, word: str):
    assert not hit(note, word)


@pytest.mark.parametrize(
    ("note", "word"),
    [
        ("please SHUT   up now", "shut up"),
        ("sh00t up? sHut-up!", "shut up"),
        ("你是笨蛋吗", "笨蛋"),
        ("ばかだね", "ばか"),
        ("for you 🍆🍆", "🍆"),
        ("schön STRASSE", "straße"),
        ("привет дурак", "Дурак"),
    ],
)
def test_phrases_other_scripts_and_emoji_are_found_too(note: str, word: str):
    assert hit(note, word)


def test_the_first_list_that_has_a_word_is_named_with_the_entry_as_it_was_typed():
    lists = [clean_words(["Nice"]), None, clean_words([" Shut  Up "])]

    assert word_in("shut up", lists) == (2, "Shut Up")
    assert word_in("NICE, shut up", lists) == (0, "Nice")
    assert word_in("hello", [None, ""]) is None


@given(st.lists(st.text(max_size=60), max_size=80))
def test_a_list_is_stored_once_and_stays_as_it_is(texts: list[str]):
    stored = clean_words(texts)

    assert len(stored.split("\n")) <= MOST_WORDS
    assert clean_words(stored.split("\n")) == stored


@given(st.text(max_size=200), st.text(max_size=40))
def test_no_message_and_no_list_break_the_search(note: str, word: str):
    stored = clean_words([word])

    found = word_in(note, [stored])

    assert found is None or found == (0, stored)
    # Whatever is on a list is found where it stands alone.
    assert not stored or word_in(stored, [stored]) == (0, stored)
