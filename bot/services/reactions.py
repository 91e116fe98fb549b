"""Reactions to messages that got a gift, for creators who want them."""

from collections.abc import Callable

from bot.domain.reactions import ReactionTarget
from bot.storage.connect.connection import Connection
from bot.storage.database import OpenBooks
from bot.storage.ledger import holders
from bot.storage.stores import reactions


class GiftReactions:
    """The use-cases of reactions."""

    def __init__(self, database: OpenBooks, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def is_on(self, guild_id: int, creator_id: int) -> bool:
        """Whether a creator wants reactions below their messages that got a gift. Nobody does at first."""
        return await self._database.read(_is_on, guild_id, creator_id)

    async def choose(self, guild_id: int, creator_id: int, *, is_on: bool) -> None:
        """Switch a creator's reactions on or off. The caller is the creator."""
        await self._database.writer.perform(_choose, guild_id, creator_id, self._clock(), is_on)

    async def target(self, guild_id: int, message_id: int) -> ReactionTarget | None:
        """Return where a reaction is due, None if it is not any more."""
        return await self._database.read(reactions.target, guild_id, message_id)

    async def note_trouble(self, guild_id: int, channel_id: int) -> bool:
        """Note that the bot may not react in a channel. Return whether staff are to be told."""
        return await self._database.writer.perform(reactions.note_trouble, guild_id, channel_id, self._clock())

    async def forget_trouble(self, guild_id: int, channel_id: int) -> None:
        """Have staff told again the next time that the bot may not react in a channel."""
        if await self._database.read(reactions.has_trouble, guild_id, channel_id):
            await self._database.writer.perform(reactions.forget_trouble, guild_id, channel_id)


def _is_on(c: Connection, guild_id: int, creator_id: int) -> bool:
    return reactions.is_on(c, guild_id, holders.holder_id(c, guild_id, creator_id) or 0)


def _choose(c: Connection, guild_id: int, creator_id: int, now_ms: int, is_on: bool) -> None:
    reactions.choose(c, guild_id, holders.ensure(c, guild_id, creator_id), now_ms, is_on=is_on)
