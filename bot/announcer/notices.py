"""Staff hear of a channel that takes no announcements: once, in one that does, or else with their next command."""

from typing import cast

import discord

from bot.announcer import staff
from bot.announcer.failures import Failure, meaning_of
from bot.announcer.pace import Pace
from bot.client import Rosette
from bot.services.telling import Telling
from bot.ui.channels import can_write
from bot.ui.notices import broken_embed


async def heed(
    client: Rosette, telling: Telling, pace: Pace, guild_id: int, channel_id: int, error: BaseException
) -> bool:
    """Return whether `error` means that a channel takes nothing; then it is noted, and staff hear of it once."""
    if not isinstance(error, discord.HTTPException) or meaning_of(error) is not Failure.CHANNEL:
        return False
    if await telling.mark_broken(guild_id, channel_id, error.code):
        await _tell_staff(client, telling, pace, guild_id)
    return True


async def _tell_staff(client: Rosette, telling: Telling, pace: Pace, guild_id: int) -> None:
    """Tell of broken channels that staff do not know of. Never raises: what cannot be told waits for a command."""
    untold = await telling.claim_untold(guild_id)
    if not untold:
        return
    closed = [channel.channel_id for channel in untold]
    # Another set of channels is another notice.
    nonce = f"closed-{sum(closed) & (1 << 60) - 1:x}"
    if not await staff.tell(client, pace, guild_id, lambda r: broken_embed(untold, r), nonce=nonce, closed=closed):
        await telling.mark_untold(guild_id, untold)


class Mender:
    """Listens for permissions that come back."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling

    def listen(self, client: Rosette) -> None:
        """Hear of every channel and role that changes."""
        client.add_listener(self.on_channel, "on_guild_channel_update")
        client.add_listener(self.on_role, "on_guild_role_update")

    async def on_channel(self, _before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """Try a channel again if we may write there now."""
        if can_write(after):
            await self._telling.mend(after.guild.id, after.id)

    async def on_role(self, _before: discord.Role, after: discord.Role) -> None:
        """Try all channels again that a role may have opened."""
        for channel in await self._telling.broken(after.guild.id):
            known = after.guild.get_channel(channel.channel_id)
            if known is not None and can_write(cast("discord.abc.GuildChannel", known)):
                await self._telling.mend(after.guild.id, channel.channel_id)
