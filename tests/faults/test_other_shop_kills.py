"""A kill at the statements and awaits from the payment to the receipt at Discord, over Ko-fi, and where staff confirm.

A payment that was noted before the kill needs nobody to repeat it. Any other comes again as it would in life: Discord
is asked, Ko-fi repeats its notice, and staff press once more. Since asking Discord makes good nearly everything, the
books are looked at before that, too.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.order_states import OrderState
from tests.faults.children import Children
from tests.faults.shopping import COINS, GUILD, PRICE, Job, Keeper
from tests.faults.streets import Street, in_parts
from tests.payments.discord_wire import DiscordWire, discord_sku
from tests.payments.kofi_bodies import TOKEN, encoded, notice
from tests.storage.town import Clock
from tests.thoroughness import by_thoroughness

pytestmark = pytest.mark.databases("sqlite", "postgresql")

WORK = {"discord_sku": "notice", "kofi": "hear", "manual": "confirm"}
"""What a process does where a payment has come, by provider."""


@dataclass
class Stall(Street):
    """A street whose shops sell over one provider besides Stripe."""

    provider: str = field(kw_only=True)
    asks_first: bool = field(kw_only=True)
    """Whether the next process asks the provider before it goes on with what is noted."""
    wire: DiscordWire | None = field(kw_only=True)

    async def set_up(self) -> None:
        """Open the books, and have staff set the provider up."""
        async with self.process() as keeper:
            services = keeper.services
            await services.guilds.welcome(GUILD)
            await services.packages.edit(GUILD, 1, archived=False)
            if self.wire is not None:
                await self.wire.set_up(services)
                await services.guild_providers.choose(GUILD, [self.provider])
            else:
                secret = TOKEN if self.provider == "kofi" else ""
                await services.guild_providers.connect(GUILD, self.provider, "garden", secret=secret)

    async def paid(self, number: int) -> Job:
        """Prepare an order that is paid, and return what is said about it."""
        async with self.process() as keeper:
            await keeper.click(number, number)
            order = await keeper.services.manual_payments.find(GUILD, number)
        if self.wire is not None:
            return {"entitlement": int(await self.wire.pay(order.order))}
        if self.provider == "manual":
            return {}
        amount = f"{Decimal(PRICE).scaleb(-2):f}"
        body = encoded(notice(message_id=f"payment-{number}", message=f"it is {order.code}", amount=amount))
        return {"webhooks": [({}, body.decode())]}

    async def tell_again(self, keeper: Keeper, number: int, job: Job) -> None:
        """Have the provider or staff repeat what nobody has answered."""
        if self.provider == "kofi":
            await keeper.hear(job["webhooks"])
        elif self.provider == "manual":
            await keeper.confirm(number)

    def has_used(self, job: Job) -> bool:
        """Whether what was bought is used up, where there is something to use up."""
        return self.wire is not None and self.wire.world.entitlements[job["entitlement"]].consumed

    def forget(self, job: Job) -> None:
        """Have Discord list no more what was used up: each process that starts looks at all that it lists."""
        if self.wire is not None:
            assert self.wire.world.entitlements.pop(job["entitlement"]).consumed


@pytest.fixture
def step(books_kind: str) -> int:
    """How many points to advance between kills."""
    if books_kind == "sqlite":
        return by_thoroughness(quick=37, full=29, long=1)
    return by_thoroughness(quick=67, full=47, long=1)


@pytest.fixture(
    params=[("discord_sku", False), ("discord_sku", True), ("kofi", False), ("manual", False)],
    ids=["discord_sku", "discord_sku_asked_first", "kofi", "manual"],
)
async def stall(
    request: pytest.FixtureRequest, address: str, sellers: Children, tmp_path: Path, step: int
) -> AsyncIterator[Stall]:
    """A guild that sells over a provider."""
    async with AsyncExitStack() as stack:
        (provider, asks_first), clock, wire = request.param, Clock(), None
        places: Job = {"provider": provider}
        if provider == "discord_sku":
            wire = await stack.enter_async_context(discord_sku(clock))
            places |= wire.places
        stall = Stall(
            *(address, places, clock, sellers, tmp_path / "news", step),
            provider=provider,
            asks_first=asks_first,
            wire=wire,
        )
        await stall.set_up()
        yield stall


async def books_of(keeper: Keeper, order_id: int) -> tuple[int, OrderState]:
    """Return a buyer's coins, and the state of their order."""
    wallet = (await keeper.services.wallets.overview(GUILD, order_id)).wallet
    order = await keeper.services.orders.find(GUILD, order_id)
    assert order is not None
    return wallet.paid, order.state


@in_parts
async def test_a_kill_between_the_payment_and_the_receipt_credits_once_at_every_provider(
    stall: Stall, part: int
) -> None:
    end = OrderState.ACKNOWLEDGED if stall.provider == "discord_sku" else OrderState.CREDITED
    jobs: dict[int, Job] = {}

    async def prepare(number: int) -> Job:
        jobs[number] = await stall.paid(number)
        return jobs[number]

    async for number in stall.lives(WORK[stall.provider], prepare, part):
        async with stall.process() as keeper:
            # Nobody looks again for what Discord counts as used up, so its coins come first.
            if stall.has_used(jobs[number]):
                assert (await books_of(keeper, number))[0] == COINS
            was_noted = await keeper.has_noted(stall.clock.now_ms)
        if not stall.asks_first:
            async with stall.restarted(asks=False) as keeper:
                assert await books_of(keeper, number) == ((COINS, end) if was_noted else (0, OrderState.OPEN))
        async with stall.restarted() as keeper:
            await stall.tell_again(keeper, number, jobs[number])

            assert await books_of(keeper, number) == (COINS, end)
        stall.forget(jobs[number])
        # Killed after telling and before noting that, it edits the same panel to the same text once more.
        assert stall.news_of(number) in (["credited"], ["credited", "credited"])
