"""Living on after what the gateway should not have sent. Like `bot.seams`, this touches discord.py's inner parts.

The library takes whatever a message raises for the end of the connection, and that for the end of the client.
"""

import logging
from collections.abc import Callable
from typing import Any, ClassVar

import aiohttp
import discord
import discord.client
import discord.shard
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from bot.logs import counted

log = logging.getLogger(__name__)

RESUME_AGAIN_S = 60.0
"""A stream that breaks again within so many seconds of a resumption is begun anew: what broke it may be replayed."""

_WHOLE = frozenset({"READY", "RESUMED"})
"""Events that a connection is nothing without."""
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
            parser(data)
        except Exception as error:  # noqa: BLE001 - whatever it was, the next event is another one
            kind = type(error).__name__
            # Where it failed, and not what was in it: notes and names are.
            log.warning("A %s event cannot be read and is left out: %s", name, kind, extra=counted(f"{name} {kind}"))

    return parse


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
