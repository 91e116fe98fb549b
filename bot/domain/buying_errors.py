"""Every reason why a purchase is refused. See `bot.domain.errors`."""

from dataclasses import dataclass

from bot.domain.errors import Refusal
from bot.domain.packages import Terms


@dataclass(unsafe_hash=True)
class NothingForSale(Refusal):
    """The guild has no active package, or there is no payment provider."""

    has_provider: bool


@dataclass(unsafe_hash=True)
class PackageChanged(Refusal):
    """The package was edited after the buyer accepted its terms. `now` is None if it was archived."""

    accepted: Terms
    now: Terms | None


@dataclass(unsafe_hash=True)
class PackageLimit(Refusal):
    """The buyer has bought this package as often as the guild allows."""

    limit: int


@dataclass(unsafe_hash=True)
class PaymentUndecided(Refusal, about="payment"):
    """A payment of the buyer for this package is pending or waits for staff. Counting it, the `limit` is reached."""

    limit: int


@dataclass(unsafe_hash=True)
class OrderEnded(Refusal, about="payment"):
    """The order was cancelled or its payment failed. The buyer needs a new order."""


@dataclass(unsafe_hash=True)
class ProviderOff(Refusal):
    """The staff or the operator have switched off the payment method that the buyer chose."""


@dataclass(unsafe_hash=True)
class ProviderDown(Refusal, about="payment"):
    """The payment provider did not answer. The order has no checkout yet; trying again opens one."""

    provider: str


@dataclass(unsafe_hash=True)
class DailyLimit(Refusal):
    """The buyer would have bought more within 24 hours than the guild allows: `limit_minor` of `currency`.

    `free_ms` is when the same package fits again, None if it costs more than the limit.
    """

    limit_minor: int
    currency: str
    free_ms: int | None


@dataclass(unsafe_hash=True)
class HeldLimit(Refusal):
    """The buyer would hold unspent coins that are worth more than the guild allows. They hold `held_minor` already."""

    limit_minor: int
    held_minor: int
    currency: str


@dataclass(unsafe_hash=True)
class YoungAccount(Refusal):
    """The buyer's Discord account is younger than `days`, as the guild asks for. It is old enough at `allowed_ms`."""

    days: int
    allowed_ms: int


@dataclass(unsafe_hash=True)
class CurrencyUnrated(Refusal):
    """The package is in a currency for which staff have set no rate, so limits cannot be checked."""

    currency: str


@dataclass(unsafe_hash=True)
class AdultsOnly(Refusal):
    """The guild sells coins only in age-restricted channels. The buyer sees those of `channel_ids`."""

    channel_ids: tuple[int, ...]
