"""Providers that cannot be asked: what they can do, and that they say so where they cannot."""

import pytest

from bot.domain.errors import ForgedWebhook
from bot.domain.orders import Observation, Order, PaymentStatus
from bot.domain.prompts import Quote
from bot.payments.noted import KofiProvider, ManualProvider, NotedProvider
from bot.payments.provider import Capability, ProviderError, UnknownPurchase
from tests.payments.kofi_bodies import encoded, notice

ORDER = Order(7, 500, 11, 1, 70, 99, "USD", "kofi", test=False, consented_ms=1)
PAYMENT = Observation("kofi", "7/message", ORDER.reference, PaymentStatus.PAID, 99, "USD", live=True)


class Notes:
    """One noted payment."""

    async def claim_code(self, order: Order) -> str:
        return "RO-7K4F"

    async def read(self, provider: str, external_id: str) -> Observation | None:
        return PAYMENT if external_id == PAYMENT.external_id else None


PROVIDERS = [KofiProvider(Notes(), "https://ko-fi.test"), ManualProvider(Notes())]


@pytest.fixture(params=PROVIDERS, ids=["kofi", "manual"])
def provider(request: pytest.FixtureRequest) -> NotedProvider:
    return request.param


def test_they_list_nothing_and_send_nothing_back() -> None:
    abilities = [provider.capabilities for provider in PROVIDERS]

    assert abilities == [{Capability.WEBHOOK, Capability.RECORD}, {Capability.RECORD}]


async def test_what_is_noted_is_the_truth(provider: NotedProvider) -> None:
    assert await provider.read("7/message") == PAYMENT
    with pytest.raises(UnknownPurchase):
        await provider.read("7/another")
    assert [change async for change in provider.changes(0, ["garden"])] == []


async def test_money_goes_back_only_by_hand(provider: NotedProvider) -> None:
    with pytest.raises(ProviderError):
        await provider.refund("7/message", 99, "key")


async def test_an_order_has_one_code_and_is_named_by_its_reference() -> None:
    quotes = [await provider.start(ORDER, "garden") for provider in PROVIDERS]

    assert quotes == [
        Quote("7-500", "RO-7K4F", "https://ko-fi.test/garden?amount=0.99&currency=USD&message=RO-7K4F"),
        Quote("7-500", "RO-7K4F", instructions="garden"),
    ]


def test_nobody_sends_webhooks_about_payments_by_hand() -> None:
    kofi, manual = PROVIDERS

    assert kofi.verify({}, encoded(notice()), 0).payment is not None
    with pytest.raises(ForgedWebhook):
        manual.verify({}, encoded(notice()), 0)
