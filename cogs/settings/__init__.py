"""`/settings`: what a guild decides for itself, in one panel."""

from bot.client import Rosette
from cogs.settings.announcing import OpenAnnouncements, OpenQuiet, PickLowestTier
from cogs.settings.cog import SettingsCog
from cogs.settings.creators import EditGuildWords, EditQuestions, LetStaffCreate, OpenCreators, TakeApplications
from cogs.settings.grants import EditGrantLimits, OpenGrantLimits
from cogs.settings.guide import SendGuide
from cogs.settings.limits import AllowWithdrawals, EditLimits, EditRates, OpenLimits, SellToAdults
from cogs.settings.payments import (
    ConnectStripe,
    OpenHolds,
    OpenKofi,
    OpenManual,
    OpenPayments,
    OpenPayouts,
    PickPaymentMethods,
)
from cogs.settings.proofs import OpenProofs, PickProofChannel
from cogs.settings.staff_log import OpenStaffLog, PickLogChannel
from cogs.settings.views import OpenForm, OpenPage, PickGiftChannel, PickLanguage, PickStaffRole


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(
        PickGiftChannel,
        PickLanguage,
        PickStaffRole,
        OpenForm,
        OpenPage,
        OpenAnnouncements,
        PickLowestTier,
        OpenQuiet,
        OpenPayments,
        ConnectStripe,
        OpenHolds,
        OpenKofi,
        OpenManual,
        OpenPayouts,
        PickPaymentMethods,
        OpenLimits,
        EditLimits,
        EditRates,
        SellToAdults,
        AllowWithdrawals,
        SendGuide,
        OpenCreators,
        EditQuestions,
        EditGuildWords,
        LetStaffCreate,
        TakeApplications,
        OpenGrantLimits,
        EditGrantLimits,
        OpenStaffLog,
        PickLogChannel,
        OpenProofs,
        PickProofChannel,
    )
    await bot.add_cog(SettingsCog())
