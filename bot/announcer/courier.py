"""The only way to post in a channel unasked: it waits for a turn, sends the request, and returns the outcome.

A refusal is believed for a while, and then the channel is tried again (`bot.domain.channel_refusals`); a deadline says
when. A deleted channel is given up. Any message that a channel accepts clears the refusal, and staff are told at once
of a channel that refuses.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp
import discord

from bot.announcer.failures import UNKNOWN_MESSAGE, Failure, is_certain, meaning_of
from bot.announcer.pace import Pace, TurnKind
from bot.client import Rosette
from bot.domain.channel_refusals import GONE, pause_ms
from bot.services.channels import Channels
from bot.ui.kit.channels import allowed_in, may_write
from bot.ui.kit.posting import Draft, Later, Outcome, Place, Posted, Refused, Write, nonce_of

log = logging.getLogger(__name__)

LONGEST_WAIT_MS = 60_000
"""The longest pause for a channel after requests that Discord did not answer."""

EDITED_MS = 30_000
"""A channel in which edits go through is tried again this long after its last refusal."""


Request = Callable[[discord.PartialMessageable], Awaitable[int]]
"""Makes one request in a channel, and returns the id of the message."""


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
        # Set later, because the messenger that tells staff needs this courier.
        self._alert: Callable[[int], Awaitable[None]] | None = None

    def on_refusal(self, alert: Callable[[int], Awaitable[None]]) -> None:
        """Have `alert` called with the id of a guild in which a channel refuses messages."""
        self._alert = alert

    def reaches(self, guild_id: int) -> bool:
        """Whether this process serves a guild, and Discord has it available."""
        guild = self._client.get_guild(guild_id)
        return guild is not None and not guild.unavailable

    def recall(self, to: Place, ago_s: float, *, kind: TurnKind) -> None:
        """Count a message that an earlier process posted a number of seconds ago."""
        self._pace.recall(to.channel_id, ago_s, kind)

    async def post_once(self, to: Place, name: str | Callable[[], str], write: Write, *, kind: TurnKind) -> Outcome:
        """Post a message when its turn comes. However often it is asked for, Discord posts it once.

        `name` tells it from every other message of the guild; a function of no arguments is called after `write`.
        """

        async def post(channel: discord.PartialMessageable) -> int:
            draft = await self._draft(to, write)
            nonce = nonce_of(to.guild_id, name if isinstance(name, str) else name())
            return (await channel.send(nonce=nonce, **draft.posted(to))).id

        return await self._carry(to, post, kind=kind)

    async def edit(
        self, to: Place, message_id: int, write: Write, *, kind: TurnKind, subject: int | None = None
    ) -> Outcome:
        """Change a message when its turn comes. Of several edits with the same `subject` only the first is made."""

        async def change(channel: discord.PartialMessageable) -> int:
            draft = await self._draft(to, write)
            await channel.get_partial_message(message_id).edit(**draft.edited())
            return message_id

        return await self._carry(to, change, kind=kind, verb="PATCH", subject=subject)

    async def count_after(self, to: Place, message_id: int, most: int) -> int | None:
        """Return how many messages stand after one, at most `most`, when the turn comes; None if nobody can say now.

        Where we may not read the history, Discord shows none.
        """
        count = 0

        async def look(channel: discord.PartialMessageable) -> int:
            nonlocal count
            count = len([message async for message in channel.history(limit=most, after=discord.Object(message_id))])
            return message_id

        outcome = await self._carry(to, look, kind=TurnKind.BOARD, verb="GET", is_extra=True)
        return count if isinstance(outcome, Posted) else None

    async def delete(self, to: Place, message_id: int) -> Outcome:
        """Delete a message when its turn comes. One that is gone counts as deleted."""

        async def delete(channel: discord.PartialMessageable) -> int:
            try:
                await channel.get_partial_message(message_id).delete()
            except discord.NotFound as error:
                if error.code != UNKNOWN_MESSAGE:
                    raise
            return message_id

        return await self._carry(to, delete, kind=TurnKind.TOTALS, verb="DELETE")

    async def pin(self, to: Place, message_id: int) -> Outcome:
        """Pin a message when its turn comes."""

        async def pin(channel: discord.PartialMessageable) -> int:
            await channel.get_partial_message(message_id).pin()
            return message_id

        return await self._carry(to, pin, kind=TurnKind.TOTALS, verb="PUT", is_extra=True)

    async def unpin(self, to: Place, message_id: int) -> Outcome:
        """Take a pin off when its turn comes."""

        async def unpin(channel: discord.PartialMessageable) -> int:
            await channel.get_partial_message(message_id).unpin()
            return message_id

        return await self._carry(to, unpin, kind=TurnKind.TOTALS, verb="DELETE", is_extra=True)

    async def _draft(self, to: Place, write: Write) -> Draft:
        message = await write()
        draft = message if isinstance(message, Draft) else Draft(message)
        return draft.within(allowed_in(self._client.get_guild(to.guild_id), to.channel_id))

    async def _carry(
        self,
        to: Place,
        request: Request,
        *,
        kind: TurnKind,
        verb: str = "POST",
        subject: int | None = None,
        is_extra: bool = False,
    ) -> Outcome:
        """Make a request of one `verb` when the turn has come, unless the channel refuses such requests for now.

        Of several that wait with the same `kind` and `subject` only the first is made: it shows what is newest. An
        extra, like a pin, needs permissions of its own, so its success or refusal says nothing about messages.
        """
        if (pause := await self._pause(to, verb)) is not None:
            return pause
        async with self._pace.turn(to.channel_id, kind, verb=verb, subject=subject) as is_first:
            if not is_first:
                return Later(self._clock())
            # Somebody else may have been refused while this one waited.
            outcome = await self._pause(to, verb) or await self._ask(to, request, verb, is_extra=is_extra)
        if not isinstance(outcome, Posted) and self._alert is not None:
            await self._alert(to.guild_id)
        return outcome

    async def _pause(self, to: Place, verb: str) -> Later | Refused | None:
        """Return why nothing may be asked for now, None if it may."""
        now_ms, trouble = self._clock(), self._troubles.get(to.channel_id, _Trouble())
        refusal = await self._channels.get(*to)
        # Where we may not write, what stands there can still be changed.
        if refusal is not None and (verb == "POST" or refusal.hides_messages or trouble.refuses_edits):
            if refusal.is_gone:
                return Refused(refusal.code, is_gone=True)
            if refusal.refuses_at(now_ms):
                return Later(refusal.retry_ms)
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
            return await self._failed(to, is_uncertain=True)
        if not is_extra:
            await self._accepted(to, verb)
        return Posted(message_id)

    async def _refused(self, to: Place, verb: str, error: discord.HTTPException) -> Later | Refused:
        meaning = meaning_of(error)
        if meaning is Failure.PASSES:
            return await self._failed(to, is_uncertain=not is_certain(error))
        if meaning is Failure.MESSAGE:
            return Refused(error.code)
        guild, now_ms = self._client.get_guild(to.guild_id), self._clock()
        trouble = self._troubles.setdefault(to.channel_id, _Trouble())
        trouble.refused_ms = now_ms
        trouble.refuses_edits = trouble.refuses_edits or verb != "POST"
        refusal = await self._channels.fresh(*to)
        if error.code == GONE and (guild is None or guild.get_channel_or_thread(to.channel_id) is None):
            refusal = refusal.lost(error.code)
        elif may_write(guild, to.channel_id):
            refusal = refusal.refused(error.code, now_ms)
        else:
            refusal = refusal.forbidden(error.code, now_ms)
        await self._channels.save(refusal)
        return Refused(error.code, is_gone=True) if refusal.is_gone else Later(refusal.retry_ms)

    async def _failed(self, to: Place, *, is_uncertain: bool) -> Later:
        trouble = self._troubles.setdefault(to.channel_id, _Trouble())
        trouble.failures += 1
        trouble.until_ms = self._clock() + pause_ms(trouble.failures, LONGEST_WAIT_MS)
        await self._channels.rest(*to, trouble.until_ms)
        return Later(trouble.until_ms, is_uncertain)

    async def _accepted(self, to: Place, verb: str) -> None:
        refusal, trouble = await self._channels.get(*to), self._troubles.pop(to.channel_id, _Trouble())
        if refusal is None:
            return
        if verb == "POST" or refusal.hides_messages or trouble.refuses_edits:
            await self._channels.forget(*to)
            return
        # An edit is no proof that we may write, and a good reason to find out: not with each, there may be many.
        self._troubles[to.channel_id] = _Trouble(refused_ms=trouble.refused_ms)
        if self._clock() - trouble.refused_ms >= EDITED_MS and may_write(
            self._client.get_guild(to.guild_id), to.channel_id
        ):
            await self._channels.retry(*to)
