"""The cutter: anything fits, and cuts fall where a reader would make them."""

import discord
from hypothesis import example, given
from hypothesis import strategies as st

from bot.ui.kit import discord_limits
from tests.ui import limits

FAMILY = "👩‍👩‍👧‍👦"
long_texts = (
    st.text(max_size=60) | st.integers(0, 9_000).map(lambda n: "x" * n) | st.integers(0, 900).map(FAMILY.__mul__)
)


@st.composite
def embeds(draw: st.DrawFn) -> discord.Embed:
    embed = discord.Embed(title=draw(long_texts) or None, description=draw(long_texts) or "x", colour=1)
    embed.set_footer(text=draw(long_texts) or None)
    for name, value in draw(st.lists(st.tuples(long_texts, long_texts), max_size=30)):
        embed._fields = [*getattr(embed, "_fields", []), {"name": name, "value": value, "inline": True}]
    return embed


@given(embeds())
def test_any_embed_is_made_to_fit(embed: discord.Embed) -> None:
    assert limits.check_embed(discord_limits.fit(embed)) <= 6000


@given(st.text(max_size=300), st.integers(1, 120))
def test_a_cut_text_fits_and_is_the_beginning_of_the_whole(text: str, longest: int) -> None:
    short = discord_limits.cut(text, longest)

    assert discord_limits.size(short) <= longest
    assert short == text or text.startswith(short.removesuffix("…"))


@given(st.integers(1, 40), st.integers(1, 120))
def test_no_character_is_cut_in_half(count: int, longest: int) -> None:
    short = discord_limits.cut(FAMILY * count, longest)

    assert short.removesuffix("…") == FAMILY * (len(short.removesuffix("…")) // len(FAMILY))


@given(st.lists(st.text(st.characters(exclude_characters="\n"), max_size=50), max_size=40), st.integers(20, 300))
@example(["x" * 20, ""], 20)
@example(["x" * 19, ""], 20)
@example(["x" * 19, "y"], 20)
def test_lines_stay_whole_as_long_as_they_fit(parts: list[str], longest: int) -> None:
    text = discord_limits.lines(parts, longest)

    assert discord_limits.size(text) <= longest
    if text and not text.endswith("…"):
        assert text == "\n".join(parts)


def test_what_fits_stays_as_it_is() -> None:
    embed = (
        discord.Embed(title="Title", description="Text", colour=7).add_field(name="a", value="b").set_footer(text="c")
    )

    assert discord_limits.fit(embed).to_dict() == embed.to_dict()


def test_an_embed_whose_words_are_all_in_its_picture_stays() -> None:
    embed = discord.Embed(colour=7).set_image(url="attachment://shelf.png")

    assert discord_limits.fit(embed).to_dict() == embed.to_dict()


def test_a_receipts_number_survives_the_longest_message() -> None:
    embed = discord.Embed(title="x" * 300, description="y" * 7_000).set_footer(text="Receipt #12")

    assert discord_limits.fit(embed).footer.text == "Receipt #12"
