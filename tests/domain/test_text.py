"""The cleaner against what people paste into names and messages to break, flood, mislead or ping."""

import unicodedata

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.catalogue import DEFAULT_ITEMS
from bot.domain.text import MESSAGE_LENGTH, clean, emoji, shown
from sandbox.discord.links import links_in
from tests.thoroughness import by_thoroughness

FAMILY = "👨‍👩‍👧‍👦"
ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
EMOJI = [
    "👍", "👍🏽", "❤️", "❤", "☎️", "©️", FAMILY, "❤️‍🔥",
    "👩🏻‍❤️‍💋‍👩🏿", "🏳️‍🌈", "🏴‍☠️", "👁️‍🗨️", "🧑🏽‍🤝‍🧑🏿", "👨🏾‍🦰", "🏃🏽‍♂️‍➡️", ENGLAND,
    "🇩🇪", "🇿🇦", "1️⃣", "#️⃣", "*️⃣", "🫨", *(symbol for _, symbol, _ in DEFAULT_ITEMS),
]  # fmt: skip
EXAMPLES = by_thoroughness(quick=50, full=300, long=300)
MARKUP = [
    "@everyone", "@here", "<@1234>", "<@!1234>", "<@&1234>", "<#1234>", "</cmd:1>", "<t:1:R>", "<:rose:1234>",
    "<a:rose:1234>", "<id:customize>", "[free](https://a.example)", "https://a.example", "<https://a.example>",
    "discord://x", "```py\nx```", "`x`", "``x``", "||x||", "**x**", "__x__", "_x_", "~~x~~", "# x", "-# x", "> x",
    ">>> x", "- x", "* x", "1. x", "\\", "\\\\", "\\*", "\\@everyone", ":smile:", "@", "@\u200beveryone",
    "mailto:a@b.example", "<a@b.example>", "discord.gg/abc", "DISCORD.GG/abc", "www.discord.gg/abc", "<discord.gg/abc>",
    "[free](discord.gg/abc)", "https://discord.gg/abc", "discord.com/invite/abc", "discordapp.com/invite/abc",
    "discord.gift/abc", "discord.new/abc", "(discord.gg/abc)", "x discord.gg/abc y", "http://[::1]/",
]  # fmt: skip
HIDDEN = [
    "\0", "\x1b[31m", "\x7f", "\u0085", "\u00ad", "\u034f", "\u061c", "\u115f", "\u1160", "\u180e", "\u200b", "\u200c",
    "\u200d", "\u200e", "\u200f", "\u202a", "\u202d", "\u202e", "\u2060", "\u2066", "\u2067", "\u2068", "\u2069",
    "\u3164", "\ufe0e", "\ufe0f", "\ufeff", "\uffa0", "\ufff9", "\ufffe", "\ue000", "\U000e0001", "\U000e0041",
    "\U000e007f", "\U000e0100", "\ud800", "\udfff", "\U0010ffff",
]  # fmt: skip
SPACES = [" ", "\n", "\r\n", "\t", "\v", "\u00a0", "\u2003", "\u2028", "\u2029", "\u2800", "\u3000"]
MARKS = ["\u0301", "\u0308", "\u0316", "\u0489", "\u20dd", "\u0e47", "\u094d", "\u05b8", "\u064b", "\u09be", "\u09c7"]
LETTERS = ["a", "e", "é", "ß", "م", "א", "क", "가", "ᄀ", "ᅡ", "\u0958", "\u212b", "中", "𝕏", "🇩", "👩", "🏽", "🏴", "1"]

pieces = st.sampled_from(EMOJI + MARKUP + HIDDEN + SPACES + MARKS + LETTERS)
texts = st.lists(pieces | st.text(max_size=4), max_size=25).map("".join)

SPECIAL = set("\\*_~`|<>[]()#+-:@")
INVISIBLE = regex.compile(r"[\p{C}\p{Default_Ignorable_Code_Point}]")
SEQUENCE = regex.compile(r"\p{Emoji}[\ufe0f\u200d\u20e3\U000E0020-\U000E007F\p{Emoji}\p{Emoji_Modifier}]+")


