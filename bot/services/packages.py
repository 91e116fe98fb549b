"""Coin packages: what managers add, edit and archive."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypedDict, Unpack

from bot.domain import text
from bot.domain.currencies import check_currency
from bot.domain.errors import InvalidAmount, NotFound, TooMany
from bot.domain.money import amount
from bot.domain.packages import MAX_BONUS_PERCENT, MAX_PRICE_MINOR, MOST_PACKAGES, Package, position_among
from bot.domain.staff_acts import NOBODY, ActKind, change
from bot.domain.store_prices import Price, check_store_price
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.stores import guilds, packages, staff_acts

REFERENCE_LENGTH = 100
"""Characters of a provider's reference (a SKU id, say)."""


_KEY = frozenset({"package_id"})
_NAMES = frozenset({"coins", "price_minor", "currency"})
"""What identifies a package."""

FIRST_FOR_S = 60.0
"""How long the first package of a shop is remembered."""


class PackageChanges(TypedDict, total=False):
    """What an edit may change, as a manager typed it. A limit of 0 removes the limit."""

    coins: int
    price_minor: int
    currency: str
    bonus_percent: int
    reference: str
    limit: int
    position: int
    archived: bool


NO_PRODUCT = "0"
"""What a manager types as the reference of a package that is no longer sold at a store."""


class Packages:
    """The use-cases of packages. `store_prices` are those of the products that a store sells, None without a store."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], int],
        store_prices: Mapping[str, Price] | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._now_ms = clock
        self._store_prices = store_prices
        self._clock = monotonic
        self._first: dict[int, tuple[Package | None, float]] = {}

    async def packages(self, guild_id: int, *, archived: bool = False) -> list[Package]:
        """Return the guild's packages in the order of the shop, archived ones only on request."""
        return await self._database.read(_packages, guild_id, archived)

    async def first(self, guild_id: int) -> Package | None:
        """Return the first package of the shop, which gives an idea of what coins are worth; None without any.

        Every receipt asks, so it is remembered for FIRST_FOR_S seconds: another process may change it meanwhile.
        """
        package, until_s = self._first.get(guild_id, (None, 0.0))
        if self._clock() >= until_s:
            package = next(iter(await self.packages(guild_id)), None)
            self._first[guild_id] = package, self._clock() + FIRST_FOR_S
        return package

    async def add(
        self, guild_id: int, *, package_id: int, by: int = NOBODY, **values: Unpack[PackageChanges]
    ) -> Package:
        """Add a package.

        `package_id` is the id of the interaction that asks for it, so that a repeat changes nothing.
        """
        blank = Package(guild_id, package_id, coins=0, price_minor=0)
        # The zeros are refused unless `values` replace them.
        package = _changed(blank, {"coins": 0, "price_minor": 0, **values})
        if self._store_prices is not None:
            check_store_price(package, self._store_prices)
        added_package = await self._database.writer.perform(_insert, package, by, self._now_ms())
        self._first.pop(guild_id, None)
        return added_package

    async def edit(
        self, guild_id: int, package_id: int, *, by: int = NOBODY, **changes: Unpack[PackageChanges]
    ) -> Package:
        """Change a package. Open orders keep the coins and the price that their buyers accepted."""
        package = await self._database.writer.perform(
            _edit, guild_id, package_id, changes, self._store_prices, by, self._now_ms()
        )
        self._first.pop(guild_id, None)
        return package

    async def archive(self, guild_id: int, package_id: int, *, by: int = NOBODY) -> Package:
        """Take a package out of the shop. Its orders stay."""
        return await self.edit(guild_id, package_id, by=by, archived=True)


def _packages(connection: Connection, guild_id: int, archived: bool) -> list[Package]:
    return packages.packages(connection, guild_id, archived=archived)


def _insert(connection: Connection, package: Package, by: int, now_ms: int) -> Package:
    guilds.lock(connection, package.guild_id)
    existing = packages.package(connection, package.guild_id, package.package_id)
    if existing is not None:
        return existing
    _check_room(connection, package.guild_id)
    if not package.position:
        shop = packages.packages(connection, package.guild_id, archived=True)
        package = replace(package, position=position_among(shop, package.coins))
    _save(connection, None, package, by, now_ms)
    return package


def _edit(
    connection: Connection,
    guild_id: int,
    package_id: int,
    changes: PackageChanges,
    store_prices: Mapping[str, Price] | None,
    by: int,
    now_ms: int,
) -> Package:
    guilds.lock(connection, guild_id)
    before = packages.package(connection, guild_id, package_id)
    if before is None:
        raise NotFound("package")
    package = _changed(before, changes)
    # Whatever it costs, a package can always be archived.
    if store_prices is not None and not changes.get("archived"):
        check_store_price(package, store_prices)
    if before.archived and not package.archived:
        _check_room(connection, guild_id)
    _save(connection, before, package, by, now_ms)
    return package


def _save(connection: Connection, before: Package | None, package: Package, by: int, now_ms: int) -> None:
    packages.save(connection, package)
    act = change(
        ActKind.PACKAGE, before, package, by=by, at_ms=now_ms, subject=package.package_id, without=_KEY, named_by=_NAMES
    )
    staff_acts.add(connection, package.guild_id, act)


def _check_room(connection: Connection, guild_id: int) -> None:
    if len(packages.packages(connection, guild_id)) >= MOST_PACKAGES:
        raise TooMany("package", MOST_PACKAGES)


def _changed(package: Package, values: PackageChanges) -> Package:
    """Return `package` with `values` after checking each; raise InvalidAmount or InvalidCurrency."""
    if "coins" in values:
        package = replace(package, coins=amount(values["coins"]))
    if "price_minor" in values:
        package = replace(package, price_minor=amount(values["price_minor"], highest=MAX_PRICE_MINOR))
    if "currency" in values:
        package = replace(package, currency=check_currency(values["currency"]))
    if "bonus_percent" in values:
        bonus = values["bonus_percent"]
        if not 0 <= bonus <= MAX_BONUS_PERCENT:
            raise InvalidAmount(str(bonus), 0, MAX_BONUS_PERCENT)
        package = replace(package, bonus_percent=bonus)
    if "limit" in values:
        package = replace(package, limit=amount(values["limit"]) if values["limit"] else None)
    if "position" in values:
        package = replace(package, position=amount(values["position"], highest=1_000))
    # Coins and bonus together must still be an amount that the books can move.
    amount(package.total)
    reference = text.clean(values.get("reference", package.reference), REFERENCE_LENGTH)
    return replace(
        package,
        reference="" if reference == NO_PRODUCT else reference,
        archived=values.get("archived", package.archived),
    )
