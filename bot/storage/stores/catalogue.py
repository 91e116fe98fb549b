"""The store of gift items: what a guild's members can send."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from bot.domain.catalogue import GiftItem, Tier
from bot.domain.ledger.books import Books
from bot.domain.ledger.gift import StockSold
from bot.storage.ledger.batch_cache import BatchCache
from bot.storage.ledger.projections import register
from bot.storage.sql.rows import columns_of, upsert, values_of
from bot.storage.sql.statements import Lookup
from bot.storage.sql.tables import gift_items

_SELECT = select(*columns_of(gift_items, GiftItem))
_BY_ID = Lookup(_SELECT, (gift_items.c.guild_id, gift_items.c.item_id))


def items(c: Connection, guild_id: int, *, archived: bool = False) -> list[GiftItem]:
    """Return a guild's items, cheapest first. Archived ones are included only on request."""
    query = _SELECT.where(gift_items.c.guild_id == guild_id).order_by(gift_items.c.price, gift_items.c.item_id)
    if not archived:
        query = query.where(gift_items.c.archived == 0)
    return [_item(row) for row in c.execute(query)]


def item(c: Connection, guild_id: int, item_id: int) -> GiftItem | None:
    """Return one item of a guild, archived or not."""
    return items_of(c, [(guild_id, item_id)]).get((guild_id, item_id))


def items_of(c: Connection, ids: Collection[tuple[int, int]]) -> dict[tuple[int, int], GiftItem]:
    """Return those of the items `ids`, (guild id, item id) each, that exist."""
    return {(item.guild_id, item.item_id): item for item in map(_item, _BY_ID.rows(c, ids))}


def save(c: Connection, item: GiftItem) -> None:
    """Insert an item, or replace the one that has its id."""
    upsert(c, gift_items, values_of(item) | {"own_tier": item.own_tier and item.own_tier.value})


def _item(row: Row[*tuple[Any, ...]]) -> GiftItem:
    *values, live_only, archived, own_tier, picture, fans_only, joins_club = row
    return GiftItem(
        *values,
        live_only=bool(live_only),
        archived=bool(archived),
        own_tier=Tier(own_tier) if own_tier else None,
        picture=picture,
        fans_only=bool(fans_only),
        joins_club=bool(joins_club),
    )


def _load(c: Connection, commands: Sequence[Any], books: Books, cache: BatchCache) -> None:
    ids = {(command.guild_id, command.item_id) for command in commands}
    # Items with a stock are not cached: every batch changes it.
    books.items = cache.look_up(c, "items", ids, items_of, keep=lambda item: not item or item.stock is None)


def _save_stock(c: Connection, sales: Sequence[tuple[int, StockSold]], books: Books) -> None:
    sold_items = [books.items[key] for key in {(guild_id, sale.item_id) for guild_id, sale in sales}]
    same = (gift_items.c.guild_id == bindparam("guild"), gift_items.c.item_id == bindparam("item"))
    rows = [{"guild": item.guild_id, "item": item.item_id, "left": item.stock} for item in sold_items]
    c.execute(update(gift_items).where(*same).values(stock=bindparam("left")), rows)


register("items", _load, saves={StockSold: _save_stock})
