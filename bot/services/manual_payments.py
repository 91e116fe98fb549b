"""Payments that staff handle: they say whether the money arrived, and record what they sent back."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.domain.buying_errors import OrderEnded
from bot.domain.claim_codes import codes_in
from bot.domain.confirmation_errors import PaymentDecided, ReferenceUsed, RefundChanged
from bot.domain.confirmations import Confirmation, confirm
from bot.domain.errors import NotFound
from bot.domain.ids import id_in
from bot.domain.noted_payments import NotedPayment
from bot.domain.order_states import MONEY_CAME, UNPAID, OrderState
from bot.domain.orders import Order, PaymentStatus
from bot.domain.payment_cases import CaseKind, Outcome, PaymentCase, check_not_own
from bot.domain.staff_acts import ActKind, StaffAct, Values
from bot.payments.noted import ManualProvider
from bot.services.payment_events import PaymentEvents
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.stores import (
    claim_codes,
    guild_providers,
    guilds,
    noted_payments,
    orders,
    payment_cases,
    payment_events,
    staff_acts,
)

log = logging.getLogger(__name__)

MANUAL = ManualProvider.name


@dataclass(frozen=True, slots=True)
class HandledOrder:
    """An order that staff handle: its code, what is noted about its payment, and who has confirmed it.

    That takes `needed` people. The order of a second payment has no code.
    """

    order: Order
    code: str
    payment: NotedPayment | None
    confirmations: tuple[Confirmation, ...]
    needed: int

    @property
    def is_undecided(self) -> bool:
        """Whether staff can still say that the money arrived, even for an order that they had given up."""
        return self.order.provider == MANUAL and not is_paid(self.order, self.payment)

    def is_confirmed_by(self, member_id: int) -> bool:
        """Whether a member is among those who have confirmed it."""
        return any(confirmation.member_id == member_id for confirmation in self.confirmations)


class ManualPayments:
    """The use-cases of payments that staff handle."""

    def __init__(self, database: Database, clock: Callable[[], int], events: PaymentEvents) -> None:
        self._database = database
        self._clock = clock
        self._events = events

    async def find(self, guild_id: int, order_id: int) -> HandledOrder:
        """Return an order with what is known about its payment; raise NotFound."""
        return await self._database.read(_handled_order, guild_id, order_id)

    async def find_by_payment(self, guild_id: int, provider: str, external_id: str) -> HandledOrder | None:
        """Return the order that has a noted payment, None if there is none."""
        return await self._database.read(_order_with_payment, guild_id, provider, external_id)

    async def find_named(self, guild_id: int, text: str) -> HandledOrder:
        """Return the order whose claim code appears in `text`, or whose number it is; raise NotFound."""
        return await self._database.read(_named_order, guild_id, text)

    async def claim_sent(self, guild_id: int, order_id: int, member_id: int) -> Order:
        """Note that a buyer says they have sent the money, and open a case for staff. May be repeated.

        Raises NotFound, or OrderEnded if the order waits for no payment.
        """
        order = await self._database.writer.perform(_claim_sent, guild_id, order_id, member_id, self._clock())
        self._events.wake()
        return order

    async def confirm(self, guild_id: int, order_id: int, by: int, reference: str = "") -> HandledOrder:
        """Confirm that the money for an order arrived, under the payment number that the first person gives.

        Once enough people have confirmed, the payment is settled. Raises NotFound, PaymentDecided, ReferenceUsed, and
        what `bot.domain.confirmations.confirm` raises.
        """
        now_ms = self._clock()
        handled = await self._database.writer.perform(_confirm, guild_id, order_id, by, reference, now_ms)
        log.info("Member %s confirmed the payment of order %s of guild %s", by, order_id, guild_id)
        self._events.wake()
        return handled

    async def deny(self, guild_id: int, order_id: int, by: int) -> HandledOrder:
        """Say that the money for an order did not arrive. It can still be confirmed later.

        Raises NotFound, PaymentDecided, or OwnCase.
        """
        handled = await self._database.writer.perform(_deny, guild_id, order_id, by, self._clock())
        log.info("Member %s denied the payment of order %s of guild %s", by, order_id, guild_id)
        self._events.wake()
        return handled

    async def record_refund(
        self, guild_id: int, order_id: int, by: int, *, amount_minor: int, refunded_minor: int
    ) -> HandledOrder:
        """Record that `amount_minor` of a payment was sent back, beside the `refunded_minor` that `by` saw.

        Raises NotFound, OwnCase, or RefundChanged if another refund was recorded meanwhile, or less than `amount_minor`
        is left.
        """
        sums = (amount_minor, refunded_minor)
        handled = await self._database.writer.perform(_record_refund, guild_id, order_id, *sums, by, self._clock())
        log.info("Member %s sent money of order %s of guild %s back", by, order_id, guild_id)
        self._events.wake()
        return handled


def is_paid(order: Order, payment: NotedPayment | None) -> bool:
    """Whether the money for an order has arrived, as far as known."""
    is_noted = payment is not None and payment.status is PaymentStatus.PAID
    return is_noted or order.state in MONEY_CAME or order.state is OrderState.REVIEW


def _handled_order(connection: Connection, guild_id: int, order_id: int) -> HandledOrder:
    order = orders.order(connection, guild_id, order_id)
    if order is None:
        raise NotFound("order")
    return HandledOrder(
        order,
        claim_codes.code_of(connection, guild_id, order_id) or "",
        # A payment that has just been assigned is not settled yet, so its order does not name it.
        noted_payments.payment(connection, order.provider, order.external_id)
        or noted_payments.payment_of(connection, order),
        tuple(noted_payments.confirmations_of(connection, guild_id, [order_id])),
        guild_providers.confirmations(connection, guild_id, order.provider),
    )


def _order_with_payment(connection: Connection, guild_id: int, provider: str, external_id: str) -> HandledOrder | None:
    if noted_payments.payment(connection, provider, external_id) is None:
        return None
    owners = [order for order in orders.at_checkout(connection, provider, external_id) if order.guild_id == guild_id]
    return _handled_order(connection, guild_id, owners[0].order_id) if owners else None


def _named_order(connection: Connection, guild_id: int, text: str) -> HandledOrder:
    ids = {*claim_codes.orders_with(connection, guild_id, codes_in(text)).values()}
    if (number := id_in(text)) is not None:
        ids.add(number)
    if len(ids) != 1:
        raise NotFound("order")
    return _handled_order(connection, guild_id, ids.pop())


def _undecided(connection: Connection, guild_id: int, order_id: int) -> HandledOrder:
    guilds.lock(connection, guild_id)
    handled = _handled_order(connection, guild_id, order_id)
    if handled.order.provider != MANUAL:
        raise NotFound("order")
    if not handled.is_undecided:
        raise PaymentDecided(handled.code)
    return handled


def _claim_sent(connection: Connection, guild_id: int, order_id: int, member_id: int, now_ms: int) -> Order:
    handled = _undecided(connection, guild_id, order_id)
    order = handled.order
    if order.member_id != member_id:
        raise NotFound("order")
    if order.state not in UNPAID | {OrderState.PENDING}:
        raise OrderEnded
    if handled.payment is None:
        _note(connection, order, PaymentStatus.PENDING, now_ms)
        payment_cases.open_case(connection, _case(order, now_ms))
    return order


def _confirm(
    connection: Connection, guild_id: int, order_id: int, by: int, reference: str, now_ms: int
) -> HandledOrder:
    handled = _undecided(connection, guild_id, order_id)
    confirmation, is_complete = confirm(
        handled.order, handled.confirmations, by=by, reference=reference, needed=handled.needed, now_ms=now_ms
    )
    if confirmation is not None:
        other_id = noted_payments.order_confirmed_under(connection, guild_id, confirmation.reference)
        if other_id is not None and other_id != order_id:
            raise ReferenceUsed(claim_codes.code_of(connection, guild_id, other_id) or "")
        noted_payments.confirm(connection, confirmation)
        _keep(connection, handled.order, by, now_ms, {}, {"confirmed": confirmation.reference})
    if is_complete:
        _note(connection, handled.order, PaymentStatus.PAID, now_ms)
        _decide(connection, handled.order, Outcome.CONFIRMED, by, now_ms)
    else:
        # The next person who has to confirm finds it there, even if the buyer never said that they had paid.
        payment_cases.open_case(connection, _case(handled.order, now_ms))
    return _handled_order(connection, guild_id, order_id)


def _deny(connection: Connection, guild_id: int, order_id: int, by: int, now_ms: int) -> HandledOrder:
    handled = _undecided(connection, guild_id, order_id)
    check_not_own(handled.order, by)
    noted_payments.withdraw_confirmations(connection, guild_id, order_id)
    _note(connection, handled.order, PaymentStatus.FAILED, now_ms)
    _decide(connection, handled.order, Outcome.NOT_PAID, by, now_ms)
    _keep(connection, handled.order, by, now_ms, {}, {"denied": 1})
    return _handled_order(connection, guild_id, order_id)


def _record_refund(
    connection: Connection, guild_id: int, order_id: int, amount_minor: int, refunded_minor: int, by: int, now_ms: int
) -> HandledOrder:
    guilds.lock(connection, guild_id)
    handled = _handled_order(connection, guild_id, order_id)
    check_not_own(handled.order, by)
    payment = handled.payment
    if payment is None or not payment.left_minor:
        raise NotFound("payment")
    if payment.refunded_minor != refunded_minor or not 0 < amount_minor <= payment.left_minor:
        raise RefundChanged(payment.left_minor, payment.currency)
    sent_minor = refunded_minor + amount_minor
    _settle(connection, replace(payment, refunded_minor=sent_minor), now_ms)
    sums = {"refunded_minor": refunded_minor}, {"refunded_minor": sent_minor, "currency": payment.currency}
    _keep(connection, handled.order, by, now_ms, *sums)
    return _handled_order(connection, guild_id, order_id)


def _keep(connection: Connection, order: Order, by: int, now_ms: int, before: Values, after: Values) -> None:
    """Record in the staff log what somebody said about the payment of an order."""
    act = StaffAct(by, ActKind.PAYMENT, now_ms, str(order.order_id), order.member_id, before, after)
    staff_acts.add(connection, order.guild_id, act)


def _note(connection: Connection, order: Order, status: PaymentStatus, now_ms: int) -> None:
    payment = NotedPayment(
        MANUAL,
        str(order.reference),
        order.guild_id,
        order.order_id,
        status,
        order.price_minor,
        order.currency,
        now_ms,
        code=claim_codes.code_of(connection, order.guild_id, order.order_id) or "",
    )
    _settle(connection, payment, now_ms)


def _settle(connection: Connection, payment: NotedPayment, now_ms: int) -> None:
    """Save what is noted, and queue it like any provider's event, so that it is settled even if the bot stops right
    now."""
    noted_payments.save(connection, payment)
    # Staff may change their minds, so one payment may be denied twice.
    event_id = f"{payment.observation.event_id}:{now_ms}"
    payment_events.record(connection, payment.provider, event_id, payment.external_id, now_ms)


def _case(order: Order, now_ms: int) -> PaymentCase:
    return PaymentCase(
        order.guild_id,
        MANUAL,
        str(order.reference),
        CaseKind.AWAITING,
        order.order_id,
        order.price_minor,
        order.currency,
        now_ms,
    )


def _decide(connection: Connection, order: Order, outcome: Outcome, by: int, now_ms: int) -> None:
    """Close the case of an order, if it has one: only a buyer who says that they have paid opens one."""
    case = replace(_case(order, now_ms), outcome=outcome, decided_ms=now_ms, decided_by=by)
    payment_cases.decide(connection, case)
