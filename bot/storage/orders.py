"""Orders: purchases from the buyer's yes to the coins."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, func, select
from sqlalchemy import insert as insert_into
from sqlalchemy import update as update_in

from bot.domain.orders import Order, OrderState
from bot.storage.rows import columns_of, values_of
from bot.storage.statements import Lookup
from bot.storage.tables import UNDECIDED
from bot.storage.tables import orders as table

_SELECT = select(*columns_of(table, Order))
_ORDERS = Lookup(_SELECT, (table.c.guild_id, table.c.order_id))


def insert(c: Connection, order: Order, reply_token: str) -> None:
    """Insert an order. `reply_token` answers the interaction that made it, for as long as Discord takes it."""
    c.execute(insert_into(table).values(**values_of(order), reply_token=reply_token))


def order(c: Connection, guild_id: int, order_id: int) -> Order | None:
    """Return one order of a guild."""
    return orders_of(c, [(guild_id, order_id)]).get((guild_id, order_id))


def by_id(c: Connection, order_id: int) -> Order | None:
    """Return an order by its id alone, for a payment provider that knows no guilds."""
    row = c.execute(_SELECT.where(table.c.order_id == order_id)).one_or_none()
    return _order(row) if row else None


def orders_of(c: Connection, ids: Collection[tuple[int, int]]) -> dict[tuple[int, int], Order]:
    """Return the orders of `ids`, (guild id, order id) each, that exist."""
    return {(order.guild_id, order.order_id): order for order in map(_order, _ORDERS.rows(c, ids))}


def update(c: Connection, order: Order) -> None:
    """Keep an order's state and external id. One whose coins were credited stays credited."""
    state = case((table.c.state == OrderState.CREDITED.value, table.c.state), else_=order.state.value)
    c.execute(
        update_in(table)
        .where(*_same(order.guild_id, order.order_id))
        .values(state=state, external_id=order.external_id)
    )


def waiting(c: Connection, provider: str, since_ms: int) -> list[Order]:
    """Return a provider's orders since `since_ms` whose payment is not decided, the oldest first."""
    query = _SELECT.where(table.c.provider == provider, table.c.consented_ms >= since_ms, UNDECIDED)
    return [_order(row) for row in c.execute(query.order_by(table.c.consented_ms, table.c.order_id))]


def credited_count(c: Connection, guild_id: int, member_id: int, package_id: int) -> int:
    """Return how often a member has bought a package."""
    query = select(func.count()).where(
        table.c.guild_id == guild_id,
        table.c.member_id == member_id,
        table.c.package_id == package_id,
        table.c.state == OrderState.CREDITED.value,
    )
    return c.execute(query).scalar_one()


def reply_token(c: Connection, guild_id: int, order_id: int) -> str | None:
    """Return the token that edits the buyer's panel, None once it was forgotten."""
    return c.execute(select(table.c.reply_token).where(*_same(guild_id, order_id))).scalar_one_or_none()


def forget_reply_token(c: Connection, guild_id: int, order_id: int) -> None:
    """Forget one order's token: the buyer has been told."""
    c.execute(update_in(table).where(*_same(guild_id, order_id)).values(reply_token=None))


def forget_reply_tokens(c: Connection, before_ms: int) -> None:
    """Forget the tokens of orders made before `before_ms`: Discord takes them for fifteen minutes only."""
    old = (table.c.reply_token.is_not(None), table.c.consented_ms < before_ms)
    c.execute(update_in(table).where(*old).values(reply_token=None))


def _same(guild_id: int, order_id: int) -> tuple[ColumnElement[bool], ...]:
    return (table.c.guild_id == guild_id, table.c.order_id == order_id)


def _order(row: Row[*tuple[Any, ...]]) -> Order:
    *values, test, consented_ms, state, external_id = row
    return Order(*values, test=bool(test), consented_ms=consented_ms, state=OrderState(state), external_id=external_id)
