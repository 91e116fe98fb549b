"""The commands of gifts."""

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.money import MAX_COUNT
from bot.domain.text import MESSAGE_LENGTH
from bot.services import Services
from bot.services.gifts import GiftRequest
from bot.ui.answers import answer
from bot.ui.guild_only import channel_of, guild_command, guild_of, is_bot
from bot.ui.replies import Reply
from bot.ui.texts import Reader
from cogs.gift import render, views


class Gift(commands.Cog):
    """Sending gifts."""

    def __init__(self, services: Services) -> None:
        self.services = services

    @app_commands.command(name="gift", description=_("Send a gift to a creator"))
    @app_commands.describe(
        gift=_("What to send: start typing a name or a price"),
        creator=_("Who gets it"),
        count=_("How many, 1 to 99"),
        message=_("A message that is shown with the gift"),
        anonymous=_("Hide your name from everybody"),
    )
    @guild_command
    async def gift(
        self,
        interaction: discord.Interaction,
        gift: app_commands.Range[str, 1, 100],
        # A user, not a member: somebody who has left still arrives here, and is refused in words.
        creator: discord.User,
        count: app_commands.Range[int, 1, MAX_COUNT] = 1,
        message: app_commands.Range[str, 1, MESSAGE_LENGTH] = "",
        anonymous: bool = False,
    ) -> None:
        """Send a gift, or ask first if it is a large one."""
        reader = Reader.of(interaction)
        request = GiftRequest(
            guild_id=guild_of(interaction),
            key=f"i:{interaction.id}",
            sender_id=interaction.user.id,
            creator_id=creator.id,
            creator_is_bot=is_bot(creator),
            creator_is_here=isinstance(creator, discord.Member),
            item=gift,
            count=count,
            channel_id=channel_of(interaction),
            note=message,
            anonymous=anonymous,
        )
        await answer(
            interaction,
            lambda: self._give(request, interaction.id, reader),
            recorded=lambda: views.recorded(self.services, request.guild_id, request.key, reader),
        )

    async def _give(self, request: GiftRequest, intent: int, reader: Reader) -> Reply:
        preview = await self.services.gifts.preview(request)
        if preview.must_confirm:
            return views.confirm(request, preview, intent, reader)
        return views.receipt(await self.services.gifts.send(request), reader)

    @gift.autocomplete("gift")
    async def suggest(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the gifts that match, affordable ones first."""
        reader = Reader.of(interaction)
        found = await self.services.catalogue.suggest(guild_of(interaction), interaction.user.id, typed)
        return [render.choice(suggestion, reader) for suggestion in found]

    @app_commands.command(name="gifts", description=_("See everything that can be sent, by size and price"))
    @guild_command
    async def gifts(self, interaction: discord.Interaction) -> None:
        """Show the catalogue."""
        await answer(interaction, lambda: views.catalogue(interaction, page=0))
