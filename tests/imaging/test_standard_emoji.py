"""Which emoji Discord has a picture of."""

import pytest

from bot.domain.catalogue import DEFAULT_ITEMS
from bot.domain.text import emoji
from bot.imaging.text.emoji_names import is_standard
from bot.ui.looks.tiers import TIER_STYLES


@pytest.mark.parametrize(
    "symbol", [*(symbol for _, symbol, _ in DEFAULT_ITEMS), *(style.emoji for style in TIER_STYLES.values())]
)
def test_what_a_guild_starts_with_is_standard(symbol: str):
    assert emoji(symbol) == symbol
    assert is_standard(symbol)


@pytest.mark.parametrize("symbol", ["❤", "❤️", "🏳️‍🌈", "👨‍👩‍👧‍👦", "🇩🇪", "7️⃣", "👋🏽", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"])
def test_a_sequence_that_has_a_picture_of_its_own_is_standard(symbol: str):
    assert is_standard(symbol)


@pytest.mark.parametrize(
    "symbol", ["🇽🇽", "🍕\u200d🍕\u200d🍕", "🍕🏽", "▲", "7", "", "🌸🌸", "<:gone:123456789012345678>"]
)
def test_what_only_has_the_form_of_an_emoji_is_not(symbol: str):
    assert not is_standard(symbol)


@pytest.mark.parametrize(
    ("text", "standard"),
    [
        *((text, True) for text in ("🌸", "👨‍👩‍👧‍👦", "❤️")),
        *((text, False) for text in ("▲", "7", "", "🌸🌸", "<:gone:123456789012345678>")),
    ],
)
def test_without_the_pictures_the_form_decides(text: str, standard: bool):
    assert is_standard(text, pictures=frozenset()) is standard
