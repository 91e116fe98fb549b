"""Answers what nothing in this process waits for: forms from before a restart, buttons of an older version."""

import asyncio

import discord

from bot.ui import theme
from bot.ui.kit.controls import HANDLED
from bot.ui.kit.readers import reader_of
from bot.ui.kit.replies import UNREACHABLE

GRACE_S = 0.5
"""Handlers mark what they take on as soon as they begin, which is at once."""


async def on_interaction(interaction: discord.Interaction) -> None:
    """Listener: answer a form or button that nobody has taken on after the grace, before Discord calls it failed."""
    if interaction.type not in (discord.InteractionType.modal_submit, discord.InteractionType.component):
        return
    await asyncio.sleep(GRACE_S)
    if HANDLED in interaction.extras or interaction.response.is_done():
        return
    reader = reader_of(interaction)
    text = reader._("This message is from before I restarted. Please use the command again.")
    embed = discord.Embed(description=text, colour=theme.AMBER)
    try:
        await interaction.response.send_message(embed=embed, ephemeral=True)
    except UNREACHABLE:
        return  # answered in the meantime, or too late
