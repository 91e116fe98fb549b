"""`/payouts`: what creators have asked for, which treasurers decide about, and auditors see."""

from bot.client import Rosette
from cogs.payouts.cog import PayoutsCog
from cogs.payouts.sending import AskTransfer, SendTransfer
from cogs.payouts.views import ApprovePayout, OpenPayout, RecordPayment, RejectPayout, TurnPayouts


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(
        TurnPayouts, OpenPayout, ApprovePayout, RecordPayment, RejectPayout, AskTransfer, SendTransfer
    )
    await bot.add_cog(PayoutsCog())
