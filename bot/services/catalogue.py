"""The catalogue of gift items: members look things up, managers edit."""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import TypedDict, Unpack

from bot.domain import text
from bot.domain.catalogue import MOST_ITEMS, GiftItem, ItemPicture, Tier
from bot.domain.errors import InvalidPeriod, InvalidText, NameTaken, NotFound, PastMoment, TooMany
from bot.domain.ids import id_in
from bot.domain.matching import matching
from bot.domain.money import amount
from bot.domain.packages import Package
from bot.domain.staff_acts import NOBODY, ActKind, change
from bot.domain.wallets import Wallet
from bot.services.emoji import check_emoji, emoji_key
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.stores import catalogue, chip_ins, guilds, item_pictures, packages, staff_acts, wallets

_LONGEST_DAY_MS = 25 * 3_600_000
"""A day on which clocks go back. Midnight of today's date, which a manager may type, is at most this long ago."""


_KEY = frozenset({"item_id"})
_NAMES = frozenset({"name", "emoji"})


class ItemChanges(TypedDict, total=False):
    """What an edit may change, as a manager typed it. A stock or a date of 0 removes that limit.

    Without an `own_tier`, the price decides. `png` is a picture, as `Pictures.checked` returns it. An empty one removes
    the picture.
    """

    name: str
    emoji: str
    price: int
    stock: int
    live_only: bool
    fans_only: bool
    joins_club: bool
    from_ms: int
    until_ms: int
    archived: bool
    own_tier: Tier | None
    png: bytes


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An item suggested while a member types, and whether their wallet can pay for one.

    `package` says what coins are worth.
    """

    item: GiftItem
    affordable: bool
    package: Package | None = None


class Catalogue:
    """The use-cases of the catalogue."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def items(self, guild_id: int, *, archived: bool = False) -> list[GiftItem]:
        """Return the guild's items by price, archived ones only on request."""
        return await self._database.read(_items, guild_id, archived)

    async def suggest(self, guild_id: int, member_id: int, query: str, limit: int = 25) -> list[Suggestion]:
        """Return up to `limit` items whose name or price matches `query`.

        Those that begin with it come first, then affordable ones, then the cheapest.
        """
        items, wallet, package = await self._database.read(_items_and_wallet, guild_id, member_id)
        suggestions = [Suggestion(item, item.price <= wallet.spendable, package) for item in items]
        # Both sorts are stable, so equals stay in the catalogue's order by price.
        suggestions.sort(key=lambda suggestion: not suggestion.affordable)
        return matching(suggestions, query, lambda it: (it.item.name, str(it.item.price)))[:limit]

    async def add(self, guild_id: int, *, item_id: int, by: int = NOBODY, **values: Unpack[ItemChanges]) -> GiftItem:
        """Add an item. `item_id` is the id of the interaction that asks for it, so that a repeat changes nothing."""
        if "emoji" in values:
            check_emoji(values["emoji"])
        blank = GiftItem(guild_id, item_id, "", "", 1)
        now_ms = self._clock()
        item = _changed(blank, values, now_ms, required=("name", "emoji", "price"))
        return await self._database.writer.perform(_insert, item, values.get("png", b""), by, now_ms)

    async def edit(
        self, guild_id: int, reference: str, *, by: int = NOBODY, **changes: Unpack[ItemChanges]
    ) -> GiftItem:
        """Change the item with the id or name `reference`. Past gifts keep the price at which they were sent."""
        if "emoji" in changes:
            check_emoji(changes["emoji"])
        return await self._database.writer.perform(_edit, guild_id, reference, changes, by, self._clock())

    async def with_emoji(self, guild_id: int, emoji: Collection[str]) -> list[GiftItem]:
        """Return the items that have one of these emoji.

        A guild's own emoji is compared by its id, because it can be renamed.
        """
        keys = set(map(emoji_key, emoji))
        return [item for item in await self.items(guild_id) if emoji_key(item.emoji) in keys]

    async def pictures(self, guild_id: int, item_ids: Collection[int]) -> dict[int, ItemPicture]:
        """Return which of the items have a picture that the guild uploaded."""
        items = await self._database.read(_items_of, guild_id, item_ids)
        return {item.item_id: item.uploaded_picture for item in items if item.uploaded_picture}

    async def archive(self, guild_id: int, reference: str, *, by: int = NOBODY) -> GiftItem:
        """Take an item out of the catalogue. Its gifts stay in the books."""
        return await self.edit(guild_id, reference, by=by, archived=True)


def find_item(connection: Connection, guild_id: int, reference: str) -> GiftItem:
    """Return the item whose id or name is `reference`, even if it is archived; raise NotFound.

    Autocomplete only suggests: members can type anything, ids of other guilds included.
    """
    item_id = id_in(reference)
    item = None if item_id is None else catalogue.item(connection, guild_id, item_id)
    if item is not None:
        return item
    key = _name_key(reference)
    matches = [item for item in catalogue.items(connection, guild_id, archived=True) if _name_key(item.name) == key]
    if not matches:
        raise NotFound("gift")
    # An archived item and one for sale may share a name. The one for sale comes first.
    return min(matches, key=lambda item: item.archived)


