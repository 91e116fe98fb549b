"""A web server with overlays over real books, in this process, and pages that connect to it as a browser does."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson

from bot.domain.live import LiveEvent
from bot.domain.overlays import OverlayScope
from bot.domain.policy import Actor
from bot.domain.receipts import Receipt
from bot.services import Services
from bot.services.assembly import build
from bot.storage.database import Database
from bot.storage.stores import live
from bot.ui.text.reader import Reader, reader_for
from bot.web.health import Health
from bot.web.overlay.art import Art
from bot.web.overlay.hub import Hub
from bot.web.overlay.part import OverlayPart
from bot.web.overlay.people import People
from bot.web.server import WebServer
from bot.workers import Worker
from tests.rig import free_port, until
from tests.storage.town import ALICE, BOB, CAROL, GUILD, MIA, NOAH, ROB, Clock, event, gift, grant, settle_in

NAMES = {ALICE: "Alice", BOB: "Bob", CAROL: "Carol", MIA: "Mia", NOAH: "Noah", ROB: "Rob"}


@dataclass(frozen=True)
class Look:
    """What Discord says of somebody."""

    name: str
    avatar: str | None = None


async def look_up(_guild_id: int, member_ids: Iterable[int]) -> Mapping[int, Look]:
    """Say who somebody is."""
    return {member_id: Look(NAMES.get(member_id, "")) for member_id in member_ids}


class House:
    """The server over one database. `present` are the creators who are in the guild."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self.present = {MIA, NOAH}
        self.services: Services = build(database, [], clock)
        self.port = free_port()
        people = People(look_up, self.services.pictures, self._reader, time.monotonic)
        art = Art(self.services.overlay_shows, self.services.pictures, time.monotonic)
        self.hub = Hub(self.services.overlay_shows, people, art, clock, time.monotonic)
        self._showing = Worker("showing overlays", self.hub.turn, interval_s=5, cleanup=self.hub.stop)
        self.hub.wake = self._showing.wake
        database.writer.subscribe(self.hub.hear)
        database.on_deadline(self.hub.notice)
        part = OverlayPart(self.hub, self.services.overlays, self._is_here, time.monotonic)
        self._web = WebServer(self.services, Health(), part)
        self.http = aiohttp.ClientSession()
        self._pages: list[Page] = []

    async def open(self) -> None:
        """Listen."""
        self._showing.start()
        await self._web.start("127.0.0.1", self.port)

    async def close(self) -> None:
        """Stop, as the bot does."""
        for page in self._pages:
            await page.leave()
        await self._web.stop()
        await self._showing.stop()
        await self.services.pictures.close()
        await self.http.close()

    async def linked(
        self, creator_id: int = MIA, scope: OverlayScope = OverlayScope.VIEW, *, guild_id: int = GUILD
    ) -> str:
        """Return the secret of a creator's new link."""
        actor = Actor(creator_id, frozenset(), manages_guild=False, is_creator=True)
        return await self.services.overlays.new_link(actor, guild_id, creator_id, scope)

    async def page(self, secret: str, **hello: Any) -> "Page":
        """Open a page that says hello, and wait for its welcome."""
        page = await self.connected()
        page.start = hello.get("after")
        await page.hello(secret, **hello)
        await until(page.is_welcome_or_gone)
        return page

    async def connected(self) -> "Page":
        """Open a page that says nothing yet."""
        socket = await self.http.ws_connect(f"http://127.0.0.1:{self.port}/overlay/ws")
        page = Page(socket)
        self._pages.append(page)
        return page

    async def send(self, key: str, **changes: Any) -> Receipt:
        """Send a gift."""
        return await self.services.gifts.send(gift(key, **changes))

    async def go_live(self, **changes: Any) -> LiveEvent:
        """Begin a live event of Mia's at the end of the journal."""
        head = (await self.services.overlay_shows.beats([GUILD]))[GUILD].head_seq
        show = event(**({"start_seq": head} | changes))
        await self.database.writer.perform(live.insert, show)
        return show

    def _reader(self, _guild_id: int) -> Reader:
        return reader_for("en-US")

    async def _is_here(self, _guild_id: int, member_id: int) -> bool:
        return member_id in self.present


