"""Living on after what the gateway should not have sent. Like `bot.discordpy_internals`, this touches the library's
inner parts.

The library takes whatever a message raises for the end of the connection, and that for the end of the client.
"""

import logging
from collections.abc import Callable
from typing import Any, ClassVar, Final

import aiohttp
import discord
import discord.client
import discord.shard
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from bot.logs import counted

log = logging.getLogger(__name__)

RESUME_AGAIN_S = 60.0
"""A stream that breaks again within so many seconds of a resumption is begun anew: what broke it may be replayed."""

PING: Final = 1
"""The type of the only interaction in which nothing was used."""
_COMMANDS: Final = (2, 4)
"""The types of interactions that name a command: its use, and its autocompletion."""
_COMMAND_KINDS: Final = (1, 2, 3)

_WHOLE = frozenset({"READY", "RESUMED"})
"""Events that a connection is nothing without."""
_ID, _TEXT = (str, int), (str,)
_KINDS: Final[dict[str, tuple[type, ...]]] = {
    "id": _ID,
    "application_id": _ID,
    "guild_id": _ID,
    "channel_id": _ID,
    "target_id": _ID,
    "type": (int,),
    "component_type": (int,),
    "token": _TEXT,
    "locale": _TEXT,
    "guild_locale": _TEXT,
    "name": _TEXT,
    "custom_id": _TEXT,
    "member": (dict,),
    "resolved": (dict,),
    "entitlements": (list,),
    "options": (list,),
    "components": (list,),
    "values": (list,),
}
"""What the parts of an interaction are, where they are there."""
_NULLABLE: Final = frozenset({"guild_id", "channel_id", "guild_locale", "resolved"})
"""What Discord leaves out where there is none, and might as well send as null."""
_ENDINGS = (
    ReconnectWebSocket,
    discord.ConnectionClosed,
    discord.HTTPException,
    discord.GatewayNotFound,
    OSError,
    aiohttp.ClientError,
    TimeoutError,
)
"""What the library itself knows how to go on from."""

# Fails at import, not at night, if a new discord.py has moved it.
_NAME = DiscordWebSocket.__name__
_USERS = (discord.client, discord.shard)
assert all(getattr(user, _NAME) is DiscordWebSocket for user in _USERS), _USERS


def contain(client: discord.Client) -> None:
    """Have `client` leave out events that it cannot read, and connect again after a stream that is broken."""
    for user in _USERS:
        setattr(user, _NAME, _Websocket)
    parsers = client._connection.parsers  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    for name, parser in parsers.items():
        if name not in _WHOLE:
            parsers[name] = _contained(name, parser)


def _contained(name: str, parser: Callable[[Any], None]) -> Callable[[Any], None]:
    def parse(data: Any) -> None:  # noqa: ANN401 - as the library has it
        try:
            if name == "INTERACTION_CREATE":
                check_interaction(data)
            parser(data)
        except Exception as error:  # noqa: BLE001 - whatever it was, the next event is another one
            kind = type(error).__name__
            # Where it failed, and not what was in it: notes and names are.
            log.warning("A %s event cannot be read and is left out: %s", name, kind, extra=counted(f"{name} {kind}"))

    return parse


def check_interaction(data: Any) -> None:  # noqa: ANN401 - that is the question
    """Raise for an interaction that the library would take in, and fail on in a task that nobody awaits."""
    _check_kinds(data)
    if data["type"] == PING:
        return
    use = data["data"]
    _check_use(use)
    if data["type"] in _COMMANDS and (use["type"] not in _COMMAND_KINDS or not use["name"]):
        raise ValueError("command")


def _check_use(use: Any) -> None:  # noqa: ANN401
    """Check what was used: a command, a control or a form, or an option or field in it."""
    _check_kinds(use)
    for below in ("options", "components"):
        for part in use.get(below) or ():
            _check_use(part)


def _check_kinds(data: Any) -> None:  # noqa: ANN401
    for key, value in data.items():
        kinds = _KINDS.get(key)
        if value is None and key in _NULLABLE:
            continue
        if kinds is not None and (not isinstance(value, kinds) or value is True or value is False):
            raise TypeError(key)


class BrokenStream(aiohttp.ClientError):
    """What came is no frame, or does not begin a session. The library waits a while, and identifies anew."""


class _Websocket(DiscordWebSocket):
    """A connection to the gateway that resumes when it hears what is no frame, and is begun anew if that goes on."""

    broken_s: ClassVar[dict[int | None, float]] = {}
    """When each shard last resumed for it, by the event loop's clock."""
    has_begun = False

    async def received_message(self, msg: Any, /) -> None:  # noqa: ANN401 - as the library has it
        """Take in one message; raise ReconnectWebSocket or BrokenStream for one that is no frame."""
        try:
            await super().received_message(msg)
        except _ENDINGS:
            raise
        except Exception as error:
            kind = type(error).__name__
            log.warning("The gateway sent what is no frame (%s): connecting again", kind, extra=counted("no frame"))
            await self.close()
            now_s = self.loop.time()
            if not self.has_begun or now_s - self.broken_s.get(self.shard_id, -RESUME_AGAIN_S) < RESUME_AGAIN_S:
                raise BrokenStream(kind) from error
            self.broken_s[self.shard_id] = now_s
            raise ReconnectWebSocket(self.shard_id) from error
        # From HELLO on where a session is resumed, and else from READY on.
        self.has_begun = self.session_id is not None
