"""The files under /overlay: what browsers may keep, what they are told to allow, and that nothing else is served."""

import asyncio
import re

import aiohttp
import pytest

from bot.web.overlay.pages import FOLDER, HEADERS
from tests.storage.town import BOB
from tests.web.overlay_house import House

pytestmark = pytest.mark.databases("sqlite")
PNG = b"\x89PNG\r\n\x1a\n"
NAMES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())


async def got(house: House, path: str, **headers: str) -> tuple[aiohttp.ClientResponse, bytes]:
    async with house.http.get(f"http://127.0.0.1:{house.port}{path}", headers=headers) as response:
        return response, await response.read()


async def status_of(house: House, target: str) -> int:
    """Ask for a target as it stands: clients would make a path without dots of it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    writer.write(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    assert b"import" not in answer
    return int(answer.split()[1])


async def test_every_file_is_served_is_safe_and_is_not_sent_twice(house: House):
    paths = ["/overlay", "/overlay/control", *(f"/overlay/static/{name}" for name in NAMES)]
    for path in paths:
        response, body = await got(house, path)
        again, nothing = await got(house, path, **{"If-None-Match": response.headers["ETag"]})
        newer, whole = await got(house, path, **{"If-None-Match": '"of an older version"'})

        assert (response.status, again.status, newer.status) == (200, 304, 200), path
        assert (nothing, whole) == (b"", body), path
        for each in (response, again):
            assert each.headers["Cache-Control"] == "no-cache", path
            assert {name: each.headers[name] for name in HEADERS} == HEADERS, path


async def test_pages_may_load_from_here_alone_and_be_framed_by_nobody(house: House):
    response, _ = await got(house, "/overlay")

    policy = dict(each.strip().split(" ", 1) for each in response.headers["Content-Security-Policy"].split(";"))
    assert (policy["default-src"], policy["script-src"], policy["connect-src"]) == ("'none'", "'self'", "'self'")
    assert policy["frame-ancestors"] == "'none'"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "target",
    [
        "/overlay/static/nothing.js",
        "/overlay/static/",
        "/overlay/static/../pages.py",
        "/overlay/static/..%2fpages.py",
        "/overlay/static/%2e%2e/pages.py",
        "/overlay/static/%2e%2e%2fpages.py",
        "/overlay/static/..%5cpages.py",
        "/overlay/static//etc/passwd",
        "/overlay/static/overlay.js%00",
        "/overlay/static/./overlay.js%2f..%2f..%2f__init__.py",
        "/overlay/art/../static/overlay.html",
        "/overlay/art/7-3-0000000000000000.png",
        "/overlay/art/7-999999-0123456789abcdef.png",
        "/overlay/art/..%2f..%2fpages.py",
        "/overlay/face/..%2f..%2fpages.py",
        "/overlay/face/0123456789abcdef01234567.png",
        "/overlay/nothing",
    ],
)
async def test_nothing_else_is_served(house: House, target: str):
    assert await status_of(house, target) == 404


async def test_the_picture_of_a_gift_is_kept_for_good(house: House):
    await house.go_live()
    page = await house.page(await house.linked())
    receipt = await house.send("a", sender_id=BOB)
    await page.until_seq(receipt.seq)
    path = page.gifts[0]["gift"]["art"]

    response, body = await got(house, path)

    assert (response.status, response.content_type, body[:8]) == (200, "image/png", PNG)
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert {name: response.headers[name] for name in HEADERS} == HEADERS
    # A name that was never given out is not drawn, and nobody is to remember that it was not there.
    missing, _ = await got(house, re.sub(r"[0-9a-f]{16}\.png", "0" * 16 + ".png", path))
    assert (missing.status, missing.headers["Cache-Control"]) == (404, "no-store")
    assert {name: missing.headers[name] for name in HEADERS} == HEADERS
