"""Makes the payment providers of the settings. A part of the composition root."""

from collections.abc import Callable

from bot.payments.discord_sku import DiscordSku
from bot.payments.noted import KofiProvider, ManualProvider
from bot.payments.provider import Provider
from bot.payments.sandbox import SandboxProvider
from bot.services.payment_notes import PaymentNotes
from bot.settings import Settings


def providers_of(settings: Settings, notes: PaymentNotes, clock: Callable[[], int]) -> list[Provider]:
    """Return the payment providers that the operator has switched on.

    `notes` is where those without an API look, and `clock` gives milliseconds.
    """
    providers: list[Provider] = []
    if "sandbox" in settings.payment_providers:
        providers.append(
            SandboxProvider(
                settings.sandbox_checkout_url,
                settings.sandbox_checkout_secret.get_secret_value(),
                settings.sandbox_webhook_secret.get_secret_value(),
            )
        )
    if "stripe" in settings.payment_providers:
        providers.append(_stripe(settings, clock))
    if "kofi" in settings.payment_providers:
        providers.append(KofiProvider(notes, settings.kofi_url))
    if "manual" in settings.payment_providers:
        providers.append(ManualProvider(notes))
    if "discord_sku" in settings.payment_providers:
        providers.append(DiscordSku(settings.discord_sku_prices, is_test_mode=settings.discord_sku_test_mode))
    return providers


def _stripe(settings: Settings, clock: Callable[[], int]) -> Provider:
    # Stripe's client takes 8 MiB, which bots without it can do without.
    from bot.payments.stripe.provider import StripeProvider  # noqa: PLC0415
    from bot.payments.stripe.selling import Mode, Shop  # noqa: PLC0415

    return StripeProvider(
        settings.stripe_secret_key.get_secret_value(),
        settings.stripe_webhook_secret.get_secret_value(),
        Shop(Mode(settings.stripe_mode), settings.stripe_line, settings.stripe_statement, settings.stripe_tax_code),
        frozenset(settings.stripe_guilds),
        clock,
        settings.stripe_api_url,
        sends_transfers=settings.stripe_transfers,
    )
