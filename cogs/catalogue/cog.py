"""The commands of the catalogue."""

from typing import Any, cast

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.money import MAX_AMOUNT
from bot.domain.text import NAME_LENGTH
from bot.services import Services
from bot.services.catalogue import ItemChanges
from bot.ui.answers import answer
from bot.ui.caller import guild_command, guild_of
from bot.ui.parsing import given, parse_emoji, parse_moment
from bot.ui.reader import Reader
from bot.ui.replies import Reply, reply
from cogs.catalogue import render, views

Name = app_commands.Range[str, 1, NAME_LENGTH]
Emoji = app_commands.Range[str, 1, 60]
Price = app_commands.Range[int, 1, MAX_AMOUNT]
Stock = app_commands.Range[int, 0, MAX_AMOUNT]
Moment = app_commands.Range[str, 1, 20]
Which = app_commands.Range[str, 1, 100]


@guild_command
class Catalogue(
    commands.GroupCog, group_name="catalogue", group_description=_("Set up the gifts that members can send")
):
    """What can be sent."""

    def __init__(self, services: Services) -> None:
        self.services = services

    @app_commands.command(name="list", description=_("See all gifts, including archived ones"))
    async def list_(self, interaction: discord.Interaction) -> None:
        """Show the items."""
        await answer(interaction, lambda: views.catalogue(interaction, page=0))

    @app_commands.command(name="add", description=_("Add a gift"))
    @app_commands.rename(from_="from")
    @app_commands.describe(
        name=_("Name of the gift"),
        emoji=_("Emoji, a standard one or one of this server's own"),
        price=_("Price in coins"),
        stock=_("Number available (0 for no limit)"),
        live_only=_("Only send it while the creator is live"),
        from_=_("Start date, like 2030-12-24 or 2030-12-24 18:00"),
        until=_("End date, like 2030-12-27"),
    )
    async def add(
        self,
        interaction: discord.Interaction,
        name: Name,
        emoji: Emoji,
        price: Price,
        stock: Stock | None = None,
        live_only: bool | None = None,
        from_: Moment | None = None,
        until: Moment | None = None,
    ) -> None:
        """Add an item to the catalogue."""
        reader, guild_id = Reader.of(interaction), guild_of(interaction)
        options = given(name=name, price=price, stock=stock, live_only=live_only)

        async def add() -> Reply:
            options["emoji"] = parse_emoji(emoji, interaction.guild)
            values = cast("ItemChanges", options | await self._times(guild_id, from_ms=from_, until_ms=until))
            item = await self.services.catalogue.add(guild_id, item_id=interaction.id, **values)
            return reply(render.added(item, reader))

        await answer(interaction, add)

    @app_commands.command(name="edit", description=_("Change a gift or restore an archived one"))
    @app_commands.rename(from_="from")
    @app_commands.describe(
        item=_("Gift to change"),
        name=_("Name of the gift"),
        emoji=_("Emoji, a standard one or one of this server's own"),
        price=_("New price in coins"),
        stock=_("Number left (0 for no limit)"),
        live_only=_("Only send it while the creator is live"),
        from_=_("Start date, like 2030-12-24 or 2030-12-24 18:00 (0 for none)"),
        until=_("End date, like 2030-12-27 (0 for none)"),
        archived=_("Keep it out of the catalogue"),
    )
    async def edit(
        self,
        interaction: discord.Interaction,
        item: Which,
        name: Name | None = None,
        emoji: Emoji | None = None,
        price: Price | None = None,
        stock: Stock | None = None,
        live_only: bool | None = None,
        from_: Moment | None = None,
        until: Moment | None = None,
        archived: bool | None = None,
    ) -> None:
        """Change what is given, and nothing else; gifts that were sent stay as they were."""
        reader, guild_id = Reader.of(interaction), guild_of(interaction)
        options = given(name=name, price=price, stock=stock, live_only=live_only, archived=archived)

        async def edit() -> Reply:
            if emoji is not None:
                options["emoji"] = parse_emoji(emoji, interaction.guild)
            changes = cast("ItemChanges", options | await self._times(guild_id, from_ms=from_, until_ms=until))
            return reply(render.changed(await self.services.catalogue.edit(guild_id, item, **changes), reader))

        await answer(interaction, edit)

    @app_commands.command(name="archive", description=_("Take a gift out of the catalogue"))
    @app_commands.describe(item=_("Gift to archive"))
    async def archive(self, interaction: discord.Interaction, item: Which) -> None:
        """Archive an item; gifts of it stay."""
        reader, guild_id = Reader.of(interaction), guild_of(interaction)

        async def archive() -> Reply:
            return reply(render.changed(await self.services.catalogue.archive(guild_id, item), reader))

        await answer(interaction, archive)

    async def _times(self, guild_id: int, **typed: str | None) -> dict[str, Any]:
        """Return the moments that were typed, in the guild's time zone; "0" takes one away."""
        zone = (await self.services.guilds.rules(guild_id)).time_zone
        return {
            # The first moment of 1970 is 0 as well, and would take the limit away.
            name: 0 if text.strip() == "0" else parse_moment(text, zone) or 1
            for name, text in typed.items()
            if text is not None
        }

    @edit.autocomplete("item")
    async def suggest_all(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the items that match, archived ones too."""
        return render.choices(await self.services.catalogue.items(guild_of(interaction), archived=True), typed)

    @archive.autocomplete("item")
    async def suggest(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the items that match."""
        return render.choices(await self.services.catalogue.items(guild_of(interaction)), typed)
