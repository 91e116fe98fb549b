"""The pretend payment providers, and the settings with which the bot reaches them."""

import secrets
from collections.abc import Callable
from pathlib import Path

from aiohttp import web

from sandbox.checkout.server import Checkout
from sandbox.kofi.server import Kofi
from sandbox.page.tour import Tour
from sandbox.stripe.server import Stripe


class Providers:
    """All of them at one `address`, with fresh secrets.

    `bot_address` is the bot's web part, `guild_id` the guild that sells at Stripe. `clock` is in milliseconds.
    """

    def __init__(self, address: str, bot_address: str, guild_id: int, folder: Path, clock: Callable[[], int]) -> None:
        secret, webhook_secret = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        stripe_key, stripe_secret = f"sk_test_{secrets.token_hex(16)}", f"whsec_{secrets.token_hex(16)}"
        self.checkout = Checkout(
            root=address,
            secret=secret,
            webhook_url=f"{bot_address}/webhooks/sandbox",
            webhook_secret=webhook_secret,
            path=folder / "checkout.json",
            clock=clock,
        )
        self.stripe = Stripe(
            root=address,
            secret_key=stripe_key,
            webhook_url=f"{bot_address}/webhooks/stripe",
            webhook_secret=stripe_secret,
            path=folder / "stripe.json",
            clock=clock,
        )
        self.kofi = Kofi(webhook_url=f"{bot_address}/webhooks/kofi", clock=clock)
        self.variables = {
            "PAYMENT_PROVIDERS": "sandbox,stripe,discord_sku,kofi,manual",
            "KOFI_URL": f"{address}/kofi",
            "SANDBOX_CHECKOUT_URL": f"{address}/checkout/v1",
            "SANDBOX_CHECKOUT_SECRET": secret,
            "SANDBOX_WEBHOOK_SECRET": webhook_secret,
            "STRIPE_API_URL": address,
            "STRIPE_GUILDS": str(guild_id),
            "STRIPE_SECRET_KEY": stripe_key,
            "STRIPE_TRANSFERS": "true",
            "STRIPE_WEBHOOK_SECRET": stripe_secret,
        }

    def routes(self, app: web.Application) -> None:
        """Mount all providers on an app."""
        self.checkout.routes(app)
        self.stripe.routes(app)
        self.kofi.routes(app)

    def watch(self, tour: Tour) -> None:
        """Let the tour learn what was bought."""
        self.checkout.watch(tour.notice_payment)
        self.stripe.platform.watch(tour.notice_stripe)
