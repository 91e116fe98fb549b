"""A Stripe with canned answers and the provider that asks it, and a guild that sells at a provider of the contract."""

from collections.abc import AsyncIterator

import pytest

from bot.payments.stripe.provider import StripeProvider
from tests.payments.canned import Canned, serving
from tests.payments.contract import CONTENDERS
from tests.payments.market import Market, open_market
from tests.payments.stripe_answers import provider_at
from tests.payments.wires import Wire


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


@pytest.fixture
async def market(request: pytest.FixtureRequest, address: str) -> AsyncIterator[Market[Wire]]:
    """A guild that sells at the provider that the test's parameter names."""
    async with open_market(CONTENDERS[request.param].open_wire, address) as opened_market:
        yield opened_market
