"""The one way to speak into a channel unasked: waits for a turn, asks Discord, and says what has become of it.

A refusal is believed for a while and then tried again (`bot.domain.channel_refusals`). What Discord says is gone is
given up.
Any message that a channel takes clears it, and staff hear of a channel that refuses at once.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

import aiohttp
import discord

from bot.announcer.failures import Failure, meaning_of
from bot.announcer.pace import Kind, Pace
from bot.client import Rosette
from bot.domain.channel_refusals import GONE, pause_ms
from bot.services.channels import Channels
from bot.ui.channels import allowed_in, borne, may_write
from bot.ui.replies import Reply

log = logging.getLogger(__name__)

LONGEST_WAIT_MS = 60_000
"""How long a channel is left alone at most that Discord does not answer for."""

EDITED_MS = 30_000
"""A channel in which edits go through is tried again this long after its last refusal."""


class Place(NamedTuple):
    """A channel or thread of a guild."""

    guild_id: int
    channel_id: int


@dataclass(frozen=True, slots=True)
class Posted:
    """Discord has done it; `message_id` is the message that was posted or changed."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Later:
    """Not now: before `at_ms` the courier asks for nothing of the kind there."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Discord never will. `code` is its reason; `is_gone` means that the whole channel is."""

    code: int
    is_gone: bool = False


Outcome = Posted | Later | Refused
Request = Callable[[discord.PartialMessageable], Awaitable[int]]
"""Asks Discord for one thing in a channel, and returns the id of the message."""


@dataclass(slots=True)
class _Trouble:
    """What this process remembers of a channel in which something did not go through.

    `failures` in a row say nothing about the channel itself, which is left alone until `until_ms` because of them.
    `refused_ms` is when it last refused us, `refuses_edits` whether that went for edits, too.
    """

    failures: int = 0
    until_ms: int = 0
    refused_ms: int = 0
    refuses_edits: bool = False


