"""The commands that give coins away."""

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.money import MAX_AMOUNT
from bot.services import Services
from bot.services.wallets import REASON_LENGTH
from bot.ui.answers import answer
from bot.ui.caller import check_member, guild_command, guild_of, is_bot
from bot.ui.reader import Reader
from bot.ui.replies import Reply, reply
from cogs.coins import render


@guild_command
class Coins(commands.GroupCog, group_name="coins", group_description=_("Give coins to members")):
    """Giving coins away."""

    def __init__(self, services: Services) -> None:
        self.services = services

    @app_commands.command(name="grant", description=_("Give a member promo coins"))
    @app_commands.describe(
        member=_("Member to give coins to"), amount=_("Number of coins"), reason=_("Reason for our records")
    )
    async def grant(
        self,
        interaction: discord.Interaction,
        member: discord.User,
        amount: app_commands.Range[int, 1, MAX_AMOUNT],
        reason: app_commands.Range[str, 1, REASON_LENGTH],
    ) -> None:
        """Grant promo coins, once for each call."""
        guild_id, key, reader = guild_of(interaction), f"i:{interaction.id}", Reader.of(interaction)

        async def grant() -> Reply:
            check_member(member)
            receipt = await self.services.wallets.grant(
                guild_id,
                key=key,
                actor_id=interaction.user.id,
                member_id=member.id,
                is_bot=is_bot(member),
                coins=amount,
                reason=reason,
            )
            return reply(render.granted(receipt, reader), receipt=receipt)

        async def recorded() -> Reply | None:
            found = await self.services.gifts.find(guild_id, key)
            return reply(render.granted(found, reader), receipt=found) if found else None

        await answer(interaction, grant, recorded=recorded, charges=False)
