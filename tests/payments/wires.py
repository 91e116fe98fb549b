"""Providers over their own wires: each with the stand-in for what it talks to, and the verbs of buyers and banks there.

`test_contract.py` runs over all of `WIRES`. A new provider joins with a class and a line here.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Literal, Protocol

from aiohttp import web

from bot.domain.orders import Order
from bot.payments.provider import Provider
from bot.payments.sandbox import SandboxProvider
from bot.payments.stripe.places import Place
from bot.payments.stripe.provider import StripeProvider
from bot.payments.stripe.selling import Mode, Shop
from sandbox.checkout import server as checkout
from sandbox.checkout.webhooks import HEADER as SANDBOX_HEADER
from sandbox.checkout.webhooks import Courier
from sandbox.signed_posts import SignedPosts, signature
from sandbox.stripe import accounts, disputes, payments, refunds
from sandbox.stripe.account import Account
from sandbox.stripe.destination import HEADER as STRIPE_HEADER
from sandbox.stripe.destination import Payload
from sandbox.stripe.server import Stripe
from tests.checkout.till import serve

GUILD = 7
SECRET = "sk_test_0123456789abcdef"
WEBHOOK_SECRET = "whsec_0123456789abcdef"
LINE = "{coins} gift credits"

Clock = Callable[[], int]
Oddity = Literal["amount", "currency"]
Webhook = tuple[dict[str, str], bytes]


class Wire(Protocol):
    """A provider and what happens at it. `account` is the guild's own account there, "" without one."""

    account: str

    @property
    def provider(self) -> Provider:
        """The real provider, which talks to the stand-in."""
        ...

    async def pay(self, external_id: str) -> None:
        """Let the buyer pay what is due."""
        ...

    async def pay_oddly(self, order: Order, oddity: Oddity) -> str:
        """Let somebody pay something else for an order, and return the payment's external id."""
        ...

    async def refund(self, external_id: str, minor: int) -> None:
        """Send a part of the price back, as the shop's owner does at the provider itself."""
        ...

    async def dispute(self, external_id: str) -> None:
        """Let the buyer's bank take the money."""
        ...

    async def decide(self, external_id: str, outcome: Literal["won", "lost"]) -> None:
        """Let the bank decide, for or against the shop."""
        ...

    def webhooks(self) -> list[Webhook]:
        """Return what the provider has sent so far, signed now."""
        ...


class Recorder(SignedPosts):
    """Keeps what would be posted, for a test to deliver."""

    def __init__(self, header: str, clock: Clock) -> None:
        super().__init__("", WEBHOOK_SECRET, header, now_ms=clock)
        self._signed_with = header
        self._clock = clock
        self.bodies: list[bytes] = []

    def send(self, body: bytes, name: str, **options: Any) -> None:
        del name, options
        self.bodies.append(body)

    def webhooks(self) -> list[Webhook]:
        now_s = self._clock() // 1000
        return [({self._signed_with: signature(WEBHOOK_SECRET, body, now_s)}, body) for body in self.bodies]


class SandboxWire:
    """The sandbox's checkout."""

    account = ""

    def __init__(self, server: checkout.Checkout, provider: SandboxProvider, recorder: Recorder) -> None:
        self._sessions = server.sessions
        self._courier = server.courier
        self._recorder = recorder
        self.provider = provider

    async def pay(self, external_id: str) -> None:
        self._courier.announce(self._sessions.act(external_id, "pay"))

    async def pay_oddly(self, order: Order, oddity: Oddity) -> str:
        self._courier.announce(self._sessions.act(order.external_id, "pay-half" if oddity == "amount" else "pay-other"))
        return order.external_id

    async def refund(self, external_id: str, minor: int) -> None:
        self._courier.announce(self._sessions.refund(external_id, minor))

    async def dispute(self, external_id: str) -> None:
        self._courier.announce(self._sessions.act(external_id, "dispute"))

    async def decide(self, external_id: str, outcome: Literal["won", "lost"]) -> None:
        self._courier.announce(self._sessions.act(external_id, "win" if outcome == "won" else "lose"))

    def webhooks(self) -> list[Webhook]:
        return self._recorder.webhooks()


class StripeWire:
    """A pretend Stripe. What buyers and banks do there is done to its objects, and announced as Stripe does."""

    def __init__(self, server: Stripe, provider: StripeProvider, recorder: Recorder, account: str) -> None:
        self.server = server
        self._recorder = recorder
        self.provider = provider
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

    async def pay(self, external_id: str, action: payments.Action = "pay") -> None:
        payments.act(*self.find(external_id), action)

    async def pay_oddly(self, order: Order, oddity: Oddity) -> str:
        account, session = self.find(order.external_id)
        if oddity == "currency":
            session["currency"] = "eur"
        else:
            session |= {"amount_subtotal": order.price_minor // 2, "amount_total": order.price_minor // 2}
            account.drafts[session["id"]]["items"][0]["amount_subtotal"] = order.price_minor // 2
        await self.pay(order.external_id)
        return order.external_id

    async def refund(self, external_id: str, minor: int) -> None:
        account, charge = self.charge(external_id)
        _, session = self.find(external_id)
        amount = minor * charge["amount"] // session["amount_subtotal"]
        refunds.create(account, {"charge": charge["id"], "amount": amount})

    async def dispute(self, external_id: str) -> None:
        disputes.open_dispute(*self.charge(external_id))

    async def decide(self, external_id: str, outcome: Literal["won", "lost"]) -> None:
        account, charge = self.charge(external_id)
        own_disputes = [dispute for dispute in account.all("dispute") if dispute["charge"] == charge["id"]]
        disputes.decide(account, own_disputes[-1], outcome)

    def webhooks(self) -> list[Webhook]:
        return self._recorder.webhooks()


@asynccontextmanager
async def sandbox(clock: Clock) -> AsyncGenerator[SandboxWire]:
    recorder = Recorder(SANDBOX_HEADER, clock)
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


@asynccontextmanager
async def stripe(clock: Clock, mode: Mode, payload: Payload = "snapshot") -> AsyncGenerator[StripeWire]:
    recorder = Recorder(STRIPE_HEADER, clock)
    server = Stripe(root="", secret_key=SECRET, webhook_url="", webhook_secret="", clock=clock, posts=recorder)
    server.destination.payload = payload
    app = web.Application()
    server.routes(app)
    runner, server.root = await serve(app)
    shop = Shop(mode, LINE, "GIFT CREDITS", "txcd_10201000" if mode is Mode.MANAGED else "")
    guild_ids = frozenset[int]() if mode is Mode.CONNECT else frozenset({GUILD})
    provider = StripeProvider(SECRET, WEBHOOK_SECRET, shop, guild_ids, clock, server.root)
    account = ""
    if mode is Mode.CONNECT:
        account, _ = await provider.onboard(GUILD, "")
        accounts.complete(server.platform.account(account))
        recorder.bodies.clear()
    yield StripeWire(server, provider, recorder, account)
    await provider.close()
    await runner.cleanup()


WIRES: dict[str, Callable[[Clock], AbstractAsyncContextManager[Wire]]] = {
    "sandbox": sandbox,
    "stripe": lambda clock: stripe(clock, Mode.PLAIN),
    "stripe-managed": lambda clock: stripe(clock, Mode.MANAGED),
    "stripe-connect": lambda clock: stripe(clock, Mode.CONNECT, "thin"),
}
