"""The proxy in front of the bot's web part: it changes who may frame the overlay, and nothing else."""

import asyncio
import contextlib

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox.public_address import GONE, PublicAddress
from tests.rig import until

POLICY = "default-src 'none'; script-src 'self'; frame-ancestors 'none'"


class Bot:
    """A stand-in for the bot's web part: a page, a file that is kept, and a socket that repeats what it hears."""

    def __init__(self):
        self.hosts = []
        self.sockets = []
        self.transports = []

    def app(self):
        app = web.Application()
        app.router.add_get("/overlay", self._page)
        app.router.add_get("/overlay/static/app.js", self._file)
        app.router.add_get("/overlay/ws", self._socket)
        return app

    async def _page(self, request):
        self.hosts.append(request.host)
        text = f"<p>{request.query_string}</p>"
        return web.Response(text=text, content_type="text/html", headers={"Content-Security-Policy": POLICY})

    async def _file(self, request):
        if request.headers.get("If-None-Match") == '"1"':
            return web.Response(status=304, headers={"ETag": '"1"'})
        return web.Response(text="x()", content_type="text/javascript", headers={"ETag": '"1"'})

    async def _socket(self, request):
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.hosts.append((request.host, request.headers.get("Origin")))
        self.sockets.append(socket)
        self.transports.append(request.transport)
        async for message in socket:
            await socket.send_str(f"heard {message.data}")
        return socket


@contextlib.asynccontextmanager
async def behind(bot_address):
    app = web.Application()
    PublicAddress(bot_address).routes(app)
    async with TestServer(app) as server, aiohttp.ClientSession(server.make_url("/")) as session:
        yield session


@pytest.fixture
async def bot():
    return Bot()


@pytest.fixture
async def address(bot):
    async with TestServer(bot.app()) as server:
        yield str(server.make_url("/"))


@pytest.fixture
async def visitor(address):
    async with behind(address) as session:
        yield session


async def test_the_sandboxs_own_page_may_frame_the_overlay_and_no_other(visitor):
    async with visitor.get("/overlay?show=goal") as answer:
        text, policy = await answer.text(), answer.headers["Content-Security-Policy"]

    assert text == "<p>show=goal</p>"
    assert policy == "default-src 'none'; script-src 'self'; frame-ancestors 'self'"


async def test_the_bot_learns_the_host_that_the_browser_asked_for(visitor, bot):
    async with visitor.get("/overlay", headers={"Host": "rosette.example"}) as answer:
        assert answer.status == 200

    assert bot.hosts == ["rosette.example"]


async def test_a_file_that_is_known_is_not_sent_again(visitor):
    async with visitor.get("/overlay/static/app.js") as answer:
        assert (answer.status, answer.headers["ETag"], await answer.text()) == (200, '"1"', "x()")
    async with visitor.get("/overlay/static/app.js", headers={"If-None-Match": '"1"'}) as answer:
        assert (answer.status, await answer.text()) == (304, "")


async def test_what_the_bot_does_not_have_is_not_there(visitor):
    async with visitor.get("/overlay/nothing") as answer:
        assert answer.status == 404


async def test_nothing_else_of_the_bot_is_to_be_had(visitor):
    async with visitor.get("/healthz") as answer:
        assert answer.status == 404


async def test_a_socket_is_carried_both_ways(visitor, bot):
    async with visitor.ws_connect("/overlay/ws", headers={"Origin": "http://rosette.example"}) as socket:
        await socket.send_str("one")
        assert await socket.receive_str() == "heard one"
        await socket.send_str("two")
        assert await socket.receive_str() == "heard two"

    assert bot.hosts[0][1] == "http://rosette.example"


@pytest.mark.parametrize("code", [4401, 1013])
async def test_a_page_learns_why_the_bot_has_closed_its_socket(visitor, bot, code):
    async with visitor.ws_connect("/overlay/ws") as socket:
        await socket.send_str("one")
        await socket.receive_str()
        await bot.sockets[0].close(code=code)
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE

    assert socket.close_code == code


async def test_the_bot_learns_that_a_page_is_gone(visitor, bot):
    async with visitor.ws_connect("/overlay/ws") as socket:
        await socket.send_str("one")
        await socket.receive_str()

    async def is_closed():
        return bot.sockets[0].closed

    await until(is_closed)


async def test_a_page_is_told_to_come_back_where_the_bot_has_died():
    """A killed bot says no goodbye: its connection just ends."""

    async def cut(reader, writer):
        while await reader.readline() not in {b"\r\n", b""}:
            pass
        writer.close()

    server = await asyncio.start_server(cut, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, behind(f"http://127.0.0.1:{port}") as visitor:
        async with visitor.get("/overlay") as answer:
            assert answer.status == 502
        with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
            await visitor.ws_connect("/overlay/ws")

    assert refusal.value.status == 502


async def test_a_socket_whose_bot_dies_closes_as_for_a_restart(visitor, bot):
    async with visitor.ws_connect("/overlay/ws") as socket:
        await socket.send_str("one")
        await socket.receive_str()
        bot.transports[0].abort()
        await socket.receive()

    assert socket.close_code == GONE
