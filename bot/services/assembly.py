"""Builds every service over one database."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, TypedDict

from bot.payments.discord_sku import DiscordSku
from bot.payments.provider import Capability, Provider
from bot.services import Services
from bot.services.announcements import Announcements
from bot.services.app_state import AppState
from bot.services.applications import Applications
from bot.services.assignments import Assignments
from bot.services.attendance import Attendance
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
from bot.services.identify_turns import IdentifyTurns
from bot.services.leaderboards import Leaderboards
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
from bot.services.pictures import Pictures, PictureSources
from bot.services.planned_gifts import PlannedGifts
from bot.services.product_purchases import ProductPurchases
from bot.services.profiles import Profiles
from bot.services.proofs import Proofs
from bot.services.reactions import GiftReactions
from bot.services.receipts import Receipts
from bot.services.restraints import restraints
from bot.services.results import ResultPosts
from bot.services.reversals import Reversals
from bot.services.settlements import Settlements
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
from bot.storage.database import Database
from bot.storage.stores import item_pictures


def build(
    database: Database,
    providers: Sequence[Provider],
    clock: Callable[[], int],
    *,
    estimate: Callable[[], int] | None = None,
    pictures: PictureSources | None = None,
    erasures_in: Path | None = None,
    public_url: str = "",
) -> Services:
    """Return the services over an open database.

    `clock` (ms, UTC) may raise ClockDoubtful, `estimate` never. `pictures` says where pictures come from.
    `erasures_in` is the file that lists deleted members, `public_url` where the web part is reached from outside.
    """
    notices = Notices(database, estimate := estimate or clock)
    shop = _shop(database, clock, estimate, providers, notices.expect)
    return Services(
        guilds=Guilds(database, estimate, shop.guild_providers, packages_archived=_needs_review(providers)),
        wallets=Wallets(database, estimate, notices.expect),
        gifts=Gifts(database, clock, notices.expect),
        receipts=Receipts(database, clock),
        notices=notices,
        **_oversight(database, clock, estimate, notices, erasures_in),
        granting=Granting.over(database, clock, notices.expect),
        catalogue=Catalogue(database, clock),
        packages=Packages(database, estimate, shop.store.prices if shop.store else None),
        guild_providers=shop.guild_providers,
        orders=shop.orders,
        planned_gifts=shop.planned_gifts,
        top_ups=TopUps(database, clock, shop.orders),
        product_purchases=shop.product_purchases,
        payment_events=shop.payment_events,
        webhook_watch=shop.webhook_watch,
        discord_shop=DiscordShop(shop.store, shop.payment_events),
        payment_cases=shop.payment_cases,
        evidence=EvidencePacks(database, estimate, providers),
        manual_payments=ManualPayments(database, clock, shop.payment_events),
        assignments=Assignments(database, clock, shop.payment_events),
        **restraints(database, clock, estimate),
        withdrawals=Withdrawals(database, clock, providers, shop.payment_cases),
        **_creators(database, clock, estimate, providers, notices.expect),
        **_counting(database, estimate, notices),
        live=Live(database, clock),
        discord_events=DiscordEventSync(database, clock),
        live_displays=LiveDisplays(database.follower_books),
        overlays=Overlays(database, estimate, public_url),
        overlay_shows=OverlayShows(database.follower_books, estimate),
        matches=Matches(database, clock),
        thanks=Thanks(database, estimate),
        reactions=GiftReactions(database.follower_books, estimate),
        pictures=_pictures(database, estimate, pictures),
        app_state=AppState(database.follower_books),
        identify_turns=IdentifyTurns(database, estimate),
        own_choices=OwnChoices(database, estimate),
        announcements=Announcements(database.follower_books, estimate),
        channels=Channels(database.follower_books, estimate),
        **_belonging(database, clock, estimate, notices),
        desk=StaffDesk.over(database, estimate, Reversals(database, clock, notices.expect), notices.expect),
    )


class _Counting(TypedDict):
    """The services that say who gave and got what in a period."""

    leaderboards: Leaderboards
    creator_stats: CreatorStatistics
    creator_weeks: CreatorWeeks
    results: ResultPosts


def _counting(database: Database, estimate: Callable[[], int], notices: Notices) -> _Counting:
    return {
        "leaderboards": Leaderboards(database, estimate),
        "creator_stats": CreatorStatistics(database, estimate),
        "creator_weeks": CreatorWeeks(database, estimate, notices.expect),
        "results": ResultPosts(database.follower_books, estimate),
    }


class _Oversight(TypedDict):
    """The services with which staff and members look at the books, and staff correct them."""

    reversals: Reversals
    verifications: Verifications
    proofs: Proofs
    flags: Flags
    exports: BooksExports
    freezes: Freezes
    personal_data: PersonalData


def _oversight(
    database: Database,
    clock: Callable[[], int],
    estimate: Callable[[], int],
    notices: Notices,
    erasures_in: Path | None,
) -> _Oversight:
    reversals = Reversals(database, clock, notices.expect)
    return {
        "reversals": reversals,
        "verifications": Verifications(database),
        "proofs": Proofs(database.follower_books, estimate),
        "flags": Flags(database, clock, reversals),
        "exports": BooksExports(database),
        "freezes": Freezes(database, clock, notices.expect),
        "personal_data": PersonalData(database, clock, erasures_in),
    }


class _Belonging(TypedDict):
    """The services of what members reach by taking part."""

    standing: Standing
    member_roles: MemberRoles
    profiles: Profiles
    clubs: Clubs
    attendance: Attendance
    challenges: Challenges
    challenge_places: ChallengePlaces
    perks: PerkRoom
    chests: Chests


def _belonging(
    database: Database, clock: Callable[[], int], estimate: Callable[[], int], notices: Notices
) -> _Belonging:
    return {
        "standing": Standing(database, estimate, notices.expect),
        "member_roles": MemberRoles(database, estimate),
        "profiles": Profiles(database, estimate),
        "clubs": Clubs(database, estimate, notices.expect),
        "attendance": Attendance(database, clock),
        "challenges": Challenges(database, clock),
        "challenge_places": ChallengePlaces(database, estimate, notices.expect),
        "perks": PerkRoom.over(database, clock, notices.expect),
        "chests": Chests(database, clock),
    }


class _Creators(TypedDict):
    """The services of who creates, and of what they earn."""

    creators: Creators
    applications: Applications
    shares: Shares
    earnings: CreatorEarnings
    payouts: Payouts
    transfers: PayoutTransfers
    statements: CreatorStatements


def _creators(
    database: Database,
    clock: Callable[[], int],
    estimate: Callable[[], int],
    providers: Sequence[Provider],
    expect: Callable[[int, int], None],
) -> _Creators:
    payouts = Payouts(database, clock, expect)
    return {
        "creators": Creators(database, clock, expect),
        "applications": Applications(database, clock, expect),
        "shares": Shares(database, clock, expect),
        "earnings": CreatorEarnings(database, estimate),
        "payouts": payouts,
        "transfers": PayoutTransfers(database, clock, providers, payouts),
        "statements": CreatorStatements(database, estimate),
    }


class _Shop(NamedTuple):
    """The services of buying that know one another."""

    store: DiscordSku | None
    guild_providers: GuildProviders
    payment_cases: PaymentCases
    planned_gifts: PlannedGifts
    webhook_watch: WebhookWatch
    product_purchases: ProductPurchases
    payment_events: PaymentEvents
    orders: Orders


def _shop(
    database: Database,
    clock: Callable[[], int],
    estimate: Callable[[], int],
    providers: Sequence[Provider],
    expect: Callable[[int, int], None],
) -> _Shop:
    guild_providers = GuildProviders(database, providers, estimate)
    planned_gifts = PlannedGifts(database, clock)
    payment_cases = PaymentCases(database, clock, providers, planned_gifts)
    settlements = Settlements(database, clock, providers, payment_cases, planned_gifts, expect)
    with_webhook = [provider.name for provider in providers if Capability.WEBHOOK in provider.capabilities]
    webhook_watch = WebhookWatch(database, with_webhook)
    product_purchases = ProductPurchases(database, clock, providers, settlements, planned_gifts)
    return _Shop(
        store=_store(providers),
        guild_providers=guild_providers,
        payment_cases=payment_cases,
        planned_gifts=planned_gifts,
        webhook_watch=webhook_watch,
        product_purchases=product_purchases,
        payment_events=PaymentEvents(database, clock, providers, product_purchases.settle_report, webhook_watch),
        orders=Orders(database, clock, guild_providers, settlements, product_purchases),
    )


def _pictures(database: Database, clock: Callable[[], int], sources: PictureSources | None) -> Pictures:
    return Pictures(clock, sources, lambda ids: database.follower_books.read(item_pictures.pictures, ids))


def _needs_review(providers: Sequence[Provider]) -> bool:
    """Whether staff review the default packages first: unless every provider is only for tests, people pay for them."""
    return not providers or not all(provider.test for provider in providers)


def _store(providers: Sequence[Provider]) -> DiscordSku | None:
    return next((provider for provider in providers if isinstance(provider, DiscordSku)), None)
