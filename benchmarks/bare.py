"""The anchor of `/gift`: a discord.py bot with the same command, which says "ok" and does nothing else."""

import asyncio
import sys

import discord
from discord import app_commands
from discord.ext import commands

from bot import discordpy_internals


class Bare(commands.Bot):
    """A bot with one command."""

    def __init__(self) -> None:
        super().__init__("!", intents=discord.Intents(guilds=True), help_command=None, max_messages=None)
        self.tree.add_command(gift)  # pyright: ignore[reportUnknownArgumentType]

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_ready(self) -> None:
        sys.stderr.write("Ready as the anchor\n")


@app_commands.command(description="Say ok")
async def gift(
    interaction: discord.Interaction,
    gift: app_commands.Range[str, 1, 100],
    creator: discord.User,
    count: app_commands.Range[int, 1, 99] = 1,
    message: app_commands.Range[str, 1, 200] = "",
    anonymous: bool = False,
) -> None:
    """Answer at once, with an embed like that of a receipt."""
    del creator, count, message, anonymous
    embed = discord.Embed(title=gift, description="ok").set_footer(text="Receipt #1")
    await interaction.response.send_message(embed=embed, ephemeral=True)


if __name__ == "__main__":
    discordpy_internals.point_at(sys.argv[1], sys.argv[2])
    asyncio.run(Bare().start(sys.argv[3]))
