"""Announcements on the wire: what is posted, edited, pinned and taken down, as Discord wants to be asked."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord

from bot.announcer.render import embed_of, hides_notes, roundup_embed, totals_embed
from bot.client import Rosette
from bot.domain.catalogue import Tier
from bot.domain.gift_totals import GiftTotals
from bot.domain.posts import Post, PostForm
from bot.imaging.values import GiftLook
from bot.services import Services
from bot.ui.channels import allowed_in, borne, can_attach
from bot.ui.cross_links import notes_button
from bot.ui.reader import Reader
from bot.ui.replies import Picture, Reply, reply

FILE = "gift.png"
PICTURE = 320
"""Pixels of a gift's picture, each side."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message as it will be: `pinged` are creators whom it tells of a gift, `silent` keeps phones from buzzing."""

    reply: Reply
    pinged: tuple[int, ...] = ()
    silent: bool = False


class Messages:
    """The channels' side of announcements."""

    def __init__(self, services: Services, client: Rosette) -> None:
        self._telling = services.announcements
        self._pictures = services.pictures
        self._client = client

    async def draft(self, post: Post, contents: GiftTotals) -> Draft:
        """Return the message that shows `contents` as they are now."""
        guild = self._client.get_guild(post.guild_id)
        reader, mine = Reader.for_guild(guild), allowed_in(guild, post.channel_id)
        is_loud = post.form in {PostForm.OWN, PostForm.GRAND}
        picture = await self.picture(post, contents) if is_loud and can_attach(mine) else None
        items = [notes_button(post.first_seq, reader)] if hides_notes(contents) else []
        embed = embed_of(post, contents, reader, self._telling.clock())
        written = borne(reply(embed, items, picture), mine)
        wishes = await self._telling.wishes(post.guild_id)
        silent = bool(wishes.quiet_until(self._telling.clock()))
        # During a live event its creators are here anyway.
        pinged = await self._pinged(post, contents) if is_loud and not contents.is_live and not silent else ()
        return Draft(written, pinged, silent)

    async def draft_totals(self, post: Post, totals: Mapping[int, GiftTotals]) -> Draft:
        """Return the message that shows the gifts on one message, or on those that a roundup lists."""
        guild = self._client.get_guild(post.guild_id)
        reader = Reader.for_guild(guild)
        place = f"https://discord.com/channels/{post.guild_id}/{post.channel_id}"
        if post.form is PostForm.TOTALS:
            embed, has_more = totals_embed(totals[post.about], reader), hides_notes(totals[post.about])
        else:
            embed = roundup_embed(totals, place, reader)
            has_more = any(contents.note_count for contents in totals.values())
        items = [notes_button(post.first_seq, reader)] if has_more else []
        return Draft(borne(reply(embed, items), allowed_in(guild, post.channel_id)), silent=True)

    async def send(self, post: Post, draft: Draft) -> int:
        """Post `draft`, and return the message's id."""
        options: dict[str, Any] = draft.reply.sent()
        if draft.pinged:
            names = " ".join(f"<@{creator_id}>" for creator_id in draft.pinged)
            options["content"] = f"{names} {draft.reply.plain}".rstrip()
            users = [discord.Object(creator_id) for creator_id in draft.pinged]
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
        changed: dict[str, Any] = {**draft.reply.reworded(), "view": draft.reply.panel()}
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

    async def _pinged(self, post: Post, contents: GiftTotals) -> tuple[int, ...]:
        creators = dict.fromkeys(combo.creator_id for combo in contents.ranked if combo.creator_id)
        willing = [one for one in creators if not await self._telling.wants_no_pings(post.guild_id, one)]
        return tuple(willing)

    async def picture(self, post: Post, contents: GiftTotals) -> Picture | None:
        """Return the picture of the dearest gift, None if it cannot be drawn now."""
        best = max(contents.lines.values(), key=lambda combo: combo.coins // combo.pieces)
        reader = Reader.for_guild(self._client.get_guild(post.guild_id))
        drawn = await self._pictures.gift(GiftLook(best.name, best.emoji, contents.tier), PICTURE)
        if drawn is None:
            return None
        # Below the words, if the gift is a grand one.
        return Picture(FILE, drawn, reader._("A picture of {gift}", gift=best.name), beside=contents.tier is Tier.LARGE)
