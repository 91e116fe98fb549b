"""Where the bot may speak: asked before announcements are led to a channel, not when they are lost there."""

import discord

from bot.ui.refusals import CannotWrite


def check_writable(channel_id: int, mine: discord.Permissions, *, thread: bool = False) -> None:
    """Raise CannotWrite unless `mine`, the bot's permissions in the channel, are enough for announcements."""
    speak = mine.send_messages_in_threads if thread else mine.send_messages
    if not (mine.administrator or (mine.view_channel and speak and mine.embed_links)):
        raise CannotWrite(channel_id)


def can_write(channel: discord.abc.GuildChannel) -> bool:
    """Whether the bot may speak in a channel, as far as the gateway has told."""
    mine = channel.permissions_for(channel.guild.me)
    return mine.administrator or (mine.view_channel and mine.send_messages)


def can_embed(channel: discord.abc.GuildChannel) -> bool:
    """Whether the bot's embeds are shown in a channel."""
    mine = channel.permissions_for(channel.guild.me)
    return mine.administrator or mine.embed_links


def can_attach(channel: discord.abc.GuildChannel) -> bool:
    """Whether the bot may add pictures in a channel."""
    mine = channel.permissions_for(channel.guild.me)
    return mine.administrator or (mine.attach_files and mine.embed_links)
