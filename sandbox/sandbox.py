"""One sandbox: a local Discord, pretend payment providers and a web page on one port, and the real bot as a process."""

import asyncio
import secrets
import socket
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

from aiohttp import web

from sandbox.discord.jsontypes import JSON
from sandbox.discord.people import Person
from sandbox.discord.server import DiscordServer
from sandbox.discord.world import World, WorldEvent
from sandbox.gc_tuning import tune_collector
from sandbox.opening_scene import OpeningScene
from sandbox.page.bridge import Bridge
from sandbox.page.console import Console, Event
from sandbox.page.site import Site
from sandbox.providers import Providers
from sandbox.public_address import PublicAddress
from sandbox.seed import APPLICATION_ID, Garden, gather, plant
from sandbox.storm import Storm
from sandbox.storm_plan import Plan
from sandbox.supervisor import BotProcess, Spawn, spawn

HOST: Final = "127.0.0.1"
MAX_REQUEST_BYTES: Final = 32 * 1024 * 1024
ROOT: Final = Path(__file__).parent.parent


class Sandbox:
    """Everything in one run. `port_socket` is already listening; `bot_command` is the command line of the bot,
    which `spawn` starts.

    `pictures` is where its pictures of gifts are kept, which any number of sandboxes may share.
    """

    def __init__(
        self,
        port_socket: socket.socket,
        folder: Path,
        bot_command: list[str],
        *,
        pictures: Path,
        on_line: Callable[[str], None],
        spawn: Spawn = spawn,
    ) -> None:
        port: int = port_socket.getsockname()[1]
        self.address = f"http://{HOST}:{port}"
        self.fresh = not (folder / "rosette.db").exists()
        # A fresh token for each run, so that a bot left over from a killed sandbox is rejected.
        self.world = World(application_id=APPLICATION_ID, token=f"sandbox.{secrets.token_urlsafe(24)}")
        self.garden = plant(self.world)
        self.world.is_test_shop = True
        self._socket = port_socket
        self._on_line = on_line
        self.console = Console(lambda report: make_storm(self.world, self.garden, report))
        self.bridge = Bridge(self.world, self.garden.scene, self.console)
        self._discord = DiscordServer(self.world)
        self._discord.serve_at(self.address)
        web_port = free_port()
        bot_address, guild_id = f"http://{HOST}:{web_port}", self.garden.guild.id
        self.providers = Providers(
            self.address, bot_address, guild_id, folder, clock=lambda: int(self.world.now() * 1000)
        )
        self.providers.watch(self.bridge.tour)
        self._public = PublicAddress(bot_address)
        self.bot = BotProcess(
            bot_command,
            {
                "DISCORD_TOKEN": self.world.application.token,
                "DISCORD_API_URL": self._discord.api_url,
                "DISCORD_GATEWAY_URL": self._discord.gateway_url,
                "DISCORD_CDN_URL": self._discord.cdn_url,
                "DATABASE_URL": f"sqlite:///{folder / 'rosette.db'}",
                "PICTURE_FOLDER": str(pictures),
                "WEB_HOST": HOST,
                "WEB_PORT": str(web_port),
                "PUBLIC_URL": self.address,
                **self.providers.variables,
                "DISCORD_SKUS": ", ".join(
                    f"{sku.id}={sku.price_minor / 100:.2f} USD" for sku in self.world.skus.values()
                ),
                "DISCORD_SKU_TEST_MODE": "true",
                "LOG_LEVEL": "INFO",
            },
            folder=ROOT,
            on_line=self._line,
            on_change=self._bot_changed,
            spawn=spawn,
        )
        self.console.watch(self.bot)
        self.online = asyncio.Event()
        self.settled = asyncio.Event()
        self.died = asyncio.Event()
        self._runner: web.AppRunner | None = None

    def _line(self, line: str) -> None:
        self._on_line(line)
        self.console.add_line(line)

    def _bot_changed(self) -> None:
        if self.bot.state in {"online", "dead"}:
            self.settled.set()
        if self.bot.state == "dead":
            self.died.set()
        else:
            self.died.clear()
        self.console.bot_changed()

    def _notice(self, event: WorldEvent) -> None:
        if event.name in {"bot_online", "bot_offline"}:
            self.bot.set_online(event.name == "bot_online")
            if event.name == "bot_online":
                self.online.set()

    async def start(self) -> None:
        """Start the server and the bot."""
        self.world.watch(self._notice)
        app = web.Application(client_max_size=MAX_REQUEST_BYTES)
        self._discord.routes(app)
        self.providers.routes(app)
        self._public.routes(app)
        Site(self.bridge).routes(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.SockSite(self._runner, self._socket).start()
        tune_collector()
        await self.bot.start()

    async def play(self) -> None:
        """Play the overture: everything that the people did before the visitor came."""
        overture = OpeningScene(self.world, self.garden)
        await overture.greet()
        await self.online.wait()
        if self.fresh:
            await overture.prepare()

    async def storm(self, plan: Plan, report: Callable[[Event], None] = lambda _: None) -> JSON:
        """Send a gift storm and return its report, with counts of the bot's requests to Discord in the meantime."""
        self.world.traffic.forget()
        storm = make_storm(self.world, self.garden, report)
        counts = await storm.run(plan)
        return {**counts.to_json(running=False, now=time.monotonic()), "traffic": self.world.traffic.to_json()}

    async def stop(self) -> None:
        """Stop the bot first, then the servers that it talks to."""
        await self.console.close()
        await self.bot.stop()
        if self._runner is not None:
            await self._runner.cleanup()


def make_storm(world: World, garden: Garden, report: Callable[[Event], None]) -> Storm:
    """Return a storm in which the garden's crowd sends gifts in the live channel."""
    live, room = garden.channels["live-stage"], garden.channels["mod-room"]
    banker = Person(world, garden.users["penny"], room)

    def crowd(people: int) -> list[Person]:
        return [Person(world, user, live) for user in gather(world, garden, people)]

    return Storm(crowd, garden.creators, banker, Random(), report=report)


def free_port() -> int:
    """Return a port that is free at the moment."""
    with socket.create_server((HOST, 0)) as probe:
        return probe.getsockname()[1]
