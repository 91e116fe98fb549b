"""Which message a gift is for, and whether somebody stands behind it who could receive one."""

import re

import discord

from bot.domain.errors import GiftToBot
from bot.ui.refusals import NobodyToGift, UnknownMessage

_LINK = re.compile(r"https://(?:(?:ptb|canary)\.)?discord(?:app)?\.com/channels/(\d{1,20})/(\d{1,20})/(\d{1,20})/?")


def check_author(message: discord.Message) -> None:
    """Raise NobodyToGift or GiftToBot unless a person wrote the message."""
    # The answers of bots to commands come as webhooks, too, but have an author of their own.
    if message.webhook_id is not None and message.application_id is None:
        raise NobodyToGift("webhook")
    if message.author.bot:
        raise GiftToBot
    if message.is_system():
        raise NobodyToGift("system")


async def linked(interaction: discord.Interaction, link: str) -> discord.Message:
    """Return the message of this guild that `link` leads to; raise UnknownMessage if the caller cannot see it there."""
    found, guild = _LINK.fullmatch(link.strip()), interaction.guild
    if found is None or guild is None or int(found[1]) != guild.id:
        raise UnknownMessage
    try:
        channel = guild.get_channel_or_thread(int(found[2])) or await guild.fetch_channel(int(found[2]))
        # Nobody learns from us what happens in channels that are hidden from them.
        if not isinstance(interaction.user, discord.Member) or not _sees(channel, interaction.user):
            raise UnknownMessage
        # Categories and forums hold no messages themselves.
        if not isinstance(channel, discord.abc.Messageable):
            raise UnknownMessage
        return await channel.fetch_message(int(found[3]))
    except (discord.NotFound, discord.Forbidden, discord.InvalidData) as error:
        raise UnknownMessage from error


def _sees(channel: discord.abc.GuildChannel | discord.Thread, member: discord.Member) -> bool:
    rights = channel.permissions_for(member)
    return rights.administrator or (rights.view_channel and rights.read_message_history)
