"""The store of product purchases. Each is recorded once, and pays at most one order in all guilds."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, select, update

from bot.domain.orders import Order
from bot.domain.product_purchases import PurchaseRecord, Worth
from bot.storage.sql.rows import columns_of, insert_new, values_of
from bot.storage.sql.tables import UNASSIGNED
from bot.storage.sql.tables import product_purchases as table

_SELECT = select(*columns_of(table, PurchaseRecord))


def insert(c: Connection, record: PurchaseRecord) -> bool:
    """Insert a purchase; return False if it is recorded already."""
    return insert_new(c, table, values_of(record) | {"is_revoked": int(record.is_revoked)})


def find(c: Connection, provider: str, external_id: str) -> PurchaseRecord | None:
    """Return one purchase, None if it is not recorded."""
    query = _SELECT.where(table.c.provider == provider, table.c.external_id == external_id)
    return next((_record(row) for row in c.execute(query)), None)


def unassigned(c: Connection, member_id: int) -> list[PurchaseRecord]:
    """Return the purchases of a member that have paid no order and did not go back, oldest first."""
    query = _SELECT.where(table.c.member_id == member_id, UNASSIGNED)
    return [_record(row) for row in c.execute(query.order_by(table.c.arrived_ms, table.c.external_id))]


def waiting_members(c: Connection) -> set[int]:
    """Return the members with such purchases."""
    return {*c.execute(select(table.c.member_id).where(UNASSIGNED).distinct()).scalars()}


def first_for(c: Connection, order: Order) -> PurchaseRecord | None:
    """Return the oldest purchase that could pay an order, None if there is none."""
    records = unassigned(c, order.member_id)
    return next((it for it in records if (it.provider, it.product) == (order.provider, order.product)), None)


def assign(c: Connection, record: PurchaseRecord, order: Order) -> bool:
    """Record which order a purchase has paid; return False if it has paid one already."""
    changes = {"guild_id": order.guild_id, "order_id": order.order_id}
    where = (table.c.provider == record.provider, table.c.external_id == record.external_id)
    return c.execute(update(table).where(*where, table.c.guild_id.is_(None)).values(changes)).rowcount == 1


def mark_revoked(c: Connection, record: PurchaseRecord) -> None:
    """Record that a purchase went back."""
    where = (table.c.provider == record.provider, table.c.external_id == record.external_id)
    c.execute(update(table).where(*where).values(is_revoked=1))


def _record(row: Row[*tuple[Any, ...]]) -> PurchaseRecord:
    record = PurchaseRecord(*row)
    return replace(record, worth=Worth(record.worth), is_revoked=bool(record.is_revoked))
