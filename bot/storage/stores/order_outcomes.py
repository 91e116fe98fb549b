"""When orders came to their state, as far as the books say: an order itself keeps only when it began."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, FromClause, func, select

from bot.domain.order_states import OrderState
from bot.domain.orders import Order
from bot.domain.payment_cases import CaseKind
from bot.storage.ledger import journal
from bot.storage.sql.tables import order_refunds, payment_cases, withdrawals

_Times = Mapping[int, int]
"""Times in milliseconds by order id."""


def outcomes(c: Connection, guild_id: int, orders: Collection[Order]) -> dict[int, int]:
    """Return the times in milliseconds by order id, without orders that have come to nothing yet."""
    by_state = {
        OrderState.REVIEW: lambda: _last(c, payment_cases, "opened_ms", guild_id, orders),
        OrderState.CREDITED: lambda: _credits(c, guild_id, orders),
        OrderState.ACKNOWLEDGED: lambda: _credits(c, guild_id, orders),
        OrderState.PARTIALLY_REFUNDED: lambda: _last(c, order_refunds, "at_ms", guild_id, orders),
        OrderState.REFUNDED: lambda: _last(c, order_refunds, "at_ms", guild_id, orders),
        OrderState.WITHDRAWN: lambda: _last(c, withdrawals, "withdrawn_ms", guild_id, orders),
        OrderState.DISPUTED: lambda: _last(c, _DISPUTES, "opened_ms", guild_id, orders),
        OrderState.WON: lambda: _last(c, _DISPUTES, "decided_ms", guild_id, orders),
        OrderState.LOST: lambda: _last(c, _DISPUTES, "decided_ms", guild_id, orders),
    }
    times: dict[int, int] = {}
    for state in {order.state for order in orders} & by_state.keys():
        of_state = by_state[state]()
        times |= {each.order_id: of_state.get(each.order_id, 0) for each in orders if each.state is state}
    return {order_id: at_ms for order_id, at_ms in times.items() if at_ms}


_DISPUTES = select(payment_cases).where(payment_cases.c.kind == CaseKind.DISPUTED.value).subquery()


def _credits(c: Connection, guild_id: int, orders: Collection[Order]) -> _Times:
    at_ms = {row.key: row.at_ms for row in journal.recorded(c, [(guild_id, order.key) for order in orders])}
    return {order.order_id: at_ms.get(order.key, 0) for order in orders}


def _last(c: Connection, table: FromClause, column: str, guild_id: int, orders: Collection[Order]) -> _Times:
    """Return the last of the times in a column of what a table says of orders."""
    order_id = table.c.order_id
    query = select(order_id, func.max(table.c[column])).group_by(order_id)
    query = query.where(table.c.guild_id == guild_id, order_id.in_([order.order_id for order in orders]))
    rows: Collection[Any] = c.execute(query).all()
    return {number: int(at_ms) for number, at_ms in rows}
