"""The sandbox's checkout as a wire."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

from aiohttp import web

from bot.domain.orders import Order
from bot.payments.sandbox import SandboxProvider
from sandbox.checkout import server as checkout
from sandbox.checkout.webhooks import HEADER, Courier
from tests.checkout.till import serve
from tests.payments.wires import (
    SECRET,
    WEBHOOK_SECRET,
    Clock,
    DisputedWire,
    LooseWire,
    Oddity,
    Outcome,
    PostedWire,
    Recorder,
)


class SandboxWire(PostedWire, LooseWire, DisputedWire):
    """The sandbox's checkout, and buyers at it."""

    def __init__(self, server: checkout.Checkout, provider: SandboxProvider, recorder: Recorder) -> None:
        self._sessions = server.sessions
        self._courier = server.courier
        self.recorder = recorder
        self.provider = provider

    async def pay(self, order: Order) -> str:
        self._courier.announce(self._sessions.act(order.external_id, "pay"))
        return order.external_id

    async def pay_again(self, order: Order) -> bool:
        """Open the checkout again: it is the same one, which takes one payment."""
        again = await self.provider.start(replace(order, external_id=""), self.account)
        assert again.external_id == order.external_id
        return False

    async def pay_oddly(self, order: Order, oddity: Oddity) -> None:
        session = self._sessions.get(order.external_id)
        assert session is not None
        if oddity == "mode":
            self._sessions._keep(replace(session, purchase=replace(session.purchase, live=True)))
        elif oddity == "reference":
            self._sessions._keep(replace(session, purchase=replace(session.purchase, order_id="8-500")))
        action = {"amount": "pay-half", "currency": "pay-other"}.get(oddity, "pay")
        self._courier.announce(self._sessions.act(order.external_id, action))  # pyright: ignore[reportArgumentType]

    async def refund(self, external_id: str, minor: int) -> None:
        self._courier.announce(self._sessions.refund(external_id, minor))

    async def dispute(self, external_id: str) -> None:
        self._courier.announce(self._sessions.act(external_id, "dispute"))

    async def decide(self, external_id: str, outcome: Outcome) -> None:
        self._courier.announce(self._sessions.act(external_id, "win" if outcome == "won" else "lose"))


@asynccontextmanager
async def sandbox(clock: Clock) -> AsyncGenerator[SandboxWire]:
    """Serve a checkout."""
    recorder = Recorder(HEADER, clock)
    courier = Courier("", WEBHOOK_SECRET, now_ms=clock)
    courier._posts = recorder
    server = checkout.Checkout(root="", secret=SECRET, webhook_url="", webhook_secret="", clock=clock, courier=courier)
    app = web.Application()
    server.routes(app)
    runner, server.root = await serve(app)
    provider = SandboxProvider(f"{server.root}/checkout/v1", SECRET, WEBHOOK_SECRET)
    yield SandboxWire(server, provider, recorder)
    await provider.close()
    await runner.cleanup()
