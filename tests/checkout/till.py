"""A checkout to buy at, and a shop that it tells about payments."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from aiohttp import ClientSession, web

from sandbox.checkout.server import Checkout
from sandbox.checkout.webhooks import Courier

SECRET = "the shop's key"
WEBHOOK_SECRET = "the webhook's secret"


@dataclass
class Clock:
    """A clock that tests move."""

    ms: int = 1_800_000_000_000
    pauses: list[float] = field(default_factory=list)

    def __call__(self):
        return self.ms

    async def sleep(self, seconds):
        self.pauses.append(seconds)
        self.ms += int(seconds * 1000)


@dataclass
class Shop:
    """Receives webhooks; answers with `statuses` in turn, then with 200."""

    url: str = ""
    statuses: deque = field(default_factory=deque)
    webhooks: list = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def hear(self, request):
        self.webhooks.append((request.headers, await request.read()))
        self.changed.set()
        return web.Response(status=self.statuses.popleft() if self.statuses else 200)

    async def wait_for(self, count):
        async with asyncio.timeout(5):
            while len(self.webhooks) < count:
                self.changed.clear()
                await self.changed.wait()
        return self.webhooks


@dataclass
class Till:
    """A client of the checkout: `post` and `get` carry the shop's key, `buyer` is a browser without it."""

    root: str
    session: ClientSession

    async def open(self, key="order-1", **changes):
        body = {"order_id": "1", "amount_minor": 499, "currency": "USD", "description": "350 coins", "live": False}
        headers = {"Authorization": f"Bearer {SECRET}", "Idempotency-Key": key}
        async with self.session.post(
            f"{self.root}/checkout/v1/sessions", json={**body, **changes}, headers=headers
        ) as response:
            return response.status, await response.json()

    async def get(self, path, key=SECRET):
        headers = {"Authorization": f"Bearer {key}"}
        async with self.session.get(f"{self.root}/checkout/v1{path}", headers=headers) as response:
            return response.status, await response.json()

    async def press(self, session_id, action, origin=None):
        async with self.session.post(
            f"{self.root}/pay/{session_id}", data={"action": action}, headers={"Origin": origin or self.root}
        ) as response:
            return response.status, await response.text()


async def serve(app):
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"


async def serve_with(app, clock, shop, path=None):
    courier = Courier(f"{shop.url}/webhooks/sandbox", WEBHOOK_SECRET, now_ms=clock, sleep=clock.sleep)
    checkout = Checkout(
        root="", secret=SECRET, webhook_url="", webhook_secret="", clock=clock, courier=courier, path=path
    )
    checkout.routes(app)
    runner, root = await serve(app)
    checkout.root = root
    return runner, root
