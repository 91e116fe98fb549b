"""Settling a purchase: what its provider says becomes coins, an end, or a case for staff, and each only once."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.domain.errors import BooksClosed, Busy, Refusal
from bot.domain.ledger.order import CreditOrder, facts_of
from bot.domain.orders import Contact, Order, OrderState, PaymentState, after
from bot.domain.payment_cases import CaseKind, PaymentCase
from bot.domain.receipts import Receipt
from bot.services.payment_cases import PaymentCases
from bot.services.payment_events import UnmatchedPayment
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.stores import guilds, orders, packages, payment_cases


@dataclass(frozen=True, slots=True)
class Settlement:
    """The outcome of an order, and how to reach its buyer.

    `receipt` is set if coins were credited. `payment` is what the provider said.
    """

    order: Order
    receipt: Receipt | None
    payment: PaymentState | None
    contact: Contact


Listener = Callable[[Settlement], Awaitable[None]]


class Settlements:
    """Brings orders in line with what providers say."""

    def __init__(self, database: Database, clock: Callable[[], int], cases: PaymentCases) -> None:
        self._database = database
        self._clock = clock
        self._cases = cases
        self._listeners: list[Listener] = []

    def on_settled(self, listener: Listener) -> None:
        """Call `listener` when an order is decided. After a crash it is called again unless it had returned."""
        self._listeners.append(listener)

    async def settle(self, payment: PaymentState) -> None:
        """Bring an order in line with what its provider says. However often it is called, coins are credited once.

        Raises UnmatchedPayment if money was paid for an order that no guild has.
        """
        matches = await self._database.read(_matching, payment)
        if len(matches) == 1:
            await self._settle(*matches[0], payment)
        elif payment.status == "paid":
            await self._open_unmatched(payment, [order for order, _ in matches])

    async def _settle(self, order: Order, contact: Contact, payment: PaymentState) -> None:
        # This payment has credited the order already, and the buyer has seen it.
        if order.state is OrderState.CREDITED is contact.last_seen_state and order.external_id == payment.external_id:
            return
        receipt = None
        match after(order, payment):
            case OrderState.CREDITED if payment.status == "paid":
                order, receipt = await self._credit(order, contact, payment)
            case OrderState.REVIEW if payment.status == "paid":
                order = await self._review(order, payment, CaseKind.DIFFERS)
            case state:
                order = await self._move(order, state)
        if order.state not in {OrderState.OPEN, OrderState.PENDING}:
            await self._notify(Settlement(order, receipt, payment, contact))

    async def _move(self, order: Order, state: OrderState) -> Order:
        if state is not order.state:
            order = replace(order, state=state)
            await self._database.writer.perform(orders.update, order)
        return order

    async def _credit(self, order: Order, contact: Contact, payment: PaymentState) -> tuple[Order, Receipt | None]:
        command = CreditOrder(order.guild_id, order.key, order.order_id, order.member_id, payment.external_id)
        try:
            receipt = await self._database.writer.submit(command)
        except (Busy, BooksClosed):
            # Nothing is wrong with this payment. It is tried again.
            raise
        except Refusal:
            return await self._review(order, payment, CaseKind.NOT_CREDITED), None
        # Crediting is idempotent, so the receipt names the payment that came first.
        if facts_of(receipt)["external"] != payment.external_id:
            await self._cases.open(_case(order, payment, CaseKind.PAID_TWICE, self._clock()))
        elif contact.last_seen_state is not OrderState.CREDITED:
            await self._cases.open_if(_beyond_limit, order, _case(order, payment, CaseKind.OVER_LIMIT, self._clock()))
        return replace(order, state=OrderState.CREDITED), receipt

    async def _review(self, order: Order, payment: PaymentState, kind: CaseKind) -> Order:
        order = replace(order, state=OrderState.REVIEW)
        await self._cases.open_if(_put_in_review, order, _case(order, payment, kind, self._clock()))
        return order

    async def _open_unmatched(self, payment: PaymentState, candidates: list[Order]) -> None:
        """Open a case in each guild that a payment may be meant for; raise UnmatchedPayment if there is none."""
        reference = payment.reference
        guild_ids = {order.guild_id for order in candidates}
        kind = CaseKind.UNCLEAR
        if not guild_ids and reference is not None and reference.guild_id is not None:
            kind = CaseKind.NO_ORDER
            if await self._database.read(guilds.rules, reference.guild_id):
                guild_ids = {reference.guild_id}
        if reference is None or not guild_ids:
            raise UnmatchedPayment(f"it refers to {reference or 'no order'}, which no guild has")
        for guild_id in sorted(guild_ids):
            await self._cases.open(
                PaymentCase(
                    guild_id,
                    payment.provider,
                    payment.external_id,
                    kind,
                    reference.order_id,
                    payment.amount_minor,
                    payment.currency,
                    self._clock(),
                )
            )

    async def _notify(self, settlement: Settlement) -> None:
        """Call the listeners once for each state of an order. It is noted only after they return."""
        order = settlement.order
        if settlement.contact.last_seen_state is order.state:
            return
        for listener in self._listeners:
            await listener(settlement)
        await self._database.writer.perform(orders.mark_seen, order.guild_id, order.order_id, order.state)


def _matching(connection: Connection, payment: PaymentState) -> list[tuple[Order, Contact]]:
    """Return the orders that a payment may be for; only one if its checkout identifies it."""
    reference = payment.reference
    if reference is None:
        return []
    ids = [(guild_id, reference.order_id) for guild_id in orders.guilds_of(connection, reference)]
    matches = [*orders.orders_of(connection, ids).values()]
    checkout = (payment.provider, payment.external_id)
    exact = [order for order in matches if (order.provider, order.external_id) == checkout]
    # Without an exact match, every order with this reference is a candidate.
    best = exact if len(exact) == 1 else matches
    return [(order, orders.contact(connection, order.guild_id, order.order_id)) for order in best]


def _case(order: Order, payment: PaymentState, kind: CaseKind, now_ms: int) -> PaymentCase:
    return PaymentCase(
        order.guild_id,
        payment.provider,
        payment.external_id,
        kind,
        order.order_id,
        payment.amount_minor,
        payment.currency,
        now_ms,
    )


def _put_in_review(connection: Connection, order: Order, case: PaymentCase) -> bool:
    guilds.lock(connection, order.guild_id)
    orders.update(connection, order)
    return payment_cases.open_case(connection, case)


def _beyond_limit(connection: Connection, order: Order, case: PaymentCase) -> bool:
    """Open a case if a member has more credited orders of a package than allowed, not counting those with a case."""
    guilds.lock(connection, order.guild_id)
    package = packages.package(connection, order.guild_id, order.package_id)
    if package is None or package.limit is None:
        return False
    purchase_key = (order.guild_id, order.member_id, order.package_id)
    credited = orders.count(connection, *purchase_key, {OrderState.CREDITED})
    if credited - payment_cases.over_limit(connection, order) <= package.limit:
        return False
    return payment_cases.open_case(connection, case)
