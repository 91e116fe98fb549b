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
from bot.services.avatars import CDN
from bot.services.catalogue import Catalogue
from bot.services.channels import Channels
from bot.services.creator_stats import CreatorStatistics
from bot.services.creators import Creators
from bot.services.discord_events import DiscordEventSync
from bot.services.discord_shop import DiscordShop
from bot.services.earnings import CreatorEarnings
from bot.services.evidence import EvidencePacks
from bot.services.flags import Flags
from bot.services.gifts import Gifts
from bot.services.granting import Granting
from bot.services.guild_providers import GuildProviders
from bot.services.guilds import Guilds
from bot.services.leaderboards import Leaderboards
from bot.services.limits import Limits
from bot.services.live import Live
from bot.services.live_displays import LiveDisplays
from bot.services.manual_payments import ManualPayments
from bot.services.matches import Matches
from bot.services.notices import Notices
from bot.services.orders import Orders
from bot.services.packages import Packages
from bot.services.payment_cases import PaymentCases
from bot.services.payment_events import PaymentEvents
from bot.services.payouts import Payouts
from bot.services.pictures import Pictures
from bot.services.planned_gifts import PlannedGifts
from bot.services.product_purchases import ProductPurchases
from bot.services.proofs import Proofs
from bot.services.receipts import Receipts
from bot.services.reversals import Reversals
from bot.services.settlements import Settlements
from bot.services.shares import Shares
from bot.services.staff_desk import StaffDesk
from bot.services.statements import CreatorStatements
from bot.services.thanks import Thanks
from bot.services.top_ups import TopUps
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
    cdn: str = CDN,
    picture_folder: Path | None = None,
) -> Services:
    """Return the services over an open database.

    `clock` (ms, UTC) may raise ClockDoubtful, `estimate` never. `cdn` has avatars, `picture_folder` pictures of gifts.
    """
    notices = Notices(database, estimate := estimate or clock)
    shop = _shop(database, clock, estimate, providers)
    return Services(
        guilds=Guilds(database, estimate, shop.guild_providers, packages_archived=_needs_review(providers)),
        wallets=Wallets(database, estimate, notices.expect),
        gifts=Gifts(database, clock),
        receipts=Receipts(database, clock),
        notices=notices,
        **_oversight(database, clock, estimate),
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
        limits=Limits(database, estimate),
        withdrawals=Withdrawals(database, clock, providers, shop.payment_cases),
        creators=Creators(database, clock, notices.expect),
        applications=Applications(database, clock, notices.expect),
        shares=Shares(database, clock, notices.expect),
        earnings=CreatorEarnings(database, estimate),
        creator_stats=CreatorStatistics(database, estimate),
        payouts=Payouts(database, clock, notices.expect),
        statements=CreatorStatements(database, estimate),
        live=Live(database, clock),
        discord_events=DiscordEventSync(database, clock),
        live_displays=LiveDisplays(database.follower_books),
        matches=Matches(database, clock),
        thanks=Thanks(database, estimate),
        pictures=_pictures(database, estimate, cdn, picture_folder),
        leaderboards=Leaderboards(database, estimate),
        app_state=AppState(database.follower_books),
        announcements=Announcements(database.follower_books, estimate),
        channels=Channels(database.follower_books, estimate),
        desk=StaffDesk.over(database, estimate, Reversals(database, clock), notices.expect),
    )


class _Oversight(TypedDict):
    """The services with which staff and members look at the books, and staff correct them."""

    reversals: Reversals
    verifications: Verifications
    proofs: Proofs
    flags: Flags


def _oversight(database: Database, clock: Callable[[], int], estimate: Callable[[], int]) -> _Oversight:
    reversals = Reversals(database, clock)
    return {
        "reversals": reversals,
        "verifications": Verifications(database),
        "proofs": Proofs(database.follower_books, estimate),
        "flags": Flags(database, clock, reversals),
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
    database: Database, clock: Callable[[], int], estimate: Callable[[], int], providers: Sequence[Provider]
) -> _Shop:
    guild_providers = GuildProviders(database, providers, estimate)
    payment_cases = PaymentCases(database, clock, providers)
    planned_gifts = PlannedGifts(database, clock)
    settlements = Settlements(database, clock, providers, payment_cases, planned_gifts)
    webhook_watch = WebhookWatch(database, _with_webhook(providers))
    product_purchases = ProductPurchases(database, clock, providers, settlements)
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


def _pictures(database: Database, clock: Callable[[], int], cdn: str, folder: Path | None) -> Pictures:
    return Pictures(clock, cdn, folder, lambda ids: database.follower_books.read(item_pictures.pictures, ids))


def _needs_review(providers: Sequence[Provider]) -> bool:
    """Whether staff review the default packages first: unless every provider is only for tests, people pay for them."""
    return not providers or not all(provider.test for provider in providers)


def _store(providers: Sequence[Provider]) -> DiscordSku | None:
    return next((provider for provider in providers if isinstance(provider, DiscordSku)), None)


def _with_webhook(providers: Sequence[Provider]) -> list[str]:
    return [provider.name for provider in providers if Capability.WEBHOOK in provider.capabilities]
