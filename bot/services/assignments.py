"""Payments that name no order: staff say whose they are."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.domain.confirmation_errors import PaymentAssigned
from bot.domain.errors import NotFound
from bot.domain.noted_payments import NO_ORDER, NotedPayment
from bot.domain.order_states import MONEY_CAME, UNDECIDED, OrderState
from bot.domain.orders import Contact, Order, paid_again
from bot.domain.packages import Package
from bot.domain.payment_cases import CaseKind, Outcome, PaymentCase, check_not_own
from bot.domain.staff_errors import CaseDecided
from bot.services.payment_events import PaymentEvents
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.stores import (
    claim_codes,
    guilds,
    noted_payments,
    orders,
    packages,
    payment_cases,
    payment_events,
)

log = logging.getLogger(__name__)

MOST_ORDERS = 25
"""The most waiting orders that staff can choose from: as many as a menu has room for."""

NO_CONSENT = 0
"""The consent version of orders that staff open for their buyers."""


@dataclass(frozen=True, slots=True)
class Assignable:
    """A payment without an order, and what it may be for: orders with their codes, and packages, the likeliest
    first."""

    case: PaymentCase
    payment: NotedPayment
    orders: tuple[tuple[str, Order], ...]
    packages: tuple[Package, ...]


class Assignments:
    """The use-cases of assigning payments."""

    def __init__(self, database: Database, clock: Callable[[], int], events: PaymentEvents) -> None:
        self._database = database
        self._clock = clock
        self._events = events

    async def find(self, guild_id: int, case_id: int) -> Assignable | None:
        """Return the payment of a case with what it may be for, None if it belongs to an order."""
        return await self._database.read(_assignable, guild_id, case_id)

    async def assign(self, guild_id: int, case_id: int, order_id: int, by: int) -> None:
        """Assign the payment of a case to an order that waits for one. It is then settled like any other.

        Raises NotFound, CaseDecided, PaymentAssigned, or OwnCase for an order of their own.
        """
        await self._database.writer.perform(_assign, guild_id, case_id, order_id, by, self._clock())
        self._conclude(guild_id, case_id, order_id, by)

    async def assign_to_member(
        self, guild_id: int, case_id: int, *, member_id: int, package_id: int, locale: str, by: int
    ) -> int:
        """Open an order of a package for a member, at today's price, and assign the payment of a case to it.

        Return the id of the order. Raises NotFound, CaseDecided, PaymentAssigned, or OwnCase if `by` is that member.
        """
        args = (guild_id, case_id, member_id, package_id, locale, by, self._clock())
        order_id = await self._database.writer.perform(_assign_to_member, *args)
        self._conclude(guild_id, case_id, order_id, by)
        return order_id

    def _conclude(self, guild_id: int, case_id: int, order_id: int, by: int) -> None:
        self._events.wake()
        log.info("Member %s assigned case %s of guild %s to order %s", by, case_id, guild_id, order_id)


def _assignable(connection: Connection, guild_id: int, case_id: int) -> Assignable | None:
    case = payment_cases.case(connection, guild_id, case_id)
    if case is None:
        raise NotFound("case")
    if case.kind is not CaseKind.NO_ORDER:
        return None
    payment = noted_payments.payment(connection, case.provider, case.external_id)
    # If the amount of a payment cannot be read, nobody knows what it pays for.
    if payment is None or payment.order_id != NO_ORDER or not payment.amount_minor:
        return None

    def is_unlikely(order: Order) -> bool:
        return (order.price_minor, order.currency) != (payment.amount_minor, payment.currency)

    waiting = orders.at_provider(connection, guild_id, payment.provider, UNDECIDED)
    by_likelihood = sorted(waiting, key=is_unlikely)
    shelf = packages.packages(connection, guild_id)
    return Assignable(
        case,
        payment,
        tuple(
            (claim_codes.code_of(connection, guild_id, order.order_id) or "", order)
            for order in by_likelihood[:MOST_ORDERS]
        ),
        tuple(sorted(shelf, key=lambda package: _unlikeness(package, payment))),
    )


def _unlikeness(package: Package, payment: NotedPayment) -> tuple[bool, bool]:
    is_other_product = not payment.product or package.reference != payment.product
    return is_other_product, (package.price_minor, package.currency) != (payment.amount_minor, payment.currency)


def _assign(connection: Connection, guild_id: int, case_id: int, order_id: int, by: int, now_ms: int) -> None:
    case, payment = _unassigned(connection, guild_id, case_id)
    order = orders.order(connection, guild_id, order_id)
    if order is None or order.provider != payment.provider or order.state in MONEY_CAME:
        raise NotFound("order")
    _settle_for(connection, case, payment, order, by, now_ms)


def _assign_to_member(
    connection: Connection,
    guild_id: int,
    case_id: int,
    member_id: int,
    package_id: int,
    locale: str,
    by: int,
    now_ms: int,
) -> int:
    case, payment = _unassigned(connection, guild_id, case_id)
    package = packages.package(connection, guild_id, package_id)
    if package is None:
        raise NotFound("package")
    draft = Order(
        guild_id,
        NO_ORDER,
        member_id,
        package_id,
        package.total,
        package.price_minor,
        package.currency,
        payment.provider,
        test=False,
        consented_ms=now_ms,
        state=OrderState.OPEN,
        consent_version=NO_CONSENT,
    )
    order = paid_again(draft, payment.observation)
    orders.insert(connection, order, Contact(locale, None))
    claim_codes.issue(connection, guild_id, order.order_id)
    _settle_for(connection, case, payment, order, by, now_ms)
    return order.order_id


def _unassigned(connection: Connection, guild_id: int, case_id: int) -> tuple[PaymentCase, NotedPayment]:
    guilds.lock(connection, guild_id)
    case = payment_cases.case(connection, guild_id, case_id)
    if case is None or case.kind is not CaseKind.NO_ORDER:
        raise NotFound("case")
    payment = noted_payments.payment(connection, case.provider, case.external_id)
    if payment is None:
        raise NotFound("payment")
    if payment.order_id != NO_ORDER:
        raise PaymentAssigned
    if case.outcome is not Outcome.NONE:
        raise CaseDecided(case_id)
    return case, payment


def _settle_for(
    connection: Connection, case: PaymentCase, payment: NotedPayment, order: Order, by: int, now_ms: int
) -> None:
    # A payment without a code belongs to nobody yet, so staff could take it for themselves.
    check_not_own(order, by)
    noted_payments.save(connection, replace(payment, order_id=order.order_id))
    # An event of its own: that of the notice was handled when the case was opened.
    event_id = f"assigned:{payment.external_id}"
    payment_events.record(connection, payment.provider, event_id, payment.external_id, now_ms)
    payment_cases.decide(connection, replace(case, outcome=Outcome.ASSIGNED, decided_ms=now_ms, decided_by=by))
