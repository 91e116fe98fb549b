"""What the choices of a member look like."""

import discord

from bot.ui import theme
from bot.ui.text.reader import Reader


def settings(no_pings: bool, reader: Reader) -> discord.Embed:
    """Return a member's choices as they are now."""
    if no_pings:
        text = "🔕 " + reader._("I never ping you.")
    else:
        text = "🔔 " + reader._("I only ping you if you're a creator and get a large gift while you're not live.")
    return discord.Embed(title=reader._("Your settings"), description=text, colour=theme.ROSE)
