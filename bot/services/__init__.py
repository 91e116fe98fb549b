"""Use-cases: what each command means, in one call. Cogs, the web part and the announcer know nothing below this.

The process that writes the books unpickles functions of single services. So this file itself imports none.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.services.announcements import Announcements
    from bot.services.app_state import AppState
    from bot.services.applications import Applications
    from bot.services.assignments import Assignments
    from bot.services.attendance import Attendance
    from bot.services.budgets import Budgets
    from bot.services.catalogue import Catalogue
    from bot.services.challenge_places import ChallengePlaces
    from bot.services.challenges import Challenges
    from bot.services.channels import Channels
    from bot.services.chests import Chests
    from bot.services.clubs import Clubs
    from bot.services.creator_stats import CreatorStatistics
    from bot.services.creator_weeks import CreatorWeeks
    from bot.services.creators import Creators
    from bot.services.discord_events import DiscordEventSync
    from bot.services.discord_shop import DiscordShop
    from bot.services.earnings import CreatorEarnings
    from bot.services.evidence import EvidencePacks
    from bot.services.exports import BooksExports
    from bot.services.flags import Flags
    from bot.services.freezes import Freezes
    from bot.services.gifts import Gifts
    from bot.services.granting import Granting
    from bot.services.guild_providers import GuildProviders
    from bot.services.guilds import Guilds
    from bot.services.histories import Histories
    from bot.services.identify_turns import IdentifyTurns
    from bot.services.leaderboards import Leaderboards
    from bot.services.limits import Limits
    from bot.services.live import Live
    from bot.services.live_displays import LiveDisplays
    from bot.services.manual_payments import ManualPayments
    from bot.services.matches import Matches
    from bot.services.member_choices import OwnChoices
    from bot.services.member_roles import MemberRoles
    from bot.services.notices import Notices
    from bot.services.orders import Orders
    from bot.services.overlay_shows import OverlayShows
    from bot.services.overlays import Overlays
    from bot.services.packages import Packages
    from bot.services.payment_cases import PaymentCases
    from bot.services.payment_events import PaymentEvents
    from bot.services.payouts import Payouts
    from bot.services.perk_room import PerkRoom
    from bot.services.personal_data import PersonalData
    from bot.services.pictures import Pictures
    from bot.services.planned_gifts import PlannedGifts
    from bot.services.product_purchases import ProductPurchases
    from bot.services.profiles import Profiles
    from bot.services.proofs import Proofs
    from bot.services.reactions import GiftReactions
    from bot.services.receipts import Receipts
    from bot.services.results import ResultPosts
    from bot.services.reversals import Reversals
    from bot.services.shares import Shares
    from bot.services.staff_desk import StaffDesk
    from bot.services.standing import Standing
    from bot.services.statements import CreatorStatements
    from bot.services.thanks import Thanks
    from bot.services.top_ups import TopUps
    from bot.services.transfers import PayoutTransfers
    from bot.services.verification import Verifications
    from bot.services.wallets import Wallets
    from bot.services.webhook_watch import WebhookWatch
    from bot.services.withdrawals import Withdrawals


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that cogs, the web part and the announcer can do."""

    guilds: "Guilds"
    wallets: "Wallets"
    histories: "Histories"
    gifts: "Gifts"
    receipts: "Receipts"
    notices: "Notices"
    reversals: "Reversals"
    verifications: "Verifications"
    granting: "Granting"
    flags: "Flags"
    exports: "BooksExports"
    freezes: "Freezes"
    proofs: "Proofs"
    catalogue: "Catalogue"
    packages: "Packages"
    guild_providers: "GuildProviders"
    orders: "Orders"
    planned_gifts: "PlannedGifts"
    top_ups: "TopUps"
    product_purchases: "ProductPurchases"
    payment_events: "PaymentEvents"
    webhook_watch: "WebhookWatch"
    discord_shop: "DiscordShop"
    payment_cases: "PaymentCases"
    evidence: "EvidencePacks"
    limits: "Limits"
    budgets: "Budgets"
    withdrawals: "Withdrawals"
    manual_payments: "ManualPayments"
    assignments: "Assignments"
    creators: "Creators"
    applications: "Applications"
    shares: "Shares"
    earnings: "CreatorEarnings"
    creator_stats: "CreatorStatistics"
    creator_weeks: "CreatorWeeks"
    results: "ResultPosts"
    payouts: "Payouts"
    transfers: "PayoutTransfers"
    statements: "CreatorStatements"
    live: "Live"
    discord_events: "DiscordEventSync"
    live_displays: "LiveDisplays"
    overlays: "Overlays"
    overlay_shows: "OverlayShows"
    matches: "Matches"
    thanks: "Thanks"
    reactions: "GiftReactions"
    personal_data: "PersonalData"
    pictures: "Pictures"
    leaderboards: "Leaderboards"
    app_state: "AppState"
    identify_turns: "IdentifyTurns"
    own_choices: "OwnChoices"
    announcements: "Announcements"
    channels: "Channels"
    desk: "StaffDesk"
    standing: "Standing"
    member_roles: "MemberRoles"
    profiles: "Profiles"
    clubs: "Clubs"
    attendance: "Attendance"
    challenges: "Challenges"
    challenge_places: "ChallengePlaces"
    perks: "PerkRoom"
    chests: "Chests"
