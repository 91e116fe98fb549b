"""The commands of gifts."""

from dataclasses import replace
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.errors import CreatorLeft, GiftToBot
from bot.domain.money import MAX_COUNT
from bot.domain.text import MESSAGE_LENGTH
from bot.services import Services
from bot.services.gifts import GiftRequest
from bot.ui.answers import answer
from bot.ui.caller import channel_of, guild_command, guild_of, is_bot
from bot.ui.membership import presence_of
from bot.ui.parsing import parse_priced
from bot.ui.reader import Reader
from bot.ui.refusals import NotTheirMessage
from bot.ui.replies import Reply
from cogs.gift import messages, render, views
from cogs.gift.picker import views as picker
from cogs.gift.shelf import views as browser

LONGEST_LINK = 200


class Gift(commands.Cog):
    """Sending gifts."""

    def __init__(self, services: Services, tree: app_commands.CommandTree[Any]) -> None:
        self.services = services
        self._tree = tree
        self._menus = (
            guild_command(app_commands.ContextMenu(name=_("Gift this message"), callback=self.gift_message)),
            guild_command(app_commands.ContextMenu(name=_("Send a gift"), callback=self.gift_member)),
        )

    async def cog_load(self) -> None:
        """Add the menus; discord.py takes only slash commands from a class."""
        for menu in self._menus:
            self._tree.add_command(menu)

    async def cog_unload(self) -> None:
        """Take the menus away."""
        for menu in self._menus:
            self._tree.remove_command(menu.name, type=menu.type)

    @app_commands.command(name="gift", description=_("Send a gift to a creator"))
    @app_commands.describe(
        gift=_("Gift to send: start typing a name or a price"),
        creator=_("Creator to send it to"),
        count=_("Quantity, 1 to 99"),
        message=_("Message to show with the gift"),
        anonymous=_("Hide your name from everyone but staff"),
        link=_("Link to the creator's message that the gift is for"),
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
        link: app_commands.Range[str, 1, LONGEST_LINK] = "",
    ) -> None:
        """Send a gift, or ask first if it is a large one."""
        item, price = parse_priced(gift)
        request = GiftRequest(
            guild_id=guild_of(interaction),
            key=f"i:{interaction.id}",
            sender_id=interaction.user.id,
            creator_id=creator.id,
            creator_is_bot=is_bot(creator),
            creator_is_here=isinstance(creator, discord.Member),
            item=item,
            count=count,
            channel_id=channel_of(interaction),
            note=message,
            anonymous=anonymous,
            ceiling=None if price is None else price * count,
        )
        await answer(
            interaction,
            lambda: self._give(interaction, request, link),
            recorded=lambda: views.recorded(self.services, request.guild_id, request.key, Reader.of(interaction)),
        )

    async def _give(self, interaction: discord.Interaction, request: GiftRequest, link: str) -> Reply:
        reader = Reader.of(interaction)
        if link:
            message = await messages.linked(interaction, link)
            messages.check_author(message)
            if message.author.id != request.creator_id:
                raise NotTheirMessage(message.author.id)
            request = replace(request, channel_id=message.channel.id, message_id=message.id)
        return await views.give(self.services, request, interaction.id, reader)

    async def gift_message(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Open the picker for a message; behind its menu."""

        async def begin() -> Reply:
            messages.check_author(message)
            author = message.author
            panel = await picker.picker(interaction, picker.started(interaction, author.id, message.id))
            # Discord resolves the author of a message to a user only, whether they are still here or not. It is asked
            # about creators alone, and now and then: the gift itself is refused if they have left.
            if not await presence_of(interaction.client).was_here(guild_of(interaction), author.id):
                raise CreatorLeft(author.id)
            return panel

        await answer(interaction, begin)

    async def gift_member(self, interaction: discord.Interaction, member: discord.User) -> None:
        """Open the picker for a creator; behind the menu of a member."""

        async def begin() -> Reply:
            if is_bot(member):
                raise GiftToBot
            panel = await picker.picker(interaction, picker.started(interaction, member.id))
            if not isinstance(member, discord.Member):
                raise CreatorLeft(member.id)
            return panel

        await answer(interaction, begin)

    @gift.autocomplete("gift")
    async def suggest(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the gifts that match, affordable ones first."""
        reader = Reader.of(interaction)
        found = await self.services.catalogue.suggest(guild_of(interaction), interaction.user.id, typed)
        return [render.choice(suggestion, reader) for suggestion in found]

    @app_commands.command(name="gifts", description=_("See every gift you can send, by size and price"))
    @guild_command
    async def gifts(self, interaction: discord.Interaction) -> None:
        """Show the catalogue."""
        await answer(interaction, lambda: browser.shelf(interaction))
