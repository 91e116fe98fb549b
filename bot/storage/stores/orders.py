"""The store of orders: purchases, from the buyer's consent to the coins."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Text, and_, bindparam, cast, func, literal, or_, select
from sqlalchemy import insert as insert_into
from sqlalchemy import update as update_in

from bot.domain.ledger.books import Books
from bot.domain.ledger.order import CreditOrder, OrderCredited
from bot.domain.order_states import CREDITED, MONEY_CAME, UNPAID, WITHOUT_MONEY, OrderState
from bot.domain.orders import Contact, Order, Reference
from bot.storage.ledger.batch_cache import BatchCache
from bot.storage.ledger.projections import register
from bot.storage.sql.rows import columns_of, values_of
from bot.storage.sql.statements import Lookup
from bot.storage.sql.tables import HOLDS_TOKEN, OF_PRODUCT, bare_references, journal
from bot.storage.sql.tables import orders as table

_SELECT = select(*columns_of(table, Order))
_UNBOUND = (table.c.external_id == "", table.c.state.in_([*UNPAID]))
_BY_ID = Lookup(_SELECT, (table.c.guild_id, table.c.order_id))


def insert(c: Connection, order: Order, contact: Contact) -> None:
    """Insert an order, and how its buyer can be reached."""
    c.execute(insert_into(table).values(**values_of(order), **_contact_values(contact)))


def order(c: Connection, guild_id: int, order_id: int) -> Order | None:
    """Return one order of a guild, None if there is none."""
    return orders_of(c, [(guild_id, order_id)]).get((guild_id, order_id))


def guilds_of(c: Connection, reference: Reference) -> list[int]:
    """Return the guilds that may have the order of a reference: several only if it does not name its guild."""
    if reference.guild_id is not None:
        return [reference.guild_id]
    query = select(bare_references.c.guild_id).where(bare_references.c.order_id == reference.order_id)
    return [*c.execute(query.order_by(bare_references.c.guild_id)).scalars()]


def orders_of(c: Connection, ids: Collection[tuple[int, int]]) -> dict[tuple[int, int], Order]:
    """Return those of the orders `ids`, (guild id, order id) each, that exist."""
    return {(order.guild_id, order.order_id): order for order in map(_order, _BY_ID.rows(c, ids))}


def at_checkout(c: Connection, provider: str, external_id: str) -> list[Order]:
    """Return the orders that have this checkout: more than one only among old ones of different guilds."""
    query = _SELECT.where(table.c.external_id == external_id, table.c.provider == provider)
    return [_order(row) for row in c.execute(query)]


def open_of_product(c: Connection, provider: str, product: str, member_id: int) -> list[Order]:
    """Return a member's unpaid orders of a product in all guilds, without those that a purchase is paying already."""
    conditions = (table.c.member_id == member_id, OF_PRODUCT, table.c.product == product, table.c.provider == provider)
    return [_order(row) for row in c.execute(_SELECT.where(*conditions, *_UNBOUND).order_by(table.c.consented_ms))]


def last_locale(c: Connection, member_id: int) -> str:
    """Return the locale of a member's last order of a product, "" without one."""
    query = select(table.c.locale).where(table.c.member_id == member_id, OF_PRODUCT)
    return c.execute(query.order_by(table.c.consented_ms.desc()).limit(1)).scalar() or ""


def bind(c: Connection, order: Order, external_id: str, *, test: bool) -> bool:
    """Record which purchase pays an order, and whether with play money; return False if the order is not open."""
    values = {"external_id": external_id, "test": int(test)}
    where = (*_same(order.guild_id, order.order_id), *_UNBOUND)
    return c.execute(update_in(table).where(*where).values(values)).rowcount == 1


def update(c: Connection, order: Order) -> None:
    """Save what changes about an order. One whose money came does not become unpaid again."""
    # A settlement may have begun before the coins were credited, and must not undo that.
    values = {
        "state": order.state.value,
        "external_id": order.external_id,
        "report": order.report,
        "refunded_minor": order.refunded_minor,
        "presented_minor": order.presented_minor,
        "presented_currency": order.presented_currency,
    }
    where = list(_same(order.guild_id, order.order_id))
    if order.state not in MONEY_CAME:
        where.append(table.c.state.not_in([state.value for state in MONEY_CAME]))
    c.execute(update_in(table).where(*where).values(values))


def renew(c: Connection, order: Order, consented_ms: int, consent_version: int, contact: Contact) -> None:
    """Record that the buyer accepted an order again, in another panel."""
    c.execute(
        update_in(table)
        .where(*_same(order.guild_id, order.order_id))
        .values(consented_ms=consented_ms, consent_version=consent_version, **_contact_values(contact))
    )


def open_orders(c: Connection, guild_id: int, member_id: int, package_id: int) -> list[Order]:
    """Return a member's unpaid orders of a package, newest first."""
    conditions = (*_of_package(guild_id, member_id, package_id), table.c.state.in_([*UNPAID]))
    return [_order(row) for row in c.execute(_SELECT.where(*conditions).order_by(table.c.consented_ms.desc()))]


def at_provider(c: Connection, guild_id: int, provider: str, states: Collection[OrderState]) -> list[Order]:
    """Return a guild's orders at a provider in these states, newest first."""
    conditions = (table.c.guild_id == guild_id, table.c.provider == provider, table.c.state.in_([*states]))
    return [_order(row) for row in c.execute(_SELECT.where(*conditions).order_by(table.c.consented_ms.desc()))]


def count(c: Connection, guild_id: int, member_id: int, package_id: int, states: Collection[OrderState]) -> int:
    """Return the number of a member's orders of a package that are in `states`."""
    conditions = (*_of_package(guild_id, member_id, package_id), table.c.state.in_([state.value for state in states]))
    return c.execute(select(func.count()).where(*conditions)).scalar_one()


