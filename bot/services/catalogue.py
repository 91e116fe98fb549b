"""The catalogue of gift items: looked up by members, kept by managers."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import TypedDict, Unpack

from bot.domain import text
from bot.domain.catalogue import MOST_ITEMS, GiftItem
from bot.domain.errors import InvalidPeriod, InvalidText, NameTaken, NotFound, PastMoment, TooMany
from bot.domain.ids import id_in
from bot.domain.money import amount
from bot.domain.wallets import Wallet
from bot.imaging.text.emoji import is_standard
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.stores import catalogue, guilds, wallets

_LONGEST_DAY_MS = 25 * 3_600_000
"""One on which clocks go back: whoever types today's date means a midnight that is at most so long ago."""


class ItemChanges(TypedDict, total=False):
    """What an edit may change, as a manager typed it. 0 as stock, or as a date, takes the limit away."""

    name: str
    emoji: str
    price: int
    stock: int
    live_only: bool
    from_ms: int
    until_ms: int
    archived: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An item offered while a member types, and whether the wallet can pay for one."""

    item: GiftItem
    affordable: bool


class Catalogue:
    """The use-cases of the catalogue."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def items(self, guild_id: int, *, archived: bool = False) -> list[GiftItem]:
        """Return the guild's items by price, archived ones only on request."""
        return await self._database.read(_items, guild_id, archived)

    async def suggest(self, guild_id: int, member_id: int, typed: str, limit: int = 25) -> list[Suggestion]:
        """Return up to `limit` items that match `typed` by name or price, affordable ones first, then by price."""
        items, wallet = await self._database.read(_items_and_wallet, guild_id, member_id)
        wanted = typed.strip().casefold()
        found = [
            Suggestion(item, item.price <= wallet.total)
            for item in items
            if wanted in item.name.casefold() or str(item.price).startswith(wanted)
        ]
        # Sorting is stable: within each half the catalogue's order by price stays.
        return sorted(found, key=lambda suggestion: not suggestion.affordable)[:limit]

    async def add(self, guild_id: int, *, item_id: int, **values: Unpack[ItemChanges]) -> GiftItem:
        """Add an item; `item_id` is the id of the interaction that asked, so that a repeat changes nothing."""
        _check_emoji(values)
        blank = GiftItem(guild_id, item_id, "", "", 1)
        item = _changed(blank, values, self._clock(), required=("name", "emoji", "price"))
        return await self._database.writer.perform(_insert, item)

    async def edit(self, guild_id: int, typed: str, **changes: Unpack[ItemChanges]) -> GiftItem:
        """Change the item that `typed` names (id or name). Past gifts keep the price they were sent at."""
        _check_emoji(changes)
        return await self._database.writer.perform(_edit, guild_id, typed, changes, self._clock())

    async def with_emoji(self, guild_id: int, emoji: Collection[str]) -> list[GiftItem]:
        """Return the items of the catalogue that have one of these emoji; a guild's own one goes by its id."""
        keys = set(map(_emoji_key, emoji))
        return [item for item in await self.items(guild_id) if _emoji_key(item.emoji) in keys]

    async def archive(self, guild_id: int, typed: str) -> GiftItem:
        """Take an item out of the catalogue; gifts of it stay in the books."""
        return await self.edit(guild_id, typed, archived=True)


def find_item(connection: Connection, guild_id: int, typed: str) -> GiftItem:
    """Return the item whose id or name is `typed`, archived ones too; raise NotFound.

    Autocomplete is only an offer to Discord's members: anything can be typed, other guilds' ids included.
    """
    item_id = id_in(typed)
    item = None if item_id is None else catalogue.item(connection, guild_id, item_id)
    if item is not None:
        return item
    wanted = _name_key(typed)
    named = [item for item in catalogue.items(connection, guild_id, archived=True) if _name_key(item.name) == wanted]
    if not named:
        raise NotFound("gift")
    # An archived item may have left its name to another one.
    return min(named, key=lambda item: item.archived)


