"""Providers are asked every ten minutes for what they did not report, by a clock that the test moves."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from bot.background import reconciler
from bot.domain.orders import Observation
from bot.payments.provider import UnreadablePurchase
from bot.services.assembly import build
from bot.storage.database import Database
from tests.services.paying import GUILD, Till, order, paid_coins
from tests.storage.town import Clock

TEN_MINUTES_S, STEP_S = 600, 10
LATEST_S = 900
"""How many steps a request may take to reach the provider."""


class Leaping(asyncio.SelectorEventLoop):
    """An event loop whose clock can be set ahead."""

    ahead_s = 0.0

    def time(self) -> float:
        return super().time() + self.ahead_s


class AskedTill(Till):
    """A till that notes when it is asked for everything, and how often it has answered."""

    asked_s: list[float]
    answers = 0

    async def changes(self, since_ms: int, accounts: Sequence[str]) -> AsyncIterator[Observation | UnreadablePurchase]:
        self.asked_s.append(asyncio.get_running_loop().time())
        async for change in super().changes(since_ms, accounts):
            yield change
        self.answers += 1


@pytest.mark.databases("sqlite")
def test_a_payment_that_no_webhook_told_is_found_after_ten_minutes(address: str) -> None:
    loop = Leaping()
    try:
        first_s, second_s = loop.run_until_complete(_asked(address, loop))
    finally:
        loop.close()

    assert TEN_MINUTES_S <= second_s - first_s <= LATEST_S


async def _asked(address: str, loop: Leaping) -> list[float]:
    """Have Mia pay after the till was asked for the first time. Return the times at which it was asked until she had
    her coins."""
    clock, till = Clock(), AskedTill()
    till.asked_s = []
    books = await Database.open(address, clock=clock)
    services = build(books, [till], clock)
    await services.guilds.welcome(GUILD)
    await order(services)
    asking = reconciler(services, clock)
    asking.start()
    try:
        while not till.answers:
            await paid_coins(services)
        till.becomes("till-500", "paid")
        while not await paid_coins(services):
            assert len(till.asked_s) < 3, "it was asked, and no coins came"
            loop.ahead_s += STEP_S
    finally:
        await asking.stop()
        await books.close()
    return till.asked_s
