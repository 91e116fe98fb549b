"""Survives what the gateway should never send. Like `bot.discordpy_internals`, this touches discord.py's internals.

If handling a message raises anything, the library closes the connection, and then the whole client.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from types import CoroutineType
from typing import Any, ClassVar, Final

import aiohttp
import discord
import discord.client
import discord.shard
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from bot.domain.ids import id_in
from bot.logs import of_kind

log = logging.getLogger(__name__)

RESUME_AGAIN_S = 60.0
"""If a stream breaks again this soon after a resume, the session starts over: a resume may replay what broke it."""

HEARTBEAT_S: Final = (1.0, 600.0)
"""The shortest and the longest heartbeat to accept. Discord asks for about 41 s. Less than a second would keep a thread
busy, and with more than a few minutes a dead connection would go unnoticed."""

# In quotes, because Python 3.11 cannot subscript the type.
_Press = Callable[..., "CoroutineType[Any, Any, None]"]

PING: Final = 1
"""The type of the only interaction that carries no data."""
_COMMANDS: Final = (2, 4)
"""The types of interactions that name a command: running it and autocompleting it."""
_AUTOCOMPLETE: Final = 4
_COMMAND_KINDS: Final = (1, 2, 3)
_SUBCOMMANDS: Final = (1, 2)
_TEXT_OPTION: Final = 3
"""The type of every option with suggestions."""
_SCHEDULED_EVENTS: Final = "GUILD_SCHEDULED_EVENT_"

_WHOLE = frozenset({"READY", "RESUMED"})
"""Events without which a connection is useless. Their failures are left to the library."""
_NOTHING: Final = type(None)
_ID, _TEXT = (str, int), (str,)
_KINDS: Final[dict[str, tuple[type, ...]]] = {
    "id": _ID,
    "application_id": _ID,
    "guild_id": (*_ID, _NOTHING),
    "channel_id": (*_ID, _NOTHING),
    "target_id": _ID,
    "type": (int,),
    "component_type": (int,),
    "token": _TEXT,
    "locale": _TEXT,
    "guild_locale": (*_TEXT, _NOTHING),
    "name": _TEXT,
    "custom_id": _TEXT,
    "member": (dict,),
    "resolved": (dict, _NOTHING),
    "entitlements": (list,),
    "options": (list,),
    "components": (list,),
    "values": (list,),
}
"""The type of each part of an interaction, where it is present. Some parts Discord leaves out when they are empty, and
could just as well send as null."""
_ENDINGS = (
    ReconnectWebSocket,
    discord.ConnectionClosed,
    discord.HTTPException,
    discord.GatewayNotFound,
    OSError,
    aiohttp.ClientError,
    TimeoutError,
)
"""What the library recovers from by itself."""

# Fails at import, not at night, if a new discord.py has moved it.
_NAME = DiscordWebSocket.__name__
_USERS = (discord.client, discord.shard)
assert all(getattr(user, _NAME) is DiscordWebSocket for user in _USERS), _USERS


def contain(client: discord.Client, takes: Callable[[Any], bool]) -> None:
    """Make `client` skip events that it cannot read, and interactions whose data `takes` refuses, and reconnect after a
    broken stream."""
    for user in _USERS:
        setattr(user, _NAME, _Websocket)
    parsers = client._connection.parsers  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    for name, parser in parsers.items():
        if name not in _WHOLE:
            parsers[name] = _guarded(name, parser, takes)
    # Here the library rebuilds the message of a press, in a task that nobody awaits.
    store = client._connection._view_store  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    store.schedule_dynamic_item_call = _contained(store.schedule_dynamic_item_call)


def _guarded(name: str, parser: Callable[[Any], None], takes: Callable[[Any], bool]) -> Callable[[Any], None]:
    def parse(data: Any) -> None:  # noqa: ANN401 - as the library has it
        try:
            if name.startswith(_SCHEDULED_EVENTS):
                check_scheduled_event(data)
            if name == "INTERACTION_CREATE":
                check_interaction(data)
                if not takes(data):
                    return
            parser(data)
        except Exception as error:  # noqa: BLE001 - one bad event must not stop the next
            _ignore(name, error)

    return parse


def _contained(call: _Press) -> _Press:
    async def press(*args: Any) -> None:  # noqa: ANN401 - as the library has it
        try:
            await call(*args)
        except Exception as error:  # noqa: BLE001 - what the control itself raises is told to its member
            _ignore("INTERACTION_CREATE", error)

    return press


def _ignore(name: str, error: Exception) -> None:
    kind = type(error).__name__
    # The kind of failure, never the content: it may hold notes and names.
    log.warning("Ignored a malformed %s event from Discord: %s", name, kind, extra=of_kind(f"{name} {kind}"))


def check_interaction(data: Any) -> None:  # noqa: ANN401 - that is the question
    """Raise for an interaction that the library would accept, then fail on in a task that nobody awaits."""
    _check_kinds(data)
    if data["type"] == PING:
        return
    payload = data["data"]
    _check_payload(payload)
    user = (data["member"] if data.get("guild_id") else data)["user"]
    _check_ids(data, "id", "application_id", "guild_id", "channel_id")
    _check_ids(user, "id")
    if data["type"] in _COMMANDS and (payload["type"] not in _COMMAND_KINDS or not payload["name"]):
        raise ValueError("command")
    focused_options = [option for option in _leaf_options(payload) if option.get("focused")]
    if data["type"] == _AUTOCOMPLETE and (not focused_options or not all(map(_is_text, focused_options))):
        raise ValueError("focused")


def _leaf_options(payload: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the options that are not subcommands. Raise KeyError for one without a value."""
    for option in payload.get("options") or ():
        if option["type"] in _SUBCOMMANDS:
            yield from _leaf_options(option)
        elif "name" in option and "value" in option:
            yield option
        else:
            raise KeyError("value")


