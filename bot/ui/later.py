"""Answers that come after the interaction is over: a payment is decided minutes or days after its button."""

import logging
from typing import NamedTuple, cast

import discord

from bot.ui.replies import UNREACHABLE, Reply

log = logging.getLogger(__name__)


class Handle(NamedTuple):
    """What it takes to edit a reply later, for fifteen minutes: its interaction's token, and the reader's language."""

    locale: str
    token: str

    def packed(self) -> str:
        """Return one string to be kept with the order."""
        return f"{self.locale}:{self.token}"

    @classmethod
    def unpacked(cls, packed: str) -> "Handle":
        """Return the handle in `packed`."""
        locale, _, token = packed.partition(":")
        return cls(locale, token)

    @classmethod
    def of(cls, interaction: discord.Interaction) -> "Handle":
        """Return the handle of the reply that `interaction` shows or changes."""
        return cls(str(interaction.locale.value), interaction.token)


async def show_later(client: discord.Client, handle: Handle, member_id: int, reply: Reply) -> bool:
    """Put `reply` in place of the old one; if that is gone, or too old, send it as a direct message.

    Return whether it has been shown. Never raises.
    """
    try:
        await _replace(client, handle.token, reply)
    except UNREACHABLE as error:
        log.debug("The panel of member %s is gone: %s", member_id, error)
        try:
            channel = await client.create_dm(discord.Object(member_id))
            await channel.send(embeds=reply.fitted())
        except UNREACHABLE as closed:
            log.info("Member %s cannot be told about a payment: %s", member_id, closed)
            return False
    return True


async def _replace(client: discord.Client, token: str, reply: Reply) -> None:
    assert client.application_id is not None
    webhook = discord.Webhook.partial(client.application_id, token, client=client)
    # Discord's name for an interaction's first answer; discord.py only types message ids here.
    await webhook.edit_message(cast("int", "@original"), **reply.edited())
