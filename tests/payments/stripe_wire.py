"""The pretend Stripe as a wire."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from aiohttp import web

from bot.domain.orders import Order
from bot.payments.stripe.places import Place
from bot.payments.stripe.provider import StripeProvider
from bot.payments.stripe.selling import Mode, Shop
from sandbox.stripe import accounts, disputes, payments, refunds
from sandbox.stripe.account import Account
from sandbox.stripe.destination import HEADER, Payload
from sandbox.stripe.server import Stripe
from tests.checkout.till import serve
from tests.payments.wires import (
    GUILD,
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

LINE = "{coins} gift credits"


class StripeWire(PostedWire, LooseWire, DisputedWire):
    """A pretend Stripe. What buyers and banks do there is done to its objects, and announced as Stripe does."""

    def __init__(self, server: Stripe, provider: StripeProvider, recorder: Recorder, account: str) -> None:
        self.server = server
        self.recorder = recorder
        self.provider = self.stripe = provider
        self.account = account

    def find(self, external_id: str) -> tuple[Account, dict[str, Any]]:
        """Return a session as the stand-in has it, with its account."""
        place = self.server.platform.find_session(Place.parse(external_id).object_id)
        assert place is not None
        return place

    def charge(self, external_id: str) -> tuple[Account, dict[str, Any]]:
        """Return the charge of a session as the stand-in has it, with its account."""
        account, session = self.find(external_id)
        payment = account.get("payment_intent", session["payment_intent"])
        return account, account.get("charge", payment["latest_charge"])

    async def pay(self, order: Order, action: payments.Action = "pay") -> str:
        payments.act(*self.find(order.external_id), action)
        return order.external_id

    async def pay_again(self, order: Order) -> bool:
        """Pay on a second page: the answer to the first request was lost, and the buyer has both open by now."""
        again = await self.provider.start(replace(order, external_id=""), self.account)
        assert again.external_id != order.external_id
        payments.act(*self.find(again.external_id), "pay")
        return True

    async def pay_oddly(self, order: Order, oddity: Oddity) -> None:
        account, session = self.find(order.external_id)
        if oddity == "currency":
            session["currency"] = "eur"
        elif oddity == "amount":
            session |= {"amount_subtotal": order.price_minor // 2, "amount_total": order.price_minor // 2}
            account.drafts[session["id"]]["items"][0]["amount_subtotal"] = order.price_minor // 2
        elif oddity == "reference":
            session |= {"client_reference_id": "8-500", "metadata": session["metadata"] | {"rosette_order": "8-500"}}
        await self.pay(order)
        if oddity == "mode":
            session["livemode"] = not session["livemode"]

    async def refund(self, external_id: str, minor: int) -> None:
        account, charge = self.charge(external_id)
        _, session = self.find(external_id)
        amount = minor * charge["amount"] // session["amount_subtotal"]
        refunds.create(account, {"charge": charge["id"], "amount": amount})

    async def dispute(self, external_id: str) -> None:
        disputes.open_dispute(*self.charge(external_id))

    async def decide(self, external_id: str, outcome: Outcome) -> None:
        account, charge = self.charge(external_id)
        own_disputes = [dispute for dispute in account.all("dispute") if dispute["charge"] == charge["id"]]
        disputes.decide(account, own_disputes[-1], outcome)


@asynccontextmanager
async def stripe(
    clock: Clock, mode: Mode, payload: Payload = "snapshot", secret: str = SECRET
) -> AsyncGenerator[StripeWire]:
    """Serve a Stripe, and connect the guild to an account of its own where the mode wants one."""
    recorder = Recorder(HEADER, clock)
    server = Stripe(root="", secret_key=secret, webhook_url="", webhook_secret="", clock=clock, posts=recorder)
    server.destination.payload = payload
    app = web.Application()
    server.routes(app)
    runner, server.root = await serve(app)
    shop = Shop(mode, LINE, "GIFT CREDITS", "txcd_10201000" if mode is Mode.MANAGED else "")
    guild_ids = frozenset[int]() if mode is Mode.CONNECT else frozenset({GUILD})
    provider = StripeProvider(secret, WEBHOOK_SECRET, shop, guild_ids, clock, server.root)
    account = ""
    if mode is Mode.CONNECT:
        account, _ = await provider.onboard(GUILD, "")
        accounts.complete(server.platform.account(account))
        recorder.bodies.clear()
    yield StripeWire(server, provider, recorder, account)
    await provider.close()
    await runner.cleanup()
