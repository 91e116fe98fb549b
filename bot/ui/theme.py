"""Colours and emoji: one look for the whole bot, and one colour for each tier of gifts."""

from typing import Final

from bot.domain.catalogue import Tier

COIN: Final = "🪙"
DIAMOND: Final = "💎"
LIVE: Final = "🔴"
MEDALS: Final = ("🥇", "🥈", "🥉")

ROSE: Final = 0xE8527A
"""The house colour: wallets, help, settings."""
GOLD: Final = 0xF5B83D
"""Buying and everything about coins."""
GREEN: Final = 0x3BA55D
"""It worked."""
AMBER: Final = 0xE67E22
"""It was refused; nothing happened."""
RED: Final = 0xED4245
"""On air, or an error of ours."""
GREY: Final = 0x80848E
"""Waiting, ended, archived."""

TIER_COLOURS: Final = {
    Tier.SMALL: 0xF2A7C3,
    Tier.MEDIUM: 0x5DADE2,
    Tier.LARGE: 0x9B59B6,
    Tier.GRAND: 0xF39C12,
    Tier.LEGENDARY: 0xFF4D6D,
}
"""Colours that keep apart on light and dark backgrounds, warmer with size."""

TIER_EMOJI: Final = {
    Tier.SMALL: "🌱",
    Tier.MEDIUM: "🌷",
    Tier.LARGE: "💜",
    Tier.GRAND: "🌟",
    Tier.LEGENDARY: "👑",
}

_BAR = 12


def bar(part: int, whole: int) -> str:
    """Return how much of `whole` has been reached as a bar of twelve marks, full only once it is."""
    filled = _BAR if part >= whole else max(0, part) * _BAR // whole
    return "▰" * filled + "▱" * (_BAR - filled)
