"""Lines of two directions are put in order as the Unicode standard says, whatever fonts they need."""

from pathlib import Path
from unicodedata import bidirectional

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.imaging.text.order import base_of, levels, resolved, visual
from tests.services_needed import UNICODE_DATA, go_without
from tests.thoroughness import by_thoroughness

ALPHABET = "abЖ漢" + "אבג" + "محد" + "12٣٤" + " ()[]<>" + ".,:+-$%!…&'"
UNICODE = Path("/usr/share/unicode")
CLASSES = {
    "L": "a", "R": "א", "AL": "م", "EN": "1", "ES": "+", "ET": "%", "AN": "٣", "CS": ",", "NSM": "\u0301", "WS": " ",
    "ON": "!",
}  # fmt: skip
"""A character of each class that the cleaner lets through: no embedding, no isolate, no separator."""
STEP = by_thoroughness(quick=23, full=1, long=1)


def displayed(text):
    """Return the characters of the text from left to right."""
    base = base_of(text)
    return "".join(visual(text, levels(list(text), base)))


def lines_of(name):
    """Yield the lines of one of Unicode's own files, without comments."""
    try:
        lines = (UNICODE / name).read_text("utf-8").splitlines()
    except FileNotFoundError:
        go_without(UNICODE_DATA)
    return [content for line in lines if (content := line.partition("#")[0].strip())]


def numbers(text):
    return [int(number) for number in text.split()]


def test_the_order_is_that_of_unicodes_tests_with_brackets():
    count = 0
    for case in lines_of("BidiCharacterTest.txt")[::STEP]:
        points, direction, base, right_depths, order = case.split(";")
        characters = [chr(int(point, 16)) for point in points.split()]
        if not CLASSES.keys() >= set(map(bidirectional, characters)):
            continue
        count += 1
        depths = resolved(characters, int(base))
        assert direction != "2" or base_of("".join(characters)) == int(base), case
        assert depths == numbers(right_depths), case
        assert visual(range(len(characters)), depths) == numbers(order), case
    assert count > 90_000 // STEP


def test_the_order_is_that_of_unicodes_tests_with_every_row_of_classes():
    count, right_depths, order = 0, [], []
    for case in lines_of("BidiTest.txt"):
        if case.startswith("@"):
            key, _, value = case.partition(":")
            if key == "@Levels":
                right_depths = value.split()
            elif key == "@Reorder":
                order = numbers(value)
            continue
        row, directions = case.split(";")
        count += CLASSES.keys() >= set(row.split())
        if not CLASSES.keys() >= set(row.split()) or count % STEP:
            continue
        characters = [CLASSES[name] for name in row.split()]
        automatic, ltr, rtl = (int(directions, 16) >> bit & 1 for bit in range(3))
        for base in {*[base_of("".join(characters))] * automatic, *[0] * ltr, *[1] * rtl}:
            depths = resolved(characters, base)
            assert depths == [int(level) for level in right_depths], case
            assert visual(range(len(characters)), depths) == order, case
    assert count > 10_000


def test_every_bracket_that_python_knows_is_paired_with_unicodes_other_half():
    for case in lines_of("BidiBrackets.txt"):
        opening, closing, kind = (field.strip() for field in case.split(";"))
        pair = chr(int(opening, 16)), chr(int(closing, 16))
        if kind == "o" and bidirectional(pair[0]):
            # Without its partner, the closing one would stand between two directions, and go with the paragraph.
            assert resolved(["א", pair[0], "א", pair[1], "a"], 0) == [1, 1, 1, 1, 0], case


@pytest.mark.parametrize(
    ("text", "display"),
    [
        ("Mia (123) نور", "Mia (123) رون"),
        ("نور Mia (123)", "Mia (123) رون"),
        ("אב (1-2) 5%", "5% (1-2) בא"),
        ("abc אבג, 12.5 דה", "abc הד 12.5 ,גבא"),
        ("א[b]ג", "ג[b]א"),
    ],
)
def test_a_line_reads_as_people_write_it(text, display):
    mirrors = str.maketrans("()[]", ")(][")
    base = base_of(text)
    depths = levels(list(text), base)
    mirrored_text = [sign.translate(mirrors) if depth % 2 else sign for sign, depth in zip(text, depths, strict=True)]

    assert "".join(visual(mirrored_text, depths)) == display


@given(st.text(ALPHABET, max_size=24).map(str.strip))
@example("א(b[ג]c)12%")
def test_every_character_of_a_line_stays_in_it(text):
    assert sorted(displayed(text)) == sorted(text)


@given(st.lists(st.characters(), max_size=12), st.sampled_from((0, 1)))
@example(["م", "🫨", "\u2029", "\u202e", "a"], 0)
def test_any_character_has_a_place(clusters, base):
    depths = levels(clusters, base)

    assert sorted(visual(range(len(clusters)), depths)) == list(range(len(clusters)))


def test_the_first_letter_tells_the_direction_of_a_line():
    assert [base_of(text) for text in ("Mia محمد", "محمد Mia", "123 נועה", "123", "")] == [0, 1, 1, 0, 0]
