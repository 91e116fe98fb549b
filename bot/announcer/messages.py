"""Announcements on the wire: what is posted, edited, pinned and taken down, as Discord wants to be asked."""

import contextlib
from dataclasses import dataclass
from typing import Any

import discord

from bot.announcer.render import embed_of
from bot.client import Rosette
from bot.domain.announcements import Form, Post
from bot.domain.catalogue import Tier
from bot.domain.contents import Contents
from bot.imaging.artwork import Look
from bot.services import Services
from bot.ui.channels import allowed_in, borne, can_attach
from bot.ui.replies import Picture, Reply, reply
from bot.ui.texts import Reader

FILE = "gift.png"
PICTURE = 320
"""Pixels of a gift's picture, each side."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message as it will be: `pinged` is the creator whom it tells of a gift, `silent` keeps phones from buzzing."""

    reply: Reply
    pinged: int = 0
    silent: bool = False


class Messages:
    """The channels' side of announcements."""

    def __init__(self, services: Services, client: Rosette) -> None:
        self._telling = services.telling
        self._pictures = services.pictures
        self._client = client

    async def draft(self, post: Post, contents: Contents) -> Draft:
        """Return the message that shows `contents` as they are now."""
        guild = self._client.get_guild(post.guild_id)
        reader, mine = Reader.for_guild(guild), allowed_in(guild, post.channel_id)
        pictured = post.form is Form.OWN and can_attach(mine)
        picture = await self._picture(contents, reader) if pictured else None
        embed = embed_of(post, contents, reader, self._telling.clock())
        said = borne(reply(embed, picture=picture), mine)
        if post.form is Form.TOTALS:
            return Draft(said, silent=True)
        wishes = await self._telling.wishes(post.guild_id)
        silent = bool(wishes.quiet_until(self._telling.clock()))
        pinged = 0
        # During a live event its creator is here anyway.
        if post.form is Form.OWN and not contents.is_live and not silent:
            creator_id = contents.ranked[0].creator_id
            pinged = 0 if await self._telling.wants_no_pings(post.guild_id, creator_id) else creator_id
        return Draft(said, pinged, silent)

    async def send(self, post: Post, draft: Draft) -> int:
        """Post `draft`, and return the message's id."""
        options: dict[str, Any] = draft.reply.sent()
        if draft.pinged:
            options["content"] = f"<@{draft.pinged}> {draft.reply.plain}".rstrip()
            users = [discord.Object(draft.pinged)]
            options["allowed_mentions"] = discord.AllowedMentions(everyone=False, roles=False, users=users)
        if post.about:
            options["mention_author"] = False
            options["reference"] = discord.MessageReference(
                message_id=post.about, channel_id=post.channel_id, guild_id=post.guild_id, fail_if_not_exists=True
            )
        channel = self._client.get_partial_messageable(post.channel_id, guild_id=post.guild_id)
        sent = await channel.send(nonce=post.nonce, silent=draft.silent, **options)
        return sent.id

    async def edit(self, post: Post, draft: Draft) -> None:
        """Bring a message to what `draft` shows. An edit never pings."""
        changed = draft.reply.reworded()
        if not draft.reply.plain:
            del changed["content"]  # it may say whom it pinged
        await self._message(post).edit(**changed)

    async def delete(self, post: Post) -> None:
        """Take a message down, if somebody has not done so."""
        with contextlib.suppress(discord.NotFound):
            await self._message(post).delete()

    async def pin(self, post: Post) -> None:
        """Pin a message."""
        await self._message(post).pin()

    async def unpin(self, post: Post) -> None:
        """Take a pin off."""
        await self._message(post).unpin()

    def _message(self, post: Post) -> discord.PartialMessage:
        channel = self._client.get_partial_messageable(post.channel_id, guild_id=post.guild_id)
        return channel.get_partial_message(post.message_id)

    async def _picture(self, contents: Contents, reader: Reader) -> Picture | None:
        best = contents.ranked[0]
        drawn = await self._pictures.gift(Look(best.name, best.emoji, contents.tier), PICTURE)
        if drawn is None:
            return None
        # Below the words, if the gift is a grand one.
        return Picture(FILE, drawn, reader._("A picture of {gift}", gift=best.name), beside=contents.tier is Tier.LARGE)
