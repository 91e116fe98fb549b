"""What discord.py offers no setting for. Only this module and `bot.gateway` touch its internals.

Other addresses than Discord's are for the sandbox, and in production for a proxy that shares Discord's rate limits
between processes.
"""

import asyncio
import contextlib
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any, cast
from urllib.parse import quote

import aiohttp
import discord
import orjson
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import MultipartParameters, Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.discord_requests import DiscordRequests
from bot.json_wire import JsonWire

# Fails at import, not at night, if a new discord.py has moved them.
assert isinstance(Route.BASE, str), Route
assert isinstance(DiscordWebSocket.DEFAULT_GATEWAY, yarl.URL), DiscordWebSocket
assert isinstance(async_context.get(), AsyncWebhookAdapter), async_context


def point_at(api_url: str, gateway_url: str) -> None:
    """Make every client created from now on use this REST API and this gateway."""
    Route.BASE = api_url.rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


async def ask_anything(client: discord.Client) -> None:
    """Send Discord the cheapest request there is, for the headers of its answer. Raises like any request."""
    await client.http.request(Route("GET", "/gateway"))


def installers(interaction: discord.Interaction) -> Mapping[int, object]:
    """Return who installed the bot where an interaction comes from, by kind: 0 for a guild, 1 for a user."""
    return interaction._integration_owners  # noqa: SLF001 - the library only compares it  # pyright: ignore[reportPrivateUsage]


def release(interaction: discord.Interaction) -> None:
    """Let an interaction that has been answered be freed as soon as nobody uses it any more.

    It and its `response` refer to each other, so it would wait for the collector together with its members, users and
    options: searching for these objects took an eighth of what a gift costs, and up to a third of a second at once.
    """
    if interaction.response.is_done():
        interaction.response._parent = cast("Any", None)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]


def interaction_tasks() -> set[asyncio.Task[object]]:
    """Return the tasks in which discord.py runs commands, buttons and forms. It keeps no list of its own."""
    return {task for task in asyncio.all_tasks() if task.get_name().startswith(("CommandTree-", "discord-ui-"))}


async def respond(interaction_id: int, token: str, answer: dict[str, Any]) -> None:
    """Answer an interaction for which the library has built no object. Raises like any answer."""
    adapter = async_context.get()
    params = MultipartParameters(payload=answer, multipart=None, files=None)
    # `_Brief` replaces the session by its own.
    await adapter.create_interaction_response(interaction_id, token, session=cast("Any", None), params=params)


class Components:
    """The components of one message, in place of a view.

    It has everything that the library asks of a view when it sends one. A real view is built of items that could each
    be pressed, and is stored until it is finished: a stored view would leak, time out after 15 minutes, and take the
    templates of its dynamic items with it. This one is finished before it is sent.
    """

    __discord_ui_view__ = True
    timeout = None

    def __init__(self, payload: list[dict[str, Any]], *, is_layout: bool) -> None:
        self._payload = payload
        self._is_layout = is_layout

    def to_components(self) -> list[dict[str, Any]]:
        """Return Discord's JSON."""
        return self._payload

    def has_components_v2(self) -> bool:
        """Whether these are a layout, which stands for the whole message."""
        return self._is_layout

    def is_finished(self) -> bool:
        """Whether nothing waits for presses any more, so that there is nothing to store."""
        return True

    def is_dispatchable(self) -> bool:
        """Whether presses are to be handed to this object."""
        return False


@contextlib.asynccontextmanager
async def answering(on_conflict: Callable[[], None], requests: DiscordRequests) -> AsyncGenerator[None]:
    """Answer interactions in this block, and in the tasks that it starts, without asking Discord to echo the message.

    `on_conflict` is called when Discord refuses an answer because another process has already given one. What is sent
    from here is counted among `requests`.

    By default discord.py asks for each answer back as a message, and builds an object from it that nobody here uses.
    That is a sixth of what a gift costs the bot. Requests that carry an interaction's token also count towards no limit
    of the channel or the bot, so they go through a session of their own that does not report to the pace. First answers
    without files, and edits of them, go over a wire of their own, which takes a quarter of the time that a session
    does. Edits are most frequent on a machine that is too busy to answer at once, where they cost most.
    """
    connector = aiohttp.TCPConnector(limit=0)
    trace = requests.listen(aiohttp.TraceConfig())
    async with (
        aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trace_configs=[trace]
        ) as session,
        JsonWire(Route.BASE, _USER_AGENT) as wire,
    ):
        before = async_context.set(_Brief(session, wire, on_conflict, requests))
        try:
            yield
        finally:
            async_context.reset(before)


