"""Receipts that could not be shown when they were due: they come below the member's next reply, for their eyes only."""

import logging
from collections.abc import Sequence

import discord

from bot.domain.errors import BooksClosed
from bot.domain.receipts import Receipt
from bot.ui import theme
from bot.ui.kit.caller import client_of
from bot.ui.kit.readers import reader_of
from bot.ui.kit.replies import UNREACHABLE
from bot.ui.text import mentions
from bot.ui.text.reader import Reader

log = logging.getLogger(__name__)


def missed_embed(receipts: Sequence[Receipt], r: Reader) -> discord.Embed:
    """Return what a member is told about `receipts`."""
    lines = [mentions.arrival(receipt, r) for receipt in receipts]
    note = r._("I couldn't show you this earlier because Discord didn't accept my reply.")
    return discord.Embed(description="\n".join([*lines, f"-# {note}"]), colour=theme.GREEN)


async def show_missed(interaction: discord.Interaction) -> None:
    """Show members, below an answer, the receipts that they missed in this guild. Never raises."""
    guild_id, member_id, receipts = interaction.guild_id, interaction.user.id, client_of(interaction).services.receipts
    if guild_id is None or not receipts.has_missed(guild_id, member_id):
        return
    # They are claimed first, so that of two replies at once only one shows them.
    try:
        claimed = await receipts.claim(guild_id, member_id)
    except BooksClosed:
        # They wait for a reply after the books have opened again.
        return
    if not claimed:
        return
    try:
        await interaction.followup.send(embed=missed_embed(claimed, reader_of(interaction)), ephemeral=True)
    except UNREACHABLE as error:
        log.debug(
            "Member %s could not be shown %d receipts; they come with another reply: %s", member_id, len(claimed), error
        )
        for receipt in claimed:
            receipts.miss(receipt)
    else:
        for receipt in claimed:
            receipts.show(receipt)
