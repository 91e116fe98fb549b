"""From the options of `/packages add` and `/packages edit` to the changes of a package."""

from typing import Any, cast

from bot.domain.currencies import check_currency, parse_price, repriced
from bot.domain.errors import NotFound
from bot.domain.packages import DEFAULT_CURRENCY
from bot.services.packages import PackageChanges
from bot.ui.kit.caller import Caller
from bot.ui.text.parsing import given


async def new_package(caller: Caller, price: str, currency: str | None, **options: Any) -> PackageChanges:  # noqa: ANN401
    """Return the values of a new package, in the currency of the shop's first one if none was given; raise
    InvalidCurrency, InvalidPrice or AmbiguousAmount."""
    if currency is None:
        packages = await caller.services.packages.packages(caller.guild_id, archived=True)
        # The shop's order is kept, and archived packages come where nothing is on sale yet.
        first = min(packages, key=lambda package: package.archived, default=None)
        code = first.currency if first else DEFAULT_CURRENCY
    else:
        code = check_currency(currency)
    terms = PackageChanges(currency=code, price_minor=parse_price(price, code, caller.reader.decimal))
    return cast("PackageChanges", options | terms)


async def changes_of(
    caller: Caller, package_id: int, *, price: str | None, currency: str | None, **options: object
) -> PackageChanges:
    """Return the changes for the options that were given; raise NotFound, InvalidCurrency, InvalidPrice or
    AmbiguousAmount."""
    return cast("PackageChanges", given(**options) | await _terms(caller, package_id, price, currency))


async def _terms(caller: Caller, package_id: int, price: str | None, currency: str | None) -> PackageChanges:
    """Return price and currency if one of them was given; the other is the package's.

    A price keeps its number in another currency: minor units would turn 4.99 dollars into 499 yen.
    """
    if price is None and currency is None:
        return PackageChanges()
    packages = await caller.services.packages.packages(caller.guild_id, archived=True)
    package = next((package for package in packages if package.package_id == package_id), None)
    if package is None:
        raise NotFound("package")
    code = package.currency if currency is None else check_currency(currency)
    if price is None:
        return PackageChanges(currency=code, price_minor=repriced(package.price_minor, package.currency, code))
    return PackageChanges(currency=code, price_minor=parse_price(price, code, caller.reader.decimal))
