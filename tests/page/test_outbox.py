"""Events are sent to a page once and in order. Of what changes often, only the newest state is sent."""

import asyncio

import orjson
from aiohttp import web

from sandbox.page.outbox import Outbox


class Wire(web.WebSocketResponse):
    """The page's end of the socket, which records the events that it gets."""

    def __init__(self):
        super().__init__()
        self.events = []

    async def send_str(self, data, compress=None):
        self.events.append(orjson.loads(data))


class Pause:
    """A pause between batches that lasts until `over` is set, however many `seconds` were asked for."""

    def __init__(self):
        self.resting = asyncio.Event()
        self.over = asyncio.Event()
        self.seconds = []

    async def __call__(self, seconds):
        self.seconds.append(seconds)
        self.resting.set()
        await self.over.wait()


async def test_what_changes_while_the_page_rests_is_sent_once():
    wire, pause = Wire(), Pause()
    outbox = Outbox(pause)
    draining = asyncio.create_task(outbox.drain(wire))
    outbox.put({"n": 0}, key="board")
    await pause.resting.wait()

    for number in range(1, 100):
        outbox.put({"n": number}, key="board")
    assert wire.events == [{"n": 0}]
    pause.resting.clear()
    pause.over.set()
    await pause.resting.wait()

    draining.cancel()
    assert wire.events == [{"n": 0}, {"n": 99}]
    # A page is sent something at most ten times a second.
    assert pause.seconds == [0.1, 0.1]
