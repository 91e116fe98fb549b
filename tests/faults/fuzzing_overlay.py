"""What anybody can send to the overlay: to its addresses, its sockets, and as the control page in a dock."""

import asyncio
import contextlib
import random
from collections import Counter
from typing import Any, Final
from urllib.parse import quote

import orjson
from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMsgType
from yarl import URL

from bot.domain.overlays import OverlayAction
from tests.faults import hostile
from tests.rig import PATIENCE_S, Rig

ERROR: Final = 500
DOORS: Final = ("", "/control", "/static/", "/art/", "/face/", "/ws", "/nothing/")
NAMES: Final = (
    "overlay.js",
    "control.css",
    "../../.env",
    "%2e%2e/%2e%2e/etc/passwd",
    "1-1-0123456789abcdef.png",
    "a" * 5_000,
)
METHODS: Final = ("GET", "GET", "GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE")
SPOKEN: Final = 6
"""Messages that a page says at most."""


async def fuzz_overlay(
    rig: Rig, secrets: tuple[str, ...], chance: random.Random, visits: int, counts: Counter[str]
) -> list[str]:
    """Ask for pages and pictures, and connect as pages that have one of the `secrets`. Return what should not occur."""
    problems: list[str] = []
    url = f"http://127.0.0.1:{rig.web_port}/overlay"
    async with ClientSession() as client:
        for _ in range(visits):
            if chance.random() < 0.4:
                problems += await _knock(client, url, chance, counts)
            else:
                problems += await _visit(client, url, secrets, chance, counts)
    return problems


async def _knock(client: ClientSession, url: str, chance: random.Random, counts: Counter[str]) -> list[str]:
    """Ask for something."""
    door, name = (
        chance.choice(DOORS),
        chance.choice((*NAMES, hostile.text(chance)[:300], f"{hostile.identifier(chance)}-1")),
    )
    path = door + (quote(name, safe="%", errors="replace") if door.endswith("/") else "")
    headers = {"If-None-Match": chance.choice(("*", '"x"', "W/"))}
    async with client.request(chance.choice(METHODS), URL(url + path, encoded=True), headers=headers) as response:
        counts[f"doors {door or '/'} answered {response.status}"] += 1
        return [f"{response.status} for {path[:200]}"] if response.status >= ERROR else []


async def _visit(
    client: ClientSession, url: str, secrets: tuple[str, ...], chance: random.Random, counts: Counter[str]
) -> list[str]:
    """Connect as a page, say something, and leave, or stay until the other side has had enough."""
    socket = await client.ws_connect(f"{url}/ws", autoping=False)
    counts["sockets"] += 1
    hello = {"hello": 1, "token": chance.choice(secrets), "after": None, "epoch": None, "page": None, "slot": "main"}
    with contextlib.suppress(ConnectionError, ClientError):
        await _say(socket, chance, hello, chance.choice((0, 0, 0, 1, 2)))
        for _ in range(chance.randrange(SPOKEN)):
            await _say(socket, chance, _message(chance, counts), chance.choice((0, 1, 1, 2)))
        if chance.random() < 0.2:
            await socket.send_bytes(b"\x00" * 9)
    try:
        async with asyncio.timeout(PATIENCE_S):
            await _end(socket, chance, counts)
    except TimeoutError:
        return [f"A page was neither answered nor let go: {hello}"]
    return []


def _message(chance: random.Random, counts: Counter[str]) -> dict[str, Any]:
    action = chance.choice([*OverlayAction])
    counts[f"controls {action}"] += 1
    seq = chance.choice((None, 0, 1, 2, 2**31, 2**63, -1, "1"))
    return chance.choice(({"do": action, "seq": seq}, {"do": action, "seq": seq}, {"shown": seq}, {"ping": seq}))


async def _say(socket: ClientWebSocketResponse, chance: random.Random, message: dict[str, Any], changes: int) -> None:
    try:
        text = orjson.dumps(hostile.mutate(chance, message, changes)).decode()
    except TypeError:  # a lone surrogate
        text = "{"
    await socket.send_str(text[: chance.randrange(1, len(text) + 1)] if chance.random() < 0.05 else text)


async def _end(socket: ClientWebSocketResponse, chance: random.Random, counts: Counter[str]) -> None:
    """Leave, or ask for a sign of life first, which a page gets unless it was let go."""
    if chance.random() < 0.5:
        with contextlib.suppress(ConnectionError, ClientError):
            await socket.send_json({"ping": "sign of life"})
        while (frame := await socket.receive()).type is WSMsgType.TEXT:
            if frame.json().get("pong") == "sign of life":
                counts["sockets answered"] += 1
                break
        else:
            counts[f"sockets closed {socket.close_code}"] += 1
    await socket.close(code=chance.choice((1000, 1001, 3000, 4999)))
