"""From the options of `/packages add` and `/packages edit` to the changes of a package."""

from typing import Any, cast

from bot.domain.currencies import check_currency, parse_price, repriced
from bot.domain.errors import NotFound
from bot.services.packages import PackageChanges
from bot.ui.kit.caller import Caller
from bot.ui.text.parsing import given
from bot.ui.text.reader import Reader


def new_package(reader: Reader, price: str, currency: str, **options: Any) -> PackageChanges:  # noqa: ANN401
    """Return the values of a new package; raise InvalidCurrency, InvalidPrice or AmbiguousAmount."""
    code = check_currency(currency)
    terms = PackageChanges(currency=code, price_minor=parse_price(price, code, reader.decimal))
    return cast("PackageChanges", options | terms)


async def changes_of(
    caller: Caller, package_id: int, *, price: str | None, currency: str | None, **options: object
) -> PackageChanges:
    """Return the changes for the options that were given; raise NotFound, InvalidCurrency, InvalidPrice or
    AmbiguousAmount."""
    return cast("PackageChanges", given(**options) | await _terms(caller, package_id, price, currency))


async def _terms(caller: Caller, package_id: int, price: str | None, currency: str | None) -> PackageChanges:
    """Return price and currency where one of them was given, the other one as the package has it.

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
