"""Colours and emoji: one look for the whole bot. Those of the tiers are in `bot.ui.looks.tiers`."""

from typing import Final

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

_BAR = 12


def bar(part: int, whole: int) -> str:
    """Return how much of `whole` has been reached as a bar of twelve marks, full only once it is."""
    full = _BAR if part >= whole else max(0, part) * _BAR // whole
    return "▰" * full + "▱" * (_BAR - full)
