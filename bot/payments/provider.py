"""What every payment provider can do. A webhook only says "look again"; `read` is the truth."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.domain.orders import Observation, Order


class ProviderError(Exception):
    """The provider did not answer, or not in a form that can be trusted. Nothing was decided; try again later."""


class UnknownPurchase(ProviderError):  # noqa: N818 - an answer, not a fault
    """The provider has no such purchase, at least not yet."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """Where the buyer pays: the provider's id of the purchase, and the address of its page."""

    external_id: str
    url: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A verified webhook: the event's own id, and the purchase that it is about."""

    event_id: str
    external_id: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A purchase in a provider's list that cannot be read as one."""

    provider: str
    external_id: str
    why: str


class Provider(Protocol):
    """A payment provider. `test` providers take no real money; their coins are marked, and never paid out."""

    @property
    def name(self) -> str:
        """The name in settings, orders and webhook addresses."""
        ...

    @property
    def test(self) -> bool:
        """Whether payments are pretended."""
        ...

    async def start(self, order: Order) -> Prompt:
        """Open a checkout for `order`, or return the one that its `external_id` names; raise ProviderError.

        The provider is given the order's reference, and opens one checkout for it however often it is asked.
        """
        ...

    async def read(self, external_id: str) -> Observation:
        """Return what the provider knows about a purchase; raise ProviderError, UnknownPurchase among them."""
        ...

    def changes(self, since_ms: int) -> AsyncIterator[Observation | Unreadable]:
        """Yield every purchase that changed since `since_ms`, oldest change first; raise ProviderError.

        One that cannot be read does not hide those behind it.
        """
        ...

    def verify(self, headers: Mapping[str, str], body: bytes, now_ms: int) -> Notice:
        """Return what a webhook is about; raise ForgedWebhook."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
