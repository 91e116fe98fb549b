"""Buying coins: from the buyer's yes to the checkout where it is paid."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.domain.buying_errors import (
    NothingForSale,
    OrderEnded,
    PackageChanged,
    PackageLimit,
    PaymentUndecided,
    ProviderDown,
)
from bot.domain.errors import NotFound
from bot.domain.orders import UNPAID_ENDS, Contact, Order, OrderState, after
from bot.domain.packages import Package, Terms
from bot.payments.provider import Provider, ProviderError, UnknownPurchase
from bot.services.settlements import Listener, Settlements
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.stores import guilds, orders, packages

log = logging.getLogger(__name__)

TOKEN_MS = 15 * 60 * 1000
"""How long Discord takes the token that edits a reply."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An order, and where to pay it: "" where it is paid. `outdated` reach panels whose place this one takes."""

    order: Order
    url: str
    outdated: tuple[Contact, ...] = ()


class Orders:
    """The use-cases of buying."""

    def __init__(
        self, database: Database, clock: Callable[[], int], providers: Sequence[Provider], settlements: Settlements
    ) -> None:
        self._database = database
        self._clock = clock
        self._providers = {provider.name: provider for provider in providers}
        self._settlements = settlements

    def on_settled(self, listener: Listener) -> None:
        """Call `listener` once an order is decided; again after a crash, if it had not come back before."""
        self._settlements.on_settled(listener)

    async def offer(self, guild_id: int) -> list[Package]:
        """Return the packages that can be bought here; raise NothingForSale."""
        offered = await self._database.read(packages.packages, guild_id)
        if not offered or not self._providers:
            raise NothingForSale(has_provider=bool(self._providers))
        return offered

    async def open(
        self, guild_id: int, *, order_id: int, member_id: int, package_id: int, accepted: Terms, contact: Contact
    ) -> Opened:
        """Open an order for what the buyer saw and accepted. The same `order_id` twice is the same order.

        A member has one open order of a package at most: it goes on here, or gives way if its terms are others.
        Raises NothingForSale, NotFound, PackageChanged, PackageLimit, PaymentUndecided, OrderEnded, ProviderDown.
        """
        if not self._providers:
            raise NothingForSale(has_provider=False)
        provider = next(iter(self._providers.values()))
        wanted = Order(
            guild_id=guild_id,
            order_id=order_id,
            member_id=member_id,
            package_id=package_id,
            coins=accepted.coins,
            price_minor=accepted.price_minor,
            currency=accepted.currency,
            provider=provider.name,
            test=provider.test,
            consented_ms=self._clock(),
        )
        order, outdated = await self._database.writer.perform(_open, wanted, contact)
        try:
            if order.external_id:
                order = await self._refreshed(provider, order)
                if order.state in UNPAID_ENDS and order.order_id != wanted.order_id:
                    order, more = await self._database.writer.perform(_open, wanted, contact)
                    outdated += more
            if order.state in UNPAID_ENDS:
                raise OrderEnded
            if order.state is not OrderState.OPEN:
                return Opened(order, "", outdated)
            # The order is in the books before the provider hears of it: no payment can arrive for an unknown order.
            prompt = await provider.start(order)
        except ProviderError as error:
            log.warning("No checkout for order %s: %s", order.order_id, error)
            raise ProviderDown(provider.name) from error
        order = await self._database.writer.perform(_started, order, prompt.external_id)
        return Opened(order, prompt.url, outdated)

    async def find(self, guild_id: int, order_id: int) -> Order | None:
        """Return an order, None if there is none with this id."""
        return await self._database.read(orders.order, guild_id, order_id)

    async def cancel(self, guild_id: int, order_id: int, member_id: int) -> Order:
        """Note that the buyer changed their mind; a payment that comes all the same still credits."""
        return await self._database.writer.perform(_cancel, guild_id, order_id, member_id)

    async def forget_tokens(self) -> None:
        """Forget what can no longer edit a buyer's panel."""
        await self._database.writer.perform(orders.forget_reply_tokens, self._clock() - TOKEN_MS)

    async def _refreshed(self, provider: Provider, order: Order) -> Order:
        """Return an order as its provider has it by now: paid, perhaps, or ended unheard. Raises ProviderError."""
        try:
            purchase = await provider.read(order.external_id)
        except UnknownPurchase:
            return await self._database.writer.perform(_end, order, OrderState.EXPIRED)
        state = after(order, purchase)
        if state in UNPAID_ENDS:
            return await self._database.writer.perform(_end, order, state)
        await self._settlements.settle(purchase)
        return await self.find(order.guild_id, order.order_id) or order


def _open(c: Connection, wanted: Order, contact: Contact) -> tuple[Order, tuple[Contact, ...]]:
    """Return the order that `wanted` is or becomes, and how to reach the panels that are outdated by it."""
    guilds.lock(c, wanted.guild_id)
    known = orders.order(c, wanted.guild_id, wanted.order_id)
    if known is not None:
        if known.member_id != wanted.member_id:
            raise NotFound("order")
        return known, ()
    package = packages.package(c, wanted.guild_id, wanted.package_id)
    if package is None:
        raise NotFound("package")
    if package.archived or package.terms != wanted.terms:
        raise PackageChanged(wanted.terms, None if package.archived else package.terms)
    mine = (wanted.guild_id, wanted.member_id, wanted.package_id)
    open_orders = orders.open_orders(c, *mine)
    outdated = tuple(orders.contact(c, order.guild_id, order.order_id) for order in open_orders)
    same = next((order for order in open_orders if _is_same_offer(order, wanted)), None)
    for order in open_orders:
        if order is not same:
            _end(c, order)
    if same is not None:
        orders.renew(c, same, wanted.consented_ms, contact)
        return same, outdated
    if package.limit is not None and orders.taken(c, *mine) >= package.limit:
        is_undecided = orders.count(c, *mine, {OrderState.PENDING, OrderState.REVIEW}) > 0
        raise (PaymentUndecided if is_undecided else PackageLimit)(package.limit)
    orders.insert(c, wanted, contact)
    return wanted, outdated


def _is_same_offer(order: Order, wanted: Order) -> bool:
    offers = [(one.terms, one.provider, one.test) for one in (order, wanted)]
    return offers[0] == offers[1]


def _started(c: Connection, order: Order, external_id: str) -> Order:
    guilds.lock(c, order.guild_id)
    current = orders.order(c, order.guild_id, order.order_id)
    if current is None:
        raise NotFound("order")
    # A payment may have come in already: only the id is new.
    current = replace(current, external_id=external_id)
    orders.update(c, current)
    return current


def _cancel(c: Connection, guild_id: int, order_id: int, member_id: int) -> Order:
    guilds.lock(c, guild_id)
    order = orders.order(c, guild_id, order_id)
    if order is None or order.member_id != member_id:
        raise NotFound("order")
    return _end(c, order) if order.state is OrderState.OPEN else order


def _end(c: Connection, order: Order, state: OrderState = OrderState.CANCELLED) -> Order:
    """Give up an order that nothing was paid for; its buyer sees that."""
    order = replace(order, state=state)
    orders.update(c, order)
    orders.mark_told(c, order.guild_id, order.order_id, order.state)
    return order
