"""What only Discord knows about a gift that was planned with an order, before it goes out."""

import contextlib

import discord

from bot.client import Rosette
from bot.domain.planned_gifts import Lapse, PlannedGift
from bot.ui.kit.replies import UNREACHABLE


async def check(bot: Rosette, gift: PlannedGift) -> Lapse | None:
    """Return what keeps a gift from going out, None for nothing, or if Discord does not say."""
    if not await bot.membership.is_member(gift.guild_id, gift.creator_id):
        return Lapse.CREATOR
    if gift.message_id and not await _has_message(bot, gift):
        return Lapse.MESSAGE
    return None


async def _has_message(bot: Rosette, gift: PlannedGift) -> bool:
    channel = bot.get_partial_messageable(gift.channel_id, guild_id=gift.guild_id)
    with contextlib.suppress(*UNREACHABLE):
        try:
            await channel.fetch_message(gift.message_id)
        except discord.NotFound:
            return False
    return True
