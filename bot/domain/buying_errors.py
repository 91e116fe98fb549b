"""Every way in which buying says no. See `bot.domain.errors`."""

from dataclasses import dataclass

from bot.domain.errors import Refusal
from bot.domain.packages import Terms


@dataclass(unsafe_hash=True)
class NothingForSale(Refusal):
    """The guild has no active package, or there is no payment provider."""

    has_provider: bool


@dataclass(unsafe_hash=True)
class PackageChanged(Refusal):
    """The package was edited after the buyer saw it with the terms `accepted`; None for `now`: it was archived."""

    accepted: Terms
    now: Terms | None


@dataclass(unsafe_hash=True)
class PackageLimit(Refusal):
    """The buyer has had this package as often as the guild allows."""

    limit: int


@dataclass(unsafe_hash=True)
class PaymentUndecided(Refusal):
    """A payment of the buyer for this package is on its way, or waits for staff: with it the `limit` is reached."""

    limit: int


@dataclass(unsafe_hash=True)
class OrderEnded(Refusal):
    """The order was cancelled, or its payment failed: buying goes on with a new one."""


@dataclass(unsafe_hash=True)
class ProviderDown(Refusal):
    """The payment provider did not answer. The order waits without a checkout; asking again opens one."""

    provider: str
