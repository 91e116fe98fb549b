"""Picking a channel that the bot posts in by itself."""

from bot.domain.errors import NotFound
from bot.ui.kit.caller import Caller
from bot.ui.kit.channels import check_writable
from bot.ui.kit.controls import picked


async def picked_channel(caller: Caller) -> int:
    """Return the channel that was picked, 0 if the menu was emptied.

    Raise NotFound, or CannotWrite for one in which the bot cannot post.
    """
    ids, guild = picked(caller, "channel"), caller.guild
    if not ids:
        return 0
    channel = guild.get_channel(ids[0]) if guild else None
    if guild is None or channel is None:
        raise NotFound("channel")
    check_writable(channel.id, channel.permissions_for(guild.me))
    # A manager who picks a channel has just made sure that it works, so earlier refusals no longer count.
    await caller.services.channels.retry(guild.id, channel.id)
    return channel.id
