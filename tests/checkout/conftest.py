"""A checkout on a free port, and a shop that it tells about payments."""

import pytest
from aiohttp import ClientSession, web

from tests.checkout.till import Clock, Shop, Till, serve, serve_with


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def shop():
    shop = Shop()
    app = web.Application()
    app.router.add_post("/webhooks/sandbox", shop.hear)
    runner, shop.url = await serve(app)
    yield shop
    await runner.cleanup()


@pytest.fixture
async def till(clock, shop):
    app = web.Application()
    runner, root = await serve_with(app, clock, shop)
    async with ClientSession() as session:
        yield Till(root, session)
    await runner.cleanup()
