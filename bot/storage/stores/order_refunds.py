"""The store of what went back of payments, and when: an order itself says only how much it is by now."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from bot.domain.orders import Order
from bot.storage.sql.rows import upsert
from bot.storage.sql.statements import Lookup
from bot.storage.sql.tables import order_refunds as table

_OF_ORDER = Lookup(
    select(table.c.order_id, table.c.at_ms, table.c.refunded_minor), (table.c.guild_id, table.c.order_id)
)


def note(c: Connection, before: Order, order: Order, now_ms: int) -> None:
    """Note how much of a payment has gone back, if that is more or less than before."""
    if order.refunded_minor == before.refunded_minor:
        return
    key = {"guild_id": order.guild_id, "order_id": order.order_id, "at_ms": now_ms}
    upsert(c, table, key | {"refunded_minor": order.refunded_minor})


def until(c: Connection, order_ids: Collection[tuple[int, int]], end_ms: int) -> int:
    """Return how much had gone back of orders, (guild id, order id) each, when `end_ms` came."""
    last: dict[int, tuple[int, int]] = {}
    for order_id, at_ms, refunded_minor in _OF_ORDER.rows(c, order_ids):
        if at_ms < end_ms:
            last[order_id] = max(last.get(order_id, (0, 0)), (at_ms, refunded_minor))
    return sum(refunded_minor for _, refunded_minor in last.values())
