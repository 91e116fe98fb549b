"""How much a member may buy. A stolen card or a bad evening does less damage, and some laws begin above such sums."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from bot.domain.buying_errors import CurrencyUnrated, DailyLimit, HeldLimit, YoungAccount
from bot.domain.currencies import minor_digits
from bot.domain.ids import created_ms
from bot.domain.packages import MAX_PRICE_MINOR

DAILY_UNITS: Final = 500
"""A guild's first limits: 500 dollars in 24 hours, or as many units of a currency of about the same worth …"""
HELD_DAYS: Final = 4
"""… and four times that in unspent coins."""

_DAILY_UNITS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("BHD", "JOD", "KWD", "OMR"), 200),
    **dict.fromkeys(("BRL", "ILS", "MYR", "PEN", "PLN", "RON"), 2_000),
    **dict.fromkeys(("CNY", "DKK", "HKD", "MAD", "NOK", "SEK", "TWD", "ZAR"), 5_000),
    **dict.fromkeys(("CZK", "MXN", "TRY", "UYU"), 10_000),
    **dict.fromkeys(("EGP", "PHP", "THB", "UAH"), 20_000),
    **dict.fromkeys(("DOP", "INR", "ISK", "JPY", "KES", "RSD", "RUB"), 50_000),
    **dict.fromkeys(("CRC", "HUF", "KZT", "PKR", "XAF", "XOF"), 200_000),
    **dict.fromkeys(("ARS", "CLP", "KRW", "NGN"), 500_000),
    **dict.fromkeys(("COP", "IDR", "PYG", "UGX", "VND"), 5_000_000),
}
"""About 500 dollars in currencies whose unit is worth far more or less than a dollar, rounded."""

RATE_UNIT: Final = 1_000_000
"""Rates are in millionths: how much of the main currency one unit of another is worth."""

DAY_MS: Final = 24 * 3600 * 1000

MOST_DAYS: Final = 365
"""The most days that a guild may ask of a Discord account."""


class Purchase(NamedTuple):
    """What a member has paid, or is about to, and when they agreed to it."""

    price_minor: int
    currency: str
    at_ms: int


class UnspentCoins(NamedTuple):
    """What is left of the coins of one purchase."""

    price_minor: int
    currency: str
    coins: int
    left: int


def starting_limits(currency: str) -> tuple[int, int]:
    """Return the default limits of what members may buy in 24 hours and hold unspent, in minor units."""
    daily_minor = min(_DAILY_UNITS.get(currency, DAILY_UNITS) * 10 ** minor_digits(currency), MAX_PRICE_MINOR)
    return daily_minor, min(HELD_DAYS * daily_minor, MAX_PRICE_MINOR)


@dataclass(frozen=True, slots=True)
class BuyingLimits:
    """A guild's limits, in minor units of its main currency; None for no limit.

    `account_days` is the youngest age of a Discord account that may buy. `rates` are in millionths, by currency.
    `can_withdraw` says whether buyers may give back what they have not spent.
    """

    guild_id: int
    currency: str
    daily_minor: int | None = None
    held_minor: int | None = None
    account_days: int = 0
    adults_only: bool = False
    rates: Mapping[str, int] = field(default_factory=dict[str, int])
    can_withdraw: bool = False

    def rate_of(self, currency: str) -> int | None:
        """Return the rate of a currency, None if staff have not set one."""
        return RATE_UNIT if currency == self.currency else self.rates.get(currency)

    def worth(self, minor: int, currency: str) -> int | None:
        """Return what an amount is in the main currency, rounded up; None without a rate."""
        rate = self.rate_of(currency)
        if rate is None:
            return None
        scale = RATE_UNIT * 10 ** minor_digits(currency)
        return -(-minor * rate * 10 ** minor_digits(self.currency) // scale)

    def total_worth(self, purchases: Iterable[Purchase]) -> int:
        """Return what purchases are worth together. Those without a rate do not count: nobody knows their worth."""
        return sum(self.worth(purchase.price_minor, purchase.currency) or 0 for purchase in purchases)

    def unspent_worth(self, unspent: Iterable[UnspentCoins]) -> int:
        """Return what unspent coins are worth together: for each purchase, their part of its price, rounded up."""
        parts = ((-(-price_minor * left // coins), currency) for price_minor, currency, coins, left in unspent)
        return sum(self.worth(minor, currency) or 0 for minor, currency in parts)

    def check_account(self, member_id: int, now_ms: int) -> None:
        """Raise YoungAccount unless a member's Discord account is old enough. Its age is in its id."""
        allowed_ms = created_ms(member_id) + self.account_days * DAY_MS
        if self.account_days and now_ms < allowed_ms:
            raise YoungAccount(self.account_days, allowed_ms)

    def check_purchase(self, purchase: Purchase, of_last_day: Sequence[Purchase], held_minor: int) -> None:
        """Raise CurrencyUnrated, DailyLimit or HeldLimit unless a member may buy.

        `of_last_day` are their other purchases within 24 hours, and `held_minor` is what they have not spent yet.
        """
        price_minor = self.worth(purchase.price_minor, purchase.currency)
        if price_minor is None:
            raise CurrencyUnrated(purchase.currency)
        if self.exceeds_daily(price_minor, of_last_day):
            assert self.daily_minor is not None
            raise DailyLimit(self.daily_minor, self.currency, self._free_ms(price_minor, of_last_day))
        if self.held_minor is not None and held_minor + price_minor > self.held_minor:
            raise HeldLimit(self.held_minor, held_minor, self.currency)

    def exceeds_daily(self, price_minor: int, of_last_day: Sequence[Purchase]) -> bool:
        """Whether a purchase exceeds the limit together with those of the 24 hours before."""
        return self.daily_minor is not None and price_minor + self.total_worth(of_last_day) > self.daily_minor

    def _free_ms(self, price_minor: int, of_last_day: Sequence[Purchase]) -> int | None:
        """Return when enough purchases are a day old, None if the price alone is too much."""
        by_age = sorted(of_last_day, key=lambda purchase: purchase.at_ms)
        for number, purchase in enumerate(by_age, start=1):
            if not self.exceeds_daily(price_minor, by_age[number:]):
                return purchase.at_ms + DAY_MS
        return None
