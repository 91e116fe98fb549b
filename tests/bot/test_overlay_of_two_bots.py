"""Two real bots on one database: an overlay that one of them serves has what the other books and is told to do."""

import asyncio
from typing import Any

import aiohttp
import pytest

from bot.web.overlay.source import RESTART
from tests.bot.test_overlay_card import card_of, make_link, secrets_on
from tests.rig import Rig, free_port


class Socket:
    """A page of an overlay, which reads on when it is asked."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self.messages: list[dict[str, Any]] = []

    async def hello(self, secret: str) -> dict[str, Any]:
        """Introduce the page, and return its welcome."""
        await self._socket.send_json({"hello": 1, "token": secret, "after": None, "epoch": None, "slot": "main"})
        return await self._socket.receive_json(timeout=60)

    async def told(self, what: str) -> dict[str, Any]:
        """Read until a message has `what`, which is not empty there, and return it."""
        while True:
            message = await self._socket.receive_json(timeout=60)
            self.messages.append(message)
            if message.get(what):
                return message

    async def until_closed(self) -> int | None:
        """Read until the server closes the page, and return its code."""
        async for _ in self._socket:
            pass
        return self._socket.close_code


@pytest.mark.databases("postgresql")
async def test_a_page_at_one_bot_shows_what_goes_through_the_other(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 1_000)
    await (await town.noor.slash("live start", title="Friday")).message()
    card = await make_link(town.noor, await card_of(town.noor))
    (secret,) = secrets_on(card)
    controls = secrets_on(await make_link(town.noor, card, 1))[-1]
    other_port = free_port()
    await own_rig.start_another_bot(WEB_PORT=str(other_port))

    here, there = (f"http://127.0.0.1:{port}/overlay/ws" for port in (own_rig.web_port, other_port))
    connect = own_rig.http.ws_connect
    async with connect(here) as near, connect(there) as far, connect(there) as controlling:
        pages, dock = [Socket(near), Socket(far)], Socket(controlling)
        welcomes = [await page.hello(secret) for page in pages]
        await dock.hello(controls)
        # Both bots hear of the gift, and one of them books it: for the page at the other one it comes from elsewhere.
        await town.give(town.mia, "Clover", town.noor)
        gifts = [(await page.told("gifts"))["gifts"] for page in pages]
        await controlling.send_json({"do": "pause", "seq": None})
        acts = [(await page.told("do"))["do"] for page in pages]
        leaving = asyncio.create_task(pages[0].until_closed())
        await own_rig.stop_bot()
        code = await leaving
        await town.give(town.mia, "Clover", town.noor)
        (later,) = (await pages[1].told("gifts"))["gifts"]

    assert [welcome["live"]["title"] for welcome in welcomes] == ["Friday", "Friday"]
    assert gifts[0] == gifts[1]
    assert [gift["sender"]["name"] for gift in gifts[0]] == ["Mia"]
    assert acts == ["pause", "pause"]
    # The one that stops sends its page away to come back, and the other serves on.
    assert code == RESTART
    assert later["seq"] > gifts[0][0]["seq"]
