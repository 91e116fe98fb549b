"""The store of further ids of orders' payments at their providers, besides those of their checkouts."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from bot.domain.orders import Order
from bot.storage.sql.rows import insert_new
from bot.storage.sql.tables import payment_ids as table
from bot.storage.stores import orders


def note(c: Connection, order: Order, other_ids: Collection[str]) -> None:
    """Note further ids of an order's payment."""
    for other_id in other_ids:
        key = {"guild_id": order.guild_id, "provider": order.provider, "other_id": other_id}
        insert_new(c, table, key | {"order_id": order.order_id})


def orders_of(c: Connection, provider: str, other_id: str) -> list[Order]:
    """Return the orders whose payment has this id: at most one in each guild, and none if the provider never named the
    id."""
    query = select(table.c.guild_id, table.c.order_id).where(table.c.other_id == other_id, table.c.provider == provider)
    ids = [(guild_id, order_id) for guild_id, order_id in c.execute(query)]
    return [*orders.orders_of(c, ids).values()]
