"""`/coins`: coins that managers give, or take back."""

from bot.client import Rosette
from cogs.coins.batches import ConfirmBatch, ConfirmUndo, UndoBatch
from cogs.coins.cog import CoinsCog
from cogs.coins.grants import ConfirmGrant
from cogs.coins.lookup import AskDecline, DeclineForCreator, FlagRow, PickLookupKind, TurnLookup
from cogs.coins.requests import ConfirmRequest, DeclineRequest
from cogs.coins.reversal import ConfirmReversal, ReverseRow


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(ConfirmGrant, ConfirmRequest, DeclineRequest, ConfirmBatch, UndoBatch, ConfirmUndo)
    bot.add_dynamic_items(ReverseRow, ConfirmReversal)
    bot.add_dynamic_items(TurnLookup, PickLookupKind, FlagRow, AskDecline, DeclineForCreator)
    coins = CoinsCog()
    await bot.add_cog(coins)
    bot.tree.add_command(coins.menu)
