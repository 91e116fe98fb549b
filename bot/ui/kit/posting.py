"""Posting in a channel unasked: the place, the message, the outcome, and the `Poster`.

The poster is the announcer's courier. Cogs stand beside the announcer and may not import it, so the client hands it to
them.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any, NamedTuple, Protocol

import discord

from bot.domain.turns import TurnKind
from bot.ui.kit.channels import within
from bot.ui.kit.replies import Reply


class Place(NamedTuple):
    """A channel or thread of a guild."""

    guild_id: int
    channel_id: int


@dataclass(frozen=True, slots=True)
class Posted:
    """Discord has done it. `message_id` is the message that was posted or changed."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Later:
    """Not now: such a request is not made there again before `at_ms`.

    If `is_uncertain`, Discord may have done it all the same, because its answer was lost.
    """

    at_ms: int
    is_uncertain: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Discord will never do it. `code` is its reason. If `is_gone`, the channel itself is deleted."""

    code: int
    is_gone: bool = False


Outcome = Posted | Later | Refused


@dataclass(frozen=True, slots=True)
class Draft:
    """A message as it will be.

    `pinged` are members whom it notifies. If `silent`, no phone buzzes. `below` is the message that it replies to, 0
    for none. If `keeps_pictures`, an edit leaves the pictures as they are. Unless it `is_layout`, a card is shown as an
    embed: a message is edited in the form in which it was posted.
    """

    reply: Reply
    pinged: tuple[int, ...] = ()
    silent: bool = False
    below: int = 0
    keeps_pictures: bool = False
    is_layout: bool = True

    def within(self, permissions: discord.Permissions) -> "Draft":
        """Return the message in its form, with what can be shown with these permissions of the bot."""
        reply = self.reply if self.is_layout else self.reply.embedded()
        return replace(self, reply=within(reply, permissions))

    def posted(self, place: Place) -> dict[str, Any]:
        """Return what discord.py takes for a new message."""
        options: dict[str, Any] = {**self.reply.sent(), **self._mentions(), "silent": self.silent}
        if self.pinged:
            users = [discord.Object(member_id) for member_id in self.pinged]
            options["allowed_mentions"] = discord.AllowedMentions(everyone=False, roles=False, users=users)
        if self.below:
            options["mention_author"] = False
            options["reference"] = discord.MessageReference(
                message_id=self.below, channel_id=place.channel_id, guild_id=place.guild_id, fail_if_not_exists=True
            )
        return options

    def edited(self) -> dict[str, Any]:
        """Return what discord.py takes to change a message. An edit never pings."""
        options = self.reply.reworded() if self.keeps_pictures else self.reply.edited()
        return {**options, **self._mentions()}

    def _mentions(self) -> dict[str, str]:
        """Return the text beside embeds that pings; a card names those whom it pings itself."""
        if not self.pinged or not self.reply.is_embed:
            return {}
        mentions = " ".join(f"<@{member_id}>" for member_id in self.pinged)
        return {"content": f"{mentions} {self.reply.plain}".rstrip()}


Write = Callable[[], Awaitable[Reply | Draft]]
"""Returns a message. It is called when the turn has come, so that the message shows what is newest."""


class Poster(Protocol):
    """Posts messages at the pace of their channels."""

    async def post_once(self, to: Place, name: str, write: Write, *, kind: TurnKind) -> Outcome:
        """Post a message. `name` tells it from every other message of the guild: the same name is posted once."""
        ...


def nonce_of(guild_id: int, name: str) -> str:
    """Return what tells Discord that two messages of a guild with the same name are the same."""
    # At most 25 characters. Discord compares nonces over all the channels that a bot writes to.
    return blake2b(f"{guild_id}:{name}".encode(), digest_size=12).hexdigest()
