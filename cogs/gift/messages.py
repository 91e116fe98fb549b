"""Which message a gift is for, and whether somebody stands behind it who could receive one."""

import re
from weakref import WeakKeyDictionary

import discord

from bot.domain.errors import GiftToBot, NotFound
from bot.ui.refusals import NobodyToGift, UnknownMessage
from bot.ui.shared_requests import Shared

FRESH_S = 10.0
"""So long a message that somebody has linked to counts as being there."""

_OF_CLIENT: WeakKeyDictionary[discord.Client, Shared[tuple[discord.abc.Messageable, int], discord.Message]] = (
    WeakKeyDictionary()
)

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
    parts = _LINK.fullmatch(link.strip())
    if parts is None or int(parts[1]) != interaction.guild_id:
        raise UnknownMessage
    channel = await _channel_of(interaction, int(parts[2]))
    if channel is None:
        raise UnknownMessage
    try:
        return await _messages_of(interaction.client).get((channel, int(parts[3])), asker=interaction.user.id)
    except (discord.NotFound, discord.Forbidden) as error:
        raise UnknownMessage from error


async def check_place(interaction: discord.Interaction, channel_id: int) -> None:
    """Raise NotFound unless a gift of the caller's may be announced in a channel: this one, or one that they see."""
    if channel_id != interaction.channel_id and await _channel_of(interaction, channel_id) is None:
        raise NotFound("channel")


async def _channel_of(interaction: discord.Interaction, channel_id: int) -> "discord.abc.MessageableChannel | None":
    """Return a channel of this guild that holds messages and that the caller sees; None for any other id."""
    guild, caller = interaction.guild, interaction.user
    if guild is None or not isinstance(caller, discord.Member):
        return None
    try:
        channel = guild.get_channel_or_thread(channel_id) or await guild.fetch_channel(channel_id)
    # InvalidData is a channel of another guild.
    except (discord.NotFound, discord.Forbidden, discord.InvalidData):
        return None
    # Nobody learns from us what happens in channels that are hidden from them. Categories and forums hold no messages.
    return channel if isinstance(channel, discord.abc.Messageable) and _sees(channel, caller) else None


def _messages_of(client: discord.Client) -> Shared[tuple[discord.abc.Messageable, int], discord.Message]:
    """Return what all commands of one client share: a link that is passed around is followed by many at once."""
    known = _OF_CLIENT.get(client)
    if known is None:
        known = _OF_CLIENT[client] = Shared(lambda place: place[0].fetch_message(place[1]), FRESH_S)
    return known


def _sees(channel: discord.abc.GuildChannel | discord.Thread, member: discord.Member) -> bool:
    rights = channel.permissions_for(member)
    return rights.administrator or (rights.view_channel and rights.read_message_history)
