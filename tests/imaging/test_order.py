"""Lines of two directions are put in order as the Unicode standard says, whatever fonts they need."""

from bidi import get_display
from hypothesis import example, given
from hypothesis import strategies as st

from bot.imaging.text.order import base_of, levels, visual

ALPHABET = "abЖ漢" + "אבג" + "محد" + "12٣٤" + " ()[]<>" + ".,:+-$%!…&'"


def displayed(text):
    """Return the characters of the text from left to right."""
    base = base_of(text)
    return "".join(visual(text, levels(list(text), base)))


@given(st.text(ALPHABET, max_size=24).map(str.strip))
@example("محمد Mia (123)")
@example("Mia (נועה) [1] محمد 5-3")
@example("א(b[ג]c)12%")
def test_the_order_is_that_of_another_implementation(text):
    assert displayed(text) == get_display(text)


@given(st.lists(st.characters(), max_size=12), st.sampled_from((0, 1)))
@example(["م", "🫨", "\u2029", "\u202e", "a"], 0)
def test_any_character_has_a_place(clusters, base):
    depths = levels(clusters, base)

    assert sorted(visual(range(len(clusters)), depths)) == list(range(len(clusters)))


def test_the_first_letter_tells_the_direction_of_a_line():
    assert [base_of(text) for text in ("Mia محمد", "محمد Mia", "123 נועה", "123", "")] == [0, 1, 1, 0, 0]
