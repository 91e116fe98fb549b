"""What staff are told about channels that take no announcements."""

from collections.abc import Sequence

import discord

from bot.domain.manners import BrokenChannel
from bot.ui import theme
from bot.ui.texts import Reader

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


async def tell_with_command(interaction: discord.Interaction, channels: Sequence[BrokenChannel]) -> None:
    """Tell the caller of a staff command, below its answer and to them alone."""
    await interaction.followup.send(embed=broken_embed(channels, Reader.of(interaction)), ephemeral=True)
