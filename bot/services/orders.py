"""Buying coins: from the buyer's consent to the checkout where it is paid."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.domain.buying_errors import (
    NothingForSale,
    OrderEnded,
    ProviderDown,
    ProviderOff,
)
from bot.domain.freezes import check_frozen
from bot.domain.guild_providers import PaymentMethod
from bot.domain.order_states import UNPAID, UNPAID_ENDS, OrderState
from bot.domain.orders import Contact, Order, step_of
from bot.domain.packages import Package, Terms
from bot.domain.planned_gifts import PlannedGift
from bot.domain.product_purchases import ProductPurchase
from bot.domain.prompts import Prompt
from bot.payments.provider import Provider, ProviderError, UnknownPurchase
from bot.services import unpaid_orders
from bot.services.guild_providers import GuildProviders
from bot.services.product_purchases import ProductPurchases
from bot.services.settlements import Listener, Settlements
from bot.storage.database import Database
from bot.storage.stores import freezes, orders, packages

log = logging.getLogger(__name__)

TOKEN_MS = 15 * 60 * 1000
"""How long Discord accepts the token that edits a reply."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An order and how to pay it, None if it is paid. `outdated` are the panels that this one replaces."""

    order: Order
    prompt: Prompt | None
    outdated: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A package on sale, and how to pay for it. One that `is_prepaid` was paid for already, but not for any guild."""

    package: Package
    methods: Sequence[PaymentMethod]
    is_prepaid: bool = False

    @property
    def is_test(self) -> bool:
        """Whether no way to pay for it takes real money."""
        return all(method.is_test for method in self.methods)


class Orders:
    """The use-cases of buying."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], int],
        providers: GuildProviders,
        settlements: Settlements,
        purchases: ProductPurchases,
    ) -> None:
        self._database = database
        self._clock = clock
        self._providers = providers
        self._settlements = settlements
        self._purchases = purchases

    def on_settled(self, listener: Listener) -> None:
        """Call `listener` when an order is decided. After a crash it is called again unless it had returned."""
        self._settlements.on_settled(listener)

    async def offer(self, guild_id: int, member_id: int) -> list[Offer]:
        """Return the packages that a member can buy here, and those that they have already paid for.

        If there are none of the latter, raise NothingForSale or MemberFrozen.
        """
        shelf = await self._database.read(packages.packages, guild_id, archived=True)
        methods = await self._providers.methods(guild_id)
        waiting = {(record.provider, record.product) for record in await self._purchases.waiting(member_id)}
        offers: list[Offer] = []
        for package in shelf:
            prepaid = [method for method in methods if (method.provider, package.reference) in waiting]
            sellers = self._providers.sellers(package, methods)
            if prepaid:
                offers.append(Offer(package, prepaid[:1], is_prepaid=True))
            elif sellers and not package.archived:
                offers.append(Offer(package, sellers))
        if frozen := await self._database.read(freezes.of_member, guild_id, member_id):
            # What they have already paid for is theirs.
            offers = [offer for offer in offers if offer.is_prepaid]
            if not offers:
                check_frozen(frozen)
        if not offers:
            raise NothingForSale(has_provider=any(method.is_offered for method in methods))
        return offers

    async def open(
        self,
        guild_id: int,
        *,
        order_id: int,
        member_id: int,
        package_id: int,
        accepted: Terms,
        provider: str,
        consent_version: int,
        contact: Contact,
        gift: PlannedGift | None = None,
    ) -> Opened:
        """Open an order for the terms that the buyer saw and accepted. The same `order_id` twice is the same order.

        `provider` is one of those that the guild offers. A member has at most one open order of a package. It
        continues here, or is cancelled if its terms or its provider differ. `gift` goes out with the coins, in place of
        one that was planned before. Raises ProviderOff, NotFound, PackageChanged, OrderEnded, ProviderDown, and what
        `check_offer` raises.
        """
        methods = {method.provider: method for method in await self._providers.methods(guild_id)}
        method = methods.get(provider)
        if method is None or not (method.is_offered or await self._purchases.has_paid(member_id, provider)):
            raise ProviderOff
        draft = Order(
            guild_id=guild_id,
            order_id=order_id,
            member_id=member_id,
            package_id=package_id,
            coins=accepted.coins,
            price_minor=accepted.price_minor,
            currency=accepted.currency,
            provider=provider,
            test=method.is_test,
            consented_ms=self._clock(),
            consent_version=consent_version,
        )
        order, outdated = await self._database.writer.perform(unpaid_orders.place, draft, contact, gift)
        seller = self._providers.serving(guild_id, order.provider)
        try:
            if purchase := await self._purchases.assign(order):
                order = await self._refreshed(seller, replace(order, external_id=purchase.external_id))
                return Opened(order, None, outdated)
            # An earlier order continues. Its buyer may have paid or given up at the provider meanwhile.
            if order.external_id:
                order = await self._refreshed(seller, order)
                if order.state in UNPAID_ENDS and order.order_id != draft.order_id:
                    order, more = await self._database.writer.perform(unpaid_orders.place, draft, contact, gift)
                    outdated += more
            if order.state in UNPAID_ENDS:
                raise OrderEnded
            if order.state not in UNPAID:
                return Opened(order, None, outdated)
            # The order is in the books before the provider knows it, so no payment can arrive for an unknown order.
            prompt = await seller.start(order, methods[order.provider].account)
        except ProviderError as error:
            log.warning("No checkout could be opened for order %s: %s", order.order_id, error)
            raise ProviderDown(order.provider) from error
        order = await self._database.writer.perform(unpaid_orders.started, order, prompt.external_id)
        return Opened(order, prompt, outdated)

    async def check_offer(self, guild_id: int, member_id: int, offer: Offer) -> None:
        """Raise what prevents a new order of an offer, so that nobody agrees to something that is then refused.

        An order of it that is open already continues. Raises MemberFrozen, PackageLimit, PaymentUndecided,
        CurrencyUnrated, YoungAccount, DailyLimit, HeldLimit, OverBudget, BudgetPaused.
        """
        if offer.is_prepaid:
            return
        package, now_ms = offer.package, self._clock()
        draft = Order(
            guild_id, 0, member_id, package.package_id, *package.terms, "", test=offer.is_test, consented_ms=now_ms
        )
        await self._database.read(unpaid_orders.check_limits, draft, package)

    async def find(self, guild_id: int, order_id: int) -> Order | None:
        return await self._database.read(orders.order, guild_id, order_id)

    async def cancel(self, guild_id: int, order_id: int, member_id: int) -> Order:
        """Note that the buyer changed their mind. A payment that arrives anyway is still credited."""
        return await self._database.writer.perform(unpaid_orders.cancel, guild_id, order_id, member_id)

    async def forget_tokens(self) -> None:
        """Delete the tokens that have expired, which can no longer edit a buyer's panel."""
        await self._database.writer.perform(orders.forget_reply_tokens, self._clock() - TOKEN_MS)

    async def _refreshed(self, provider: Provider, order: Order) -> Order:
        """Bring an order in line with its provider, where it may have been paid or have ended. Raises ProviderError."""
        try:
            purchase = await provider.read(order.external_id)
        except UnknownPurchase:
            return await self._database.writer.perform(unpaid_orders.end, order, OrderState.EXPIRED)
        if isinstance(purchase, ProductPurchase):
            await self._settle_assigned(purchase)
            return await self.find(order.guild_id, order.order_id) or order
        state = step_of(order, purchase).state
        if state in UNPAID_ENDS:
            return await self._database.writer.perform(unpaid_orders.end, order, state)
        await self._settlements.settle(purchase)
        return await self.find(order.guild_id, order.order_id) or order

    async def _settle_assigned(self, purchase: ProductPurchase) -> None:
        try:
            await self._purchases.settle(purchase)
        except ProviderError as error:
            # The coins were added. The next walk through the provider's list acknowledges the purchase.
            log.warning(
                "Purchase %s of %s could not be acknowledged: %s", purchase.external_id, purchase.provider, error
            )
