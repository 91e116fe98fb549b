"""Avatars are fetched from Discord's CDN and nowhere else, within limits."""

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.services.avatars import MOST_BYTES, Avatars

PNG = b"\x89PNG\r\n\x1a\n" + bytes(500)


class Cdn:
    """A CDN that serves what it is told to, and remembers what it was asked."""

    def __init__(self):
        self.paths = []
        self.now_ms = 1_000_000
        self.held, self.reached = asyncio.Event(), asyncio.Event()
        self.held.set()

    async def serve(self, request):
        self.paths.append(request.path_qs)
        self.reached.set()
        await self.held.wait()
        match request.match_info["name"]:
            case "page":
                return web.Response(text="<html>", content_type="text/html")
            case "vector":
                return web.Response(text="<svg/>", content_type="image/svg+xml")
            case "large":
                return web.Response(body=bytes(MOST_BYTES + 1), content_type="image/png")
            case "endless":
                return await self._endless(request)
            case "moved":
                raise web.HTTPFound("/avatars/1/there.png")
            case "gone":
                raise web.HTTPNotFound
            case "cut":
                return await self._cut(request)
            case _:
                return web.Response(body=PNG, content_type="image/png")

    async def _endless(self, request):
        response = web.StreamResponse(headers={"Content-Type": "image/png"})
        await response.prepare(request)
        try:
            while True:
                await response.write(bytes(65_536))
        except ConnectionError:
            return response

    async def _cut(self, request):
        response = web.StreamResponse(headers={"Content-Type": "image/png", "Content-Length": "5000"})
        await response.prepare(request)
        await response.write(PNG)
        request.transport.abort()
        return response


@pytest.fixture
def cdn():
    return Cdn()


@pytest.fixture
async def avatars(cdn):
    app = web.Application()
    app.router.add_get("/cdn/avatars/{user}/{name}.png", cdn.serve)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    avatars = Avatars(lambda: cdn.now_ms, cdn=str(server.make_url("/cdn")), cache_bytes=2_000)
    yield avatars
    await avatars.close()
    await server.close()


def url(name, user=1):
    return f"https://cdn.discordapp.com/avatars/{user}/{name}.png?size=128"


async def test_an_avatar_is_fetched_once_and_kept(avatars, cdn):
    assert await avatars.fetch(url("a")) == PNG
    assert await avatars.fetch(url("a")) == PNG
    assert cdn.paths == ["/cdn/avatars/1/a.png?size=128"]


async def test_the_other_host_of_discords_cdn_will_do(avatars):
    assert await avatars.fetch("https://media.discordapp.net/avatars/1/a.png") == PNG


@pytest.mark.parametrize(
    "bad",
    [
        "http://cdn.discordapp.com/avatars/1/a.png",
        "https://cdn.discordapp.com.evil.example/avatars/1/a.png",
        "https://cdn.discordapp.com@evil.example/avatars/1/a.png",
        "https://evil@cdn.discordapp.com/avatars/1/a.png",
        "https://cdn.discordapp.com:8443/avatars/1/a.png",
        "https://127.0.0.1/avatars/1/a.png",
        "https://[::1/avatars/1/a.png",
        "file:///etc/passwd",
        "https://cdn.discordapp.com/embed/avatars/0.png",
        "https://cdn.discordapp.com",
        "//cdn.discordapp.com/avatars/1/a.png",
        "",
        None,
    ],
)
async def test_any_other_address_is_not_asked(avatars, cdn, bad):
    assert await avatars.fetch(bad) is None
    assert cdn.paths == []


@pytest.mark.parametrize("name", ["page", "vector", "large", "endless", "moved", "gone", "cut"])
async def test_what_is_no_small_picture_is_not_taken(avatars, name):
    assert await avatars.fetch(url(name)) is None


async def test_a_redirect_is_not_followed(avatars, cdn):
    await avatars.fetch(url("moved"))

    assert len(cdn.paths) == 1


async def test_what_is_missing_is_asked_for_again_after_a_while(avatars, cdn):
    for _ in range(2):
        assert await avatars.fetch(url("gone")) is None
    assert len(cdn.paths) == 1

    cdn.now_ms += 300_001
    await avatars.fetch(url("gone"))
    assert len(cdn.paths) == 2


async def test_many_who_want_the_same_ask_once(avatars, cdn):
    cdn.held.clear()
    waiting = [asyncio.create_task(avatars.fetch(url("a"))) for _ in range(20)]
    await asyncio.wait_for(cdn.reached.wait(), 60)
    waiting[0].cancel()
    cdn.held.set()

    assert await asyncio.gather(*waiting[1:]) == [PNG] * 19
    assert len(cdn.paths) == 1


async def test_several_come_in_the_order_they_were_asked_for(avatars):
    assert await avatars.fetch_all([url("a"), None, url("gone"), url("b")]) == [PNG, None, None, PNG]


async def test_only_so_many_bytes_are_kept(avatars, cdn):
    for name in ("a", "b", "c", "d", "e"):
        await avatars.fetch(url(name))
    cdn.paths.clear()
    for name in ("e", "d", "c", "a"):
        await avatars.fetch(url(name))

    assert [path.split("/")[-1][0] for path in cdn.paths] == ["a"]


async def test_a_cdn_that_cannot_be_reached_costs_nothing_but_the_face(cdn):
    avatars = Avatars(lambda: cdn.now_ms, cdn="http://127.0.0.1:9")

    assert await avatars.fetch(url("a")) is None
    await avatars.close()


async def test_closing_gives_up_what_is_being_fetched(avatars, cdn):
    cdn.held.clear()
    waiting = asyncio.create_task(avatars.fetch(url("a")))
    await asyncio.wait_for(cdn.reached.wait(), 60)
    await avatars.close()

    assert await waiting is None
    cdn.held.set()
