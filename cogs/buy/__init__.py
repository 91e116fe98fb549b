"""`/buy`: from the packages to the receipt."""

from functools import partial

from bot.client import Rosette
from cogs.buy import settlement
from cogs.buy.cog import BuyCog
from cogs.buy.orders import CancelOrder, ClaimSent
from cogs.buy.top_up import TopUp
from cogs.buy.views import BackToShop, OpenShop, PickPackage, TurnShop
from cogs.buy.withdrawing import AskWithdrawal, ConfirmWithdrawal


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(OpenShop, PickPackage, BackToShop, CancelOrder, ClaimSent, TurnShop)
    bot.add_dynamic_items(AskWithdrawal, ConfirmWithdrawal, TopUp)
    # Services know nothing of Discord, so they are told whom to call once a payment is decided.
    bot.services.orders.on_settled(partial(settlement.show, bot))
    bot.services.product_purchases.on_waiting(partial(settlement.ask_for_server, bot))
    bot.services.product_purchases.on_free_coins(partial(settlement.show_free_coins, bot))
    bot.services.guild_providers.name_servers(partial(_name_of, bot))
    await bot.add_cog(BuyCog())


def _name_of(bot: Rosette, guild_id: int) -> str:
    guild = bot.get_guild(guild_id)
    return guild.name if guild is not None else ""
