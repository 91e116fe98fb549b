"""`/creator`: what creators do about the gifts that they get."""

from bot.client import Rosette
from cogs.creator.applying import WithdrawApplication
from cogs.creator.blocking import BackToBlocks, BlockAnonymous, BlockMember, EditWords, LiftBlock, ListAnonymous
from cogs.creator.cog import CreatorCog
from cogs.creator.gifts import AskToDecline, BlockSender, DeclineGift, UnblockSender
from cogs.creator.pausing import ResumeGifts
from cogs.creator.payouts import AskPayout, OtherAmount, RequestPayout, TakeBack
from cogs.creator.statements import OpenStatements, PickStatement
from cogs.creator.stats import ExportStats, PickStatsPeriod
from cogs.creator.transfers import SetUpTransfers
from cogs.creator.views import ReactToGifts, ThankAll, ThankEvent, ThankSender, TurnThanks
from cogs.creator.weeks import ChooseWeeks, DirectStats, OpenWeek


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(ThankSender, ThankAll, ThankEvent, TurnThanks, ReactToGifts, WithdrawApplication)
    bot.add_dynamic_items(AskPayout, RequestPayout, OtherAmount, TakeBack, SetUpTransfers)
    bot.add_dynamic_items(BlockMember, LiftBlock, ListAnonymous, BlockAnonymous, BackToBlocks, EditWords, ResumeGifts)
    bot.add_dynamic_items(PickStatsPeriod, ExportStats, OpenStatements, PickStatement)
    bot.add_dynamic_items(OpenWeek, ChooseWeeks, DirectStats)
    bot.add_dynamic_items(AskToDecline, DeclineGift, BlockSender, UnblockSender)
    await bot.add_cog(CreatorCog())
