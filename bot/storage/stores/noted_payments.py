"""The store of payments that no provider can be asked about, and of who confirmed those that staff see to."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select
from sqlalchemy import insert as insert_into

from bot.domain.confirmations import Confirmation
from bot.domain.noted_payments import NotedPayment
from bot.domain.orders import Order, PaymentStatus
from bot.storage.sql.rows import columns_of, insert_new, upsert, values_of
from bot.storage.sql.tables import confirmations
from bot.storage.sql.tables import noted_payments as table

_SELECT = select(*columns_of(table, NotedPayment))


def note(c: Connection, payment: NotedPayment) -> bool:
    """Note a payment; return False if it was noted before."""
    return insert_new(c, table, _values(payment))


def save(c: Connection, payment: NotedPayment) -> None:
    """Note a payment, or replace what is noted of it."""
    upsert(c, table, _values(payment))


def payment(c: Connection, provider: str, external_id: str) -> NotedPayment | None:
    """Return what is noted about a payment, None if nothing is."""
    query = _SELECT.where(table.c.provider == provider, table.c.external_id == external_id)
    return next((_payment(row) for row in c.execute(query)), None)


def payment_of(c: Connection, order: Order) -> NotedPayment | None:
    """Return what is noted about the first payment that names an order, None if nothing is."""
    same = (table.c.guild_id == order.guild_id, table.c.order_id == order.order_id, table.c.provider == order.provider)
    return next((_payment(row) for row in c.execute(_SELECT.where(*same).order_by(table.c.noted_ms).limit(1))), None)


def confirm(c: Connection, confirmation: Confirmation) -> None:
    """Record that a member of staff has confirmed the payment of an order."""
    c.execute(insert_into(confirmations).values(values_of(confirmation)))


def confirmations_of(c: Connection, guild_id: int, order_ids: Collection[int]) -> list[Confirmation]:
    """Return the confirmations of these orders, oldest first."""
    query = select(*columns_of(confirmations, Confirmation)).where(
        confirmations.c.guild_id == guild_id, confirmations.c.order_id.in_(order_ids)
    )
    by_time = query.order_by(confirmations.c.confirmed_ms, confirmations.c.member_id)
    return [Confirmation(*row) for row in c.execute(by_time)]


def order_confirmed_under(c: Connection, guild_id: int, reference: str) -> int | None:
    """Return the order that was confirmed under a payment's number, in capitals or not; None if there is none."""
    # Outside of ASCII the two databases disagree about capitals. Numbers of payments have no such letters.
    query = select(confirmations.c.order_id).where(
        confirmations.c.guild_id == guild_id, func.lower(confirmations.c.reference) == reference.lower()
    )
    return c.execute(query.limit(1)).scalar()


def withdraw_confirmations(c: Connection, guild_id: int, order_id: int) -> None:
    """Forget that anybody has confirmed the payment of an order."""
    c.execute(delete(confirmations).where(confirmations.c.guild_id == guild_id, confirmations.c.order_id == order_id))


def _values(payment: NotedPayment) -> dict[str, Any]:
    return values_of(payment) | {"status": payment.status.value}


def _payment(row: Row[*tuple[Any, ...]]) -> NotedPayment:
    payment = NotedPayment(*row)
    return replace(payment, status=PaymentStatus(payment.status))
