"""The command with which members begin to pool for a gift."""

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.chip_ins import DEFAULT_HOURS, MOST_HOURS
from bot.domain.ledger.chips import ChipCoins
from bot.domain.money import MAX_AMOUNT
from bot.ui.kit.callbacks import replies, suggests
from bot.ui.kit.caller import Caller, is_bot
from bot.ui.kit.replies import Reply
from bot.ui.looks.gifts import choice
from bot.ui.text.parsing import parse_priced
from cogs.chip_in import views


class ChipInCog(commands.Cog):
    """Gifts that members pool for."""

    async def _chipped_in(self, caller: Caller) -> Reply | None:
        return await views.receipt_of(caller, caller.key)

    @app_commands.command(name="chip-in", description=_("Pool coins with others for a large gift"))
    @app_commands.describe(
        gift=_("Gift to send together: start typing a name or a price"),
        creator=_("Creator to send it to"),
        coins=_("Your own part in coins"),
        hours=_("Time to fill it, in hours (24 if you leave it out)"),
    )
    @replies(recorded=_chipped_in)
    async def chip_in(
        self,
        caller: Caller,
        gift: app_commands.Range[str, 1, 100],
        creator: discord.User,
        coins: app_commands.Range[int, 1, MAX_AMOUNT],
        hours: app_commands.Range[int, 1, MOST_HOURS] = DEFAULT_HOURS,
    ) -> Reply:
        item, _price = parse_priced(gift)
        command = ChipCoins(
            guild_id=caller.guild_id,
            key=caller.key,
            member_id=caller.member_id,
            chip_in_id=caller.call_id,
            coins=coins,
            creator_id=creator.id,
            item_id=await caller.services.gifts.item_id(caller.guild_id, item),
            channel_id=caller.channel_id,
            hours=hours,
            creator_is_bot=is_bot(creator),
            creator_is_here=isinstance(creator, discord.Member),
        )
        return await views.chip(caller, command)

    @chip_in.autocomplete("gift")
    @suggests
    async def suggest(self, caller: Caller, query: str) -> list[app_commands.Choice[str]]:
        suggestions = await caller.services.catalogue.suggest(caller.guild_id, caller.member_id, query)
        return [choice(suggestion, caller.reader) for suggestion in suggestions]
