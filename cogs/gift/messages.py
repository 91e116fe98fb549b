"""Which message a gift is for, and whether a person wrote it who can receive one."""

import re

import discord

from bot.domain.errors import GiftToBot, NotFound
from bot.ui.kit.caller import Caller
from bot.ui.kit.shared_requests import Shared
from bot.ui.text.refusals import NobodyToGift, UnknownMessage

FRESH_S = 10.0
"""How long a linked message is taken to exist without asking Discord again."""

_LINK = re.compile(r"https://(?:(?:ptb|canary)\.)?discord(?:app)?\.com/channels/(\d{1,20})/(\d{1,20})/(\d{1,20})/?")


def check_author(message: discord.Message) -> None:
    """Raise NobodyToGift or GiftToBot unless a person wrote the message."""
    # Bots answer commands by webhook, too, but those answers have the bot as their author.
    if message.webhook_id is not None and message.application_id is None:
        raise NobodyToGift("webhook")
    if message.author.bot:
        raise GiftToBot
    if message.is_system():
        raise NobodyToGift("system")


class LinkedMessages:
    """The messages that links lead to. Many may follow a link at once, and it is fetched once."""

    def __init__(self) -> None:
        self._messages: Shared[tuple[discord.abc.Messageable, int], discord.Message] = Shared(_fetch, FRESH_S)

    async def get(self, caller: Caller, link: str) -> discord.Message:
        """Return the message of this guild that `link` leads to.

        Raises UnknownMessage if the caller cannot see it there, NobodyToGift or GiftToBot unless a person wrote it.
        """
        parts = _LINK.fullmatch(link.strip())
        if parts is None or int(parts[1]) != caller.guild_id:
            raise UnknownMessage
        channel = await _visible_channel(caller, int(parts[2]))
        if channel is None:
            raise UnknownMessage
        try:
            message = await self._messages.get((channel, int(parts[3])), asker=caller.member_id)
        except (discord.NotFound, discord.Forbidden) as error:
            raise UnknownMessage from error
        check_author(message)
        return message


async def _fetch(place: tuple[discord.abc.Messageable, int]) -> discord.Message:
    channel, message_id = place
    return await channel.fetch_message(message_id)


async def check_place(caller: Caller, channel_id: int) -> None:
    """Raise NotFound unless a gift of the caller's may be announced in a channel: this one, or one that they see."""
    if channel_id != caller.channel_id and await _visible_channel(caller, channel_id) is None:
        raise NotFound("channel")


async def _visible_channel(caller: Caller, channel_id: int) -> "discord.abc.MessageableChannel | None":
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
