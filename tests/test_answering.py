"""Edits of answers on their way to Discord: the wire that they take, and how refusals are handled."""

import contextlib
from collections.abc import AsyncGenerator
from typing import Any, cast

import discord
import orjson
import pytest
from discord.http import Route
from discord.webhook.async_ import async_context

from bot import discordpy_internals
from bot.discord_requests import DiscordRequests
from tests.test_json_wire import REFUSED, Server, serving

BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
MESSAGE = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"id":"7"}'
WORDS: dict[str, Any] = {"content": "Sent"}


@contextlib.asynccontextmanager
async def answering(server: Server, requests: DiscordRequests) -> AsyncGenerator[None]:
    """Answer interactions to a server in this block, as the bot answers Discord."""
    discords = Route.BASE
    Route.BASE = server.url
    try:
        async with discordpy_internals.answering(lambda: None, requests):
            yield
    finally:
        Route.BASE = discords


async def edit(multipart: list[dict[str, Any]] | None = None) -> object:
    """Edit the answer to an interaction as the library does."""
    payload = None if multipart else WORDS
    no_session = cast("Any", None)
    return await async_context.get().edit_original_interaction_response(
        5, "to/ken", session=no_session, payload=payload, multipart=multipart
    )


@pytest.mark.parametrize("first", [MESSAGE, BUSY])
async def test_an_edit_without_files_goes_over_the_wire_and_once_more_where_discord_is_busy(first: bytes) -> None:
    requests = DiscordRequests()
    async with serving(first, MESSAGE) as server, answering(server, requests):
        message = await edit()

    lines = [request.split(b"\r\n")[0] for request in server.requests]
    bodies = [orjson.loads(request.split(b"\r\n\r\n")[1]) for request in server.requests]
    place = b"PATCH /api/v10/webhooks/5/to%2Fken/messages/@original HTTP/1.1"
    times = 2 if first == BUSY else 1
    assert (message, lines, bodies) == ({"id": "7"}, [place] * times, [WORDS] * times)
    # aiohttp says what it would accept. A request that Discord could not take is repeated by the library, in its own
    # way.
    assert [b"Accept:" in request for request in server.requests] == [False, True][:times]
    assert sum(requests.requests.counts.values()) == times


async def test_an_edit_with_a_file_goes_the_way_of_the_library() -> None:
    part = {"name": "files[0]", "value": b"a picture", "filename": "gift.png"}
    async with serving(MESSAGE) as server, answering(server, DiscordRequests()):
        await edit([part])

    (request,) = server.requests
    assert request.startswith(b"PATCH ")
    assert b"multipart/form-data" in request


async def test_an_edit_of_what_is_gone_raises_what_discord_says() -> None:
    async with serving(REFUSED) as server, answering(server, DiscordRequests()):
        with pytest.raises(discord.NotFound) as error:
            await edit()

    assert error.value.code == 10062
