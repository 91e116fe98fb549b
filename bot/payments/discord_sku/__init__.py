"""Discord itself as a provider: members buy a SKU of the application on a premium button, and get an entitlement."""

from bot.payments.discord_sku.provider import NAME, DiscordSku, EntitlementSource, SourceDown

__all__ = ["NAME", "DiscordSku", "EntitlementSource", "SourceDown"]
