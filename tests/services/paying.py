"""A provider whose purchases become what a test says, and a buyer who orders."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.orders import Contact, Observation, Order, PaymentStatus
from bot.domain.packages import Terms
from bot.domain.prompts import Checkout
from bot.payments.provider import Capability, ProviderError, UnknownPurchase, UnreadablePurchase, WebhookNotice
from bot.services import Services
from bot.services.orders import Opened
from tests.rig import until

GUILD, MIA, ORDER = 7, 11, 500
UNSERVED = 9
"""A guild that the operator has switched the provider off for."""


@dataclass
class Till:
    """A provider. `purchases` are what it knows; reading one of `silent` never ends, one of `faulty` fails.

    It lists no purchase whose last change, if it is in `changed_ms`, came before the time that it is asked about.
    One that `forgets_guilds` has one checkout for the orders of one id, as providers had that were given the id alone.
    """

    name: str = "till"
    test: bool = True
    needs_account: bool = False
    is_default: bool = True
    capabilities: frozenset[Capability] = frozenset(Capability) - {Capability.ACKNOWLEDGE, Capability.OWN_REFUNDS}
    purchases: dict[str, Observation] = field(default_factory=dict[str, Observation])
    silent: set[str] = field(default_factory=set[str])
    faulty: set[str] = field(default_factory=set[str])
    changed_ms: dict[str, int] = field(default_factory=dict[str, int])
    is_down: bool = False
    forgets_guilds: bool = False
    reads: list[str] = field(default_factory=list[str])
    acknowledged: list[str] = field(default_factory=list[str])
    refunds: dict[str, int] = field(default_factory=dict[str, int])

    def serves(self, guild_id: int) -> bool:
        return guild_id != UNSERVED

    async def start(self, order: Order, account: str) -> Checkout:
        is_elsewhere = order.guild_id != GUILD and not self.forgets_guilds
        external_id = f"till-{order.reference if is_elsewhere else order.order_id}"
        purchase = Observation(
            self.name,
            external_id,
            order.reference,
            PaymentStatus.OPEN,
            order.price_minor,
            order.currency,
            live=not order.test,
        )
        self.purchases.setdefault(external_id, purchase)
        return Checkout(external_id, f"https://till.example/{external_id}")

    async def read(self, external_id: str) -> Observation:
        self.reads.append(external_id)
        if external_id in self.silent:
            await asyncio.Event().wait()
        if external_id in self.faulty:
            raise ProviderError("answered with 500")
        try:
            return self.purchases[external_id]
        except KeyError:
            raise UnknownPurchase("answered with 404") from None

    async def changes(self, since_ms: int, accounts: Sequence[str]) -> AsyncIterator[Observation | UnreadablePurchase]:
        if self.is_down:
            raise ProviderError("answered with 503")
        for external_id, purchase in self.purchases.items():
            if self.changed_ms.get(external_id, since_ms) < since_ms:
                continue
            yield UnreadablePurchase(self.name, external_id, "no amount") if external_id in self.faulty else purchase

    def verify(self, headers: Mapping[str, str], body: bytes, now_ms: int) -> WebhookNotice:
        return WebhookNotice(f"event about {body.decode()}", body.decode())

    async def acknowledge(self, external_id: str) -> None:
        self.acknowledged.append(external_id)

    async def refund(self, external_id: str, amount_minor: int, key: str) -> None:
        if key not in self.refunds:
            self.refunds[key] = amount_minor
            purchase = self.purchases[external_id]
            refunded_minor = purchase.refunded_minor + amount_minor
            self.purchases[external_id] = replace(purchase, refunded_minor=refunded_minor)

    async def close(self) -> None:
        pass

    def becomes(self, external_id: str, status: str, **changes: Any) -> None:
        """Have a purchase become what a buyer, or a fault, makes of it."""
        self.purchases[external_id] = replace(self.purchases[external_id], status=PaymentStatus(status), **changes)


async def order(services: Services, order_id: int = ORDER, **changes: Any) -> Opened:
    """Have Mia accept the smallest package."""
    terms: dict[str, Any] = {
        "member_id": MIA,
        "package_id": 1,
        "accepted": Terms(70, 99, "USD"),
        "provider": "till",
        "consent_version": 1,
        "contact": Contact("en-US", f"token {order_id}"),
    }
    return await services.orders.open(changes.pop("guild_id", GUILD), order_id=order_id, **(terms | changes))


async def paid_coins(services: Services, member_id: int = MIA, guild_id: int = GUILD) -> int:
    """Return the coins in a wallet that were bought."""
    wallet = (await services.wallets.overview(guild_id, member_id)).wallet
    return wallet.paid + wallet.test


async def worked_off(services: Services, is_done: Callable[[], Awaitable[object]]) -> None:
    """Let the queue of events run until `is_done`."""

    async def look() -> object:
        await services.payment_events.begin()
        return await is_done()

    await until(look)
