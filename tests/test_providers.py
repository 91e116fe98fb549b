"""The settings make exactly the providers that they list."""

import subprocess
import sys
from typing import cast

from pydantic import SecretStr

from bot.payments.stripe.provider import StripeProvider
from bot.providers import providers_of
from bot.services.payment_notes import PaymentNotes
from bot.settings import Settings
from tests.test_stripe_settings import KEY

NO_NOTES = cast("PaymentNotes", None)


async def test_stripe_is_made_of_its_settings():
    settings = Settings(
        discord_token=SecretStr("a-token-of-discord"),
        payment_providers=("stripe",),
        stripe_secret_key=SecretStr(f"sk_test_{KEY}"),
        stripe_webhook_secret=SecretStr(f"whsec_{KEY}"),
        stripe_guilds=(7,),
    )

    (provider,) = providers_of(settings, NO_NOTES, lambda: 0)
    await provider.close()

    assert isinstance(provider, StripeProvider)
    assert (provider.name, provider.test, provider.needs_account) == ("stripe", True, False)
    assert (provider.serves(7), provider.serves(8)) == (True, False)


def test_a_bot_without_stripe_does_not_load_its_client():
    code = "import sys, bot.app; sys.exit('stripe' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
