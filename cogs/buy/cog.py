"""The command of buying, and the receipt that follows it."""

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.client import Rosette
from bot.services.settlements import Settlement
from bot.ui import discord_limits
from bot.ui.answers import answer
from bot.ui.caller import guild_command, guild_of
from bot.ui.deferred_reply import show_later
from bot.ui.parsing import parse_id
from bot.ui.reader import Reader, reader_for
from bot.ui.replies import reply
from cogs.buy import render, views


class Buy(commands.Cog):
    """Buying coins."""

    def __init__(self, bot: Rosette) -> None:
        self.bot = bot
        self.services = bot.services

    async def cog_load(self) -> None:
        """Hear of decided payments; called by discord.py."""
        self.services.orders.on_settled(self.settled)

    @app_commands.command(name="buy", description=_("Buy coins to send gifts"))
    @app_commands.describe(package=_("Package to open"))
    @guild_command
    async def buy(self, interaction: discord.Interaction, package: app_commands.Range[str, 1, 100] = "") -> None:
        """Show the packages, or one of them."""
        if package:
            package_id = parse_id(package, "package")
            await answer(interaction, lambda: views.consent(interaction, package_id))
        else:
            await answer(interaction, lambda: views.shop(interaction))

    @buy.autocomplete("package")
    async def suggest(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the packages that match."""
        reader = Reader.of(interaction)
        packages = await self.services.packages.packages(guild_of(interaction))
        choices = [(render.label(package, reader), package.package_id) for package in packages]
        return [
            app_commands.Choice(name=discord_limits.cut(name, discord_limits.CHOICE_NAME), value=str(package_id))
            for name, package_id in choices
            if typed.strip().casefold() in name.casefold()
        ]

    async def settled(self, settled: Settlement) -> None:
        """Show a buyer what became of the payment: in the panel that waits for it, else as a direct message, else with
        the next reply."""
        embed = render.settled(settled, reader_for(settled.contact.locale))
        is_shown = await show_later(self.bot, settled.contact, settled.order.member_id, reply(embed))
        if settled.receipt is not None and not is_shown:
            self.services.receipts.miss(settled.receipt)
