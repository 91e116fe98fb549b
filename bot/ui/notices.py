"""What staff are told about channels that take no announcements."""

import logging
from collections.abc import Sequence

import discord

from bot.domain.refusing import BrokenChannel
from bot.ui import theme
from bot.ui.guild_only import services_of
from bot.ui.replies import UNREACHABLE
from bot.ui.texts import Reader

log = logging.getLogger(__name__)


def broken_embed(channels: Sequence[BrokenChannel], r: Reader) -> discord.Embed:
    """Return which channels are broken, and what can be done about it."""
    lines = [
        r._("{channel} is gone. Choose another one with `/settings`.", channel=f"<#{channel.channel_id}>")
        if channel.is_gone
        else r._(
            "{channel} refuses my messages (Discord's code {code}). Let me view it, send messages and embed links, or"
            " choose another one with `/settings`.",
            channel=f"<#{channel.channel_id}>",
            code=channel.code,
        )
        for channel in channels
    ]
    lines += ["", r._("Gifts still go through.")]
    if not all(channel.is_gone for channel in channels):
        lines[-1] += " " + r._("I'll keep trying, and announce what was missed once I can post again.")
    return discord.Embed(title="📣 " + r._("Gifts are not announced"), description="\n".join(lines), colour=theme.AMBER)


async def on_command(interaction: discord.Interaction, _command: object) -> None:
    """Listener: tell whoever manages the guild, below the answer to their command, what staff have not heard yet."""
    if not interaction.permissions.manage_guild or interaction.guild_id is None:
        return
    known = services_of(interaction).channels
    untold = await known.claim_untold(interaction.guild_id)
    if not untold:
        return
    try:
        await interaction.followup.send(embed=broken_embed(untold, Reader.of(interaction)), ephemeral=True)
    except UNREACHABLE as error:
        log.debug("Staff of guild %s hear of broken channels another time: %s", interaction.guild_id, error)
        await known.mark_untold(interaction.guild_id, untold)