def _items(connection: Connection, guild_id: int, archived: bool) -> list[GiftItem]:
    return catalogue.items(connection, guild_id, archived=archived)


def _items_and_wallet(connection: Connection, guild_id: int, member_id: int) -> tuple[list[GiftItem], Wallet]:
    return catalogue.items(connection, guild_id), wallets.wallet(connection, guild_id, member_id)


def _insert(connection: Connection, item: GiftItem) -> GiftItem:
    guilds.lock(connection, item.guild_id)
    known = catalogue.item(connection, item.guild_id, item.item_id)
    if known is not None:
        return known
    _check_room(connection, item.guild_id)
    _check_name(connection, item)
    catalogue.save(connection, item)
    return item


def _edit(connection: Connection, guild_id: int, typed: str, changes: ItemChanges, now_ms: int) -> GiftItem:
    guilds.lock(connection, guild_id)
    before = find_item(connection, guild_id, typed)
    item = _changed(before, changes, now_ms)
    if before.archived and not item.archived:
        _check_room(connection, guild_id)
    _check_name(connection, item)
    catalogue.save(connection, item)
    return item


def _check_emoji(values: ItemChanges) -> None:
    """Raise InvalidText unless Discord has a picture for the emoji, or it may be one of a guild's own."""
    emoji = text.emoji(values["emoji"]) if "emoji" in values else None
    if emoji is not None and not emoji.startswith("<") and not is_standard(emoji):
        raise InvalidText("emoji", 1)


def _emoji_key(emoji: str) -> str:
    return emoji.rpartition(":")[2]


def _check_room(connection: Connection, guild_id: int) -> None:
    if len(catalogue.items(connection, guild_id)) >= MOST_ITEMS:
        raise TooMany("gift", MOST_ITEMS)


def _check_name(connection: Connection, item: GiftItem) -> None:
    for other in catalogue.items(connection, item.guild_id):
        if other.item_id != item.item_id and _name_key(other.name) == _name_key(item.name):
            raise NameTaken(item.name)


def _name_key(name: str) -> str:
    return text.clean(name, text.NAME_LENGTH).casefold()


def _changed(item: GiftItem, values: ItemChanges, now_ms: int, required: tuple[str, ...] = ()) -> GiftItem:
    """Return `item` with `values` after checking each; raise what an edit is refused for."""
    if "name" in values or "name" in required:
        name = text.clean(values.get("name", ""), text.NAME_LENGTH)
        if not name or name.isdigit():
            raise InvalidText("name", text.NAME_LENGTH)
        item = replace(item, name=name)
    if "emoji" in values or "emoji" in required:
        emoji = text.emoji(values.get("emoji", ""))
        if emoji is None:
            raise InvalidText("emoji", 1)
        item = replace(item, emoji=emoji)
    if "price" in values or "price" in required:
        item = replace(item, price=amount(values.get("price")))
    _check_ahead(values, now_ms)
    return _limited(item, values)


def _check_ahead(values: ItemChanges, now_ms: int) -> None:
    """Raise PastMoment for an end that is over, or a beginning before today: a slip, as it would not matter."""
    from_ms, until_ms = values.get("from_ms", 0), values.get("until_ms", 0)
    if until_ms and until_ms <= now_ms:
        raise PastMoment(until_ms)
    if from_ms and from_ms <= now_ms - _LONGEST_DAY_MS:
        raise PastMoment(from_ms)


def _limited(item: GiftItem, values: ItemChanges) -> GiftItem:
    if "stock" in values:
        stock = values["stock"]
        item = replace(item, stock=amount(stock) if stock else None)
    item = replace(
        item,
        live_only=values.get("live_only", item.live_only),
        archived=values.get("archived", item.archived),
        from_ms=(values["from_ms"] or None) if "from_ms" in values else item.from_ms,
        until_ms=(values["until_ms"] or None) if "until_ms" in values else item.until_ms,
    )
    if item.from_ms and item.until_ms and item.until_ms <= item.from_ms:
        raise InvalidPeriod
    return item
