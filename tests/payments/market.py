"""A guild that sells at one provider over its wire, and the members who buy."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.domain.errors import Busy
from bot.domain.order_states import OrderState
from bot.domain.orders import Contact, Order
from bot.domain.packages import Terms
from bot.domain.payment_cases import CaseKind
from bot.domain.planned_gifts import PlannedGift
from bot.services import Services
from bot.services.assembly import build
from bot.services.payment_events import BOOKS_PAUSE_MS
from bot.storage.audit.auditor import audit_database
from bot.storage.database import Database
from tests.payments.wires import GUILD, News, Wire
from tests.rig import until
from tests.storage.town import HOUR, Clock

AnyWire = TypeVar("AnyWire", bound=Wire)
MIA, NOAH = 11, 12
COINS, PRICE = 70, 99


@dataclass
class Market(Generic[AnyWire]):
    """A guild that sells at one provider, and a buyer."""

    services: Services
    wire: AnyWire
    database: Database
    clock: Clock

    async def order(self, order_id: int = 500, member_id: int = MIA, gift: PlannedGift | None = None) -> Order:
        """Have a member order the smallest package, for a `gift` if there is one."""
        page = await self.services.orders.open(
            GUILD,
            order_id=order_id,
            member_id=member_id,
            package_id=1,
            accepted=Terms(COINS, PRICE, "USD"),
            provider=self.wire.provider.name,
            consent_version=1,
            contact=Contact("en-US", f"token {order_id}"),
            gift=gift,
        )
        return page.order

    async def paid(self, order_id: int = 500, member_id: int = MIA) -> str:
        """Have an order opened and paid; nobody is told yet. Return the payment's external id."""
        return await self.wire.pay(await self.order(order_id, member_id))

    async def hear(self, *news: News) -> None:
        """Let the bot be told, in this order, and work off whatever that leads to."""
        for tell in news:
            await tell(self.services)
        await self.settle()

    async def hear_at_once(self, *news: News) -> None:
        """Let the bot be told everything at the same time."""
        await asyncio.gather(*(tell(self.services) for tell in news))
        await self.settle()

    async def hear_while_asking(self, *news: News) -> None:
        """Let the bot be told while it asks the provider, so that both settle. Whoever was slower is tried again."""
        for tell in news:
            await tell(self.services)
        asking = asyncio.create_task(self.services.payment_events.reconcile(self.clock() - HOUR))

        async def is_idle() -> bool:
            waits = await self.services.payment_events.begin() is not None
            self.clock.now_ms += BOOKS_PAUSE_MS
            return asking.done() and not waits

        await until(is_idle)
        assert isinstance(asking.exception(), Busy | None)
        await self.reconcile()

    async def settle(self) -> None:
        """Work off the queue of events."""

        async def is_idle() -> bool:
            return await self.services.payment_events.begin() is None

        await until(is_idle)

    async def reconcile(self, times: int = 1) -> None:
        for _ in range(times):
            await self.services.payment_events.reconcile(self.clock() - HOUR)

    async def coins(self, member_id: int = MIA) -> int:
        """Return the coins in a wallet that were bought, for tests or for real, less what is owed."""
        wallet = (await self.services.wallets.overview(GUILD, member_id)).wallet
        return wallet.paid + wallet.test - wallet.debt - wallet.test_debt

    async def state(self, order_id: int = 500) -> OrderState:
        order = await self.services.orders.find(GUILD, order_id)
        assert order is not None
        return order.state

    async def cases(self) -> list[CaseKind]:
        return [report.case.kind for report in await self.services.payment_cases.unreported(GUILD)]

    async def books(self) -> tuple[int, OrderState]:
        return await self.coins(), await self.state()


@asynccontextmanager
async def open_market(
    wire_at: Callable[[Clock], AbstractAsyncContextManager[AnyWire]], address: str
) -> AsyncGenerator[Market[AnyWire]]:
    """Open books in which a guild sells at the provider of a wire. They are audited in the end."""
    clock = Clock()
    async with wire_at(clock) as wire:
        database = await Database.open(address, clock=clock)
        wire.attach(database)
        services = build(database, [wire.provider], clock)
        wire.connect(services)
        await services.guilds.welcome(GUILD)
        await wire.set_up(services)
        yield Market(services, wire, database, clock)
        await services.payment_events.stop()
        await database.close()
    assert list(audit_database(address)) == []
