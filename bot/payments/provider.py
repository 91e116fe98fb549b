"""The protocol of payment providers. A webhook only says "look again"; `read` gives the facts."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from bot.domain.noted_payments import PaidNotice
from bot.domain.orders import Observation, Order
from bot.domain.packages import Package
from bot.domain.product_purchases import ProductPurchase
from bot.domain.prompts import Prompt

PaymentReport = Observation | ProductPurchase
"""What a provider says about a purchase: the payment of an order, or of a product whose order must be looked up."""


class ProviderError(Exception):
    """The provider did not answer, or its answer cannot be trusted. Nothing was decided; try again later."""


class UnknownPurchase(ProviderError):  # noqa: N818 - an answer, not a fault
    """The provider has no such purchase, at least not yet."""


class ForeignPurchase(ProviderError):  # noqa: N818 - an answer, not a fault
    """The provider has such a purchase, but the bot did not sell it: the account is used for other things too."""


class Capability(StrEnum):
    """What a provider can do besides taking money."""

    WEBHOOK = "webhook"
    """It calls when something happens. `verify` reads the call."""
    RECONCILE = "reconcile"
    """It can be asked what has changed. `changes` lists it."""
    REFUND = "refund"
    """It can send money back. `refund` asks for it."""
    RECORD = "record"
    """It cannot, and does not report money that goes back. Staff send it themselves, and record that."""
    OWN_REFUNDS = "own_refunds"
    """Only the provider sends money back, and buyers ask the provider for it."""
    DISPUTE = "dispute"
    """It reports disputes."""
    ACKNOWLEDGE = "acknowledge"
    """It wants to know when coins were credited. `acknowledge` says so."""


@dataclass(frozen=True, slots=True)
class WebhookNotice:
    """A verified webhook: the id of the event, and the id of the purchase that it is about.

    If the provider can never be asked about it, `payment` is all it says, once a guild has its token.
    """

    event_id: str
    external_id: str
    payment: PaidNotice | None = None


@dataclass(frozen=True, slots=True)
class UnreadablePurchase:
    """A purchase in a provider's list whose entry cannot be parsed, and why."""

    provider: str
    external_id: str
    why: str


class Provider(Protocol):
    """A payment provider. `test` providers take no real money. Their coins are marked and never paid out."""

    @property
    def name(self) -> str:
        """The name in settings, orders and webhook addresses."""
        ...

    @property
    def test(self) -> bool:
        """Whether payments are only simulated."""
        ...

    @property
    def needs_account(self) -> bool:
        """Whether a guild has to name an account of its own before anybody can pay there."""
        ...

    @property
    def is_default(self) -> bool:
        """Whether a guild has it until its staff switch it off, rather than once they have switched it on."""
        ...

    def serves(self, guild_id: int) -> bool:
        """Whether the operator has switched it on for this guild."""
        ...

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What it can do. Methods that need a capability are not called without it."""
        ...

    async def start(self, order: Order, account: str) -> Prompt:
        """Return how the buyer pays for `order`, the same as before if its `external_id` is set. Raise ProviderError.

        The provider gets the order's reference and opens only one checkout for it, however often this is called.
        `account` is the guild's own account at the provider, "" without one. If a purchase can be read only with that
        account, the account is part of the external id, in front of a slash.
        """
        ...

    async def read(self, external_id: str) -> PaymentReport:
        """Return what the provider knows about a purchase. Raise ProviderError, or its subclass UnknownPurchase."""
        ...

    def changes(self, since_ms: int, accounts: Sequence[str]) -> AsyncIterator[PaymentReport | UnreadablePurchase]:
        """Yield every purchase that has changed since `since_ms`, oldest change first. Raise ProviderError.

        `accounts` are those of guilds that have their own; one that its guild has taken back raises UnknownPurchase. A
        purchase that cannot be parsed is yielded as UnreadablePurchase, so that it does not hide those after it.
        """
        ...

    def verify(self, headers: Mapping[str, str], body: bytes, now_ms: int) -> WebhookNotice | None:
        """Return what a webhook is about, None if that is not a purchase.

        Raise ForgedWebhook unless its signature and form are right.
        """
        ...

    async def acknowledge(self, external_id: str) -> None:
        """Say that the coins of a purchase were credited. May be repeated. Raise ProviderError."""
        ...

    async def refund(self, external_id: str, amount_minor: int, key: str) -> None:
        """Send `amount_minor` of a payment back. The same `key` twice sends it once. Raise ProviderError.

        The refund is settled when the provider reports it.
        """
        ...

    async def close(self) -> None:
        """Close all connections to the provider."""
        ...


@runtime_checkable
class OnboardingProvider(Protocol):
    """A provider at which each guild sets up an account of its own."""

    async def onboard(self, guild_id: int, account: str) -> tuple[str, str]:
        """Return a guild's account, a new one if `account` is "", and where staff set it up. Raise ProviderError."""
        ...

    async def is_ready(self, account: str) -> bool:
        """Whether a guild's account may take payments. Raise ProviderError."""
        ...


def account_of(provider: Provider, external_id: str) -> str:
    """Return the guild's own account at which a purchase was made, "" if that was the operator's."""
    return external_id.rpartition("/")[0] if isinstance(provider, OnboardingProvider) else ""


@runtime_checkable
class NamingProvider(Protocol):
    """A provider whose buyers may read the name of the guild."""

    def name_servers(self, name_of: Callable[[int], str]) -> None:
        """Have `name_of` give the name of a guild, "" if it has none."""
        ...


@runtime_checkable
class SelectiveProvider(Protocol):
    """A provider that sells only some packages. Those without this method sell all."""

    def sells(self, package: Package) -> bool:
        """Whether members can pay for this package there."""
        ...
