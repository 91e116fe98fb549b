"""The store of withdrawals: what a buyer gave back, and whether the money has been sent."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, insert, select, update

from bot.domain.deadlines import refund_of
from bot.domain.ledger.books import Books
from bot.domain.ledger.journal import JournalRow
from bot.domain.ledger.reversal import OrderWithdrawn, Reverse
from bot.domain.order_states import OrderState
from bot.domain.orders import Order, price_of
from bot.domain.withdrawals import Withdrawal
from bot.storage.ledger import journal
from bot.storage.ledger.projections import register_check, register_saves
from bot.storage.sql.tables import orders
from bot.storage.sql.tables import withdrawals as table
from bot.storage.stores import deadlines
from bot.storage.stores.orders import mark_seen, orders_of
from bot.storage.stores.payment_cases import as_paid

_COLUMNS = (table.c.order_id, table.c.coins, table.c.amount_minor, table.c.currency)

_PAGE = 500
"""Withdrawals that the audit checks at a time."""


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


def _check(c: Connection, guild_id: int) -> Iterator[tuple[int, str]]:
    """Check that the journal took the coins of each withdrawal, and that no more goes back than they cost."""
    query = select(*_COLUMNS).where(table.c.guild_id == guild_id).order_by(table.c.order_id).limit(_PAGE)
    last_id = 0
    while page := [Withdrawal(*row) for row in c.execute(query.where(table.c.order_id > last_id))]:
        last_id = page[-1].order_id
        yield from _check_page(c, guild_id, page)
    given_back = select(table.c.order_id).where(table.c.guild_id == guild_id)
    withdrawn = (orders.c.guild_id == guild_id, orders.c.state == OrderState.WITHDRAWN.value)
    missing = select(orders.c.order_id).where(*withdrawn, orders.c.order_id.not_in(given_back))
    for order_id in c.execute(missing.order_by(orders.c.order_id)).scalars():
        yield 0, f"order {order_id} is withdrawn, but nobody knows what goes back"


def _check_page(c: Connection, guild_id: int, page: Sequence[Withdrawal]) -> Iterator[tuple[int, str]]:
    purchases = orders_of(c, [(guild_id, each.order_id) for each in page])
    paid_orders = {order.order_id: order for order in as_paid(c, guild_id, [*purchases.values()])}
    rows = {row.key: row for row in journal.recorded(c, [(guild_id, each.key) for each in page])}
    for each in page:
        name, coins = f"the withdrawal from order {each.order_id}", _coins_taken(rows.get(each.key))
        # Staff may have said later that something else was paid.
        terms = (purchases.get((guild_id, each.order_id)), paid_orders.get(each.order_id))
        if coins != each.coins:
            yield 0, f"{name} is of {each.coins} coins, the journal took {coins}"
        elif not any(order is not None and _is_covered(each, order) for order in terms):
            yield 0, f"{name} sends back {each.amount_minor} {each.currency}, which is not what its coins cost"


def _coins_taken(row: JournalRow | None) -> int:
    """Return the coins that a withdrawal's row took: none if it cannot be read, which the audit says elsewhere."""
    try:
        return row.facts.get("part", 0) if row is not None and row.kind == Reverse.kind else 0
    except (ValueError, AttributeError):
        return 0


def _is_covered(withdrawal: Withdrawal, order: Order) -> bool:
    """Whether no more money goes back than what the coins cost by the terms of an order."""
    return withdrawal.currency == order.currency and withdrawal.amount_minor <= price_of(order, withdrawal.coins)


register_saves({OrderWithdrawn: _save})
register_check("withdrawals", _check)
