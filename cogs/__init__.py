"""What members and staff can call. A cog only translates: parse, one service call, render."""

FAMILIES = (
    "cogs.buy",
    "cogs.catalogue",
    "cogs.coins",
    "cogs.creators",
    "cogs.gift",
    "cogs.help",
    "cogs.leaderboard",
    "cogs.live",
    "cogs.packages",
    "cogs.settings",
    "cogs.wallet",
)
"""The extensions to load."""
