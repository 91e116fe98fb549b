"""The commands that give coins away."""

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.money import MAX_AMOUNT
from bot.domain.staff_errors import CoinsToBot
from bot.services.wallets import REASON_LENGTH
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller, check_member, is_bot
from bot.ui.kit.controls import Form
from bot.ui.kit.replies import Reply
from cogs.coins.views import GrantForm, grant, granted


@app_commands.default_permissions(manage_guild=True)
class CoinsCog(commands.GroupCog, group_name="coins", group_description=_("Give coins to members")):
    """Giving coins away."""

    def __init__(self) -> None:
        # discord.py takes only slash commands from a class; `setup` adds this one.
        self.menu = app_commands.ContextMenu(name=_("Grant coins"), callback=self.grant_member)
        self.menu.default_permissions = discord.Permissions(manage_guild=True)

    @opens
    async def grant_member(self, caller: Caller, member: discord.User) -> Form:
        check_member(member)
        if is_bot(member):
            raise CoinsToBot
        return GrantForm(member.id, caller.reader)

    async def _granted(self, caller: Caller) -> Reply | None:
        return await granted(caller)

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
        return await grant(caller, member.id, is_bot=is_bot(member), coins=amount, reason=reason)
