"""`/settings`: what a guild decides for itself, in one panel."""

from bot.client import Rosette
from cogs.settings.announcing import OpenAnnouncements, OpenQuiet, PickLowestTier
from cogs.settings.chests import CloseChest, EditMinimums, OpenChests, PickSponsors
from cogs.settings.clubs import OpenClubs, PickClub, PickClubRole
from cogs.settings.cog import SettingsCog
from cogs.settings.creators import (
    AllowMatches,
    EditGuildWords,
    EditQuestions,
    LetStaffCreate,
    OpenCreators,
    TakeApplications,
)
from cogs.settings.export import ExportBooks
from cogs.settings.grants import EditGrantLimits, OpenGrantLimits
from cogs.settings.guide import SendGuide
from cogs.settings.levels import OpenLevels, PickLevel, PickLevelRole
from cogs.settings.limits import AllowWithdrawals, EditLimits, EditNewAccounts, EditRates, OpenLimits, SellToAdults
from cogs.settings.overlays import HoldNotes, OpenOverlays, PickNotesTier
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
from cogs.settings.results import OpenResults, SwitchResults
from cogs.settings.staff_log import OpenStaffLog, PickLogChannel
from cogs.settings.transfers import OpenTransfers
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
        EditNewAccounts,
        SellToAdults,
        AllowWithdrawals,
        SendGuide,
        OpenCreators,
        EditQuestions,
        EditGuildWords,
        LetStaffCreate,
        AllowMatches,
        TakeApplications,
        OpenChests,
        PickSponsors,
        CloseChest,
        EditMinimums,
        OpenGrantLimits,
        EditGrantLimits,
        OpenStaffLog,
        PickLogChannel,
        OpenProofs,
        PickProofChannel,
        OpenResults,
        SwitchResults,
        ExportBooks,
        OpenLevels,
        PickLevel,
        PickLevelRole,
        OpenTransfers,
        OpenClubs,
        PickClub,
        PickClubRole,
        OpenOverlays,
        PickNotesTier,
        HoldNotes,
    )
    await bot.add_cog(SettingsCog())
