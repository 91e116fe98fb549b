"""The rig for tests over the wire: our local Discord in this process, the unmodified bot in its own."""

import asyncio
import itertools
import os
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import ClientSession, web

from sandbox import supervisor
from sandbox.checkout.server import Checkout
from sandbox.discord.exchange import NoAnswer
from sandbox.discord.limits.components import CHANNEL_SELECT
from sandbox.discord.model import Channel, Guild, Message, User
from sandbox.discord.model.message import walk
from sandbox.discord.people import Person
from sandbox.discord.permissions import Permissions
from sandbox.discord.server import DiscordServer
from sandbox.discord.world import World
from sandbox.kofi.server import Kofi
from sandbox.stripe.server import Stripe
from sandbox.supervisor import BotProcess, Spawn
from tests import books

ROOT = Path(__file__).parent.parent
CHECKOUT_SECRET = "checkout-secret"
WEBHOOK_SECRET = "webhook-secret"
STRIPE_KEY = "sk_test_of_the_rig_and_nobody_else"
STRIPE_WEBHOOK_SECRET = "whsec_ofTheRigAndNobodyElse"
PATIENCE_S = 60.0
PICTURES = Path(tempfile.gettempdir()) / f"rosette-test-pictures-{os.getuid()}"
"""Pictures of gifts are drawn once for all bots of all tests."""

numbers = itertools.count(1)
T = TypeVar("T")


async def until(look: Callable[[], Awaitable[T]], patience_s: float = PATIENCE_S) -> T:
    """Poll `look` until it returns something true, and return that. Fail after `patience_s` seconds."""
    deadline = asyncio.get_running_loop().time() + patience_s
    while True:
        outcome = await look()
        if outcome:
            return outcome
        if asyncio.get_running_loop().time() > deadline:
            raise TimeoutError(f"{look} never came true")
        await asyncio.sleep(0.02)