def _is_text(option: Mapping[str, Any]) -> bool:
    return option["type"] == _TEXT_OPTION and type(option["value"]) is str


def check_scheduled_event(data: Any) -> None:  # noqa: ANN401 - that is the question
    """Raise for a scheduled event that the library would accept although it lacks what a live event takes from it."""
    for key in ("name", "scheduled_start_time"):
        if type(data[key]) is not str or not data[key]:
            raise TypeError(key)


def _check_payload(payload: Any) -> None:  # noqa: ANN401
    """Check the data of a command, a control or a form, and of every option and field in it."""
    _check_kinds(payload)
    for below in ("options", "components"):
        for part in payload.get(below) or ():
            _check_payload(part)


def _check_kinds(data: Any) -> None:  # noqa: ANN401
    for key in _KINDS.keys() & data.keys():
        # Not isinstance: to Python, True is an int.
        if type(data[key]) not in _KINDS[key]:
            raise TypeError(key)


def _check_ids(data: Mapping[str, Any], *keys: str) -> None:
    """Raise ValueError for an id that no member chooses, and that is none: nobody could be answered."""
    for key in keys:
        if data.get(key) is not None and id_in(str(data[key])) is None:
            raise ValueError(key)


class BrokenStream(aiohttp.ClientError):
    """The gateway sent something that is not a frame, or does not begin a session.

    The library waits and identifies anew.
    """


class _Websocket(DiscordWebSocket):
    """A gateway connection that resumes after something that is not a frame, and starts over if that happens again."""

    broken_s: ClassVar[dict[int | None, float]] = {}
    """When each shard last resumed for that reason, by the event loop's clock."""
    has_begun = False

    async def received_message(self, msg: Any, /) -> None:  # noqa: ANN401 - as the library has it
        """Handle one message; raise ReconnectWebSocket or BrokenStream for one that is not a frame."""
        try:
            await super().received_message(msg)
            self._check_heartbeat()
        except _ENDINGS:
            raise
        except Exception as error:
            kind = type(error).__name__
            log.warning("Discord sent an unreadable gateway frame (%s); reconnecting", kind, extra=of_kind("no frame"))
            await self.close()
            now_s = self.loop.time()
            if not self.has_begun or now_s - self.broken_s.get(self.shard_id, -RESUME_AGAIN_S) < RESUME_AGAIN_S:
                raise BrokenStream(kind) from error
            self.broken_s[self.shard_id] = now_s
            raise ReconnectWebSocket(self.shard_id) from error
        # True from HELLO on when a session is resumed, otherwise from READY on.
        self.has_begun = self.session_id is not None

    def _check_heartbeat(self) -> None:
        """Raise for a heartbeat, asked for by HELLO, that would flood the gateway or never be due."""
        heartbeat = self._keep_alive
        shortest, longest = HEARTBEAT_S
        if heartbeat is not None and not shortest <= (heartbeat.interval or 0) <= longest:
            raise ValueError("heartbeat")
