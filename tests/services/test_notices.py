"""Notices are told once, however many members read theirs at the same time."""

import asyncio
from typing import Any, cast

import pytest
from sqlalchemy import Connection, func, select
from sqlalchemy import text as sql

from bot.domain.notices import NoticeKind
from bot.services.notices import OVERLAP_MS, RELOADED_MS, Notices
from bot.storage.database import Database
from bot.storage.sql.notice_tables import notices as table
from bot.storage.stores import notices
from tests.storage.town import GUILD, NOAH, OTHER_GUILD, Clock, settle_in

READERS = range(101, 131)


def add(c: Connection, now_ms: int) -> None:
    for member_id in READERS:
        notices.add(c, GUILD, member_id, NoticeKind.WEEK, now_ms, number=20260202)


def stored(c: Connection) -> int:
    return c.execute(select(func.count()).select_from(table)).scalar_one()


async def test_what_many_read_at_the_same_time_is_told_once_and_removed(database: Database, clock: Clock):
    await database.writer.perform(settle_in)
    await database.writer.perform(add, clock())
    service = Notices(database, clock)

    async def read(member_id: int) -> int:
        async with service.telling(GUILD, member_id) as waiting:
            return len(waiting)

    first = await asyncio.gather(*map(read, [*READERS, NOAH]))
    again = [member_id for member_id in READERS if await service.has_any(GUILD, member_id)]
    second = await asyncio.gather(*map(read, READERS))

    assert first == [1] * len(READERS) + [0]
    assert again == []
    assert second == [0] * len(READERS)
    assert await database.read(stored) == 0


class CountedDatabase:
    """Books of which reads are counted."""

    def __init__(self, books: Database) -> None:
        self.writer = books.writer
        self.reads = 0
        self._books = books

    async def read(self, *query: Any) -> Any:
        self.reads += 1
        return await self._books.read(*query)


async def test_who_has_news_is_read_once_in_each_guild_where_the_bot_is_used(database: Database, clock: Clock):
    await database.writer.perform(settle_in)
    await database.writer.perform(settle_in, OTHER_GUILD)
    await database.writer.perform(add, clock())
    books = CountedDatabase(database)
    service = Notices(cast("Database", books), clock)
    await service.load()
    at_the_start = books.reads

    have_news = [await service.has_any(GUILD, member_id) for member_id in (*READERS, NOAH)]
    elsewhere = await service.has_any(OTHER_GUILD, READERS[0])

    assert have_news == [True] * len(READERS) + [False]
    assert not elsewhere
    assert (at_the_start, books.reads) == (0, 2)


@pytest.mark.parametrize("late_ms", [0, OVERLAP_MS - 1])
async def test_what_others_store_is_found_within_a_minute(database: Database, clock: Clock, late_ms: int):
    """The clock of the other process is late, or its commit took long."""
    await database.writer.perform(settle_in)
    service = Notices(database, clock)
    before = await service.has_any(GUILD, READERS[0])
    await database.writer.perform(add, clock() - late_ms)

    clock.now_ms += RELOADED_MS - 1
    await service.load()
    too_soon = await service.has_any(GUILD, READERS[0])
    clock.now_ms += 1
    await service.load()

    assert (before, too_soon) == (False, False)
    assert await service.has_any(GUILD, READERS[0])


async def test_news_are_found_by_their_time_however_many_there_are(database: Database):
    """Each process looks every minute, and members who never come back leave many."""
    query = "SELECT guild_id FROM notices WHERE since_ms >= 5"

    def explained(c: Connection) -> str:
        if not database.is_shared:
            return str(c.execute(sql(f"EXPLAIN QUERY PLAN {query}")).all())
        # A table of a few rows is read as a whole if nobody objects.
        c.execute(sql("SET LOCAL enable_seqscan = off"))
        return str(c.execute(sql(f"EXPLAIN {query}")).all())

    assert "ix_notices_since" in await database.read(explained)
