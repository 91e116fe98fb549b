"""The commands of the catalogue."""

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.money import MAX_AMOUNT
from bot.domain.text import NAME_LENGTH
from bot.ui.kit.callbacks import replies, suggests
from bot.ui.kit.caller import Caller
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.parsing import LONGEST_EMOJI
from cogs.catalogue import render, views
from cogs.catalogue.options import TIERS, Look, Terms, changes_of

Name = app_commands.Range[str, 1, NAME_LENGTH]
Emoji = app_commands.Range[str, 1, LONGEST_EMOJI]
Price = app_commands.Range[int, 1, MAX_AMOUNT]
Stock = app_commands.Range[int, 0, MAX_AMOUNT]
Moment = app_commands.Range[str, 1, 20]
Which = app_commands.Range[str, 1, 100]


DESCRIPTIONS = {
    "name": _("Name of the gift"),
    "emoji": _("Emoji, a standard one or one of this server's own"),
    "picture": _("Picture: PNG, JPEG, WebP or GIF, not animated, up to 8 MB"),
    "tier": _("How big a moment it is (by its price if you leave it out)"),
    "live_only": _("Only send it while the creator is live"),
    "fans_only": _("Only for members of the creator's fan club"),
    "joins_club": _("Whoever sends it joins the creator's fan club"),
}
"""What the options that `add` and `edit` share are for."""


@app_commands.default_permissions(manage_guild=True)
class CatalogueCog(
    commands.GroupCog, group_name="catalogue", group_description=_("Set up the gifts that members can send")
):
    """What can be sent."""

    @app_commands.command(name="list", description=_("See all gifts, including archived ones"))
    @replies()
    async def list_(self, caller: Caller) -> Reply:
        return await views.catalogue(caller, page=0)

    @app_commands.command(name="add", description=_("Add a gift"))
    @app_commands.rename(from_="from")
    @app_commands.choices(tier=TIERS)
    @app_commands.describe(
        **DESCRIPTIONS,
        price=_("Price in coins"),
        stock=_("Number available (0 for no limit)"),
        from_=_("Start date, like 2030-12-24 or 2030-12-24 18:00"),
        until=_("End date, like 2030-12-27"),
    )
    @replies()
    async def add(
        self,
        caller: Caller,
        name: Name,
        emoji: Emoji,
        price: Price,
        picture: discord.Attachment | None = None,
        tier: Choice[str] | None = None,
        stock: Stock | None = None,
        live_only: bool | None = None,
        fans_only: bool | None = None,
        joins_club: bool | None = None,
        from_: Moment | None = None,
        until: Moment | None = None,
    ) -> Reply:
        look, terms = (
            Look(name, emoji, tier, picture),
            Terms(price, stock, live_only, fans_only, joins_club, from_, until),
        )
        changes = await changes_of(caller, look, terms)
        item = await caller.services.catalogue.add(
            caller.guild_id, item_id=caller.call_id, by=caller.member_id, **changes
        )
        return reply(render.added(item, await views.picture(caller, item), caller.reader))

    @app_commands.command(name="edit", description=_("Change a gift or restore an archived one"))
    @app_commands.rename(from_="from")
    @app_commands.choices(tier=TIERS)
    @app_commands.describe(
        item=_("Gift to change"),
        **DESCRIPTIONS,
        price=_("New price in coins"),
        stock=_("Number left (0 for no limit)"),
        from_=_("Start date, like 2030-12-24 or 2030-12-24 18:00 (0 for none)"),
        until=_("End date, like 2030-12-27 (0 for none)"),
        remove_picture=_("Draw it as before, without its picture"),
        archived=_("Keep it out of the catalogue"),
    )
    @replies()
    async def edit(
        self,
        caller: Caller,
        item: Which,
        name: Name | None = None,
        emoji: Emoji | None = None,
        price: Price | None = None,
        picture: discord.Attachment | None = None,
        tier: Choice[str] | None = None,
        stock: Stock | None = None,
        live_only: bool | None = None,
        fans_only: bool | None = None,
        joins_club: bool | None = None,
        from_: Moment | None = None,
        until: Moment | None = None,
        remove_picture: bool = False,
        archived: bool | None = None,
    ) -> Reply:
        look = Look(name, emoji, tier, picture, remove_picture)
        terms = Terms(price, stock, live_only, fans_only, joins_club, from_, until)
        changes = await changes_of(caller, look, terms, archived=archived)
        edited_item = await caller.services.catalogue.edit(caller.guild_id, item, by=caller.member_id, **changes)
        return reply(render.changed(edited_item, await views.picture(caller, edited_item), caller.reader))

    @app_commands.command(name="archive", description=_("Take a gift out of the catalogue"))
    @app_commands.describe(item=_("Gift to archive"))
    @replies()
    async def archive(self, caller: Caller, item: Which) -> Reply:
        archived_item = await caller.services.catalogue.archive(caller.guild_id, item, by=caller.member_id)
        return reply(render.changed(archived_item, None, caller.reader))

    @edit.autocomplete("item")
    @suggests
    async def suggest_all(self, caller: Caller, query: str) -> list[Choice[str]]:
        return render.choices(await caller.services.catalogue.items(caller.guild_id, archived=True), query)

    @archive.autocomplete("item")
    @suggests
    async def suggest(self, caller: Caller, query: str) -> list[Choice[str]]:
        return render.choices(await caller.services.catalogue.items(caller.guild_id), query)
