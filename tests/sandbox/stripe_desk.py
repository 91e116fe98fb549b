"""A pretend Stripe on a free port, the real client for it, and a shop that hears its webhooks."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import orjson
import stripe
from aiohttp import ClientSession, web

from sandbox.discord.jsontypes import JSON
from sandbox.signed_posts import SignedPosts
from sandbox.stripe import accounts, disputes, refunds
from sandbox.stripe.account import Account
from sandbox.stripe.destination import HEADER
from sandbox.stripe.payments import Action, act
from sandbox.stripe.server import Stripe
from tests.checkout.till import Clock, Shop, serve

SECRET_KEY = "sk_test_the_shops_own"
WEBHOOK_SECRET = "whsec_the_shops_own"
ITEM: dict[str, Any] = {
    "price_data": {"currency": "usd", "unit_amount": 499, "product_data": {"name": "350 coins"}},
    "quantity": 1,
}
PARAMS: dict[str, Any] = {
    "mode": "payment",
    "line_items": [ITEM],
    "client_reference_id": "42",
    "metadata": {"order": "42"},
    "success_url": "https://shop.example/thanks",
    "cancel_url": "https://shop.example/",
    "adaptive_pricing": {"enabled": False},
}


@dataclass
class Desk:
    """The pretend Stripe with its client and its shop. `session` is a browser, or a client without Stripe's library."""

    server: Stripe
    client: stripe.StripeClient
    shop: Shop
    clock: Clock
    session: ClientSession
    runner: web.AppRunner
    library: Any = field(repr=False)

    @property
    def root(self) -> str:
        return self.server.root

    async def open(self, key: str | None = None, account: str | None = None, **changes: Any) -> Any:
        """Open a checkout session."""
        options: Any = {"idempotency_key": key} if key else {}
        options |= {"stripe_account": account} if account else {}
        params: Any = {**PARAMS, **changes}
        return await self.client.v1.checkout.sessions.create_async(params, options)

    def press(self, session_id: str, *actions: Action) -> None:
        """Do what a buyer or a bank does."""
        for action in actions:
            act(*self._place(session_id), action)

    def _place(self, session_id: str) -> tuple[Account, JSON]:
        place = self.server.platform.find_session(session_id)
        assert place is not None
        return place

    async def sell(self, account: str | None = None, **changes: Any) -> Any:
        """Open a session, pay it, and return it with its payment and charge."""
        session = await self.open(account=account, **changes)
        self.press(session.id, "pay")
        return await self.read(session.id, account)

    async def read(self, session_id: str, account: str | None = None) -> Any:
        """Return a session with its payment and charge in it."""
        options: Any = {"stripe_account": account} if account else {}
        return await self.client.v1.checkout.sessions.retrieve_async(
            session_id, {"expand": ["payment_intent.latest_charge"]}, options
        )

    async def get(self, path: str, key: str = SECRET_KEY, **headers: str) -> tuple[int, Any]:
        """Ask the API without Stripe's library."""
        credentials = {"Authorization": f"Bearer {key}"} if key else {}
        async with self.session.get(self.root + path, headers={**credentials, **headers}) as response:
            return response.status, await response.json()

    async def post(self, path: str, form: str, **headers: str) -> tuple[int, Any, Any]:
        """Send a form to the API without Stripe's library; return the status, the body and the headers."""
        all_headers = {
            "Authorization": f"Bearer {SECRET_KEY}",
            "Content-Type": "application/x-www-form-urlencoded",
            **headers,
        }
        async with self.session.post(self.root + path, data=form, headers=all_headers) as response:
            return response.status, await response.json(), response.headers

    def dispute(self, session: Any) -> str:
        """Dispute a session's payment at the buyer's bank, and return the dispute's id."""
        account, _ = self._place(session.id)
        charge_id = account.get("payment_intent", session.payment_intent.id)["latest_charge"]
        return disputes.open_dispute(account, account.get("charge", charge_id))["id"]

    def decide(self, dispute_id: str, outcome: Literal["won", "lost"]) -> None:
        """Let the bank decide a dispute of the platform's own account."""
        disputes.decide(self.server.platform.own, self.server.platform.own.get("dispute", dispute_id), outcome)

    def finish(self, refund_id: str, *, is_paid: bool) -> None:
        """End a pending refund of the platform's own account."""
        own = self.server.platform.own
        refunds.finish(own, own.get("refund", refund_id), is_paid=is_paid)

    def onboard(self, account_id: str) -> None:
        """Let the owner of a connected account finish onboarding."""
        accounts.complete(self.server.platform.account(account_id))

    async def events(self, account: str | None = None) -> list[Any]:
        """Return the events of an account, newest first."""
        options: Any = {"stripe_account": account} if account else {}
        page = await self.client.v1.events.list_async({"limit": 100}, options)
        return [event.to_dict() for event in page.data]

    async def heard(self, count: int) -> list[dict[str, Any]]:
        """Wait until the shop has heard `count` webhooks, and return their events."""
        return [orjson.loads(body) for _, body in await self.shop.wait_for(count)]


@asynccontextmanager
async def open_desk(path: Path | None = None, clock: Clock | None = None) -> AsyncGenerator[Desk]:
    """Serve a pretend Stripe, and a shop for its webhooks. With a `path`, it survives."""
    clock, shop = clock or Clock(), Shop()
    shop_app = web.Application()
    shop_app.router.add_post("/webhooks/stripe", shop.hear)
    shop_runner, shop.url = await serve(shop_app)
    posts = SignedPosts(f"{shop.url}/webhooks/stripe", WEBHOOK_SECRET, HEADER, now_ms=clock, sleep=clock.sleep)
    server = Stripe(
        root="", secret_key=SECRET_KEY, webhook_url="", webhook_secret="", clock=clock, path=path, posts=posts
    )
    app = web.Application()
    server.routes(app)
    runner, server.root = await serve(app)
    library = stripe.AIOHTTPClient()
    client = stripe.StripeClient(
        SECRET_KEY, http_client=library, base_addresses={"api": server.root}, max_network_retries=0
    )
    async with ClientSession() as session:
        yield Desk(server, client, shop, clock, session, runner, library)
    await library.close_async()
    await runner.cleanup()
    await shop_runner.cleanup()