def graphemes(text: str) -> list[str]:
    return regex.findall(r"\X", text)


def as_discord_reads(text: str) -> str:
    """What is left for Discord's markdown once its escapes are taken out."""
    return regex.sub(r"\\[^0-9A-Za-z\s]", "\ue000", text)


@settings(max_examples=EXAMPLES)
@given(text=texts, longest=st.integers(1, 40))
@example(text="e" + "\u0301\u0300\u200b" * 1_000, longest=9)
@example(text="a\u200b\u0301", longest=9)
@example(text="a \u200b b", longest=9)
@example(text="e\u0301\u0300\u09c7\u0302\u09be", longest=9)
def test_cleaned_text_is_plain_and_as_long_as_allowed(text, longest):
    plain = clean(text, longest)

    assert len(graphemes(plain)) <= longest
    assert unicodedata.is_normalized("NFC", plain)
    assert plain == " ".join(plain.split())
    assert not INVISIBLE.search(SEQUENCE.sub("", plain)), ascii(plain)
    assert not regex.search(r"[\p{Mn}\p{Mc}\p{Me}]{5,}", plain)
    plain.encode()


@settings(max_examples=EXAMPLES)
@given(text=texts, longest=st.integers(1, 40))
def test_cleaning_twice_changes_nothing_more(text, longest):
    plain = clean(text, longest)

    assert clean(plain, longest) == plain


@settings(max_examples=EXAMPLES)
@given(text=texts)
def test_nothing_works_in_text_that_is_shown(text):
    printed = shown(text)

    assert not SPECIAL & set(as_discord_reads(printed)), ascii(printed)
    assert "@everyone" not in printed
    assert "@here" not in printed
    assert "\n" not in printed
    assert links_in(printed) == []


@settings(max_examples=EXAMPLES)
@given(text=texts)
def test_shown_text_reads_as_the_cleaned_text_isolated_once(text):
    plain, printed = clean(text, len(text) + 1), shown(text)

    if not plain:
        assert printed == ""
        return
    content = printed.removeprefix("\u2068").removesuffix("\u2069")
    assert len(content) == len(printed) - 2
    assert not set("\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d\u202e") & set(content)
    assert regex.sub(r"\\(.)", r"\1", content.replace("\u2060", "")) == plain


@pytest.mark.parametrize("markup", MARKUP)
def test_markup_survives_cleaning_and_is_dead_when_shown(markup):
    plain = clean(markup, MESSAGE_LENGTH)

    assert plain == " ".join(markup.replace("\u200b", "").split())
    assert not SPECIAL & set(as_discord_reads(shown(plain)))
    assert links_in(shown(plain)) == []


@pytest.mark.parametrize("hidden", HIDDEN, ids=ascii)
def test_what_cannot_be_seen_is_dropped(hidden):
    assert clean(f"a{hidden}b", 9).replace("[31m", "") in {"ab", "a b"}
    assert clean(hidden, 9) in {"", "[31m"}


@pytest.mark.parametrize("space", SPACES, ids=ascii)
def test_white_space_of_any_kind_is_one_space(space):
    assert clean(f"{space}a{space}{space}b{space}", 9) == "a b"


@pytest.mark.parametrize(
    "tower",
    [
        "e" + "\u0301" * 4_000,
        "e" + "\u0300\u0301\u0302\u0303\u0304\u0316\u0317\u0489" * 500,
        "e" + "\u0301\u0300\u200b" * 1_300,
        "e" + "\u0301\ufe0f" * 2_000,
        "\u0301" * 4_000,
        "ก" + "\u0e47" * 4_000,
        "👍" + "\u0301" * 4_000,
        "❤" + "\ufe0f" * 4_000,
        "👍" + "\u0301\u200d" * 2_000,
        "🏴" + "\U000e0061" * 4_000,
        "a\u20e3" + "\ufe0f" * 4_000,
        "\u202e" * 4_000,
    ],
    ids=lambda tower: ascii(tower[:4]),
)
def test_a_tower_of_marks_is_cut_to_its_ground_floor(tower):
    assert len(clean(tower, MESSAGE_LENGTH)) <= 5


