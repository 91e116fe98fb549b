"""Coin packages: what is for sale, and how many coins a buyer gets for the money."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from bot.domain.matching import matching

MOST_PACKAGES = 25
"""The most active packages of one guild: as many as one select menu can offer."""

MAX_PRICE_MINOR = 10**8
"""The highest price, in minor units of its currency."""

MAX_BONUS_PERCENT = 200

DEFAULT_CURRENCY = "USD"
"""The currency of a guild's first packages."""


class Terms(NamedTuple):
    """What a buyer sees and accepts: coins, including the bonus, for a price in minor units of a currency."""

    coins: int
    price_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Package:
    """One coin package. `price_minor` is in minor units of `currency` (ISO 4217). `limit` is per member, in orders."""

    guild_id: int
    package_id: int
    coins: int
    price_minor: int
    currency: str = DEFAULT_CURRENCY
    bonus_percent: int = 0
    reference: str = ""
    limit: int | None = None
    position: int = 0
    archived: bool = False

    @property
    def bonus(self) -> int:
        """The bonus coins, rounded down."""
        return self.coins * self.bonus_percent // 100

    @property
    def total(self) -> int:
        """The coins that the buyer gets, including the bonus."""
        return self.coins + self.bonus

    @property
    def terms(self) -> Terms:
        """The current terms of a purchase."""
        return Terms(self.total, self.price_minor, self.currency)


DEFAULT_PACKAGES: tuple[tuple[int, int, int], ...] = (
    (70, 99, 0),
    (350, 499, 0),
    (700, 999, 3),
    (1_400, 1_999, 5),
    (3_500, 4_999, 8),
    (7_000, 9_999, 12),
    (17_500, 24_999, 15),
)
"""Coins, US cents and bonus percent of the packages that a guild starts with. Their ids are 1 to 7."""


def default_packages(guild_id: int, *, archived: bool) -> list[Package]:
    """Return a new guild's packages, `archived` until staff review them if they cost real money."""
    return [
        Package(guild_id, number, coins, cents, bonus_percent=percent, position=number, archived=archived)
        for number, (coins, cents, percent) in enumerate(DEFAULT_PACKAGES, start=1)
    ]


def position_among(shop: Sequence[Package], coins: int) -> int:
    """Return the position of a new package with `coins` in a `shop`, given in its order, so that sizes stay sorted:
    that of the last package that is no larger. Among packages with one position, the coins decide.
    """
    if not shop:
        return 1
    smaller = [package.position for package in shop if package.coins <= coins]
    return max(1, smaller[-1] if smaller else shop[0].position)


def matching_packages(
    packages: Sequence[Package], query: str, names_of: Callable[[Package], Sequence[str]]
) -> list[Package]:
    """Return the packages that match `query` by their coins, with the bonus or without, or by what they are called."""
    return matching(packages, query, lambda it: (str(it.total), str(it.coins), *names_of(it)))


def best_value(packages: Sequence[Package]) -> Package | None:
    """Return the package with the most coins for the money; None where prices cannot be compared, or are all alike."""
    if len(packages) < 2 or len({package.currency for package in packages}) > 1:
        return None
    best = min(packages, key=_price_of_a_coin)
    dearest = max(packages, key=_price_of_a_coin)
    return best if _price_of_a_coin(best) < _price_of_a_coin(dearest) else None


def _price_of_a_coin(package: Package) -> Fraction:
    return Fraction(package.price_minor, package.total)
