"""Announcements as drafts: the message, with its picture, button and pings."""

from collections.abc import Mapping

from bot.announcer.memory import AnnouncementMemory
from bot.client import Rosette
from bot.domain.catalogue import Tier
from bot.domain.gift_totals import GiftTotals
from bot.domain.posts import Post, PostForm
from bot.imaging.values import GiftLook
from bot.services.pictures import Pictures
from bot.ui.kit.cards import Picture
from bot.ui.kit.channels import allowed_in, can_attach
from bot.ui.kit.cross_links import notes_button
from bot.ui.kit.posting import Draft
from bot.ui.kit.readers import guild_reader
from bot.ui.kit.replies import reply
from bot.ui.looks.announcements import card_of, dearest, hides_notes, roundup_card, totals_card

MOST_PICTURES = 4
"""The most pictures in one message, each of a different gift."""


class Messages:
    """Writes the messages of announcements."""

    def __init__(self, memory: AnnouncementMemory, client: Rosette, pictures: Pictures) -> None:
        self._memory = memory
        self._client = client
        self._pictures = pictures

    async def draft(self, post: Post, totals: GiftTotals) -> Draft:
        """Return the message that shows `totals` as they are now."""
        guild = self._client.get_guild(post.guild_id)
        reader, now_ms = guild_reader(self._client, post.guild_id), self._memory.clock()
        is_loud = post.form in {PostForm.OWN, PostForm.GRAND}
        with_picture = is_loud and can_attach(allowed_in(guild, post.channel_id))
        pictures = await self.pictures(post, totals) if with_picture else ()
        items = [notes_button(post.first_seq, reader)] if hides_notes(totals) else []
        policy = await self._memory.policy(post.guild_id)
        silent = bool(policy.quiet_until(now_ms))
        # During a live event its creators are here anyway.
        pinged = await self._pinged(post, totals) if is_loud and not totals.is_live and not silent else ()
        return Draft(
            reply(card_of(post, totals, reader, now_ms, pictures), items), pinged, silent, is_layout=post.is_layout
        )

    async def draft_totals(self, post: Post, totals: Mapping[int, GiftTotals]) -> Draft:
        """Return the message that shows the gifts on one message, or on those that a roundup lists."""
        reader = guild_reader(self._client, post.guild_id)
        if post.form is PostForm.TOTALS:
            card, has_more = totals_card(totals[post.about], reader), hides_notes(totals[post.about])
        else:
            card = roundup_card(totals, f"https://discord.com/channels/{post.guild_id}/{post.channel_id}", reader)
            has_more = any(gifts.note_count for gifts in totals.values())
        items = [notes_button(post.first_seq, reader)] if has_more else []
        return Draft(reply(card, items), silent=True, below=post.about, is_layout=post.is_layout)

    async def pictures(self, post: Post, totals: GiftTotals) -> tuple[Picture, ...]:
        """Return the pictures of the dearest gifts, without those that cannot be drawn now."""
        lines = dearest(totals)
        uploads = await self._client.services.catalogue.pictures(post.guild_id, {line.item_id for line in lines})
        looks = dict.fromkeys(GiftLook(line.name, line.emoji, line.tier, uploads.get(line.item_id)) for line in lines)
        reader = guild_reader(self._client, post.guild_id)
        # One small picture beside the words, or large ones below them for grand gifts.
        beside = totals.tier is Tier.LARGE
        most = 1 if beside else MOST_PICTURES
        return tuple(
            [
                Picture(f"gift-{number}.png", png, reader._("A picture of {gift}", gift=look.name), beside)
                for number, look in enumerate([*looks][:most], 1)
                if (png := await self._pictures.gift(look)) is not None
            ]
        )

    async def _pinged(self, post: Post, totals: GiftTotals) -> tuple[int, ...]:
        creator_ids = dict.fromkeys(id_ for combo in totals.ranked for id_ in combo.creators if id_)
        return tuple([id_ for id_ in creator_ids if not await self._memory.wants_no_pings(post.guild_id, id_)])
