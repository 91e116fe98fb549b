"""Announcements on the wire: what is posted, edited, pinned and taken down, as Discord wants to be asked."""

import contextlib
import io
from collections.abc import Sequence
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
from bot.ui import outbound
from bot.ui.channels import can_attach, can_embed
from bot.ui.texts import Reader

FILE = "gift.png"
PICTURE = 320
"""Pixels of a gift's picture, each side."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message as it will be: `pinged` is the creator whom it tells of a gift, `silent` keeps phones from buzzing.

    `plain` says the same as the embeds where they are not shown; `picture` is a PNG, which `alt` describes.
    """

    embeds: Sequence[discord.Embed]
    plain: str = ""
    picture: bytes | None = None
    alt: str = ""
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
        reader = Reader.for_guild(guild)
        embed = embed_of(post, contents, reader)
        channel = guild.get_channel(post.channel_id) if guild else None
        plain, picture, alt = "", None, ""
        if post.form is Form.OWN and (channel is None or can_attach(channel)):
            best = contents.ranked[0]
            alt = reader._("A picture of {gift}", gift=best.name)
            picture = await self._pictures.gift(Look(best.name, best.emoji, contents.tier), PICTURE)
            # An edit keeps what is attached, and names it again.
            _hang(embed, contents.tier)
        embeds = outbound.fit([embed])
        if channel is not None and not can_embed(channel):
            embeds, plain = [], outbound.plain(embeds)
        if post.form is Form.TOTALS:
            return Draft(embeds, plain, silent=True)
        wishes = await self._telling.wishes(post.guild_id)
        silent = bool(wishes.quiet_until(self._telling.clock()))
        pinged = 0
        # During a live event its creator is here anyway.
        if post.form is Form.OWN and not contents.is_live and not silent:
            creator_id = contents.ranked[0].creator_id
            pinged = 0 if await self._telling.wants_no_pings(post.guild_id, creator_id) else creator_id
        return Draft(embeds, plain, picture, alt, pinged, silent)

    async def send(self, post: Post, draft: Draft) -> int:
        """Post `draft`, and return the message's id."""
        ping = f"<@{draft.pinged}>" if draft.pinged else ""
        options: dict[str, Any] = {"content": " ".join(part for part in (ping, draft.plain) if part) or None}
        if draft.pinged:
            users = [discord.Object(draft.pinged)]
            options["allowed_mentions"] = discord.AllowedMentions(everyone=False, roles=False, users=users)
        if post.about:
            options["mention_author"] = False
            options["reference"] = discord.MessageReference(
                message_id=post.about, channel_id=post.channel_id, guild_id=post.guild_id, fail_if_not_exists=True
            )
        if draft.picture is not None:
            options["file"] = discord.File(io.BytesIO(draft.picture), FILE, description=draft.alt)
        channel = self._client.get_partial_messageable(post.channel_id, guild_id=post.guild_id)
        sent = await channel.send(embeds=draft.embeds, nonce=post.nonce, silent=draft.silent, **options)
        return sent.id

    async def edit(self, post: Post, draft: Draft) -> None:
        """Bring a message to what `draft` shows. An edit never pings."""
        changed: dict[str, Any] = {"content": draft.plain} if draft.plain else {"embeds": draft.embeds}
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


def _hang(embed: discord.Embed, tier: Tier) -> None:
    """Show the picture in the embed: beside the words, or below them if the gift is a grand one."""
    if tier is Tier.LARGE:
        embed.set_thumbnail(url=f"attachment://{FILE}")
    else:
        embed.set_image(url=f"attachment://{FILE}")
