"""Where discord.py offers no setting for what is needed: with `bot.gateway`, all that touches its inner parts.

Other addresses serve in production, too: those of a proxy that shares Discord's rate limits between processes.
"""

import asyncio
import contextlib
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import MultipartParameters, Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

# Fails at import, not at night, if a new discord.py has moved them.
assert isinstance(Route.BASE, str), Route
assert isinstance(DiscordWebSocket.DEFAULT_GATEWAY, yarl.URL), DiscordWebSocket
assert isinstance(async_context.get(), AsyncWebhookAdapter), async_context


def point_at(api_url: str, gateway_url: str) -> None:
    """Have every client made from now on speak to this REST API and this gateway."""
    Route.BASE = api_url.rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


async def ask_anything(client: discord.Client) -> None:
    """Ask Discord what costs it least: the answer's headers are what is wanted. Raises as every request does."""
    await client.http.request(Route("GET", "/gateway"))


def installers(interaction: discord.Interaction) -> Mapping[int, object]:
    """Return who has installed the bot where an interaction comes from, by kind: 0 for a guild, 1 for a user."""
    return interaction._integration_owners  # noqa: SLF001 - the library only compares it  # pyright: ignore[reportPrivateUsage]


def interaction_tasks() -> set[asyncio.Task[object]]:
    """Return the tasks in which discord.py runs commands, buttons and forms right now; it keeps no list of them."""
    return {task for task in asyncio.all_tasks() if task.get_name().startswith(("CommandTree-", "discord-ui-"))}


@contextlib.asynccontextmanager
async def answering(taken: Callable[[], None]) -> AsyncGenerator[None]:
    """Have the block, and the tasks that it starts, answer interactions with less ado.

    `taken` is called when Discord refuses an answer because another process has given one.

    discord.py asks Discord to send each answer back as the message that it has become, and makes an object of it that
    nobody here looks at: a sixth of what a gift costs the bot. And all that goes by an interaction's token is outside
    the limits of the channel and of the bot, so it needs no session that reports every request to the pace.
    """
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        before = async_context.set(_Brief(session, taken))
        try:
            yield
        finally:
            async_context.reset(before)


ALREADY_ACKNOWLEDGED = 40060
"""Discord's code: somebody else, most likely another process of ours, has answered."""
RETRY_S = 1.0
"""After this the library asks again what failed, and is refused if its first try has arrived all the same."""
REMEMBERED = 4_096
"""Interactions whose answers are counted."""


class _Brief(AsyncWebhookAdapter):
    """Sends answers, and what follows them, over `session`, and does not ask to be told what an answer has become."""

    def __init__(self, session: aiohttp.ClientSession, taken: Callable[[], None]) -> None:
        super().__init__()
        self._session = session
        self._taken = taken
        self._attempts: OrderedDict[int, int] = OrderedDict()

    async def create_interaction_response(
        self,
        interaction_id: int,
        token: str,
        *,
        params: MultipartParameters,
        **options: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401 - as the library has it
        """Answer an interaction; return all that discord.py needs to know of the answer."""
        place = "/interactions/{webhook_id}/{webhook_token}/callback"
        route = Route("POST", place, webhook_id=interaction_id, webhook_token=token)
        began = time.monotonic()
        self._count(interaction_id)
        try:
            await self.request(route, **{**options, **params._asdict()})
        except discord.HTTPException as error:
            is_ours = time.monotonic() - began >= RETRY_S or self._attempts.get(interaction_id, 0) > 1
            if error.code == ALREADY_ACKNOWLEDGED and not is_ours:
                self._taken()
            raise
        return {"interaction": {"id": interaction_id}}

    def _count(self, interaction_id: int) -> None:
        """Count an attempt: Discord may tell us of an interaction twice, and then our own answer is in our way."""
        self._attempts[interaction_id] = self._attempts.get(interaction_id, 0) + 1
        if len(self._attempts) > REMEMBERED:
            self._attempts.popitem(last=False)

    async def request(self, route: Route, session: aiohttp.ClientSession, **options: Any) -> Any:  # noqa: ANN401
        """Send a request, and return what came back."""
        del session
        return await super().request(route, self._session, **options)
