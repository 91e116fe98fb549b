"""Providers that cannot be asked about a payment: a buyer quotes a code, and the noted payment is all that is known.

It is noted by staff, who look into their account, or by a notice from the provider.
"""

from abc import abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Protocol
from urllib.parse import urlencode

from bot.domain.currencies import minor_digits
from bot.domain.errors import ForgedWebhook
from bot.domain.orders import Observation, Order
from bot.domain.prompts import Quote
from bot.payments.kofi_notices import read_notice
from bot.payments.provider import Capability, ProviderError, UnknownPurchase, UnreadablePurchase, WebhookNotice


class Notes(Protocol):
    """Where payments are noted."""

    async def claim_code(self, order: Order) -> str:
        """Return the code by which a payment finds `order`, always the same."""
        ...

    async def read(self, provider: str, external_id: str) -> Observation | None:
        """Return what is noted about a purchase, None if it is unknown. An unpaid one is open."""
        ...


class NotedProvider:
    """What the two providers have in common."""

    name: str
    capabilities: frozenset[Capability]
    test = False
    needs_account = True
    is_default = False

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    def serves(self, guild_id: int) -> bool:
        """Serve every guild: the money goes straight to its own account."""
        return True

    async def start(self, order: Order, account: str) -> Quote:
        """Return the code that the buyer quotes."""
        code = await self._notes.claim_code(order)
        return self._quote(Quote(str(order.reference), code), order, account)

    async def read(self, external_id: str) -> Observation:
        """Return what is noted."""
        observation = await self._notes.read(self.name, external_id)
        if observation is None:
            raise UnknownPurchase(f"nothing is noted of {external_id}")
        return observation

    async def changes(self, since_ms: int, accounts: Sequence[str]) -> AsyncIterator[Observation | UnreadablePurchase]:
        """Yield nothing: noted payments were settled when they were noted."""
        return
        yield

    def verify(self, headers: Mapping[str, str], body: bytes, now_ms: int) -> WebhookNotice:
        """Refuse every webhook."""
        raise ForgedWebhook("this provider sends no webhooks")

    async def acknowledge(self, external_id: str) -> None:
        """Do nothing: there is nobody to tell."""

    async def refund(self, external_id: str, amount_minor: int, key: str) -> None:
        """Raise ProviderError: people send the money back, and record it."""
        raise ProviderError("money can be sent back only by hand")

    async def close(self) -> None:
        """Do nothing: there are no connections."""

    @abstractmethod
    def _quote(self, quote: Quote, order: Order, account: str) -> Quote:
        """Return the quote with what the buyer needs besides the code."""


class ManualProvider(NotedProvider):
    """Money that arrives in any way that staff accept. A guild's account is the text that buyers read about it."""

    name = "manual"
    capabilities = frozenset({Capability.RECORD})

    def _quote(self, quote: Quote, order: Order, account: str) -> Quote:
        return replace(quote, instructions=account)


class KofiProvider(NotedProvider):
    """Ko-fi. A guild's account is the name of its page there, below `url`."""

    name = "kofi"
    capabilities = frozenset({Capability.WEBHOOK, Capability.RECORD})

    def __init__(self, notes: Notes, url: str) -> None:
        super().__init__(notes)
        self._url = url.rstrip("/")

    def verify(self, headers: Mapping[str, str], body: bytes, now_ms: int) -> WebhookNotice:
        """Read a notice. Whether its token is a guild's is not known here."""
        payment = read_notice(body)
        return WebhookNotice(payment.message_id, payment.message_id, payment)

    def _quote(self, quote: Quote, order: Order, account: str) -> Quote:
        # Ko-fi ignores the query. Our own pretend Ko-fi fills its page with it.
        amount = f"{Decimal(order.price_minor).scaleb(-minor_digits(order.currency)):f}"
        query = urlencode({"amount": amount, "currency": order.currency, "message": quote.code})
        return replace(quote, url=f"{self._url}/{account}?{query}")
