"""Where coins are sold: nowhere inside a match, so that nobody buys in a rush. Some guilds sell them only in
age-restricted channels, because Discord checks the age there."""

from collections.abc import Iterator

import discord

from bot.domain.buying_errors import AdultsOnly
from bot.ui.kit.caller import Caller

MOST_NAMED = 3


async def check_place(caller: Caller) -> None:
    """Raise AdultsOnly if coins are not sold in the caller's channel, NoBuyingInMatch while a match is on there."""
    await caller.services.matches.check_may_buy(caller.guild_id, caller.channel_id)
    limits = await caller.services.limits.limits(caller.guild_id)
    if limits.adults_only and not _is_age_restricted(caller.interaction.channel):
        raise AdultsOnly(tuple(_visible_places(caller))[:MOST_NAMED])


def _is_age_restricted(channel: object) -> bool:
    """Whether Discord lets only adults into a channel. What Discord says nothing about counts as open to everyone."""
    if isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        is_nsfw = getattr(channel, "is_nsfw", None)
        return is_nsfw is not None and is_nsfw()
    return False


def _visible_places(caller: Caller) -> Iterator[int]:
    """Yield the channels where the caller can buy, as the server lists them."""
    if caller.guild is None or not isinstance(caller.member, discord.Member):
        return
    for channel in caller.guild.text_channels:
        permissions = channel.permissions_for(caller.member)
        if channel.is_nsfw() and permissions.view_channel and permissions.use_application_commands:
            yield channel.id
