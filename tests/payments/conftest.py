"""A Stripe with canned answers, and the provider that asks it."""

from collections.abc import AsyncIterator

import pytest

from bot.payments.stripe.provider import StripeProvider
from tests.payments.canned import Canned, serving
from tests.payments.stripe_answers import provider_at


@pytest.fixture
def answers() -> Canned:
    return Canned()


@pytest.fixture
async def root(answers: Canned) -> AsyncIterator[str]:
    async with serving(answers) as address:
        yield address


@pytest.fixture
async def stripe_(root: str) -> AsyncIterator[StripeProvider]:
    provider = provider_at(root)
    yield provider
    await provider.close()
