"""What a process does between the click on a package and the receipt, and in a withdrawal: work for mortal children.

Each job names the books, the time, the order, a file for what its buyer is told, and the provider, with what it takes
to reach that: the address of the pretend Stripe or the pretend Discord.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final, cast

import discord
from sqlalchemy import select

from bot import discordpy_internals
from bot.client import Rosette
from bot.domain.confirmation_errors import AlreadyConfirmed, InvalidPaymentReference, PaymentDecided
from bot.domain.deadlines import DeadlineKind
from bot.domain.orders import Contact, Order
from bot.domain.packages import Terms
from bot.domain.store_prices import Price
from bot.followers.deadlines import Deadlines
from bot.payments.discord_sku import DiscordSku
from bot.payments.noted import KofiProvider, ManualProvider
from bot.payments.provider import Provider
from bot.payments.stripe.provider import StripeProvider
from bot.payments.stripe.selling import Mode, Shop
from bot.services import Services
from bot.services.assembly import build
from bot.services.payment_notes import PaymentNotes
from bot.services.settlements import Settlement
from bot.storage.database import Database
from bot.storage.memory.deadlines import DeadlineQueue
from bot.storage.sql.tables import webhook_events
from cogs.discord_shop.source import DiscordEntitlements
from tests.faults.kill_points import Fuse, kill, leave_trace
from tests.payments.discord_wire import SKU
from tests.payments.noted_wires import OLIVE, SAM
from tests.storage.town import Clock

GUILD = 7
SECRET, WEBHOOK_SECRET = "sk_test_0123456789abcdef", "whsec_0123456789abcdef"
COINS, PRICE = 70, 99
SHOP: Final = Shop(Mode.PLAIN, "{coins} gift credits", "GIFT CREDITS")

Job = dict[str, Any]


@dataclass
class Keeper:
    """A process that sells for one guild. What buyers are told goes to a file, as it goes to Discord: before it is
    noted that they know."""

    books: Database
    services: Services
    provider: Provider
    deadlines: Deadlines
    woken: asyncio.Event

    async def click(self, order_id: int, member_id: int) -> Order:
        """Have a member accept the smallest package."""
        page = await self.services.orders.open(
            GUILD,
            order_id=order_id,
            member_id=member_id,
            package_id=1,
            accepted=Terms(COINS, PRICE, "USD"),
            provider=self.provider.name,
            consent_version=1,
            contact=Contact("en-US", f"token {order_id}"),
        )
        return page.order

    async def click_carelessly(self, order_id: int, member_id: int) -> None:
        """Do the same in the wrong order: Stripe opens the page before the order is in the books."""
        draft = Order(GUILD, order_id, member_id, 1, COINS, PRICE, "USD", "stripe", test=True, consented_ms=0)
        await self.provider.start(draft, "")
        await self.click(order_id, member_id)

    async def hear(self, webhooks: list[tuple[dict[str, str], str]]) -> None:
        """Be told by the provider, and settle what that leads to."""
        for headers, body in webhooks:
            await self.services.payment_events.receive(self.provider.name, headers, body.encode())
        await self.settle()

    async def notice(self, entitlement_id: int) -> None:
        """Be told by Discord's gateway of a purchase, and settle it."""
        await self.services.discord_shop.notice("create", entitlement_id)
        await self.settle()

    async def confirm(self, order_id: int) -> None:
        """Have two of the staff confirm that the money of an order has come, and settle it."""
        for by, reference in ((SAM, f"transfer {order_id}"), (OLIVE, "")):
            # Who pressed before the process died presses once more.
            with suppress(AlreadyConfirmed, InvalidPaymentReference, PaymentDecided):
                await self.services.manual_payments.confirm(GUILD, order_id, by, reference)
        await self.settle()

    async def withdraw(self, order_id: int, member_id: int) -> None:
        """Have a member give all coins of an order back, and send the money."""
        await self.services.withdrawals.withdraw(GUILD, member_id, order_id, COINS)
        await self.send_back()

    async def has_noted(self, at_ms: int) -> bool:
        """Whether the books have a report of a payment that came at this time. It is settled whoever dies meanwhile."""
        reports = select(webhook_events.c.event_id).where(webhook_events.c.received_ms == at_ms)
        return await self.books.read(lambda c: c.execute(reports).first() is not None)

    async def settle(self) -> None:
        """Work off the queue of events."""
        while await self._begin() is not None:
            await self.woken.wait()

    async def _begin(self) -> float | None:
        self.woken.clear()
        return await self.services.payment_events.begin()

    async def send_back(self) -> None:
        """Deal with all deadlines that are due."""
        await self.deadlines.fire()
        while self.deadlines._tasks:
            await asyncio.wait([*self.deadlines._tasks.values()])
            await self.deadlines.fire()


