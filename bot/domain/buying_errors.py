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
    """Staff have switched off the way to pay that the buyer chose, or the operator has."""


@dataclass(unsafe_hash=True)
class ProviderDown(Refusal, about="payment"):
    """The payment provider did not answer. The order has no checkout yet; trying again opens one."""

    provider: str