@dataclass
class Page:
    """What a browser has of an overlay. `start` is the row after which it asked to go on, if it did."""

    socket: aiohttp.ClientWebSocketResponse
    messages: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    raw: list[str] = field(default_factory=list[str])
    start: int | None = None

    def __post_init__(self) -> None:
        self._reading = asyncio.create_task(self._read())

    async def hello(self, secret: str, **values: Any) -> None:
        """Introduce the page."""
        await self.say(hello=1, token=secret, **({"after": None, "epoch": None, "page": None, "slot": "main"} | values))

    async def say(self, **values: Any) -> None:
        """Send a message."""
        await self.socket.send_str(orjson.dumps(values).decode())

    @property
    def welcome(self) -> dict[str, Any]:
        """The first message."""
        return self.messages[0]

    @property
    def frames(self) -> list[dict[str, Any]]:
        """The parts of the journal so far."""
        return [message for message in self.messages if "from" in message]

    @property
    def gifts(self) -> list[dict[str, Any]]:
        """The gifts so far."""
        return [each for frame in self.frames for each in frame["gifts"]]

    @property
    def seqs(self) -> list[int]:
        """The rows of the gifts so far."""
        return [each["seq"] for each in self.gifts]

    @property
    def controls(self) -> list[str]:
        """What it was told to do."""
        return [message["do"] for message in self.messages if "do" in message]

    @property
    def cursor(self) -> int:
        """The last row that it was told of. Each frame has to begin where the one before it ended."""
        if not self.frames:
            return self.welcome["head"] if self.start is None else self.start
        cursor = self.frames[0]["from"] - 1
        for frame in self.frames:
            assert frame["from"] == cursor + 1, self.frames
            cursor = max(cursor, frame["to"])
        return cursor

    async def until_seq(self, seq: int) -> None:
        """Wait until the page was told of row `seq`."""

        async def is_told() -> bool:
            is_there = bool(self.messages) and self.cursor >= seq
            assert is_there or not self._reading.done(), f"closed with {self.socket.close_code}: {self.messages}"
            return is_there

        await until(is_told)

    async def until_pong(self, number: int) -> None:
        """Wait until the server has answered a ping: it has dealt with all that was said before."""

        async def is_answered() -> bool:
            return {"pong": number} in self.messages

        await until(is_answered)

    async def until_sum(self, sums: dict[str, int]) -> None:
        """Wait until the page was told these sums."""

        async def is_told() -> bool:
            return bool(self.frames) and self.frames[-1]["sum"] == sums

        await until(is_told)

    async def until_coins(self, coins: int) -> None:
        """Wait until the page was told that so many coins were given."""

        async def is_told() -> bool:
            return bool(self.frames) and self.frames[-1]["sum"]["coins"] == coins

        await until(is_told)

    async def until_gone(self) -> int | None:
        """Wait until the server has closed the connection, and return its code."""

        async def is_gone() -> bool:
            return self._reading.done()

        await until(is_gone)
        return self.socket.close_code

    async def is_welcome_or_gone(self) -> bool:
        """Whether the server has answered."""
        return bool(self.messages) or self._reading.done()

    async def leave(self) -> None:
        """Close the page."""
        await self.socket.close()
        await asyncio.gather(self._reading, return_exceptions=True)

    async def _read(self) -> None:
        async for message in self.socket:
            self.raw.append(message.data)
            self.messages.append(orjson.loads(message.data))


@contextlib.asynccontextmanager
async def open_house(address: str, clock: Clock) -> AsyncGenerator[House]:
    """Serve overlays over the books at an address, of a guild with the creators Mia and Noah."""
    database = await Database.open(address, clock=clock)
    house = House(database, clock)
    await house.open()
    try:
        yield house
    finally:
        await house.close()
        await database.close()


async def furnish(house: House) -> None:
    """Open the books, and give members coins."""
    await house.database.writer.perform(settle_in)
    for member_id in (ALICE, BOB, CAROL, NOAH):
        await house.database.writer.submit(grant(f"coins of {member_id}", member_id=member_id, amount=100_000))
