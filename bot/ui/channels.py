"""Where the bot may speak: asked before announcements are led to a channel, not when they are lost there."""

import discord

from bot.ui.refusals import CannotWrite


def check_writable(channel_id: int, mine: discord.Permissions, *, thread: bool = False) -> None:
    """Raise CannotWrite unless `mine`, the bot's permissions in the channel, are enough for announcements."""
    speak = mine.send_messages_in_threads if thread else mine.send_messages
    if not (mine.administrator or (mine.view_channel and speak and mine.embed_links)):
        raise CannotWrite(channel_id)
