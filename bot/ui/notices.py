"""What staff are told about channels that take no announcements."""

import logging
from collections.abc import Sequence

import discord

from bot.domain.manners import BrokenChannel
from bot.ui import theme
from bot.ui.guild_only import services_of
from bot.ui.replies import UNREACHABLE
from bot.ui.texts import Reader

log = logging.getLogger(__name__)

_GONE = frozenset({10003})


def broken_embed(channels: Sequence[BrokenChannel], r: Reader) -> discord.Embed:
    """Return which channels are broken, and what can be done about it."""
    lines = [
        r._("{channel} is gone.", channel=f"<#{channel.channel_id}>")
        if channel.code in _GONE
        else r._(
            "I may not post in {channel} (Discord's code {code}).",
            channel=f"<#{channel.channel_id}>",
            code=channel.code,
        )
        for channel in channels
    ]
    help_ = r._(
        "Gifts go through as always, but nobody sees them announced there. Let me view the channel, send messages and"
        " embed links, or choose another one with `/settings`."
    )
    return discord.Embed(
        title="📣 " + r._("Gifts are not announced"), description="\n".join([*lines, "", help_]), colour=theme.AMBER
    )


async def on_command(interaction: discord.Interaction, _command: object) -> None:
    """Listener: tell whoever manages the guild, below the answer to their command, what staff have not heard yet."""
    if not interaction.permissions.manage_guild or interaction.guild_id is None:
        return
    telling = services_of(interaction).telling
    untold = await telling.claim_untold(interaction.guild_id)
    if not untold:
        return
    try:
        await interaction.followup.send(embed=broken_embed(untold, Reader.of(interaction)), ephemeral=True)
    except UNREACHABLE as error:
        log.debug("Staff of guild %s hear of broken channels another time: %s", interaction.guild_id, error)
        await telling.mark_untold(interaction.guild_id, untold)
