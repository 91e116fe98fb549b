"""How readers ask whether the standbys have what they have read: together, afterwards, and not for long."""

import asyncio
from dataclasses import dataclass, field

import pytest

from bot.domain.errors import BooksClosed
from bot.storage.connect.outcomes import Unreachable
from bot.storage.connect.replication import NotReplicated, Replication
from bot.storage.sql.row_notes import RowNotes
from tests.rig import until

GUILD, OTHER_GUILD = 7, 8


def read(seq: int, guild_id: int = GUILD) -> RowNotes:
    return RowNotes({guild_id: seq}, {})


@dataclass
class Standbys:
    """Standbys that answer each question when they are let, and fail with `failure` if there is one."""

    asked: int = 0
    failure: Exception | None = None
    answer: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self) -> None:
        self.asked += 1
        await self.answer.wait()
        if self.failure is not None:
            raise self.failure


async def test_what_was_written_or_confirmed_before_is_not_asked_for():
    standbys, replication = Standbys(), Replication()
    standbys.answer.set()
    replication.note(RowNotes({}, {GUILD: 5}))

    for notes in (read(5), read(4), read(6), read(6), read(5), RowNotes({}, {})):
        await replication.confirm(notes, standbys.ask)

    assert standbys.asked == 1


async def test_readers_who_wait_share_a_question_that_began_after_they_had_read():
    standbys, replication = Standbys(), Replication(patience_s=60)

    async def is_asked() -> bool:
        return standbys.asked == 1

    first = asyncio.create_task(replication.confirm(read(1), standbys.ask))
    await until(is_asked)
    later = [asyncio.create_task(replication.confirm(read(seq), standbys.ask)) for seq in range(2, 12)]
    # So each of them has come before the first question is answered.
    await asyncio.sleep(0)
    standbys.answer.set()
    await asyncio.gather(first, *later)

    assert standbys.asked == 2
    assert replication.has({GUILD: 11})
    assert not replication.has({GUILD: 11, OTHER_GUILD: 1})


@pytest.mark.parametrize("failure", [NotReplicated(), Unreachable(), TimeoutError()])
async def test_a_question_without_an_answer_closes_the_books_and_is_asked_again(failure: Exception):
    standbys, replication = Standbys(failure=failure), Replication()
    standbys.answer.set()

    for _ in range(2):
        with pytest.raises(BooksClosed):
            await replication.confirm(read(1), standbys.ask)
    standbys.failure = None
    await replication.confirm(read(1), standbys.ask)

    assert standbys.asked == 3


async def test_nobody_waits_for_long_though_others_wait_before_them():
    standbys, replication = Standbys(), Replication(patience_s=0.05)

    outcomes = await asyncio.gather(
        *(replication.confirm(read(seq), standbys.ask) for seq in range(1, 4)), return_exceptions=True
    )

    assert {*map(type, outcomes)} == {BooksClosed}