def free_port() -> int:
    """Return an unused port of the loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Rig:
    """A local Discord, a checkout, a Stripe, and the bot, whose processes `spawn` starts.

    `folder` holds the database, unless `address` names one on a server.
    """

    def __init__(self, folder: Path, address: str | None = None, *, spawn: Spawn = supervisor.spawn) -> None:
        self.spawn = spawn
        self.folder = folder
        self.database: books.Where = address or folder / "rosette.db"
        self.address = address or f"sqlite:///{self.database}"
        self.world = World()
        self.server = DiscordServer(self.world)
        self.web_port = free_port()
        self.program: tuple[str, ...] = (sys.executable, "-m", "bot")
        self.bot = BotProcess(self.program, {}, folder=ROOT, spawn=self.spawn)
        self._other_bots: list[BotProcess] = []
        self._runner: web.AppRunner | None = None
        self.http = ClientSession()

    async def open(self) -> None:
        """Serve the local Discord and the payment providers on one port, as in the sandbox."""
        app = web.Application()
        self.server.routes(app)
        port = free_port()
        root = f"http://127.0.0.1:{port}"
        self.checkout = Checkout(
            root=root,
            secret=CHECKOUT_SECRET,
            webhook_url=f"http://127.0.0.1:{self.web_port}/webhooks/sandbox",
            webhook_secret=WEBHOOK_SECRET,
        )
        self.checkout.routes(app)
        self.stripe = Stripe(
            root=root,
            secret_key=STRIPE_KEY,
            webhook_url=f"http://127.0.0.1:{self.web_port}/webhooks/stripe",
            webhook_secret=STRIPE_WEBHOOK_SECRET,
        )
        self.stripe.routes(app)
        self.kofi = Kofi(webhook_url=f"http://127.0.0.1:{self.web_port}/webhooks/kofi")
        self.kofi.routes(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.server.serve_at(root)
        self.root = root

    @property
    def variables(self) -> dict[str, str]:
        """The bot's whole configuration."""
        return {
            "DISCORD_TOKEN": self.world.application.token,
            "DISCORD_API_URL": self.server.api_url,
            "DISCORD_GATEWAY_URL": self.server.gateway_url,
            "DISCORD_CDN_URL": self.server.cdn_url,
            "DATABASE_URL": self.address,
            "PICTURE_FOLDER": str(PICTURES),
            "WEB_HOST": "127.0.0.1",
            "WEB_PORT": str(self.web_port),
            "PUBLIC_URL": f"http://127.0.0.1:{self.web_port}",
            "PAYMENT_PROVIDERS": "sandbox",
            "SANDBOX_CHECKOUT_URL": f"{self.root}/checkout/v1",
            "SANDBOX_CHECKOUT_SECRET": CHECKOUT_SECRET,
            "SANDBOX_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "STRIPE_API_URL": self.root,
            "STRIPE_SECRET_KEY": STRIPE_KEY,
            "STRIPE_WEBHOOK_SECRET": STRIPE_WEBHOOK_SECRET,
            "KOFI_URL": f"{self.root}/kofi",
            "LOG_LEVEL": "INFO",
        }

    async def start_bot(self, **changes: str) -> None:
        """Start the bot, and wait until it is online."""
        self.bot = BotProcess(self.program, self.variables | changes, folder=ROOT, spawn=self.spawn)
        await self.bot.start()

        async def is_online() -> bool:
            assert self.bot.state != "dead", "\n".join(self.bot.lines)
            return any("Ready as" in line for line in self.bot.lines)

        await until(is_online)

    async def start_another_bot(self, *words: str, **changes: str) -> BotProcess:
        """Start another bot on the same database, with `words` as its arguments, and wait until it is online."""
        variables = self.variables | {"WEB_PORT": "0"} | changes
        bot = BotProcess((sys.executable, "-m", "bot", *words), variables, folder=ROOT, spawn=self.spawn)
        self._other_bots.append(bot)
        await bot.start()

        async def is_online() -> bool:
            assert bot.state != "dead", "\n".join(bot.lines)
            return any("Ready as" in line for line in bot.lines)

        await until(is_online)
        return bot

    async def stop_bot(self) -> int | None:
        """Ask the bot to stop, and return its exit code."""
        await self.bot.stop()
        return self.bot.exit_code

    async def kill_bot(self) -> None:
        """Kill the bot, and wait until it has ended."""
        assert self.bot.pid is not None
        os.kill(self.bot.pid, signal.SIGKILL)

        async def has_ended() -> bool:
            return self.bot.pid is None

        await until(has_ended)

    async def kill_books(self) -> int | None:
        """Kill the process that writes the SQLite file. Return the exit code of the bot, which ends as a result."""
        assert self.bot.pid is not None
        os.kill(forked_from(self.bot.pid), signal.SIGKILL)

        async def is_dead() -> bool:
            # Wait for the state, because the exit code is known only a moment after the process has ended.
            return self.bot.state == "dead"

        await until(is_dead)
        return self.bot.exit_code

    async def talk(self, request: bytes) -> bytes:
        """Send raw bytes to the bot's web server, and return everything it answers until it hangs up."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.web_port)
        writer.write(request)
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await reader.read()
        except ConnectionError:
            return b""
        finally:
            writer.close()

    async def close(self) -> None:
        """Stop everything."""
        for bot in (self.bot, *self._other_bots):
            await bot.stop()
        await self.http.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def found_town(self, *, members: int = 0) -> "Town":
        """Found a guild with its people and a crowd of `members`, and wait until its books are open."""
        town = Town.create(self, members)
        await town.until_open()
        return town

    async def pay(self, url: str, action: str = "pay") -> None:
        """Press a button of the checkout page, as a buyer does."""
        async with self.http.post(url, data={"action": action}) as response:
            assert response.status == 200, response.status


def forked_from(pid: int) -> int:
    """Return the forked copy of process `pid`, such as the process that writes a bot's books."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    (copy,) = [child for child in children if _command_of(int(child)) == _command_of(pid)]
    return int(copy)


def _command_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


