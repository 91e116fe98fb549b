"""The command of buying."""

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.ui.kit.callbacks import opens, replies, suggests
from bot.ui.kit.caller import Caller
from bot.ui.kit.controls import Form
from bot.ui.kit.replies import Reply
from bot.ui.text.parsing import parse_id
from cogs.buy import consents, render, views


class BuyCog(commands.Cog):
    """Buying coins."""

    @app_commands.command(name="buy", description=_("Buy coins to send gifts"))
    @app_commands.describe(package=_("Package to buy"))
    async def buy(self, interaction: discord.Interaction, package: app_commands.Range[str, 1, 100] = "") -> None:
        # Discord accepts a form only as the very first answer, so this has to be decided before anything answers.
        await (self._open_form(interaction, package) if package else self._show_packages(interaction))

    @opens
    async def _open_form(self, caller: Caller, package: str) -> Form:
        # The list shows 1,400 or 1.400, and members type what they see.
        return await consents.consent_form(caller, parse_id(package.replace(",", "").replace(".", ""), "package"))

    @replies()
    async def _show_packages(self, caller: Caller) -> Reply:
        return await views.shop(caller)

    @buy.autocomplete("package")
    @suggests
    async def suggest(self, caller: Caller, query: str) -> list[app_commands.Choice[str]]:
        return render.choices(await caller.services.packages.packages(caller.guild_id), query, caller.reader)
