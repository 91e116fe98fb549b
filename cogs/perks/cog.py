"""The commands of perks."""

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.levels import TOP_LEVEL
from bot.domain.money import MAX_AMOUNT, MAX_BALANCE
from bot.domain.perks import ABOUT_LENGTH, MOST_DAYS, MOST_EACH, MOST_STOCK, TEXT_LENGTH, PerkKind
from bot.domain.text import NAME_LENGTH
from bot.ui.kit.callbacks import replies, suggests
from bot.ui.kit.caller import Caller
from bot.ui.kit.replies import Reply
from bot.ui.text.parsing import LONGEST_EMOJI
from cogs.perks import staff_render, views
from cogs.perks.keeping import added, changed, listed, placed, return_question
from cogs.perks.options import (
    KINDS,
    RESTOCKS,
    TIERS,
    Content,
    Look,
    Terms,
    TextChannel,
    Way,
    changes_of,
    checked_channel,
)

Name = app_commands.Range[str, 1, NAME_LENGTH]
Emoji = app_commands.Range[str, 1, LONGEST_EMOJI]
About = app_commands.Range[str, 1, ABOUT_LENGTH]
Price = app_commands.Range[int, 1, MAX_AMOUNT]
Level = app_commands.Range[int, 1, TOP_LEVEL]
Text = app_commands.Range[str, 1, TEXT_LENGTH]
Days = app_commands.Range[int, 0, MOST_DAYS]
Stock = app_commands.Range[int, 0, MOST_STOCK]
Each = app_commands.Range[int, 0, MOST_EACH]
Number = app_commands.Range[int, 1, MAX_BALANCE]
Which = app_commands.Range[str, 1, 100]

DESCRIPTIONS = {
    "name": _("Name of the perk"),
    "emoji": _("Emoji, a standard one or one of this server's own"),
    "about": _("A sentence about it"),
    "price": _("Price in coins"),
    "tier": _("For a gift like this, instead of coins"),
    "level": _("For members from this level on, instead of coins"),
    "club": _("For the fan club of its creator, instead of coins"),
    "creator": _("Creator whose perk it is (this server's if you leave it out)"),
    "role": _("Role that members get"),
    "channel": _("Channel that this role can see, for a perk that opens one"),
    "text": _("Text that members get to read. \\n begins another line"),
    "file": _("File that members get, up to 4 MB"),
    "days": _("Days until it ends (0 for never)"),
    "stock": _("Number available (0 for no limit)"),
    "restock": _("How often it's filled up to this number again"),
    "each": _("How often a member can have it (0 for no limit)"),
}
"""What the options that `add` and `edit` share are for."""


class PerksCog(commands.Cog):
    """What members unlock."""

    @app_commands.command(name="perks", description=_("Unlock roles, channels, files and shout-outs"))
    @replies()
    async def perks(self, caller: Caller) -> Reply:
        return await views.shelf(caller)


@app_commands.default_permissions(manage_guild=True)
class PerkCog(commands.GroupCog, group_name="perk", group_description=_("Set up the perks that members can unlock")):
    """What is offered."""

    @app_commands.command(name="list", description=_("See all perks, including archived ones"))
    @replies()
    async def list_(self, caller: Caller) -> Reply:
        return await listed(caller, page=0)

    @app_commands.command(name="add", description=_("Add a perk"))
    @app_commands.choices(kind=KINDS, tier=TIERS, restock=RESTOCKS)
    @app_commands.describe(**DESCRIPTIONS, kind=_("What members get"))
    @replies()
    async def add(
        self,
        caller: Caller,
        name: Name,
        kind: Choice[str],
        price: Price | None = None,
        tier: Choice[str] | None = None,
        level: Level | None = None,
        club: bool | None = None,
        creator: discord.User | None = None,
        role: discord.Role | None = None,
        channel: TextChannel | None = None,
        text: Text | None = None,
        file: discord.Attachment | None = None,
        days: Days | None = None,
        stock: Stock | None = None,
        restock: Choice[str] | None = None,
        each: Each | None = None,
        about: About | None = None,
        emoji: Emoji | None = None,
    ) -> Reply:
        look, way = Look(name, emoji, about), Way(price, tier, level, club, creator)
        terms, content = Terms(days, stock, restock, each), Content(role, channel, text, file)
        changes = await changes_of(caller, look, way, terms, content)
        changes["kind"] = PerkKind(kind.value)
        return await added(caller, changes)

    @app_commands.command(name="edit", description=_("Change a perk or restore an archived one"))
    @app_commands.choices(tier=TIERS, restock=RESTOCKS)
    @app_commands.describe(**DESCRIPTIONS, perk=_("Perk to change"), archived=_("Stop offering it"))
    @replies()
    async def edit(
        self,
        caller: Caller,
        perk: Which,
        name: Name | None = None,
        price: Price | None = None,
        tier: Choice[str] | None = None,
        level: Level | None = None,
        club: bool | None = None,
        creator: discord.User | None = None,
        role: discord.Role | None = None,
        channel: TextChannel | None = None,
        text: Text | None = None,
        file: discord.Attachment | None = None,
        days: Days | None = None,
        stock: Stock | None = None,
        restock: Choice[str] | None = None,
        each: Each | None = None,
        about: About | None = None,
        emoji: Emoji | None = None,
        archived: bool | None = None,
    ) -> Reply:
        look, way = Look(name, emoji, about), Way(price, tier, level, club, creator)
        terms, content = Terms(days, stock, restock, each), Content(role, channel, text, file)
        changes = await changes_of(caller, look, way, terms, content)
        if archived is not None:
            changes["archived"] = archived
        return await changed(caller, perk, changes)

    @app_commands.command(name="archive", description=_("Take a perk out of the list"))
    @app_commands.describe(perk=_("Perk to archive"))
    @replies()
    async def archive(self, caller: Caller, perk: Which) -> Reply:
        return await changed(caller, perk, {"archived": True})

    @app_commands.command(name="panel", description=_("Post the list of perks in a channel and keep it up to date"))
    @app_commands.describe(channel=_("Channel for the list (this one if you leave it out)"))
    @replies()
    async def panel(self, caller: Caller, channel: TextChannel | None = None) -> Reply:
        return await placed(caller, checked_channel(caller, channel) if channel is not None else caller.channel_id)

    @app_commands.command(
        name="return", description=_("Take back what a member unlocked for coins, and return the coins")
    )
    @app_commands.describe(receipt=_("Number of the receipt for the perk"))
    @replies()
    async def return_(self, caller: Caller, receipt: Number) -> Reply:
        return await return_question(caller, receipt)

    @edit.autocomplete("perk")
    @suggests
    async def suggest_all(self, caller: Caller, query: str) -> list[Choice[str]]:
        return staff_render.choices(await caller.services.perks.catalogue.perks(caller.guild_id), query)

    @archive.autocomplete("perk")
    @suggests
    async def suggest(self, caller: Caller, query: str) -> list[Choice[str]]:
        perks = await caller.services.perks.catalogue.perks(caller.guild_id, archived=False)
        return staff_render.choices(perks, query)
