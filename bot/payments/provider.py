"""The protocol of payment providers. A webhook only says "look again"; `read` gives the facts."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.domain.orders import Observation, Order


class ProviderError(Exception):
    """The provider did not answer, or its answer cannot be trusted. Nothing was decided; try again later."""


class UnknownPurchase(ProviderError):  # noqa: N818 - an answer, not a fault
    """The provider has no such purchase, at least not yet."""


class Capability(StrEnum):
    """What a provider can do besides taking money."""

    WEBHOOK = "webhook"
    """It calls when something happens. `verify` reads that."""
    RECONCILE = "reconcile"
    """It can be asked what has changed. `changes` lists it."""
    REFUND = "refund"
    """It can send money back. `refund` asks for it."""
    DISPUTE = "dispute"
    """It reports disputes."""
    ACKNOWLEDGE = "acknowledge"
    """It wants to know when coins were credited. `acknowledge` says so."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A checkout: the provider's id of the purchase, and the address of the page where the buyer pays."""

    external_id: str
    url: str


@dataclass(frozen=True, slots=True)
class WebhookNotice:
    """A verified webhook: the id of the event, and the id of the purchase that it is about."""

    event_id: str
    external_id: str


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
    def capabilities(self) -> frozenset[Capability]:
        """What it can do. Methods that need a capability are not called without it."""
        ...

    async def start(self, order: Order) -> Checkout:
        """Open a checkout for `order`, or return the one that its `external_id` names. Raise ProviderError.

        The provider gets the order's reference and opens only one checkout for it, however often this is called.
        """
        ...

    async def read(self, external_id: str) -> Observation:
        """Return what the provider knows about a purchase. Raise ProviderError, or its subclass UnknownPurchase."""
        ...

    def changes(self, since_ms: int) -> AsyncIterator[Observation | UnreadablePurchase]:
        """Yield every purchase that changed since `since_ms`, oldest change first. Raise ProviderError.

        A purchase that cannot be parsed is yielded as UnreadablePurchase, so that it does not hide those after it.
        """
        ...

    def verify(self, headers: Mapping[str, str], body: bytes, now_ms: int) -> WebhookNotice:
        """Return what a webhook is about. Raise ForgedWebhook unless its signature and form are right."""
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
