"""Which message a gift is for, and whether a person wrote it who can receive one."""

import re

import discord

from bot.domain.errors import GiftToBot
from bot.ui.kit.caller import Caller
from bot.ui.kit.places import visible_channel
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
        channel = await visible_channel(caller, int(parts[2]))
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