class Courier:
    """Carries messages. `clock` gives milliseconds since the epoch, UTC."""

    def __init__(self, client: Rosette, channels: Channels, pace: Pace, clock: Callable[[], int]) -> None:
        self._client = client
        self._channels = channels
        self._pace = pace
        self._clock = clock
        self._troubles: dict[int, _Trouble] = {}
        self._alert: Callable[[int], Awaitable[None]] | None = None

    def on_refusal(self, alert: Callable[[int], Awaitable[None]]) -> None:
        """Have `alert` called with the id of a guild in which a channel refuses messages."""
        self._alert = alert

    def reaches(self, guild_id: int) -> bool:
        """Whether a guild is there, for this process and at all."""
        guild = self._client.get_guild(guild_id)
        return guild is not None and not guild.unavailable

    def recall(self, to: Place, ago_s: float, *, kind: Kind) -> None:
        """Count a message that an earlier process posted so many seconds ago."""
        self._pace.recall(to.channel_id, ago_s, kind)

    def messages_in(self, place: Place) -> int:
        """Return how many messages a channel has got from us; only differences mean something."""
        return self._pace.messages_in(place.channel_id)

    async def post_once(self, to: Place, name: str, write: Callable[[], Awaitable[Reply]], *, kind: Kind) -> Outcome:
        """Post what `write` returns when the turn has come; Discord posts it once, however often it is asked.

        `name` tells it from every other message of the guild.
        """

        async def post(channel: discord.PartialMessageable) -> int:
            written = borne(await write(), allowed_in(self._client.get_guild(to.guild_id), to.channel_id))
            return (await channel.send(nonce=_nonce(to, name), **written.sent())).id

        return await self.carry(to, post, kind=kind)

    async def carry(
        self,
        to: Place,
        request: Request,
        *,
        kind: Kind,
        verb: str = "POST",
        subject: int | None = None,
        is_extra: bool = False,
    ) -> Outcome:
        """Make a request of one `verb` when the turn has come, unless the channel refuses such requests for now.

        Of several that wait with the same `kind` and `subject` only the first is made: it shows what is newest. An
        extra, like a pin, takes rights of its own, so its success or refusal says nothing about messages.
        """
        if (pause := await self._pause(to, verb)) is not None:
            return pause
        async with self._pace.turn(to.channel_id, kind, verb=verb, subject=subject) as is_mine:
            if not is_mine:
                return Later(self._clock())
            # Somebody else may have been refused while this one waited.
            outcome = await self._pause(to, verb) or await self._ask(to, request, verb, is_extra=is_extra)
        if not isinstance(outcome, Posted) and self._alert is not None:
            await self._alert(to.guild_id)
        return outcome

    async def _pause(self, to: Place, verb: str) -> Later | Refused | None:
        """Return why nothing may be asked for now, None if it may."""
        now_ms, trouble = self._clock(), self._troubles.get(to.channel_id, _Trouble())
        broken = await self._channels.get(*to)
        # Where we may not write, what stands there can still be changed.
        if broken is not None and (verb == "POST" or broken.hides_messages or trouble.refuses_edits):
            if broken.is_gone:
                return Refused(broken.code, is_gone=True)
            if broken.refuses_at(now_ms):
                return Later(broken.retry_ms)
        return Later(trouble.until_ms) if now_ms < trouble.until_ms else None

    async def _ask(self, to: Place, request: Request, verb: str, *, is_extra: bool) -> Outcome:
        channel = self._client.get_partial_messageable(to.channel_id, guild_id=to.guild_id)
        try:
            message_id = await request(channel)
        except discord.HTTPException as error:
            if is_extra and meaning_of(error) is not Failure.PASSES:
                return Refused(error.code)
            log.warning("Channel %s of guild %s refuses messages: %s", to.channel_id, to.guild_id, error)
            return await self._refused(to, verb, error)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            log.warning(
                "Discord cannot be reached for channel %s of guild %s; trying again later: %r",
                to.channel_id,
                to.guild_id,
                error,
            )
            return self._failed(to)
        if not is_extra:
            await self._accepted(to, verb)
        return Posted(message_id)

    async def _refused(self, to: Place, verb: str, error: discord.HTTPException) -> Later | Refused:
        meaning = meaning_of(error)
        if meaning is Failure.PASSES:
            return self._failed(to)
        if meaning is Failure.MESSAGE:
            return Refused(error.code)
        guild, now_ms = self._client.get_guild(to.guild_id), self._clock()
        trouble = self._troubles.setdefault(to.channel_id, _Trouble())
        trouble.refused_ms = now_ms
        trouble.refuses_edits = trouble.refuses_edits or verb != "POST"
        broken = await self._channels.fresh(*to)
        if error.code == GONE and (guild is None or guild.get_channel_or_thread(to.channel_id) is None):
            broken = broken.lost(error.code)
        elif may_write(guild, to.channel_id):
            broken = broken.refused(error.code, now_ms)
        else:
            broken = broken.forbidden(error.code, now_ms)
        await self._channels.keep(broken)
        return Refused(error.code, is_gone=True) if broken.is_gone else Later(broken.retry_ms)

    def _failed(self, to: Place) -> Later:
        trouble = self._troubles.setdefault(to.channel_id, _Trouble())
        trouble.failures += 1
        trouble.until_ms = self._clock() + pause_ms(trouble.failures, LONGEST_WAIT_MS)
        return Later(trouble.until_ms)

    async def _accepted(self, to: Place, verb: str) -> None:
        broken, trouble = await self._channels.get(*to), self._troubles.pop(to.channel_id, _Trouble())
        if broken is None:
            return
        if verb == "POST" or broken.hides_messages or trouble.refuses_edits:
            await self._channels.forget(*to)
            return
        # An edit is no proof that we may write, and a good reason to find out: not with each, there may be many.
        self._troubles[to.channel_id] = _Trouble(refused_ms=trouble.refused_ms)
        if self._clock() - trouble.refused_ms >= EDITED_MS and may_write(
            self._client.get_guild(to.guild_id), to.channel_id
        ):
            await self._channels.retry(*to)


def _nonce(to: Place, name: str) -> str:
    # At most 25 characters. Discord compares nonces over all the channels that a bot writes to.
    return blake2b(f"{to.guild_id}:{name}".encode(), digest_size=12).hexdigest()