def of_member_since(c: Connection, order: Order, since_ms: int, states: Collection[OrderState]) -> list[Order]:
    """Return the buyer's other orders in `states`, agreed to after `since_ms`: with real money, or only for a test."""
    conditions = (
        table.c.guild_id == order.guild_id,
        table.c.member_id == order.member_id,
        table.c.order_id != order.order_id,
        table.c.test == int(order.test),
        table.c.consented_ms > since_ms,
        table.c.state.in_([state.value for state in states]),
    )
    return [_order(row) for row in c.execute(_SELECT.where(*conditions))]


def of_member(c: Connection, guild_id: int, member_id: int, *, limit: int, offset: int) -> list[Order]:
    """Return some of a member's orders, newest first."""
    where = (table.c.guild_id == guild_id, table.c.member_id == member_id)
    newest_first = (table.c.consented_ms.desc(), table.c.order_id.desc())
    return [_order(row) for row in c.execute(_SELECT.where(*where).order_by(*newest_first).limit(limit).offset(offset))]


def count_of_member(c: Connection, guild_id: int, member_id: int) -> int:
    """Return how many orders a member has made."""
    where = (table.c.guild_id == guild_id, table.c.member_id == member_id)
    return c.execute(select(func.count()).where(*where)).scalar_one()


def undisputed_before(c: Connection, order: Order) -> list[Order]:
    """Return the buyer's earlier orders that were credited and never refunded or disputed, oldest first."""
    states = (OrderState.CREDITED.value, OrderState.ACKNOWLEDGED.value)
    conditions = (
        table.c.guild_id == order.guild_id,
        table.c.member_id == order.member_id,
        table.c.test == int(order.test),
        table.c.consented_ms < order.consented_ms,
        table.c.state.in_(states),
    )
    return [_order(row) for row in c.execute(_SELECT.where(*conditions).order_by(table.c.consented_ms))]


def count_towards_limit(c: Connection, guild_id: int, member_id: int, package_id: int) -> int:
    """Return how many of a member's orders count towards the purchase limit of a package."""
    return count(c, guild_id, member_id, package_id, {*OrderState} - WITHOUT_MONEY)


def contact(c: Connection, guild_id: int, order_id: int) -> Contact:
    """Return how the buyer of an order can be reached, and the last state that they saw."""
    columns = (table.c.locale, table.c.reply_token, table.c.told)
    locale, reply_token, seen_state = c.execute(select(*columns).where(*_same(guild_id, order_id))).one()
    return Contact(locale, reply_token, OrderState(seen_state) if seen_state else None)


def mark_seen(c: Connection, guild_id: int, order_id: int, state: OrderState) -> None:
    """Record that the buyer has seen a state."""
    c.execute(update_in(table).where(*_same(guild_id, order_id)).values(told=state.value))


def forget_reply_tokens(c: Connection, before_ms: int) -> None:
    """Delete the reply tokens of orders accepted before `before_ms`. Discord takes them for only fifteen minutes."""
    c.execute(update_in(table).where(HOLDS_TOKEN, table.c.consented_ms < before_ms).values(reply_token=None))


def _contact_values(contact: Contact) -> dict[str, str | None]:
    seen_state = contact.last_seen_state.value if contact.last_seen_state else ""
    return {"locale": contact.locale, "reply_token": contact.reply_token, "told": seen_state}


def _same(guild_id: int, order_id: int) -> tuple[ColumnElement[bool], ...]:
    return (table.c.guild_id == guild_id, table.c.order_id == order_id)


def _of_package(guild_id: int, member_id: int, package_id: int) -> tuple[ColumnElement[bool], ...]:
    return (table.c.guild_id == guild_id, table.c.member_id == member_id, table.c.package_id == package_id)


def _order(row: Row[*tuple[Any, ...]]) -> Order:
    order = Order(*row)
    return replace(order, test=bool(order.test), state=OrderState(order.state))


def _load(c: Connection, commands: Sequence[Any], books: Books, _cache: BatchCache) -> None:
    books.orders = orders_of(c, {(command.guild_id, command.order_id) for command in commands})


def _save_credits(c: Connection, credit_effects: Sequence[tuple[int, OrderCredited]], books: Books) -> None:
    same = (table.c.guild_id == bindparam("guild"), table.c.order_id == bindparam("order"))
    orders = [books.orders[guild_id, credit.order_id] for guild_id, credit in credit_effects]
    rows = [
        {"guild": order.guild_id, "order": order.order_id, "now": order.state.value, "payment": order.external_id}
        for order in orders
    ]
    c.execute(update_in(table).where(*same).values(state=bindparam("now"), external_id=bindparam("payment")), rows)


def _check(c: Connection, guild_id: int) -> Iterator[tuple[int, str]]:
    """Check that every credited order has its coins in the journal. The audit of rows checks the other direction."""
    # An order and the journal row that credits it have the same key.
    key = literal("order:") + cast(table.c.order_id, Text)
    credit_row = and_(journal.c.guild_id == table.c.guild_id, journal.c.key == key)
    query = select(table.c.order_id).select_from(table.outerjoin(journal, credit_row))
    is_uncredited = or_(journal.c.kind.is_(None), journal.c.kind != CreditOrder.kind)
    where = (table.c.guild_id == guild_id, table.c.state.in_([*CREDITED]), is_uncredited)
    for order_id in c.execute(query.where(*where).order_by(table.c.order_id)).scalars():
        yield 0, f"order {order_id} is marked as credited, but has no coins in the journal"


register("orders", _load, saves={OrderCredited: _save_credits}, check=_check)
