"""Notices are told once, however many members read theirs at the same time."""

import asyncio

from sqlalchemy import Connection, func, select

from bot.domain.notices import NoticeKind
from bot.services.notices import Notices
from bot.storage.database import Database
from bot.storage.sql.notice_tables import notices as table
from bot.storage.stores import notices
from tests.storage.town import GUILD, NOAH, Clock, settle_in

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
    await service.load()

    async def read(member_id: int) -> int:
        async with service.telling(GUILD, member_id) as waiting:
            return len(waiting)

    first = await asyncio.gather(*map(read, [*READERS, NOAH]))
    again = [member_id for member_id in READERS if service.has_any(GUILD, member_id)]
    second = await asyncio.gather(*map(read, READERS))

    assert first == [1] * len(READERS) + [0]
    assert again == []
    assert second == [0] * len(READERS)
    assert await database.read(stored) == 0