@pytest.mark.parametrize(
    ("text", "expected_text"),
    [
        ("x\u0301\u0302\u0303", "x\u0301\u0302"),
        ("x\u0316\u0301\u0317", "x\u0316\u0317"),
        ("x\u0301\u0302x\u0301\u0302", "x\u0301\u0302x\u0301\u0302"),
        ("x\u05b0\u05b1\u05b2\u05b3\u05b4", "x\u05b0\u05b1\u05b2\u05b3"),
        ("x\u05b0\u05b1\u0301\u0302\u0303", "x\u05b0\u05b1\u0301\u0302"),
        ("x\u05b0\u05b0", "x\u05b0"),
        ("x\u0327\u0301\u0302", "x\u0327\u0301"),
    ],
    ids=ascii,
)
def test_a_letter_keeps_two_accents_and_four_marks_in_all(text, expected_text):
    assert clean(text, 9) == expected_text


def test_a_chain_of_joined_emoji_falls_apart_where_no_emoji_is_that_long():
    plain = clean("👨" + "\u200d👨" * 2_000, MESSAGE_LENGTH)

    assert len(graphemes(plain)) == MESSAGE_LENGTH
    assert max(map(len, graphemes(plain))) == 7


@pytest.mark.parametrize("symbol", EMOJI)
def test_an_emoji_stays_whole_and_is_one(symbol):
    assert clean(f"a{symbol}b", 3) == f"a{symbol}b"
    assert clean(symbol * 5, 2) == symbol * 2
    assert emoji(f" {symbol} ") == symbol


@pytest.mark.parametrize(
    "word",
    [
        "Zoë",
        "Việt Nam",
        "မြို့",
        "कार्त्स्न्य",
        "नमस्ते",
        "ខ្ញុំ",
        "שָׁלוֹם",
        "سَلَّام",
        "ก็ได้",
        "한국어",
        "日本語",
        "Ελλάδα",
        "ᏣᎳᎩ",
        "தமிழ்",
        "𝕏",
    ],
)
def test_a_word_of_any_script_stays_as_it_is(word):
    assert clean(word, MESSAGE_LENGTH) == unicodedata.normalize("NFC", word)


def test_a_cut_falls_between_what_a_reader_sees_as_characters():
    assert clean("ab" + FAMILY + "cd", 3) == "ab" + FAMILY
    assert clean("e\u0301" * 5, 2) == "éé"
    assert clean("ab  cd", 3) == "ab"


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "a", "1", "#", "*", "👍👍", "👍a", "a👍", "🇩", "🇩🇪🇫🇷", "a\u20e3", "★", "\u200d", "\ufe0f", "👨\u200d",
        "👍" + "\u0301" * 9, "👍\u200d" * 9 + "👍", "🏴" + "\U000e0067" * 9 + "\U000e007f", ":smile:", "<:rose:12>",
        "<:r:123456789012345>", "<:rose:123456789012345>x", "<b:rose:123456789012345>", "<:ro-se:123456789012345>",
        "<:rose:١٢٣٤٥٦٧٨٩٠١٢٣٤٥>", "<@123456789012345678>", "\0", "\ud800", "x" * 4_000,
    ],
    ids=ascii,
)  # fmt: skip
def test_anything_else_is_no_emoji(text):
    assert emoji(text) is None


@pytest.mark.parametrize("custom", ["<:rose:123456789012345678>", "<a:Rose_2:1234567890123456789>"])
def test_a_guilds_own_emoji_is_one(custom):
    assert emoji(f" {custom}") == custom


@given(text=texts)
def test_whatever_passes_as_an_emoji_is_short_and_clean(text):
    symbol = emoji(text)

    assert symbol is None or (len(symbol) <= 60 and clean(symbol, 60) == unicodedata.normalize("NFC", symbol))
