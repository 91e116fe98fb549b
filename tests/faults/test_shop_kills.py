"""A kill at every statement and await from the click to the receipt over Stripe, and inside a withdrawal.

Each time another member buys, in the same books and at the same Stripe, and a second process goes on after the kill.
In a long run each point has its kill. It comes in parts that run by themselves or beside each other, each with kills
from the first point to the last: `-k "withdrawal and part3of"` picks one.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.domain.order_states import OrderState
from bot.payments.stripe.selling import Mode
from tests.faults.children import Children
from tests.faults.shopping import COINS, GUILD, PRICE, Keeper
from tests.faults.streets import Job, Street, in_parts
from tests.payments.stripe_wire import StripeWire, stripe
from tests.storage.town import Clock
from tests.thoroughness import by_thoroughness

pytestmark = pytest.mark.databases("sqlite", "postgresql")


@dataclass
class StripeStreet(Street):
    """A street whose shops sell over one Stripe."""

    wire: StripeWire = field(kw_only=True)

    async def paid(self, number: int) -> Job:
        """Prepare an order that is paid, and return what Stripe says about it."""
        start = len(self.wire.recorder.bodies)
        async with self.process() as keeper:
            order = await keeper.click(number, number)
        await self.wire.pay(order)
        return {"webhooks": [(headers, body.decode()) for headers, body in self.wire.webhooks()[start:]]}

    async def credited(self, number: int) -> Job:
        """Prepare an order that is paid and credited."""
        job = await self.paid(number)
        async with self.process() as keeper:
            await keeper.hear(job["webhooks"])
        return {}

    def pages(self, order_id: int) -> list[dict[str, Any]]:
        """Return the checkout sessions that Stripe has for an order."""
        sessions = self.wire.server.platform.own.all("checkout.session")
        return [session for session in sessions if session["client_reference_id"] == f"{GUILD}-{order_id}"]

    def refunds(self, order_id: int) -> list[int]:
        """Return the amounts that Stripe sent back for an order."""
        intents = {session["payment_intent"] for session in self.pages(order_id)}
        refunds = self.wire.server.platform.own.all("refund")
        return [refund["amount"] for refund in refunds if refund["payment_intent"] in intents]


@pytest.fixture
def step(books_kind: str) -> int:
    """How many points to advance between kills. A server takes more of them, and each takes longer."""
    if books_kind == "sqlite":
        return by_thoroughness(quick=19, full=13, long=1)
    return by_thoroughness(quick=43, full=29, long=1)


@pytest.fixture
async def street(address: str, sellers: Children, tmp_path: Path, step: int) -> AsyncIterator[StripeStreet]:
    """A guild that sells, where members may withdraw."""
    clock = Clock()
    async with stripe(clock, Mode.PLAIN) as wire:
        places = {"stripe": wire.server.root}
        street = StripeStreet(address, places, clock, sellers, tmp_path / "news", step, wire=wire)
        async with street.process() as keeper:
            await keeper.services.guilds.welcome(GUILD)
            await keeper.services.packages.edit(GUILD, 1, archived=False)
            await keeper.services.limits.let_withdraw(GUILD, allowed=True)
        yield street


async def books_of(keeper: Keeper, order_id: int, member_id: int) -> tuple[int, OrderState]:
    """Return a buyer's coins, and the state of their order."""
    wallet = (await keeper.services.wallets.overview(GUILD, member_id)).wallet
    order = await keeper.services.orders.find(GUILD, order_id)
    assert order is not None
    return wallet.test - wallet.test_debt, order.state


@in_parts
async def test_a_kill_between_the_click_and_the_page_leaves_one_page_at_most(street: StripeStreet, part: int) -> None:
    async for number in street.lives("click", street.nothing, part):
        pages = street.pages(number)
        async with street.process() as keeper:
            order = await keeper.services.orders.find(GUILD, number)
            # The order is in the books first, so nobody can pay for one that is not.
            assert order is not None or not pages
            again = await keeper.click(number + 1_000_000, number)
            assert order is None or again.order_id == number
            assert len(street.pages(again.order_id)) == 1
            await street.wire.pay(again)
            await keeper.services.payment_events.reconcile(street.clock.now_ms - 1_000)

            assert await books_of(keeper, again.order_id, number) == (COINS, OrderState.CREDITED)
        assert street.news_of(again.order_id) == ["credited"]


@pytest.mark.databases("sqlite")
async def test_a_page_that_is_opened_before_its_order_is_caught(street: StripeStreet) -> None:
    """The control: a process that asks Stripe first leaves a page of an order that nobody knows."""
    street.step = 10
    async for number in street.lives("click_carelessly", street.nothing):
        async with street.process() as keeper:
            if street.pages(number) and await keeper.services.orders.find(GUILD, number) is None:
                return
    pytest.fail("no kill left a page without an order")


@in_parts
async def test_a_kill_between_the_payment_and_the_receipt_credits_once(street: StripeStreet, part: int) -> None:
    lives, repeats = 0, 0
    async for number in street.lives("hear", street.paid, part):
        async with street.restarted() as keeper:
            assert await books_of(keeper, number, number) == (COINS, OrderState.CREDITED)
        news = street.news_of(number)
        assert {*news} == {"credited"}
        # Killed after telling and before noting that, it edits the same panel to the same text once more.
        lives, repeats = lives + 1, repeats + (len(news) == 2)
        assert len(news) <= 2
    assert repeats <= lives // 4


@in_parts
async def test_a_kill_inside_a_withdrawal_takes_the_coins_and_sends_the_money_once_or_does_neither(
    street: StripeStreet, part: int
) -> None:
    outcomes: set[bool] = set()
    async for number in street.lives("withdraw", street.credited, part):
        async with street.restarted() as keeper:
            is_withdrawn = await keeper.services.withdrawals.find(GUILD, number, number) is not None
            outcomes.add(is_withdrawn)
            if not is_withdrawn:
                assert street.refunds(number) == []
                assert await books_of(keeper, number, number) == (COINS, OrderState.CREDITED)
                await keeper.withdraw(number, number)
        async with street.restarted() as keeper:
            assert street.refunds(number) == [PRICE]
            assert await books_of(keeper, number, number) == (0, OrderState.WITHDRAWN)
    assert outcomes == {True, False}
