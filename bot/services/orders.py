"""Buying coins: from the buyer's yes, through the provider, to the coins in the wallet, exactly once."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from bot.domain.commands import CreditOrder
from bot.domain.errors import (
    BooksClosed,
    Busy,
    NotFound,
    NothingForSale,
    PackageChanged,
    PackageLimit,
    PaymentMismatch,
    ProviderDown,
    Refusal,
)
from bot.domain.orders import Observation, Order, OrderState, check_paid
from bot.domain.packages import Package
from bot.domain.receipts import Receipt
from bot.payments.provider import Provider, ProviderError
from bot.services.payment_events import UnmatchedPayment
from bot.storage import guilds, orders, packages
from bot.storage.connection import Connection
from bot.storage.database import Database

log = logging.getLogger(__name__)

_ENDED = {"failed": OrderState.FAILED, "expired": OrderState.EXPIRED, "pending": OrderState.PENDING}


@dataclass(frozen=True, slots=True)
class Opened:
    """An order that waits for its payment, and where to pay it."""

    order: Order
    url: str


@dataclass(frozen=True, slots=True)
class Settled:
    """An order whose payment is decided. `receipt` is None if it failed; `reply_token` edits the buyer's panel."""

    order: Order
    receipt: Receipt | None
    reply_token: str | None


Listener = Callable[[Settled], Awaitable[None]]


class Orders:
    """The use-cases of buying."""

    def __init__(self, database: Database, clock: Callable[[], int], providers: Sequence[Provider]) -> None:
        self._database = database
        self._clock = clock
        self._providers = {provider.name: provider for provider in providers}
        self._listeners: list[Listener] = []

    def on_settled(self, listener: Listener) -> None:
        """Call `listener` once an order is decided; again after a crash, if it had not come back before."""
        self._listeners.append(listener)

    async def offer(self, guild_id: int) -> list[Package]:
        """Return the packages that can be bought here; raise NothingForSale."""
        offered = await self._database.read(packages.packages, guild_id)
        if not offered or not self._providers:
            raise NothingForSale(has_provider=bool(self._providers))
        return offered

    async def open(
        self,
        guild_id: int,
        *,
        order_id: int,
        member_id: int,
        package_id: int,
        seen_price_minor: int,
        seen_coins: int,
        seen_currency: str,
        reply_token: str,
    ) -> Opened:
        """Open an order for what the buyer saw and accepted. The same `order_id` twice is the same order.

        Raises NothingForSale, NotFound, PackageChanged, PackageLimit, ProviderDown.
        """
        if not self._providers:
            raise NothingForSale(has_provider=False)
        provider = next(iter(self._providers.values()))
        wanted = Order(
            guild_id=guild_id,
            order_id=order_id,
            member_id=member_id,
            package_id=package_id,
            coins=seen_coins,
            price_minor=seen_price_minor,
            currency=seen_currency,
            provider=provider.name,
            test=provider.test,
            consented_ms=self._clock(),
        )
        order = await self._database.writer.perform(_open, wanted, reply_token)
        try:
            # The order is in the books before the provider hears of it: no payment can arrive for an unknown order.
            prompt = await provider.start(order)
        except ProviderError as error:
            log.warning("No checkout for order %s: %s", order.order_id, error)
            raise ProviderDown(provider.name) from error
        order = await self._database.writer.perform(_started, order, prompt.external_id)
        return Opened(order, prompt.url)

    async def find(self, guild_id: int, order_id: int) -> Order | None:
        """Return an order, None if there is none with this id."""
        return await self._database.read(orders.order, guild_id, order_id)

    async def cancel(self, guild_id: int, order_id: int, member_id: int) -> Order:
        """Note that the buyer changed their mind; a payment that comes all the same still credits."""
        return await self._database.writer.perform(_cancel, guild_id, order_id, member_id)

    async def settle(self, seen: Observation) -> None:
        """Bring one order in line with what its provider says. Any number of times; coins are credited once.

        Raises UnmatchedPayment for money that was paid for no order of ours.
        """
        order = await self._database.read(orders.by_id, seen.order_id) if seen.order_id else None
        if order is None:
            if seen.status == "paid":
                raise UnmatchedPayment(f"purchase {seen.external_id} names order {seen.order_id}, which does not exist")
            return
        if seen.status == "paid":
            await self._credit(order, seen)
        elif seen.status in _ENDED and order.state is not OrderState.CREDITED:
            order = replace(order, state=_ENDED[seen.status])
            await self._database.writer.perform(orders.update, order)
            if order.state is not OrderState.PENDING:
                await self._tell(Settled(order, None, None))

    async def _credit(self, order: Order, seen: Observation) -> None:
        try:
            check_paid(order, seen)
            receipt = await self._database.writer.submit(
                CreditOrder(order.guild_id, order.key, order.order_id, order.member_id, seen.external_id)
            )
        except PaymentMismatch:
            log.error("Order %s was not credited: its payment %r differs from it", order.order_id, seen)
            return
        except (Busy, BooksClosed):
            # Not this payment's fault, and over soon: its webhook must stay unhandled.
            raise
        except Refusal as refusal:
            log.error("Order %s was paid but not credited: %r", order.order_id, refusal)
            return
        await self._tell(Settled(replace(order, state=OrderState.CREDITED), receipt, None))

    async def _tell(self, settled: Settled) -> None:
        """Tell the listeners once: the reply token is kept until they have heard."""
        order = settled.order
        token = await self._database.read(orders.reply_token, order.guild_id, order.order_id)
        if token is None:
            return
        for listener in self._listeners:
            await listener(replace(settled, reply_token=token))
        await self._database.writer.perform(orders.forget_reply_token, order.guild_id, order.order_id)


def _open(connection: Connection, wanted: Order, reply_token: str) -> Order:
    guilds.lock(connection, wanted.guild_id)
    known = orders.order(connection, wanted.guild_id, wanted.order_id)
    if known is not None:
        if known.member_id != wanted.member_id:
            raise NotFound("order")
        return known
    package = packages.package(connection, wanted.guild_id, wanted.package_id)
    if package is None:
        raise NotFound("package")
    seen = (wanted.coins, wanted.price_minor, wanted.currency)
    if package.archived or (package.total, package.price_minor, package.currency) != seen:
        raise PackageChanged
    had = orders.credited_count(connection, wanted.guild_id, wanted.member_id, package.package_id)
    if package.limit is not None and had >= package.limit:
        raise PackageLimit(package.limit)
    orders.insert(connection, wanted, reply_token)
    return wanted


def _started(connection: Connection, order: Order, external_id: str) -> Order:
    guilds.lock(connection, order.guild_id)
    current = orders.order(connection, order.guild_id, order.order_id)
    if current is None:
        raise NotFound("order")
    # A payment may have come in already: only the id is new.
    current = replace(current, external_id=external_id)
    orders.update(connection, current)
    return current


def _cancel(connection: Connection, guild_id: int, order_id: int, member_id: int) -> Order:
    guilds.lock(connection, guild_id)
    order = orders.order(connection, guild_id, order_id)
    if order is None or order.member_id != member_id:
        raise NotFound("order")
    if order.state is OrderState.OPEN:
        order = replace(order, state=OrderState.CANCELLED)
        orders.update(connection, order)
    return order
