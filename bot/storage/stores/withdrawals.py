"""The store of withdrawals: what a buyer gave back, and whether the money has been sent."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, insert, select, update

from bot.domain.deadlines import refund_of
from bot.domain.ledger.books import Books
from bot.domain.ledger.reversal import OrderWithdrawn
from bot.domain.order_states import OrderState
from bot.domain.withdrawals import Withdrawal
from bot.storage.ledger.projections import register_saves
from bot.storage.sql.tables import orders
from bot.storage.sql.tables import withdrawals as table
from bot.storage.stores import deadlines
from bot.storage.stores.orders import mark_seen

_COLUMNS = (table.c.order_id, table.c.coins, table.c.amount_minor, table.c.currency)


def withdrawal(c: Connection, guild_id: int, order_id: int) -> Withdrawal | None:
    """Return the withdrawal from an order, None if there is none."""
    row = c.execute(select(*_COLUMNS).where(*_same(guild_id, order_id))).one_or_none()
    return None if row is None else Withdrawal(*row)


def unsent_since(c: Connection, guild_id: int, order_id: int) -> int | None:
    """Return when a buyer withdrew from an order whose money has not been sent, None if there is nothing to send."""
    unsent = (*_same(guild_id, order_id), table.c.is_sent == 0)
    return c.execute(select(table.c.withdrawn_ms).where(*unsent)).scalar_one_or_none()


def mark_sent(c: Connection, guild_id: int, order_id: int) -> None:
    """Note that the money is on its way, or that staff send it."""
    c.execute(update(table).where(*_same(guild_id, order_id)).values(is_sent=1))


def _same(guild_id: int, order_id: int) -> tuple[ColumnElement[bool], ...]:
    return table.c.guild_id == guild_id, table.c.order_id == order_id


def _save(c: Connection, effects: Sequence[tuple[int, OrderWithdrawn]], _books: Books) -> None:
    for guild_id, effect in effects:
        order_id = effect.withdrawal.order_id
        values = {"guild_id": guild_id, "withdrawn_ms": effect.at_ms, "is_sent": 0} | effect.withdrawal._asdict()
        c.execute(insert(table).values(values))
        same = (orders.c.guild_id == guild_id, orders.c.order_id == order_id)
        c.execute(update(orders).where(*same).values(state=OrderState.WITHDRAWN.value))
        # The buyer sees it in the reply.
        mark_seen(c, guild_id, order_id, OrderState.WITHDRAWN)
        deadlines.put(c, refund_of(guild_id, order_id))


register_saves({OrderWithdrawn: _save})
