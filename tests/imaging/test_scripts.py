"""Names in any script are drawn, in order, and never as boxes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from bot.imaging.text.emoji import is_emoji
from bot.imaging.text.fonts import BOLD, JAPANESE, KOREAN, LATIN, covers, font
from bot.imaging.text.line import Style, _run, graphemes, line, paragraph

STYLE = Style(40, 0xFFFFFF)
NAMES = {
    "latin": "Zoë Fernández-Øyen",
    "vietnamese": "Nguyễn Thị Hường",
    "cyrillic": "Анастасія Їжак",
    "greek": "Ωμέγα Ελένη",
    "arabic": "محمد عبد الله",
    "persian": "پگاه چیت‌ساز",
    "hebrew": "נועה כהן",
    "devanagari": "प्रिया शर्मा",
    "thai": "สมชาย ใจดี",
    "chinese": "王小明 陳",
    "japanese": "さくら カタカナ 桜井",
    "korean": "김민준",
    "bengali": "বাংলা",
    "tamil": "தமிழ்",
    "georgian": "ქართული",
    "armenian": "Հայերեն",
    "amharic": "አማርኛ",
    "khmer": "ខ្មែរ",
    "symbols": "★ Star ♥ ♪ → ①",
    "mixed": "Mia محمد (123) עברית 日本",
}
MISSING = "\U0010fffd"


def ink(face, text, weight=STYLE.weight):
    image = Image.new("L", (160, 160))
    ImageDraw.Draw(image).text((40, 100), text, fill=255, font=font(face, 40, weight), anchor="ls")
    return image.tobytes()


def drawn(text, style=STYLE):
    set_line = line(text, style)
    image = Image.new("RGB", (round(set_line.width) + 40, 120))
    set_line.draw(image, 20, 80)
    return image


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_is_drawn_and_no_character_of_it_as_a_box(name):
    runs = line(name, STYLE).runs

    assert drawn(name).getbbox()
    for run in runs:
        assert run.face is not None
        visible = [character for character in run.text if character.isprintable() and not character.isspace()]
        assert covers(run.face, visible)
        assert all(ink(run.face, character) != ink(run.face, MISSING) for character in visible)


def test_a_box_would_be_noticed():
    assert ink(LATIN, "桜") == ink(LATIN, MISSING)


@pytest.mark.parametrize("emoji", ["😀", "❤️", "👍🏽", "🇩🇪", "1️⃣", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🫠"])
def test_an_emoji_is_one_picture_in_colour(emoji):
    (run,) = line(emoji, STYLE).runs
    pixels = drawn(emoji).tobytes()
    colours = set(zip(pixels[::3], pixels[1::3], pixels[2::3], strict=True))

    assert run.face is None
    assert is_emoji(emoji)
    assert any(red != green or green != blue for red, green, blue in colours)


def test_an_emoji_in_a_name_stands_between_its_letters():
    kinds = [run.face is None for run in line("Foxy 🦊 the 2nd", STYLE).runs]

    assert kinds == [False, True, False]


def test_an_emoji_newer_than_pythons_own_table_stands_in_a_line_right_to_left():
    assert [run.face is None for run in line("محمد 🫨🩷", STYLE).runs] == [True, True, False]


def test_letters_in_fancy_dress_are_spelled_plainly():
    assert [run.text for run in line("𝓜𝓲𝓪 𝕸𝖎𝖆", STYLE).runs] == ["Mia Mia"]


def test_what_no_font_has_is_a_dot():
    assert [run.text for run in line("𒀀𒀁 ok", STYLE).runs] == ["·· ok"]


def test_arabic_letters_join():
    def columns(text):
        image = drawn(text).convert("L")
        return [image.crop((x, 0, x + 1, image.height)).getbbox() is not None for x in range(image.width)]

    # From the first letter's ink to the last one's there is no gap.
    assert "".join("#" if inked else " " for inked in columns("محمد")).strip().count(" ") == 0
    assert "".join("#" if inked else " " for inked in columns("דמחמ")).strip().count(" ") > 0


def test_devanagari_is_shaped_and_not_spelled_out():
    assert line("प्र", STYLE).width < line("प", STYLE).width + line("र", STYLE).width + 1


def test_a_line_right_to_left_begins_at_the_right():
    runs = line("محمد Mia", STYLE).runs

    assert [(run.text.strip(), run.rtl) for run in runs if run.text.strip()] == [("Mia", False), ("محمد", True)]


def test_a_word_right_to_left_stays_within_its_sentence():
    texts = [run.text.strip() for run in line("Mia محمد נועה end", STYLE).runs]

    assert [text for text in texts if text] == ["Mia", "נועה", "محمد", "end"]


def test_han_is_drawn_the_way_of_the_letters_beside_it():
    assert {run.face for run in line("桜さく", STYLE).runs} == {JAPANESE}
    assert {run.face for run in line("桜김", STYLE).runs} == {KOREAN}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_long_name_ends_in_an_ellipsis_and_fits(name):
    full = line(name * 8, STYLE)
    cut = line(name * 8, STYLE, 300)

    assert full.width > 300 >= cut.width
    assert "…" in "".join(run.text for run in cut.runs)


def test_a_name_is_never_cut_within_a_character():
    family = "👨‍👩‍👧‍👦"
    for width in range(60, 400, 20):
        text = "".join(run.text for run in line(family * 9, STYLE, width).runs)

        assert set(graphemes(text.removesuffix("…"))) <= {family}


def test_a_name_that_fits_is_left_alone():
    assert line("Mia", STYLE, 500) == line("Mia", STYLE)


def test_bold_is_wider_than_regular():
    assert line("Rosette", Style(40, 0, BOLD)).width > line("Rosette", STYLE).width


def test_a_note_is_broken_between_words_and_cut_after_its_last_line():
    lines = paragraph("thank you for singing us through the whole winter " * 4, STYLE, 500, 3)
    texts = ["".join(run.text for run in row.runs) for row in lines]

    assert len(lines) == 3
    assert all(row.width <= 500 for row in lines)
    assert texts[0].split()[-1] in {"thank", "you", "for", "singing", "us", "through", "the", "whole", "winter"}
    assert texts[-1].endswith("…")


def test_a_note_without_spaces_is_broken_all_the_same():
    lines = paragraph("漢字" * 40 + "W" * 80, STYLE, 400, 9)

    assert all(0 < row.width <= 400 for row in lines)


@pytest.mark.parametrize("text", ["", " ", "\u200b\u202e", "\x00\n", "\ud800"])
def test_text_without_anything_to_see_is_an_empty_line(text):
    assert line(text, STYLE).width == 0
    assert paragraph(text, STYLE, 100, 2) == []


def test_a_tower_of_marks_stays_on_its_line():
    image = Image.new("RGB", (400, 400))
    line("Z" + "\u0351\u0310\u0337\u030d" * 60, STYLE).draw(image, 20, 200)
    box = image.getbbox()

    assert box is not None
    assert box[3] - box[1] < 100


def test_what_cannot_be_drawn_is_a_dot_beside_what_can():
    assert [run.text for run in line("Mia ﷽ ok", STYLE).runs] == ["Mia · ok"]
    assert drawn("\ufdfd" * 32).tobytes() == drawn("·" * 32).tobytes()


def test_what_turns_out_to_be_impossible_only_when_it_is_drawn_takes_nothing_from_the_rest(caplog):
    drawn_line = line("محمد Mia", STYLE)
    hopeless = replace(
        drawn_line, runs=tuple(replace(run, text="\ufdfd") if run.rtl else run for run in drawn_line.runs)
    )
    image = Image.new("RGB", (round(drawn_line.width) + 40, 120))
    hopeless.draw(image, 20, 80)

    latin = image.crop((20, 0, 20 + round(drawn_line.runs[0].width), 120))
    assert latin.tobytes() == drawn("محمد Mia").crop((20, 0, 20 + round(drawn_line.runs[0].width), 120)).tobytes()
    assert image.crop((20 + round(drawn_line.runs[0].width), 0, image.width, 120)).getbbox()
    # It may be a member's name, which no log has.
    assert "A text of 1 characters could not be drawn" in caplog.text
    assert "\ufdfd" not in caplog.text
    assert "\\ufdfd" not in caplog.text


def test_what_turns_out_to_be_impossible_only_when_it_is_measured_is_a_dot():
    # What is cleaned has nothing like it, as far as anybody knows. Other versions of the library may refuse more.
    run, depth = _run("\u2029", LATIN, 1, STYLE)
    dot, _ = _run("·", LATIN, 1, STYLE)

    assert (run, depth) == (dot, 1)
    assert run.width > 0


HOSTILE = st.sampled_from(
    "\ufdfd\ufdfa⸻\u0310\u0489\u200d\ufe0f\u202e\u2067\x00\ud800\U000e0067\U0001f3fd\u20e3👩🇩🏴Wعאक"
    "\u0ccd\u103c\u1160漢(]\u2029\U00012000\U0010ffff"
)


@given(st.lists(HOSTILE | st.characters(), max_size=32).map("".join), st.integers(40, 400))
def test_any_text_at_all_is_drawn_within_its_width(text, width):
    image = Image.new("RGB", (500, 120))
    drawn_line = line(text, STYLE, width)
    drawn_line.draw(image, 20, 80)

    assert drawn_line.width <= width
