"""The commands that give coins away."""

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.money import MAX_AMOUNT
from bot.services.wallets import REASON_LENGTH
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller, check_member, is_bot
from bot.ui.kit.replies import Reply, reply
from cogs.coins import render


@app_commands.default_permissions(manage_guild=True)
class CoinsCog(commands.GroupCog, group_name="coins", group_description=_("Give coins to members")):
    """Giving coins away."""

    async def _granted(self, caller: Caller) -> Reply | None:
        receipt = await caller.services.gifts.find(caller.guild_id, caller.key)
        return reply(render.granted(receipt, caller.reader), receipt=receipt) if receipt else None

    @app_commands.command(name="grant", description=_("Give a member promo coins"))
    @app_commands.describe(
        member=_("Member to give coins to"), amount=_("Number of coins"), reason=_("Reason for our records")
    )
    @replies(recorded=_granted, charges=False)
    async def grant(
        self,
        caller: Caller,
        member: discord.User,
        amount: app_commands.Range[int, 1, MAX_AMOUNT],
        reason: app_commands.Range[str, 1, REASON_LENGTH],
    ) -> Reply:
        check_member(member)
        receipt = await caller.services.wallets.grant(
            caller.guild_id,
            key=caller.key,
            actor_id=caller.member_id,
            member_id=member.id,
            is_bot=is_bot(member),
            coins=amount,
            reason=reason,
        )
        return reply(render.granted(receipt, caller.reader), receipt=receipt)
