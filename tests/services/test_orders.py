"""Settling payments when the books or the provider do not play along: no payment is ever written off."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

import pytest

from bot.app import now_ms
from bot.domain.errors import BooksClosed
from bot.domain.orders import Observation, Order
from bot.payments.provider import Notice, Prompt
from bot.services import Services, build
from bot.storage.audit import audit_database
from bot.storage.database import Database

GUILD, MIA, ORDER = 7, 11, 500


class Till:
    """A provider at which everything is paid at once."""

    name = "till"
    test = True

    def __init__(self) -> None:
        self.paid: list[Observation] = []
        self.garbled: list[Observation] = []

    async def start(self, order: Order) -> Prompt:
        paid = Observation(
            self.name, "till-1", order.order_id, "paid", order.price_minor, order.currency, live=not order.test
        )
        self.paid.append(paid)
        return Prompt(paid.external_id, "https://till.example/1")

    async def read(self, external_id: str) -> Observation:
        return {paid.external_id: paid for paid in self.paid}[external_id]

    async def changes(self, since_ms: int) -> AsyncIterator[Observation]:
        for paid in self.garbled + self.paid:
            yield paid

    def verify(self, headers: Mapping[str, str], body: bytes, now_ms: int) -> Notice:
        return Notice(f"event about {body.decode()}", body.decode())

    async def close(self) -> None:
        pass


@pytest.fixture
async def database(address: str) -> AsyncIterator[Database]:
    opened = await Database.open(address, clock=now_ms)
    yield opened
    await opened.close()
    assert list(audit_database(address)) == []


@pytest.fixture
def till() -> Till:
    return Till()


@pytest.fixture
async def services(database: Database, till: Till) -> Services:
    """The services over the books of one guild, in which Mia has paid for the smallest package."""
    services = build(database, [till], now_ms)
    await services.guilds.welcome(GUILD)
    await services.orders.open(
        GUILD,
        order_id=ORDER,
        member_id=MIA,
        package_id=1,
        seen_price_minor=99,
        seen_coins=70,
        seen_currency="USD",
        reply_token="en-US:token",
    )
    return services


async def test_a_payment_told_while_the_books_are_closed_is_credited_once_they_open(
    database: Database, services: Services
) -> None:
    database.writer.stop_money()
    await services.orders.receive("till", {}, b"till-1")
    with pytest.raises(BooksClosed):
        await services.orders.settle_recorded()
    database.writer.resume_money()

    await services.orders.settle_recorded()

    assert (await services.wallets.overview(GUILD, MIA)).wallet.paid == 70


async def test_a_payment_that_no_webhook_told_is_found_and_credited_once(services: Services) -> None:
    for _ in range(2):
        await services.orders.reconcile(0)

    assert (await services.wallets.overview(GUILD, MIA)).wallet.paid == 70


async def test_a_payment_that_cannot_be_settled_holds_up_no_other(till: Till, services: Services) -> None:
    # No database takes such a number.
    till.garbled.append(replace(till.paid[0], external_id="till-0", order_id=2**70))

    with pytest.raises(Exception, match=r"too large|out of int64 range"):
        await services.orders.reconcile(0)

    assert (await services.wallets.overview(GUILD, MIA)).wallet.paid == 70


async def test_a_webhook_that_cannot_be_settled_holds_up_no_other(services: Services) -> None:
    for told in (b"never heard of", b"till-1"):
        await services.orders.receive("till", {}, told)

    with pytest.raises(KeyError):
        await services.orders.settle_recorded()

    assert (await services.wallets.overview(GUILD, MIA)).wallet.paid == 70
