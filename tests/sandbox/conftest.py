"""A local Discord for each test. Its responses are validated against Discord's API description where available."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from sandbox.discord.server import DiscordServer
from sandbox.discord.world import World
from tests.openapi import OpenApi
from tests.sandbox.stripe_desk import Desk, open_desk
from tests.sandbox.wire import Clock, Place


@pytest.fixture(scope="session")
def openapi(openapi_path: Path) -> OpenApi:
    """Discord's API description, for tests that need it."""
    return OpenApi(openapi_path)


@pytest.fixture(scope="session")
def openapi_if_any() -> OpenApi | None:
    """Discord's API description, or None if it is not available."""
    path = os.environ.get("DISCORD_OPENAPI")
    return OpenApi(Path(path)) if path else None


@pytest.fixture(scope="session")
async def http() -> AsyncIterator[ClientSession]:
    """The HTTP client for all raw requests."""
    async with ClientSession() as session:
        yield session


@pytest.fixture
async def place(http: ClientSession, openapi_if_any: OpenApi | None) -> AsyncIterator[Place]:
    """A world with a stopped clock and without rate limits."""
    clock = Clock()
    world = World(now=clock)
    server = DiscordServer(world, rate_limits=False)
    await server.start()
    yield Place(world, server, http, clock)
    await server.stop()
    if openapi_if_any is not None:
        # Responses only, because these tests send invalid requests on purpose.
        assert openapi_if_any.check_responses(world) == []


@pytest.fixture
async def limited(http: ClientSession) -> AsyncIterator[Place]:
    """A world with a stopped clock and with rate limits."""
    clock = Clock()
    world = World(now=clock)
    server = DiscordServer(world)
    await server.start()
    yield Place(world, server, http, clock)
    await server.stop()


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A pretend Stripe with a clock that tests move, the real client for it, and a shop for its webhooks."""
    async with open_desk() as desk:
        yield desk
