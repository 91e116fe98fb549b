"""What follows from gifts that change a member's level: they are told with their next reply, and get their roles."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.domain.deadlines import Deadline
from bot.domain.errors import BooksClosed
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.folds import folding
from bot.storage.ledger import holders
from bot.storage.stores import clubs, level_roles, member_roles, perk_roles, standing

MOST_AT_ONCE: Final = 200
"""Members in one transaction."""

NEWS_MS: Final = 24 * 3_600_000
"""Anything older is not news: it comes up because everything is counted again, or for the first time."""


class Standing:
    """The use-cases of standing. `expect` is told who has something new to read."""

    def __init__(self, database: Database, clock: Callable[[], int], expect: Callable[[int, int], None]) -> None:
        self._database = database
        self._clock = clock
        self._expect = expect

    async def settle(self, deadline: Deadline) -> int | None:
        """Have news and roles follow from changed levels. Return when there are more. Raises BooksClosed.

        While everything is counted again, levels are lower than they should be, so it waits.
        """
        guild_id, now_ms = deadline.guild_id, self._clock()
        await self._database.catch_up(guild_id)
        member_ids, is_all = await self._database.writer.perform(_settle, guild_id, now_ms)
        for member_id in member_ids:
            self._expect(guild_id, member_id)
        return None if is_all else now_ms


def check_counted(c: Connection, guild_id: int) -> None:
    """Raise BooksClosed while everything is counted, for the first time or again."""
    if folding.counted_percent(c, guild_id) is not None:
        raise BooksClosed


def _settle(c: Connection, guild_id: int, now_ms: int) -> tuple[list[int], bool]:
    """Return the members who have something to read, and whether these were all changes."""
    check_counted(c, guild_id)
    changes = standing.changes(c, guild_id, MOST_AT_ONCE)
    if not changes:
        return [], True
    levels = standing.note_levels(c, guild_id, changes.keys())
    news = {holder: level for holder, level in levels.items() if now_ms - changes[holder] < NEWS_MS}
    standing.tell_levels(c, guild_id, news, now_ms)
    fans = _join_clubs(c, guild_id, changes, now_ms)
    if level_roles.roles(c, guild_id) or clubs.roles(c, guild_id) or perk_roles.given_roles(c, guild_id):
        member_roles.check(c, guild_id, [*changes], now_ms)
    standing.remove_changes(c, guild_id, changes)
    members = holders.member_ids(c, guild_id, {*news, *fans})
    return [member_id for member_id in members.values() if member_id], len(changes) < MOST_AT_ONCE


def _join_clubs(c: Connection, guild_id: int, changes: Mapping[int, int], now_ms: int) -> list[int]:
    """Bring clubs up to date. Return the members who have joined any just now, and are to be told."""
    joined = clubs.refresh(c, guild_id, clubs.fans_among(c, guild_id, [*changes]), now_ms)
    news = {fan: creators for fan, creators in joined.items() if now_ms - changes[fan] < NEWS_MS}
    for fan, creators in news.items():
        for creator in creators:
            clubs.tell(c, guild_id, fan, creator, now_ms)
    return [*news]
