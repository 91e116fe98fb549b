"""The prices of packages that an application store sells as well, where its operator has set the prices."""

from collections.abc import Mapping
from typing import NamedTuple

from bot.domain.packages import Package
from bot.domain.staff_errors import StorePriceDiffers, UnknownSku


class Price(NamedTuple):
    """A price in minor units of a currency."""

    minor: int
    currency: str


def check_store_price(package: Package, prices: Mapping[str, Price]) -> None:
    """Raise UnknownSku or StorePriceDiffers unless a package costs what the store charges for its product.

    Discord forbids cheaper prices elsewhere. If the package were dearer, buyers would see another price than they pay.
    """
    if not package.reference:
        return
    price = prices.get(package.reference)
    if price is None:
        raise UnknownSku(package.reference[:40])
    if price != (package.price_minor, package.currency):
        raise StorePriceDiffers(price.minor, price.currency)