ALREADY_ACKNOWLEDGED = 40060
"""Discord's error code for an interaction that somebody else, most likely another process of this bot, has answered."""
_USER_AGENT = f"DiscordBot (https://github.com/Rapptz/discord.py, {discord.__version__})"
RETRY_S = 1.0
"""The library repeats a failed request after this. If the first attempt did arrive, the repeat is refused."""
REMEMBERED = 4_096
"""How many interactions' attempts are remembered."""


_REFUSALS = {403: discord.Forbidden, 404: discord.NotFound}


def _json_or_text(body: bytes) -> dict[str, Any] | str:
    if not body:
        # Nearly every answer is empty, and finding out that it is not JSON would take as long as writing one.
        return ""
    with contextlib.suppress(orjson.JSONDecodeError):
        document = orjson.loads(body)
        if isinstance(document, dict):
            return cast("dict[str, Any]", document)
    return body.decode(errors="replace")


class _Brief(AsyncWebhookAdapter):
    """Sends first answers and their edits over `wire`, and follow-ups and files over `session`. It does not ask Discord
    to return the message that an answer becomes."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        wire: JsonWire,
        on_conflict: Callable[[], None],
        requests: DiscordRequests,
    ) -> None:
        super().__init__()
        self._session = session
        self._wire = wire
        self._on_conflict = on_conflict
        self._requests = requests
        self._attempts: OrderedDict[int, int] = OrderedDict()

    async def create_interaction_response(
        self,
        interaction_id: int,
        token: str,
        *,
        params: MultipartParameters,
        **options: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401 - as the library has it
        """Answer an interaction; return the little that discord.py reads of the response."""
        start_s = time.monotonic()
        self._count(interaction_id)
        try:
            path = f"/interactions/{interaction_id}/{quote(token, safe='')}/callback"
            if params.multipart or await self._sent("POST", path, params.payload) is None:
                place = "/interactions/{webhook_id}/{webhook_token}/callback"
                route = Route("POST", place, webhook_id=interaction_id, webhook_token=token)
                await self.request(route, **{**options, **params._asdict()})
        except discord.HTTPException as error:
            is_own_repeat = time.monotonic() - start_s >= RETRY_S or self._attempts.get(interaction_id, 0) > 1
            if error.code == ALREADY_ACKNOWLEDGED and not is_own_repeat:
                self._on_conflict()
            raise
        return {"interaction": {"id": interaction_id}}

    async def edit_original_interaction_response(
        self,
        application_id: int,
        token: str,
        *,
        payload: dict[str, Any] | None = None,
        multipart: list[dict[str, Any]] | None = None,
        **options: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401 - as the library has it
        """Edit the answer to an interaction; return the edited message in Discord's JSON."""
        path = f"/webhooks/{application_id}/{quote(token, safe='')}/messages/@original"
        message = None if multipart else await self._sent("PATCH", path, payload)
        if message is None:
            options |= {"payload": payload, "multipart": multipart}
            message = await super().edit_original_interaction_response(application_id, token, **options)
        return message

    async def _sent(self, method: str, path: str, payload: object) -> dict[str, Any] | str | None:
        """Send JSON over the wire; return the response, None if the server cannot take the request now.

        The library then repeats it, as it repeats everything. Raises like the library's requests.
        """
        answer = await self._wire.send(method, path, orjson.dumps(payload))
        self._requests.heard(method, answer.status)
        if answer.status < 300:
            return _json_or_text(answer.body)
        if answer.status == 429 or answer.status >= 500:
            await asyncio.sleep(RETRY_S)
            return None
        kind = _REFUSALS.get(answer.status, discord.HTTPException)
        # The library reads no more of a response than its status and its reason.
        raise kind(cast("Any", answer), _json_or_text(answer.body))

    def _count(self, interaction_id: int) -> None:
        """Count an attempt. Discord may deliver an interaction twice; then the answer that was first is our own."""
        self._attempts[interaction_id] = self._attempts.get(interaction_id, 0) + 1
        if len(self._attempts) > REMEMBERED:
            self._attempts.popitem(last=False)

    async def request(self, route: Route, session: aiohttp.ClientSession, **options: Any) -> Any:  # noqa: ANN401
        """Send a request over the session of this adapter, whichever one the library hands in."""
        del session
        return await super().request(route, self._session, **options)
