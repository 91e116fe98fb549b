"""What Discord's gateway reports about entitlements: each report only says which of them to look at."""

import discord
from discord.ext import commands

from bot.client import Rosette


class DiscordShopCog(commands.Cog):
    """Hears of purchases. The events may come twice, in any order, or never."""

    def __init__(self, bot: Rosette) -> None:
        self._shop = bot.services.discord_shop

    @commands.Cog.listener()
    async def on_entitlement_create(self, entitlement: discord.Entitlement) -> None:
        await self._shop.notice("create", entitlement.id)

    @commands.Cog.listener()
    async def on_entitlement_update(self, entitlement: discord.Entitlement) -> None:
        # Most updates only report that we have used it up.
        if not entitlement.consumed:
            await self._shop.notice("update", entitlement.id)

    @commands.Cog.listener()
    async def on_entitlement_delete(self, entitlement: discord.Entitlement) -> None:
        await self._shop.notice("delete", entitlement.id)
