"""`/cases`: payments and flags that treasurers decide about, and auditors see."""

from bot.client import Rosette
from cogs.cases.assigning import AssignMember, AssignOrder, AssignPackage
from cogs.cases.cog import CasesCog
from cogs.cases.flags import AskReverseFlag, ClearFlag, OpenFlag, ReverseFlag, TurnFlags, UpholdFlag
from cogs.cases.freezing import AskToFreeze, AskToUnfreeze, PickToFreeze
from cogs.cases.handled import ConfirmPayment, ConfirmToo, DenyPayment, FindOrder, RecordRefund
from cogs.cases.views import CloseCase, CreditCase, OpenCase, ReturnPayment, SendEvidence, TurnCases


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(OpenCase, CreditCase, ReturnPayment, SendEvidence, CloseCase, TurnCases)
    bot.add_dynamic_items(FindOrder, ConfirmPayment, ConfirmToo, DenyPayment, RecordRefund)
    bot.add_dynamic_items(AssignOrder, AssignMember, AssignPackage)
    bot.add_dynamic_items(TurnFlags, OpenFlag, ClearFlag, UpholdFlag, AskReverseFlag, ReverseFlag)
    bot.add_dynamic_items(AskToFreeze, PickToFreeze, AskToUnfreeze)
    await bot.add_cog(CasesCog())
