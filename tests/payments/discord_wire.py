"""Discord's SKUs as a wire: an unmodified discord.py asks the local Discord, as the bot's own client does."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, cast

import discord
from aiohttp import web

from bot import discordpy_internals
from bot.client import Rosette
from bot.domain.orders import Order
from bot.domain.store_prices import Price
from bot.payments.discord_sku import DiscordSku
from bot.services import Services
from cogs.discord_shop.source import DiscordEntitlements
from sandbox.discord.model import User
from sandbox.discord.model.commerce import EntitlementType
from sandbox.discord.server import DiscordServer
from sandbox.discord.state.shop import AlreadyOwnedError
from sandbox.discord.world import World
from tests.checkout.till import serve
from tests.payments.wires import GUILD, AcknowledgedWire, Clock, LooseWire, News, Oddity

SKU = 40
STRANGER = 99


class DiscordWire(LooseWire, AcknowledgedWire):
    """A local Discord in which members buy a SKU. Its gateway says that something happened, and no more."""

    def __init__(self, world: World, client: discord.Client) -> None:
        self.world = world
        self.provider = DiscordSku({str(SKU): Price(99, "USD")}, is_test_mode=False)
        self._source = DiscordEntitlements(cast("Rosette", client))
        self._sku = world.add_sku("70 coins", price_minor=99, sku_id=SKU)
        self._changes: list[tuple[str, int]] = []
        self.places: dict[str, Any] = {}
        """What another process needs to know to reach it."""

    def connect(self, services: Services) -> None:
        services.discord_shop.connect(self._source)

    async def set_up(self, services: Services) -> None:
        await services.packages.edit(GUILD, 1, reference=str(SKU), archived=False)

    async def pay(self, order: Order) -> str:
        return self._buy(order.member_id)

    async def pay_again(self, order: Order) -> bool:
        """Buy the SKU a second time, which Discord sells only once the first purchase is used up."""
        try:
            self._buy(order.member_id)
        except AlreadyOwnedError:
            return False
        return True

    async def pay_oddly(self, order: Order, oddity: Oddity) -> None:
        """Buy in the application's test mode, or as somebody who has ordered nothing."""
        if oddity == "mode":
            self._buy(order.member_id, EntitlementType.TEST_MODE_PURCHASE)
        else:
            self._buy(STRANGER)

    async def refund(self, external_id: str, minor: int) -> None:
        """Take the whole purchase back."""
        self.world.refund(self.world.entitlements[int(external_id)], events=0)
        self._changes.append(("delete", int(external_id)))

    def refuse_use(self) -> None:
        # Not with one of the statuses after which discord.py waits and tries again.
        self.world.faults.answer("POST", "/consume$", 403, times=None)

    def allow_use(self) -> None:
        self.world.faults.clear()

    def news(self) -> list[News]:
        return [partial(_notice, *change) for change in self._changes]

    def owns(self, member_id: int) -> bool:
        """Whether a member has a purchase that is not used up, so that Discord sells them no other."""
        return self.world.owned(self._member(member_id), self._sku) is not None

    def _buy(self, member_id: int, kind: int = EntitlementType.PURCHASE) -> str:
        entitlement = self.world.buy(self._member(member_id), self._sku, kind=kind, events=0)
        self._changes.append(("create", entitlement.id))
        return str(entitlement.id)

    def _member(self, member_id: int) -> User:
        return self.world.users.get(member_id) or self.world.add_user(f"member{member_id}", user_id=member_id)


async def _notice(change: str, entitlement_id: int, services: Services) -> None:
    await services.discord_shop.notice(change, entitlement_id)


@asynccontextmanager
async def discord_sku(_: Clock) -> AsyncGenerator[DiscordWire]:
    """Serve a Discord, and log in to it."""
    world = World()
    # Buying a hundred times in a second is against its limits, and about nothing that is tested here.
    server = DiscordServer(world, rate_limits=False)
    app = web.Application()
    server.routes(app)
    runner, root = await serve(app)
    server.serve_at(root)
    discordpy_internals.point_at(server.api_url, server.gateway_url)
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(world.application.token)
        wire = DiscordWire(world, client)
        wire.places = {"discord": [server.api_url, server.gateway_url], "token": world.application.token}
        yield wire
    await runner.cleanup()
