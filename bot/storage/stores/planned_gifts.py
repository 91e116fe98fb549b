"""The store of planned gifts: those that go out with the coins of an order."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, or_, select, update

from bot.domain.ledger.books import Books
from bot.domain.order_states import MONEY_CAME
from bot.domain.orders import Order
from bot.domain.planned_gifts import Lapse, PlannedGift
from bot.storage.ledger.batch_cache import BatchCache
from bot.storage.ledger.projections import register
from bot.storage.sql.rows import columns_of, upsert, values_of
from bot.storage.sql.tables import orders
from bot.storage.sql.tables import planned_gifts as table

_SELECT = select(*columns_of(table, PlannedGift))


def of_order(c: Connection, guild_id: int, order_id: int) -> PlannedGift | None:
    """Return the gift that goes out with an order, None if there is none."""
    row = c.execute(_SELECT.where(*_same(guild_id, order_id))).one_or_none()
    if row is None:
        return None
    gift = PlannedGift(*row)
    return replace(gift, anonymous=bool(gift.anonymous), lapse=Lapse(gift.lapse) if gift.lapse else None)


def put(c: Connection, order: Order, gift: PlannedGift | None) -> None:
    """Let `gift` go out with an order, or nothing; it replaces whatever was planned before."""
    if gift is None:
        remove(c, order)
    else:
        values = values_of(replace(gift, order_id=order.order_id)) | {"anonymous": int(gift.anonymous), "lapse": ""}
        upsert(c, table, values)


def let_lapse(c: Connection, gift: PlannedGift, lapse: Lapse) -> None:
    """Note why a gift will not go out, and erase its message."""
    c.execute(update(table).where(*_same(gift.guild_id, gift.order_id)).values(lapse=lapse.value, note=""))


def remove(c: Connection, order: Order) -> None:
    """Forget the gift that was planned with an order, if there is one."""
    c.execute(delete(table).where(*_same(order.guild_id, order.order_id)))


def erase_note(c: Connection, order: Order) -> None:
    """Erase the message of the gift of an order. It has gone with the gift, or never goes."""
    c.execute(update(table).where(*_same(order.guild_id, order.order_id)).values(note=""))


def forget(c: Connection, late_ms: int, old_ms: int) -> None:
    """Erase the messages of gifts that were good until `late_ms`, and whole plans whose gifts have gone out.

    A plan whose gift stayed here, or whose order nobody has paid, is kept until `old_ms`.
    """
    is_late = table.c.until_ms < late_ms
    c.execute(update(table).where(is_late, table.c.note != "").values(note=""))
    same = (orders.c.guild_id == table.c.guild_id, orders.c.order_id == table.c.order_id)
    is_over = and_(table.c.lapse == "", exists().where(*same, orders.c.told.in_([*MONEY_CAME])))
    c.execute(delete(table).where(is_late, or_(is_over, table.c.until_ms < old_ms)))


def _load_lapsed(c: Connection, commands: Sequence[Any], books: Books, _cache: BatchCache) -> None:
    orders_of_gifts = {(command.guild_id, command.planned_order) for command in commands if command.planned_order}
    books.lapsed.update(key for key in orders_of_gifts if (gift := of_order(c, *key)) is not None and gift.lapse)


register("lapsed", _load_lapsed)


def _same(guild_id: int, order_id: int) -> tuple[ColumnElement[bool], ...]:
    return table.c.guild_id == guild_id, table.c.order_id == order_id
