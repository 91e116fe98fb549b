"""Colours and emoji: one look for the whole bot. Those of the tiers are in `bot.ui.looks.tiers`."""

from typing import Final

COIN: Final = "🪙"
DIAMOND: Final = "💎"
TEST: Final = "🧪"
LIVE: Final = "🔴"
FANS: Final = "💗"
GIFT: Final = "🎁"
PERK: Final = "✨"
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
