"""Helpers for the page's tests: a sandbox with any bot, and a visitor on the raw websocket."""

import asyncio
import contextlib
import itertools
import socket
import sys
from dataclasses import dataclass, field

import orjson
from aiohttp import ClientSession, ClientWebSocketResponse

from sandbox.sandbox import Sandbox
from tests import forkserver
from tests.rig import PICTURES

FAKE_BOT = [sys.executable, "-m", "tests.page.fake_bot"]
"""The command line of a bot that has one command for each thing to draw."""
PATIENCE_SECONDS = 60

numbers = itertools.count(1)


@contextlib.asynccontextmanager
async def opened(folder, bot_command):
    """Run a sandbox whose bot is online and has registered its commands."""
    socket_ = socket.create_server(("127.0.0.1", 0))
    sandbox = Sandbox(socket_, folder, bot_command, pictures=PICTURES, on_line=lambda _: None, spawn=forkserver.spawn)
    await sandbox.start()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await sandbox.online.wait()
        yield sandbox
    finally:
        await sandbox.stop()


@dataclass
class Visitor:
    """A visitor without a browser, who sends events and records the ones that arrive."""

    socket: ClientWebSocketResponse
    hello: dict = field(default_factory=dict)
    events: list = field(default_factory=list)

    async def send(self, kind, **fields):
        await self.socket.send_str(orjson.dumps({"t": kind, **fields}).decode())

    async def until(self, kind, fits=lambda _: True):
        """Return the next event of a kind that fits. All events on the way are recorded in `events`."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                event = orjson.loads((await self.socket.receive()).data)
                self.events.append(event)
                if event["t"] == kind and fits(event):
                    return event

    async def interact(self, kind, answer="done", **fields):
        nonce = f"test-{next(numbers)}"
        await self.send(kind, nonce=nonce, **fields)
        return await self.until(answer, lambda event: event["nonce"] == nonce)

    def channel(self, name):
        return next(channel["id"] for channel in self.hello["channels"] if channel["name"] == name)

    def command(self, name):
        return next(command["id"] for command in self.hello["commands"] if command["name"] == name)

    async def slash(self, name, answer="done", channel="general", **options):
        command, *path = name.split()
        kinds = {str: 3, int: 4, bool: 5}
        options_json = [
            {"name": key, "type": 6 if key == "creator" else kinds[type(value)], "value": value}
            for key, value in options.items()
        ]
        return await self.interact(
            "slash",
            answer,
            channel_id=self.channel(channel),
            command_id=self.command(command),
            path=path,
            options=options_json,
        )

    async def message(self, fits=lambda _: True):
        return (await self.until("message", lambda event: fits(event["message"])))["message"]


@contextlib.asynccontextmanager
async def visiting(sandbox, name="mia"):
    """Connect a visitor who plays a person of the cast."""
    user = sandbox.garden.users[name]
    url = f"{sandbox.address}/ws?as={user.id}"
    async with ClientSession() as session, session.ws_connect(url, headers={"Origin": sandbox.address}) as socket_:
        visitor = Visitor(socket_)
        visitor.hello = await visitor.until("hello")
        yield visitor
