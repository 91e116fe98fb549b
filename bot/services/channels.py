"""Knows which channels refuse messages, and when each is tried again.

This is kept in memory and in the books, so that no channel is tried sooner after a restart.
"""

from collections.abc import Callable, Collection
from dataclasses import replace

from bot.domain.channel_refusals import UnwritableChannel
from bot.storage.database import OpenBooks
from bot.storage.stores import channel_refusals


class Channels:
    """The refusing channels of the guilds that this process serves. `clock` gives milliseconds UTC."""

    def __init__(self, database: OpenBooks, clock: Callable[[], int]) -> None:
        self._database = database
        self.clock = clock
        self._by_guild: dict[int, dict[int, UnwritableChannel]] = {}

    async def unwritable(self, guild_id: int) -> list[UnwritableChannel]:
        """Return the channels of a guild that refuse messages, longest first."""
        return sorted((await self._of(guild_id)).values(), key=lambda channel: channel.since_ms)

    async def resting(self, guild_id: int) -> list[UnwritableChannel]:
        """Return the channels that are not tried now.

        The others may work again: nothing has been sent there since.
        """
        now_ms = self.clock()
        return [channel for channel in await self.unwritable(guild_id) if channel.refuses_at(now_ms)]

    async def get(self, guild_id: int, channel_id: int) -> UnwritableChannel | None:
        """Return the record of a channel that refuses messages, None for any other."""
        return (await self._of(guild_id)).get(channel_id)

    async def fresh(self, guild_id: int, channel_id: int) -> UnwritableChannel:
        """Return the record of a channel, a new one if it has not refused anything yet."""
        return await self.get(guild_id, channel_id) or UnwritableChannel(guild_id, channel_id, 0, self.clock())

    async def save(self, channel: UnwritableChannel) -> None:
        """Save that a channel has refused a message."""
        # In memory first, so that other tasks hold back while the writer works.
        (await self._of(channel.guild_id))[channel.channel_id] = channel
        await self._database.writer.perform(channel_refusals.save, channel)

    async def rest(self, guild_id: int, channel_id: int, until_ms: int) -> None:
        """Have a channel tried again at `until_ms` although it refused nothing: something else went wrong there."""
        await self._database.writer.perform(channel_refusals.rest, guild_id, channel_id, until_ms)

    async def retry(self, guild_id: int, *channel_ids: int) -> None:
        """Have channels tried again at once, because what kept the bot out may have changed."""
        record_by_id = await self._of(guild_id)
        waiting = [
            channel_id for channel_id in channel_ids if channel_id in record_by_id and record_by_id[channel_id].retry_ms
        ]
        for channel_id in waiting:
            record_by_id[channel_id] = replace(record_by_id[channel_id], retry_ms=0)
        if waiting:
            await self._database.writer.perform(channel_refusals.retry, guild_id, waiting)

    async def forget(self, guild_id: int, channel_id: int) -> None:
        """Note that a channel accepts messages."""
        if (await self._of(guild_id)).pop(channel_id, None) is not None:
            await self._database.writer.perform(channel_refusals.forget, guild_id, [channel_id])

    async def claim_unreported(self, guild_id: int) -> list[UnwritableChannel]:
        """Return the resting channels that staff do not know about. Only one caller gets each, and has to report it."""
        # Memory answers first, because this is asked after every command of a manager.
        if all(channel.is_reported for channel in await self.resting(guild_id)):
            return []
        unreported = await self._database.writer.perform(channel_refusals.claim_unreported, guild_id, self.clock())
        await self._mark(guild_id, unreported, is_reported=True)
        return unreported

    async def mark_unreported(self, guild_id: int, channels: Collection[UnwritableChannel]) -> None:
        """Note that these could not be reported to anybody."""
        ids = [channel.channel_id for channel in channels]
        await self._database.writer.perform(channel_refusals.mark_unreported, guild_id, ids)
        await self._mark(guild_id, channels, is_reported=False)

    async def _mark(self, guild_id: int, channels: Collection[UnwritableChannel], *, is_reported: bool) -> None:
        record_by_id = await self._of(guild_id)
        for channel_id in {channel.channel_id for channel in channels} & record_by_id.keys():
            record_by_id[channel_id] = replace(record_by_id[channel_id], is_reported=is_reported)

    async def _of(self, guild_id: int) -> dict[int, UnwritableChannel]:
        if guild_id not in self._by_guild:
            rows = await self._database.read(channel_refusals.unwritable, guild_id)
            # Another task may have loaded and changed them during the read.
            self._by_guild.setdefault(guild_id, {channel.channel_id: channel for channel in rows})
        return self._by_guild[guild_id]
