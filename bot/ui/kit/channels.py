"""Where the bot may speak: checked when a channel is chosen, not only once announcements are lost in it."""

from dataclasses import replace

import discord

from bot.ui.kit import discord_limits
from bot.ui.kit.replies import Reply
from bot.ui.text.refusals import CannotWrite


def check_writable(channel_id: int, permissions: discord.Permissions, *, thread: bool = False) -> None:
    """Raise CannotWrite unless `permissions`, the bot's permissions in the channel, are enough for announcements."""
    speak = permissions.send_messages_in_threads if thread else permissions.send_messages
    if not (permissions.administrator or (permissions.view_channel and speak)):
        raise CannotWrite(channel_id)


def can_write(channel: discord.abc.GuildChannel) -> bool:
    """Whether the bot may speak in a channel, as far as the gateway has told."""
    permissions = channel.permissions_for(channel.guild.me)
    return permissions.administrator or (permissions.view_channel and permissions.send_messages)


def may_write(guild: discord.Guild | None, channel_id: int) -> bool:
    """Whether the bot may speak in a channel or thread, as far as the gateway has told; True if it has not."""
    permissions = allowed_in(guild, channel_id)
    in_thread = guild is not None and guild.get_thread(channel_id) is not None
    speak = permissions.send_messages_in_threads if in_thread else permissions.send_messages
    return permissions.administrator or (permissions.view_channel and speak)


def _can_embed(permissions: discord.Permissions) -> bool:
    """Whether the bot's embeds are shown, given its permissions."""
    return permissions.administrator or permissions.embed_links


def can_attach(permissions: discord.Permissions) -> bool:
    """Whether the bot may add pictures, given its permissions."""
    return permissions.administrator or permissions.attach_files


def can_react(permissions: discord.Permissions) -> bool:
    """Whether the bot may react to messages, given its permissions."""
    sees = permissions.view_channel and permissions.read_message_history
    return permissions.administrator or (sees and permissions.add_reactions)


def allowed_in(guild: discord.Guild | None, channel_id: int) -> discord.Permissions:
    """Return what the bot may do in a channel or thread, as far as the gateway has told; everything if it has not."""
    channel = guild.get_channel_or_thread(channel_id) if guild is not None else None
    try:
        return channel.permissions_for(channel.guild.me) if channel is not None else discord.Permissions.all()
    except discord.ClientException:
        # A thread whose channel is not known.
        return discord.Permissions.all()


def within(reply: Reply, permissions: discord.Permissions) -> Reply:
    """Return `reply` as it can be shown where the bot has these permissions, as text if nothing else is allowed."""
    if reply.is_embed and not _can_embed(permissions):
        text = discord_limits.plain(discord_limits.fit(reply.card.embed()))
        reply = replace(reply, card=replace(reply.card, pictures=()), plain=text)
    return reply if can_attach(permissions) else replace(reply, card=replace(reply.card, pictures=()))
