"""The command of help."""

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.ui.answers import answer
from bot.ui.caller import guild_command
from bot.ui.cross_links import shop_button
from bot.ui.reader import Reader
from bot.ui.replies import Reply, reply
from cogs.help import render

TOPICS = [
    Choice(name=_("Getting started"), value="start"),
    Choice(name=_("Sending gifts"), value="gifts"),
    Choice(name=_("Buying coins"), value="buying"),
    Choice(name=_("Refunds"), value="refunds"),
    Choice(name=_("For creators"), value="creators"),
    Choice(name=_("For moderators"), value="moderators"),
    Choice(name=_("Questions and answers"), value="questions"),
]


class Help(commands.Cog):
    """Help."""

    @app_commands.command(name="help", description=_("Learn how coins, gifts and live events work"))
    @app_commands.describe(topic=_("Topic to read about"))
    @app_commands.choices(topic=TOPICS)
    @guild_command
    async def help(self, interaction: discord.Interaction, topic: Choice[str] | None = None) -> None:
        """Show a topic, the first one if none was picked."""
        reader = Reader.of(interaction)
        name = topic.value if topic else "start"

        async def look() -> Reply:
            return reply(render.topic(name, reader), [shop_button(reader)] if name in {"start", "buying"} else [])

        await answer(interaction, look)
