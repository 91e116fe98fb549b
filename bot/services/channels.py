"""Which channels refuse messages, and when each is tried again: kept in memory and in the books, so that a restart asks
no sooner."""

from collections.abc import Callable, Collection
from dataclasses import replace

from bot.domain.channel_refusals import UnwritableChannel
from bot.storage.database import Books
from bot.storage.stores import channel_refusals


class Channels:
    """What is known of the channels of the guilds that this process serves. `clock` gives milliseconds UTC."""

    def __init__(self, database: Books, clock: Callable[[], int]) -> None:
        self._database = database
        self.clock = clock
        self._broken: dict[int, dict[int, UnwritableChannel]] = {}

    async def broken(self, guild_id: int) -> list[UnwritableChannel]:
        """Return the channels of a guild that refuse messages, those that have done so longest first."""
        return sorted((await self._of(guild_id)).values(), key=lambda channel: channel.since_ms)

    async def resting(self, guild_id: int) -> list[UnwritableChannel]:
        """Return those that are left alone now. The others may be fine by now: nobody has had anything to say there."""
        now_ms = self.clock()
        return [channel for channel in await self.broken(guild_id) if channel.refuses_at(now_ms)]

    async def get(self, guild_id: int, channel_id: int) -> UnwritableChannel | None:
        """Return what is known of a channel that refuses messages, None of any other."""
        return (await self._of(guild_id)).get(channel_id)

    async def fresh(self, guild_id: int, channel_id: int) -> UnwritableChannel:
        """Return what is known of a channel, as one that has refused nothing yet if it is none that does."""
        return await self.get(guild_id, channel_id) or UnwritableChannel(guild_id, channel_id, 0, self.clock())

    async def keep(self, channel: UnwritableChannel) -> None:
        """Note that a channel has refused a message."""
        (await self._of(channel.guild_id))[channel.channel_id] = channel
        await self._database.writer.perform(channel_refusals.save, channel)

    async def retry(self, guild_id: int, *channel_ids: int) -> None:
        """Have channels tried again at once: what kept us out of them may be gone."""
        known = await self._of(guild_id)
        waiting = [channel_id for channel_id in channel_ids if channel_id in known and known[channel_id].retry_ms]
        for channel_id in waiting:
            known[channel_id] = replace(known[channel_id], retry_ms=0)
        if waiting:
            await self._database.writer.perform(channel_refusals.retry, guild_id, waiting)

    async def forget(self, guild_id: int, channel_id: int) -> None:
        """Note that a channel takes messages."""
        if (await self._of(guild_id)).pop(channel_id, None) is not None:
            await self._database.writer.perform(channel_refusals.forget, guild_id, [channel_id])

    async def claim_untold(self, guild_id: int) -> list[UnwritableChannel]:
        """Return the channels at rest that staff do not know of. Whoever gets them tells; nobody else gets them."""
        if all(channel.told for channel in await self.resting(guild_id)):
            return []
        untold = await self._database.writer.perform(channel_refusals.claim_untold, guild_id, self.clock())
        await self._mark(guild_id, untold, told=True)
        return untold

    async def mark_untold(self, guild_id: int, channels: Collection[UnwritableChannel]) -> None:
        """Note that nobody could be told of these."""
        ids = [channel.channel_id for channel in channels]
        await self._database.writer.perform(channel_refusals.mark_untold, guild_id, ids)
        await self._mark(guild_id, channels, told=False)

    async def _mark(self, guild_id: int, channels: Collection[UnwritableChannel], *, told: bool) -> None:
        known = await self._of(guild_id)
        for channel_id in {channel.channel_id for channel in channels} & known.keys():
            known[channel_id] = replace(known[channel_id], told=told)

    async def _of(self, guild_id: int) -> dict[int, UnwritableChannel]:
        if guild_id not in self._broken:
            rows = await self._database.read(channel_refusals.broken, guild_id)
            self._broken.setdefault(guild_id, {channel.channel_id: channel for channel in rows})
        return self._broken[guild_id]