def _items(connection: Connection, guild_id: int, archived: bool) -> list[GiftItem]:
    return catalogue.items(connection, guild_id, archived=archived)


def _items_of(connection: Connection, guild_id: int, item_ids: Collection[int]) -> list[GiftItem]:
    return list(catalogue.items_of(connection, [(guild_id, item_id) for item_id in item_ids]).values())


def _items_and_wallet(
    connection: Connection, guild_id: int, member_id: int
) -> tuple[list[GiftItem], Wallet, Package | None]:
    package = next(iter(packages.packages(connection, guild_id)), None)
    return catalogue.items(connection, guild_id), wallets.wallet(connection, guild_id, member_id), package


def _insert(connection: Connection, item: GiftItem, png: bytes, by: int, now_ms: int) -> GiftItem:
    guilds.lock(connection, item.guild_id)
    # Discord may deliver the interaction twice.
    existing = catalogue.item(connection, item.guild_id, item.item_id)
    if existing is not None:
        return existing
    _check_room(connection, item.guild_id)
    _check_name(connection, item)
    _save(connection, None, item, png, by, now_ms)
    return item


def _edit(
    connection: Connection, guild_id: int, reference: str, changes: ItemChanges, by: int, now_ms: int
) -> GiftItem:
    guilds.lock(connection, guild_id)
    before = find_item(connection, guild_id, reference)
    item = _changed(before, changes, now_ms)
    # Archived items do not count towards the limit, so bringing one back may exceed it.
    if before.archived and not item.archived:
        _check_room(connection, guild_id)
    _check_name(connection, item)
    _save(connection, before, item, changes.get("png", b""), by, now_ms)
    if item.archived:
        chip_ins.look_again(connection, guild_id, item_id=item.item_id)
    return item


def _save(connection: Connection, before: GiftItem | None, item: GiftItem, png: bytes, by: int, now_ms: int) -> None:
    if png and item.uploaded_picture:
        item_pictures.save(connection, item.uploaded_picture, png)
    catalogue.save(connection, item)
    item_pictures.drop_unused(connection, item.guild_id)
    act = change(ActKind.ITEM, before, item, by=by, at_ms=now_ms, subject=item.item_id, without=_KEY, named_by=_NAMES)
    staff_acts.add(connection, item.guild_id, act)


def _check_room(connection: Connection, guild_id: int) -> None:
    if len(catalogue.items(connection, guild_id)) >= MOST_ITEMS:
        raise TooMany("gift", MOST_ITEMS)


def _check_name(connection: Connection, item: GiftItem) -> None:
    # Compared as `find_item` compares: members find an item by a name that ignores case.
    for rival in catalogue.items(connection, item.guild_id):
        if rival.item_id != item.item_id and _name_key(rival.name) == _name_key(item.name):
            raise NameTaken(item.name)


def _name_key(name: str) -> str:
    return text.clean(name, text.NAME_LENGTH).casefold()


def _changed(item: GiftItem, values: ItemChanges, now_ms: int, required: tuple[str, ...] = ()) -> GiftItem:
    """Return `item` with `values` after checking each; raise the refusal of the first that is wrong."""
    if "name" in values or "name" in required:
        name = text.clean(values.get("name", ""), text.NAME_LENGTH)
        # Digits would be read as an id when a member types the name.
        if not name or name.isdigit():
            raise InvalidText("name", text.NAME_LENGTH)
        item = replace(item, name=name)
    if "emoji" in values or "emoji" in required:
        emoji = text.emoji(values.get("emoji", ""))
        if emoji is None:
            raise InvalidText("emoji", 1)
        item = replace(item, emoji=emoji)
    if "png" in values:
        item = replace(item, picture=_digest(values["png"]) if values["png"] else None)
    if "price" in values or "price" in required:
        item = replace(item, price=amount(values.get("price")))
    _check_dates(values, now_ms)
    return _with_limits(item, values)


def _digest(png: bytes) -> str:
    return hashlib.blake2b(png, digest_size=16).hexdigest()


def _check_dates(values: ItemChanges, now_ms: int) -> None:
    """Raise PastMoment for an end in the past or a start before today.

    Both must be slips: they would have no effect.
    """
    from_ms, until_ms = values.get("from_ms", 0), values.get("until_ms", 0)
    if until_ms and until_ms <= now_ms:
        raise PastMoment(until_ms)
    if from_ms and from_ms <= now_ms - _LONGEST_DAY_MS:
        raise PastMoment(from_ms)


def _with_limits(item: GiftItem, values: ItemChanges) -> GiftItem:
    if "stock" in values:
        stock = values["stock"]
        item = replace(item, stock=amount(stock) if stock else None)
    item = replace(
        item,
        live_only=values.get("live_only", item.live_only),
        fans_only=values.get("fans_only", item.fans_only),
        joins_club=values.get("joins_club", item.joins_club),
        archived=values.get("archived", item.archived),
        own_tier=values.get("own_tier", item.own_tier),
        from_ms=(values["from_ms"] or None) if "from_ms" in values else item.from_ms,
        until_ms=(values["until_ms"] or None) if "until_ms" in values else item.until_ms,
    )
    if item.from_ms and item.until_ms and item.until_ms <= item.from_ms:
        raise InvalidPeriod
    return item
