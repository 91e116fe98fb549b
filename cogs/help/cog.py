"""The command of help."""

from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.ui.kit.callbacks import replies, suggests
from bot.ui.kit.caller import Caller
from bot.ui.kit.replies import Reply
from cogs.help import render, views
from cogs.help.topics import START

Words = app_commands.Range[str, 1, 100]


class HelpCog(commands.Cog):
    """Help."""

    @app_commands.command(name="help", description=_("Learn how coins, gifts and live events work"))
    @app_commands.describe(topic=_("Topic, or a word you're looking for"))
    @replies()
    async def show(self, caller: Caller, topic: Words = START) -> Reply:
        place = render.place_of(topic, caller.reader)
        return views.page(place, caller) if place is not None else views.not_found(topic, caller)

    @show.autocomplete("topic")
    @suggests
    async def suggest(self, caller: Caller, query: str) -> list[app_commands.Choice[str]]:
        return render.choices(query, caller.reader)
