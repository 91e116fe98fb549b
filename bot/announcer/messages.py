"""Announcements as drafts: what is posted and edited, with the picture, the button and the pings that belong to it."""

from collections.abc import Mapping

from bot.announcer.memory import AnnouncementMemory
from bot.client import Rosette
from bot.domain.catalogue import Tier
from bot.domain.gift_totals import GiftTotals
from bot.domain.posts import Post, PostForm
from bot.imaging.values import GiftLook
from bot.services.pictures import Pictures
from bot.ui.kit.channels import allowed_in, can_attach
from bot.ui.kit.cross_links import notes_button
from bot.ui.kit.posting import Draft
from bot.ui.kit.replies import Picture, reply
from bot.ui.looks.announcements import embed_of, hides_notes, roundup_embed, totals_embed
from bot.ui.text.reader import Reader

FILE = "gift.png"


class Messages:
    """Writes the messages of announcements."""

    def __init__(self, memory: AnnouncementMemory, client: Rosette, pictures: Pictures) -> None:
        self._memory = memory
        self._client = client
        self._pictures = pictures

    async def draft(self, post: Post, totals: GiftTotals) -> Draft:
        """Return the message that shows `totals` as they are now."""
        guild = self._client.get_guild(post.guild_id)
        reader, now_ms = Reader.for_guild(guild), self._memory.clock()
        is_loud = post.form in {PostForm.OWN, PostForm.GRAND}
        with_picture = is_loud and can_attach(allowed_in(guild, post.channel_id))
        picture = await self.picture(post, totals) if with_picture else None
        items = [notes_button(post.first_seq, reader)] if hides_notes(totals) else []
        policy = await self._memory.policy(post.guild_id)
        silent = bool(policy.quiet_until(now_ms))
        # During a live event its creators are here anyway.
        pinged = await self._pinged(post, totals) if is_loud and not totals.is_live and not silent else ()
        message = reply(embed_of(post, totals, reader, now_ms), items, picture)
        return Draft(message, pinged, silent, keeps_picture=True)

    async def draft_totals(self, post: Post, totals: Mapping[int, GiftTotals]) -> Draft:
        """Return the message that shows the gifts on one message, or on those that a roundup lists."""
        reader = Reader.for_guild(self._client.get_guild(post.guild_id))
        if post.form is PostForm.TOTALS:
            embed, has_more = totals_embed(totals[post.about], reader), hides_notes(totals[post.about])
        else:
            embed = roundup_embed(totals, f"https://discord.com/channels/{post.guild_id}/{post.channel_id}", reader)
            has_more = any(gifts.note_count for gifts in totals.values())
        items = [notes_button(post.first_seq, reader)] if has_more else []
        return Draft(reply(embed, items), silent=True, below=post.about, keeps_picture=True)

    async def picture(self, post: Post, totals: GiftTotals) -> Picture | None:
        """Return the picture of the dearest gift, None if it cannot be drawn now."""
        best = max(totals.lines.values(), key=lambda combo: combo.coins // combo.quantity)
        reader = Reader.for_guild(self._client.get_guild(post.guild_id))
        png = await self._pictures.gift(GiftLook(best.name, best.emoji, totals.tier))
        if png is None:
            return None
        # Below the words, if the gift is a grand one.
        return Picture(FILE, png, reader._("A picture of {gift}", gift=best.name), beside=totals.tier is Tier.LARGE)

    async def _pinged(self, post: Post, totals: GiftTotals) -> tuple[int, ...]:
        creator_ids = dict.fromkeys(combo.creator_id for combo in totals.ranked if combo.creator_id)
        return tuple([id_ for id_ in creator_ids if not await self._memory.wants_no_pings(post.guild_id, id_)])