@asynccontextmanager
async def open_shop(job: Job) -> AsyncGenerator[Keeper]:
    """Open the books of a job, and sell for the length of a block."""
    clock = Clock()
    clock.now_ms = job["now_ms"]
    books = await Database.open(job["address"], clock=clock)
    provider = _provider(job, books, clock)
    services = build(books, [provider], clock)
    news = os.open(job["news"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    async def tell(settlement: Settlement) -> None:
        os.write(news, f"{settlement.order.order_id} {settlement.order.state}\n".encode())
        leave_trace()

    services.orders.on_settled(tell)
    woken = asyncio.Event()
    services.payment_events.subscribe(woken.set)
    deadlines = Deadlines(DeadlineQueue(books), clock, {GUILD}.__contains__)
    deadlines.on(DeadlineKind.WITHDRAWAL_REFUND, services.withdrawals.send_back)
    try:
        async with _connected(job, services):
            yield Keeper(books, services, provider, deadlines, woken)
    finally:
        Fuse.at = None
        await deadlines.stop()
        await services.payment_events.stop()
        await provider.close()
        await books.close()
        os.close(news)


def _provider(job: Job, books: Database, clock: Clock) -> Provider:
    match job.get("provider", "stripe"):
        case "discord_sku":
            return DiscordSku({str(SKU): Price(PRICE, "USD")}, is_test_mode=False)
        case "kofi":
            return KofiProvider(PaymentNotes(books), "https://ko-fi.test")
        case "manual":
            return ManualProvider(PaymentNotes(books))
        case _:
            return StripeProvider(SECRET, WEBHOOK_SECRET, SHOP, frozenset({GUILD}), clock, job["stripe"])


@asynccontextmanager
async def _connected(job: Job, services: Services) -> AsyncGenerator[None]:
    """Stay logged in to the pretend Discord, where the provider is reached through that."""
    if "discord" not in job:
        yield
        return
    discordpy_internals.point_at(*job["discord"])
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(job["token"])
        services.discord_shop.connect(DiscordEntitlements(cast("Rosette", client)))
        yield


async def _work(job: Job, step: Callable[[Keeper], Awaitable[object]]) -> None:
    Fuse.strike = kill
    async with open_shop(job) as keeper:
        Fuse.at = job["strike_at"]
        await step(keeper)


async def click(job: Job) -> None:
    """Have the member click."""
    await _work(job, lambda keeper: keeper.click(job["order"], job["member"]))


async def click_carelessly(job: Job) -> None:
    """Have the member click where pages are opened too early."""
    await _work(job, lambda keeper: keeper.click_carelessly(job["order"], job["member"]))


async def hear(job: Job) -> None:
    """Hear what Stripe says."""
    await _work(job, lambda keeper: keeper.hear(job["webhooks"]))


async def notice(job: Job) -> None:
    """Hear what Discord's gateway says."""
    await _work(job, lambda keeper: keeper.notice(job["entitlement"]))


async def confirm(job: Job) -> None:
    """Have staff confirm."""
    await _work(job, lambda keeper: keeper.confirm(job["order"]))


async def withdraw(job: Job) -> None:
    """Have the member withdraw."""
    await _work(job, lambda keeper: keeper.withdraw(job["order"], job["member"]))
