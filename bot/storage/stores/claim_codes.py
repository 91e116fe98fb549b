"""The store of claim codes: each belongs to one order of its guild, for ever."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from bot.domain.claim_codes import claim_codes
from bot.domain.orders import Reference
from bot.storage.sql.rows import insert_new
from bot.storage.sql.tables import claim_codes as table
from bot.storage.stores import guilds


def issue(c: Connection, guild_id: int, order_id: int) -> str:
    """Return the code of an order, which gets one if it has none."""
    guilds.lock(c, guild_id)
    code = code_of(c, guild_id, order_id)
    if code is not None:
        return code
    for free_code in claim_codes(Reference(guild_id, order_id)):
        if insert_new(c, table, {"guild_id": guild_id, "code": free_code, "order_id": order_id}):
            return free_code
    raise AssertionError(f"guild {guild_id} has used up all claim codes that order {order_id} may have")


def code_of(c: Connection, guild_id: int, order_id: int) -> str | None:
    """Return the code of an order, None if it has none."""
    query = select(table.c.code).where(table.c.guild_id == guild_id, table.c.order_id == order_id)
    return c.execute(query).scalar()


def orders_with(c: Connection, guild_id: int, codes: Collection[str]) -> dict[str, int]:
    """Return the orders of those of `codes` that a guild has issued."""
    query = select(table.c.code, table.c.order_id).where(table.c.guild_id == guild_id, table.c.code.in_(codes))
    return {row.code: row.order_id for row in c.execute(query)}
