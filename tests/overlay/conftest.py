"""A speaker of the overlay's protocol, and the overlay page in Chromium."""

import contextlib
import socket

import pytest

from tests.overlay.speaker import Speaker, speaking
from tests.overlay.watching import Opener

LIVE = {
    "id": 5,
    "title": "Karaoke night",
    "creators": [{"id": "h1", "name": "Noor"}],
    "ends_ms": 4_000_000_000_000,
    "goal": {"amount": 40_000, "sum": 25_890},
}


@pytest.fixture
def port():
    """A port that stays the speaker's when it is stopped and started again."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.fixture
async def speaker():
    return Speaker(live=LIVE)


@pytest.fixture
async def address(speaker, port):
    async with speaking(speaker, port) as address:
        yield address


@pytest.fixture
async def opener_at(windows, speaker):
    """Opens overlay pages at an address, and fails the test at its end if one of their scripts failed."""
    openers = []
    async with contextlib.AsyncExitStack() as stack:

        def at(address):
            openers.append(Opener(windows.browser, address, speaker, stack))
            return openers[-1]

        yield at
    assert [error for opener in openers for error in opener.errors] == []


@pytest.fixture
async def opener(opener_at, address):
    return opener_at(address)


@pytest.fixture
async def source(opener):
    """One overlay page, as a source of 1920 × 1080 pixels that is connected."""
    return await opener.open()
