"""Purchases on Discord itself: the client reports that something happened, and provides the way to Discord."""

from bot.payments.discord_sku import NAME, DiscordSku, EntitlementSource, SourceDown
from bot.services.payment_events import PaymentEvents

__all__ = ["DiscordShop", "EntitlementSource", "SourceDown"]


class DiscordShop:
    """The use-cases of Discord's client in payments. Without the provider of SKUs they do nothing."""

    def __init__(self, provider: DiscordSku | None, events: PaymentEvents) -> None:
        self._provider = provider
        self._events = events

    def connect(self, source: EntitlementSource) -> None:
        """Reach Discord through `source` from now on."""
        if self._provider is not None:
            self._provider.connect(source)

    async def notice(self, change: str, entitlement_id: int) -> None:
        """Record that an entitlement was created, updated or deleted, as `change` says, so that it is read anew."""
        if self._provider is not None:
            await self._events.record(NAME, f"{change}:{entitlement_id}", str(entitlement_id))
