"""A kill at every statement and await from the click to the receipt over Stripe, and inside a withdrawal.

Each time another member buys, in the same books and at the same Stripe, and a second process goes on after the kill.
In a long run each point has its kill, which takes a server most of an hour. So it comes in parts that run by themselves
or beside each other, each with kills from the first point to the last: `-k "withdrawal and part3of"` picks one.
"""

import asyncio
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.domain.deadlines import CLAIM_MS
from bot.domain.order_states import OrderState
from bot.payments.stripe.selling import Mode
from bot.services.payment_events import LEASE_MS
from bot.storage.audit.auditor import audit_database
from tests.faults.children import KILLED, Children, children
from tests.faults.shopping import COINS, GUILD, PRICE, Keeper, open_shop
from tests.payments.stripe_wire import StripeWire, stripe
from tests.storage.town import Clock
from tests.thoroughness import by_thoroughness

pytestmark = pytest.mark.databases("sqlite", "postgresql")

MODULE = "tests.faults.shopping"
MOST_POINTS = 3_000
PATIENCE_S = 30
PARTS = by_thoroughness(quick=1, full=1, long=12)
in_parts = pytest.mark.parametrize("part", range(PARTS), ids=lambda part: f"part{part + 1}of{PARTS}")

Job = dict[str, Any]


@pytest.fixture(scope="module")
async def shoppers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Children]:
    """Processes that sell, to be killed."""
    async with children(tmp_path_factory.mktemp("shoppers"), MODULE) as processes:
        yield processes


@dataclass
class Street:
    """Books, a Stripe, and one buyer after another, whose order has the same number."""

    address: str
    wire: StripeWire
    clock: Clock
    mortals: Children
    news: Path
    step: int
    """How many points to advance between kills."""
    numbers: "count[int]" = field(default_factory=lambda: count(1_000))

    def job(self, **more: Any) -> Job:
        """Return a job in these books at this time."""
        places = {"address": self.address, "stripe": self.wire.server.root, "news": str(self.news)}
        return {**places, "now_ms": self.clock.now_ms, **more}

    @asynccontextmanager
    async def process(self) -> AsyncGenerator[Keeper]:
        """Open another process, which nobody kills."""
        async with asyncio.timeout(PATIENCE_S), open_shop(self.job()) as keeper:
            yield keeper

    async def lives(self, work: str, prepare: Callable[[int], Awaitable[Job]], part: int = 0) -> AsyncGenerator[int]:
        """Kill a process at each point of some work in turn, of those that are in this part. Yield the number of each
        life, also of the last, which was through before its point."""
        # Where the kills begin differs by the work, so that not all of them are after the same statements.
        first = 1 + zlib.crc32(work.encode()) % self.step + part * self.step
        for at in count(first, PARTS * self.step):
            assert at < MOST_POINTS, "there is no end of points"
            number = next(self.numbers)
            options = self.job(order=number, member=number, work=f"{MODULE}:{work}", strike_at=at)
            address = options.pop("address")
            code, _ = await self.mortals.run(address, [], **options, **await prepare(number))
            assert code in {0, KILLED}
            yield number
            assert [finding.what for finding in audit_database(self.address)] == []
            if not code:
                assert at > 100, "too few points"
                return

    async def nothing(self, _: int) -> Job:
        """Prepare nothing."""
        return {}

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

    @asynccontextmanager
    async def restarted(self) -> AsyncGenerator[Keeper]:
        """Let another process go on, once the claims of the first have run out."""
        began_ms = self.clock.now_ms - 1_000
        self.clock.now_ms += max(LEASE_MS, CLAIM_MS) + 1_000
        async with self.process() as keeper:
            for _ in range(2):
                await keeper.send_back()
                await keeper.services.payment_events.reconcile(began_ms)
                await keeper.settle()
            yield keeper

    def pages(self, order_id: int) -> list[dict[str, Any]]:
        """Return the checkout sessions that Stripe has for an order."""
        sessions = self.wire.server.platform.own.all("checkout.session")
        return [session for session in sessions if session["client_reference_id"] == f"{GUILD}-{order_id}"]

    def refunds(self, order_id: int) -> list[int]:
        """Return the amounts that Stripe sent back for an order."""
        intents = {session["payment_intent"] for session in self.pages(order_id)}
        refunds = self.wire.server.platform.own.all("refund")
        return [refund["amount"] for refund in refunds if refund["payment_intent"] in intents]

    def news_of(self, order_id: int) -> list[str]:
        """Return what the buyer of an order was told, and how often."""
        lines = self.news.read_text(encoding="utf-8").splitlines() if self.news.exists() else []
        return [state for number, state in map(str.split, lines) if number == str(order_id)]


@pytest.fixture
def step(books_kind: str) -> int:
    """How many points to advance between kills. A server takes more of them, and each takes longer."""
    if books_kind == "sqlite":
        return by_thoroughness(quick=61, full=47, long=1)
    return by_thoroughness(quick=199, full=151, long=1)


@pytest.fixture
async def street(address: str, shoppers: Children, tmp_path: Path, step: int) -> AsyncIterator[Street]:
    """A guild that sells, where members may withdraw."""
    clock = Clock()
    async with stripe(clock, Mode.PLAIN) as wire:
        street = Street(address, wire, clock, shoppers, tmp_path / "news", step)
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
async def test_a_kill_between_the_click_and_the_page_leaves_one_page_at_most(street: Street, part: int) -> None:
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
async def test_a_page_that_is_opened_before_its_order_is_caught(street: Street) -> None:
    """The control: a process that asks Stripe first leaves a page of an order that nobody knows."""
    street.step = 10
    async for number in street.lives("click_carelessly", street.nothing):
        async with street.process() as keeper:
            if street.pages(number) and await keeper.services.orders.find(GUILD, number) is None:
                return
    pytest.fail("no kill left a page without an order")


@in_parts
async def test_a_kill_between_the_payment_and_the_receipt_credits_once(street: Street, part: int) -> None:
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
    street: Street, part: int
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
