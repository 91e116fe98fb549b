"""What members buy on Discord itself, outside of any command."""

from bot.client import Rosette
from cogs.discord_shop.cog import DiscordShopCog
from cogs.discord_shop.source import DiscordEntitlements


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.services.discord_shop.connect(DiscordEntitlements(bot))
    await bot.add_cog(DiscordShopCog(bot))
