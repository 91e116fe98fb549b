"""Which channels a caller may act on: the one they are in, and others that they can see."""

import discord

from bot.domain.errors import NotFound
from bot.ui.kit.caller import Caller


async def check_place(caller: Caller, channel_id: int) -> None:
    """Raise NotFound unless a gift of the caller's may be announced in a channel: this one, or one that they see."""
    if channel_id != caller.channel_id and await visible_channel(caller, channel_id) is None:
        raise NotFound("channel")


async def visible_channel(caller: Caller, channel_id: int) -> "discord.abc.MessageableChannel | None":
    """Return a channel of this guild that holds messages and that the caller sees; None for any other id."""
    guild, member = caller.guild, caller.member
    if guild is None or not isinstance(member, discord.Member):
        return None
    try:
        channel = guild.get_channel_or_thread(channel_id) or await guild.fetch_channel(channel_id)
    # InvalidData is a channel of another guild.
    except (discord.NotFound, discord.Forbidden, discord.InvalidData):
        return None
    # Nobody learns from us what happens in channels that are hidden from them. Categories and forums hold no messages.
    return channel if isinstance(channel, discord.abc.Messageable) and _sees(channel, member) else None


def _sees(channel: discord.abc.GuildChannel | discord.Thread, member: discord.Member) -> bool:
    rights = channel.permissions_for(member)
    return rights.administrator or (rights.view_channel and rights.read_message_history)