@dataclass
class Town:
    """One guild. Everybody stands in #general; `at` takes them elsewhere."""

    rig: Rig
    guild: Guild
    general: Channel
    live: Channel
    gifts: Channel
    olive: Person
    sam: Person
    noor: Person
    kai: Person
    mia: Person
    leo: Person
    crowd: list[Person]

    @classmethod
    def create(cls, rig: Rig, members: int) -> "Town":
        """Create the guild, of which the bot hears over the gateway."""
        world, number = rig.world, next(numbers)
        names = ("olive", "sam", "noor", "kai", "mia", "leo")
        users = {name: world.add_user(f"{name}{number}", display_name=name.title()) for name in names}
        guild = world.add_guild(f"Town {number}", owner=users["olive"])
        channels = {name: world.add_channel(guild, name) for name in ("general", "live", "gifts")}
        moderator = world.add_role(guild, "Moderator", permissions=int(Permissions.MANAGE_GUILD))
        for name in names[1:]:
            world.join(guild, users[name], roles=[moderator] if name == "sam" else [])
        extra = [world.add_user(f"member{number}x{index}") for index in range(members)]
        for user in extra:
            world.join(guild, user)
        people = {name: Person(world, user, channels["general"]) for name, user in users.items()}
        crowd = [Person(world, user, channels["general"]) for user in extra]
        everybody: dict[str, Any] = people | channels
        return cls(rig=rig, guild=guild, crowd=crowd, **everybody)

    async def until_open(self) -> None:
        """Wait until the bot has opened books for this guild."""

        async def is_open() -> bool:
            try:
                answer = await (await self.sam.slash("packages list")).message()
            except NoAnswer:
                # On a busy machine a bot that has just started may take longer than Discord's three seconds.
                return False
            return "350" in answer.text

        await until(is_open)

    async def approve(self, *creators: Person) -> None:
        """Have the moderator approve creators."""
        for creator in creators:
            answer = await (await self.sam.slash("creators approve", member=creator.user)).message()
            assert str(creator.user.id) in answer.text, answer.text

    async def allow_matches(self) -> None:
        """Have the moderator switch matches on."""
        panel = await (await self.sam.slash("settings")).message()
        panel = await (await self.sam.click(panel, "Creators")).message()
        await (await self.sam.click(panel, "Allow matches")).message()

    async def let_staff_create(self) -> None:
        """Have the owner allow that staff become creators."""
        panel = await (await self.olive.slash("settings")).message()
        panel = await (await self.olive.click(panel, "Creators")).message()
        await (await self.olive.click(panel, "Let staff become creators")).message()

    async def announce_in(self, channel: Channel) -> None:
        """Have the moderator choose the channel in which gifts are announced."""
        panel = await (await self.sam.slash("settings")).message()
        select = next(part for part in walk(panel.components) if part["type"] == CHANNEL_SELECT)
        await (await self.sam.select(panel, select["custom_id"], channel)).message()

    def forbid_files(self) -> None:
        """Deny the bot the right to attach files, so that it sends text in place of pictures."""
        for channel in (self.general, self.live, self.gifts):
            self.rig.world.set_permissions(channel, self.rig.world.bot_user, deny=int(Permissions.ATTACH_FILES))

    async def grant(self, member: Person, amount: int) -> Message:
        """Have a moderator give a member promo coins, and say yes if they are asked."""
        # Nobody grants to themselves alone.
        manager = self.olive if member is self.sam else self.sam
        exchange = await manager.slash("coins grant", member=member.user, amount=amount, reason="a test")
        answer = await exchange.message()
        labels = [part.get("label", "") for part in walk(answer.components)]
        question = next((label for label in labels if label.startswith("Grant")), None)
        return await (await manager.click(answer, question)).message() if question else answer

    async def give(self, sender: Person, gift: str, to: Person | User, **options: Any) -> Message:
        """Have a member send a gift, and return the bot's answer to them."""
        user = to.user if isinstance(to, Person) else to
        return await (await sender.slash("gift", gift=gift, creator=user, **options)).message()

    async def balance(self, member: Person) -> str:
        """Return what /balance tells a member."""
        return (await (await member.slash("balance")).message()).text

    async def end_live(self, person: Person) -> Message:
        """Have somebody end the live event where they are, and say yes if they are asked."""
        answer = await (await person.slash("live end")).message()
        asks = any(part.get("label") == "End the live event" for part in walk(answer.components))
        return await (await person.click(answer, "End the live event")).message() if asks else answer

    async def noticed(self, member: Person, fragment: str) -> Message:
        """Wait for a message that contains `fragment` and that only a member sees, in the channel where they are."""

        async def find_message() -> Message | None:
            seen = self.rig.world.messages(member.channel.id, member.user.id)
            return next((message for message in seen if message.ephemeral_for and fragment in message.text), None)

        notice = await until(find_message)
        assert notice is not None
        return notice

    async def announced(self, channel: Channel, fragment: str) -> Message:
        """Wait for a message of the bot in `channel` that contains `fragment`, and return the newest."""

        async def find_message() -> Message | None:
            for message in reversed(self.rig.world.messages(channel.id)):
                if message.author.bot and fragment in message.text:
                    return message
            return None

        announcement = await until(find_message)
        assert announcement is not None
        return announcement


@asynccontextmanager
async def running_bot(rig: Rig, **changes: str) -> AsyncGenerator[Rig]:
    """Run the bot on `rig` for the length of a block."""
    await rig.start_bot(**changes)
    try:
        yield rig
    finally:
        await rig.stop_bot()
