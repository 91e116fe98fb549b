"""Answers that come after the interaction is over: a payment is decided minutes or days after the press."""

import dataclasses
import logging
from typing import cast

import discord

from bot.domain.orders import Contact
from bot.ui.kit.replies import UNREACHABLE, Reply

log = logging.getLogger(__name__)


def contact_of(interaction: discord.Interaction) -> Contact:
    """Return how to reach the member who sees the reply that `interaction` shows or changes."""
    return Contact(str(interaction.locale.value), interaction.token)


async def show_later(client: discord.Client, contact: Contact, member_id: int, reply: Reply, nonce: str) -> bool:
    """Put `reply` in place of the old one; if that is gone, or too old, send it as a direct message.

    Return whether it has been shown. Never raises. A process may die before it notes that: then the next one shows the
    reply again. An edit then changes nothing, and of two messages with the same `nonce` Discord posts only one as long
    as it remembers the first, for some minutes. Only two processes that far apart can tell a member twice.
    """
    if await replace(client, contact, reply):
        return True
    # The token of an interaction lasts fifteen minutes. After that only a direct message reaches the member.
    try:
        channel = await client.create_dm(discord.Object(member_id))
        # Buttons work only in the guild that they are about.
        await channel.send(nonce=nonce, **dataclasses.replace(reply, items=()).sent())
    except UNREACHABLE as closed:
        log.info("Member %s could not be reached about a payment: %s", member_id, closed)
        return False
    return True


async def replace(client: discord.Client, contact: Contact, reply: Reply) -> bool:
    """Put `reply` in place of the old one; return False if that is gone, or too old. Never raises."""
    if contact.reply_token is None:
        return False
    try:
        await _replace(client, contact.reply_token, reply)
    except UNREACHABLE as error:
        log.debug("The message to update is gone: %s", error)
        return False
    return True


async def _replace(client: discord.Client, token: str, reply: Reply) -> None:
    assert client.application_id is not None
    webhook = discord.Webhook.partial(client.application_id, token, client=client)
    # Discord's name for an interaction's first answer; discord.py only types message ids here.
    await webhook.edit_message(cast("int", "@original"), **reply.edited())
