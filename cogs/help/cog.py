"""The command of help."""

from discord import app_commands
from discord.app_commands import Choice
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.replies import Reply
from cogs.help import render, views

TOPICS = [
    Choice(name=_("Getting started"), value="start"),
    Choice(name=_("Sending gifts"), value="gifts"),
    Choice(name=_("Buying coins"), value="buying"),
    Choice(name=_("Refunds"), value="refunds"),
    Choice(name=_("For creators"), value="creators"),
    Choice(name=_("For moderators"), value="moderators"),
    Choice(name=_("Questions and answers"), value="questions"),
]


class HelpCog(commands.Cog):
    """Help."""

    @app_commands.command(name="help", description=_("Learn how coins, gifts and live events work"))
    @app_commands.describe(topic=_("Topic to read about"))
    @app_commands.choices(topic=TOPICS)
    @replies()
    async def help(self, caller: Caller, topic: Choice[str] | None = None) -> Reply:
        return views.page(topic.value if topic else render.START, caller)
