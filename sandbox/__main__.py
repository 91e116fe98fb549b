"""`python -m sandbox`: a local Discord, a pretend checkout and a web page on one port, with the real bot beside it."""

import argparse
import asyncio
import contextlib
import logging
import secrets
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

from aiohttp import web

from sandbox.checkout.server import Checkout
from sandbox.discord.people import Person
from sandbox.discord.server import DiscordServer
from sandbox.discord.world import World, WorldEvent
from sandbox.overture import Overture
from sandbox.page.bridge import Bridge
from sandbox.page.console import Console, Event
from sandbox.page.site import Site
from sandbox.seed import APPLICATION_ID, Garden, plant
from sandbox.storm import Storm
from sandbox.supervisor import BotProcess

HOST: Final = "127.0.0.1"
PORT: Final = 8420
PORT_TAKEN: Final = 2
READY_SECONDS: Final = 30.0
MAX_REQUEST_BYTES: Final = 32 * 1024 * 1024
ROOT: Final = Path(__file__).parent.parent
FOLDER: Final = ROOT / "build" / "sandbox"


class Sandbox:
    """Everything of one run. `port_socket` listens already; `bot_command` is what runs the bot."""

    def __init__(
        self, port_socket: socket.socket, folder: Path, bot_command: list[str], *, on_line: Callable[[str], None]
    ) -> None:
        port: int = port_socket.getsockname()[1]
        self.address = f"http://{HOST}:{port}"
        self.fresh = not (folder / "rosette.db").exists()
        # A token of this run's own: a bot that was left over from a killed sandbox is turned away.
        self.world = World(application_id=APPLICATION_ID, token=f"sandbox.{secrets.token_urlsafe(24)}")
        self.garden = plant(self.world)
        self._socket = port_socket
        self._on_line = on_line
        self.console = Console(lambda report: make_storm(self.world, self.garden, report))
        self.bridge = Bridge(self.world, self.garden.stage, self.console)
        self._discord = DiscordServer(self.world)
        self._discord.serve_at(self.address)
        secret, webhook_secret, web_port = secrets.token_urlsafe(24), secrets.token_urlsafe(24), free_port()
        self._checkout = Checkout(
            root=self.address,
            secret=secret,
            webhook_url=f"http://{HOST}:{web_port}/webhooks/sandbox",
            webhook_secret=webhook_secret,
            path=folder / "checkout.json",
        )
        self.bot = BotProcess(
            bot_command,
            {
                "DISCORD_TOKEN": self.world.application.token,
                "DISCORD_API_URL": self._discord.api_url,
                "DISCORD_GATEWAY_URL": self._discord.gateway_url,
                "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'rosette.db'}",
                "WEB_HOST": HOST,
                "WEB_PORT": str(web_port),
                "PAYMENT_PROVIDERS": "sandbox",
                "SANDBOX_CHECKOUT_URL": f"{self.address}/checkout/v1",
                "SANDBOX_CHECKOUT_SECRET": secret,
                "SANDBOX_WEBHOOK_SECRET": webhook_secret,
                "LOG_LEVEL": "INFO",
            },
            folder=ROOT,
            on_line=self._line,
            on_change=self._bot_changed,
        )
        self.console.watch(self.bot)
        self.online = asyncio.Event()
        self.settled = asyncio.Event()
        self._runner: web.AppRunner | None = None

    def _line(self, line: str) -> None:
        self._on_line(line)
        self.console.add_line(line)

    def _bot_changed(self) -> None:
        if self.bot.state in {"online", "dead"}:
            self.settled.set()
        self.console.bot_changed()

    def _notice(self, event: WorldEvent) -> None:
        if event.name in {"bot_online", "bot_offline"}:
            self.bot.set_online(event.name == "bot_online")
            if event.name == "bot_online":
                self.online.set()

    async def start(self) -> None:
        """Serve, and start the bot."""
        self.world.watch(self._notice)
        app = web.Application(client_max_size=MAX_REQUEST_BYTES)
        self._discord.routes(app)
        self._checkout.routes(app)
        Site(self.bridge).routes(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.SockSite(self._runner, self._socket).start()
        await self.bot.start()

    async def play(self) -> None:
        """Let the people do what they did before the visitor came."""
        overture = Overture(self.world, self.garden)
        await overture.greet()
        await self.online.wait()
        if self.fresh:
            await overture.prepare()

    async def stop(self) -> None:
        """Stop the bot, then everything it talks to."""
        await self.console.close()
        await self.bot.stop()
        if self._runner is not None:
            await self._runner.cleanup()


def make_storm(world: World, garden: Garden, report: Callable[[Event], None]) -> Storm:
    """Return a storm of the garden's crowd in the live channel."""
    live, room = garden.channels["live-stage"], garden.channels["mod-room"]
    crowd = [Person(world, user, live) for user in garden.crowd]
    return Storm(crowd, garden.creators, Person(world, garden.users["sam"], room), Random(), report=report)


def free_port() -> int:
    """Return a port that nobody listens on at the moment."""
    with socket.create_server((HOST, 0)) as probe:
        return probe.getsockname()[1]


async def run(port_socket: socket.socket, folder: Path, *, with_log: bool) -> None:
    """Run until Ctrl-C or SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    sandbox = Sandbox(
        port_socket,
        folder,
        [sys.executable, "-m", "bot"],
        on_line=lambda line: print(f"bot | {line}", flush=True) if with_log else None,
    )
    await sandbox.start()
    opening = asyncio.create_task(_open(sandbox))
    await stop.wait()
    opening.cancel()
    print("\nStopping …", flush=True)
    await sandbox.stop()


async def _open(sandbox: Sandbox) -> None:
    try:
        await asyncio.wait_for(sandbox.settled.wait(), READY_SECONDS)
    except TimeoutError:
        print("The bot takes its time to start; the page shows when it is there.", flush=True)
    if sandbox.bot.state == "dead":
        print("The bot did not start. Its last lines:", flush=True)
        print("\n".join(f"  {line}" for line in list(sandbox.bot.lines)[-10:]), flush=True)
    print(f"\n  Rosette sandbox: {sandbox.address}/\n\n  Ctrl-C stops it.", flush=True)
    await sandbox.play()


def _forget(folder: Path) -> None:
    """Remove what an earlier run has left. Nothing else: the folder may be any that somebody named."""
    for file in (*folder.glob("rosette.db*"), folder / "checkout.json"):
        file.unlink(missing_ok=True)


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, run, return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="Try Rosette without Discord.")
    parser.add_argument("--port", type=int, default=PORT, help=f"where the page is ({PORT}; 0: any free port)")
    parser.add_argument("--keep", action="store_true", help="go on with the books of the last run")
    parser.add_argument("--folder", type=Path, help="where the books are; without --keep old ones are removed")
    parser.add_argument("--log", action="store_true", help="print the bot's log here as well")
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="sandbox | %(message)s")
    try:
        port_socket = socket.create_server((HOST, chosen.port))
    except (OSError, OverflowError) as error:
        print(f"Port {chosen.port} cannot be used ({error}). Try --port 0 for a free one.", file=sys.stderr)
        return PORT_TAKEN
    # One folder a port: two sandboxes side by side do not share their books.
    folder = (chosen.folder or FOLDER / str(port_socket.getsockname()[1])).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if not chosen.keep:
        _forget(folder)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run(port_socket, folder, with_log=chosen.log))
    return 0


if __name__ == "__main__":
    sys.exit(main())
