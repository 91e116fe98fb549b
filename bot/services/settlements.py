"""Settling: what a provider says of a purchase becomes coins, an end, or something for staff to decide. Once each."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.domain.commands import CreditOrder
from bot.domain.errors import BooksClosed, Busy, Refusal
from bot.domain.orders import Contact, Order, OrderState, PaymentState, after
from bot.domain.payment_cases import CaseKind, PaymentCase
from bot.domain.receipts import Receipt
from bot.services.payment_cases import PaymentCases
from bot.services.payment_events import UnmatchedPayment
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.stores import guilds, orders, packages, payment_cases


@dataclass(frozen=True, slots=True)
class Settled:
    """An order that its buyer has to hear of, and where: its state is the news.

    `receipt` is that of credited coins; `payment` is what the provider said.
    """

    order: Order
    receipt: Receipt | None
    payment: PaymentState | None
    contact: Contact


Listener = Callable[[Settled], Awaitable[None]]


class Settlements:
    """Brings orders in line with what providers say."""

    def __init__(self, database: Database, clock: Callable[[], int], cases: PaymentCases) -> None:
        self._database = database
        self._clock = clock
        self._cases = cases
        self._listeners: list[Listener] = []

    def on_settled(self, listener: Listener) -> None:
        """Call `listener` once an order is decided; again after a crash, if it had not come back before."""
        self._listeners.append(listener)

    async def settle(self, payment: PaymentState) -> None:
        """Bring one order in line with what its provider says. Any number of times; coins are credited once.

        Raises UnmatchedPayment for money that was paid for no order of any guild.
        """
        matches = await self._database.read(_matching, payment)
        if len(matches) == 1:
            await self._settle(*matches[0], payment)
        elif payment.status == "paid":
            await self._open_unmatched(payment, [order for order, _ in matches])

    async def _settle(self, order: Order, contact: Contact, payment: PaymentState) -> None:
        if order.state is OrderState.CREDITED is contact.told and order.external_id == payment.external_id:
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
            await self._tell(Settled(order, receipt, payment, contact))

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
            # Not this payment's fault, and over soon: it is tried again.
            raise
        except Refusal:
            return await self._review(order, payment, CaseKind.NOT_CREDITED), None
        if receipt.facts["external"] != payment.external_id:
            await self._cases.open(_case(order, payment, CaseKind.PAID_TWICE, self._clock()))
        elif contact.told is not OrderState.CREDITED:
            await self._cases.open_if(_beyond_limit, order, _case(order, payment, CaseKind.OVER_LIMIT, self._clock()))
        return replace(order, state=OrderState.CREDITED), receipt

    async def _review(self, order: Order, payment: PaymentState, kind: CaseKind) -> Order:
        order = replace(order, state=OrderState.REVIEW)
        await self._cases.open_if(_put_in_review, order, _case(order, payment, kind, self._clock()))
        return order

    async def _open_unmatched(self, payment: PaymentState, candidates: list[Order]) -> None:
        """Leave a payment to the guilds that it may be meant for; raise UnmatchedPayment if there are none."""
        reference = payment.reference
        guild_ids = {order.guild_id for order in candidates}
        kind = CaseKind.UNCLEAR
        if not guild_ids and reference is not None and reference.guild_id is not None:
            kind = CaseKind.NO_ORDER
            if await self._database.read(guilds.rules, reference.guild_id):
                guild_ids = {reference.guild_id}
        if reference is None or not guild_ids:
            raise UnmatchedPayment(f"it names {reference or 'no order of ours'}, which no guild has")
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

    async def _tell(self, settled: Settled) -> None:
        """Tell the listeners of a state once: it is noted when they have heard."""
        order = settled.order
        if settled.contact.told is order.state:
            return
        for listener in self._listeners:
            await listener(settled)
        await self._database.writer.perform(orders.mark_told, order.guild_id, order.order_id, order.state)


def _matching(c: Connection, payment: PaymentState) -> list[tuple[Order, Contact]]:
    """Return the orders that a payment may be for, the one of its checkout alone where that tells them apart."""
    reference = payment.reference
    if reference is None:
        return []
    ids = [(guild_id, reference.order_id) for guild_id in orders.guilds_of(c, reference)]
    matches = [*orders.orders_of(c, ids).values()]
    checkout = (payment.provider, payment.external_id)
    exact = [order for order in matches if (order.provider, order.external_id) == checkout]
    chosen = exact if len(exact) == 1 else matches
    return [(order, orders.contact(c, order.guild_id, order.order_id)) for order in chosen]


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


def _put_in_review(c: Connection, order: Order, case: PaymentCase) -> bool:
    guilds.lock(c, order.guild_id)
    orders.update(c, order)
    return payment_cases.open_case(c, case)


def _beyond_limit(c: Connection, order: Order, case: PaymentCase) -> bool:
    """Open a case if a member has more credited orders of a package than the guild allows, and than are known."""
    guilds.lock(c, order.guild_id)
    package = packages.package(c, order.guild_id, order.package_id)
    if package is None or package.limit is None:
        return False
    same = (order.guild_id, order.member_id, order.package_id)
    credited = orders.count(c, *same, {OrderState.CREDITED})
    if credited - payment_cases.over_limit(c, order) <= package.limit:
        return False
    return payment_cases.open_case(c, case)
