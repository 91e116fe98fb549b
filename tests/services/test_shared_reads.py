"""One read for all that are asked about at the same time."""

import asyncio
import gc
from collections.abc import Collection

import pytest

from bot.services.shared_reads import SharedReads
from bot.unhurried import is_unhurried, unhurried


class Reader:
    """Reads nothing before `gate` is open. The answer for a number is its square; 0 has none, and 13 fails."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.reads: list[list[int]] = []
        self.marks: list[bool] = []

    async def __call__(self, keys: Collection[int]) -> dict[int, int]:
        self.reads.append([*keys])
        self.marks.append(is_unhurried())
        await self.gate.wait()
        if 13 in keys:
            raise OSError("unlucky")
        return {key: key * key for key in keys if key}


async def test_keys_that_are_asked_about_during_a_read_share_the_next_one():
    reader = Reader()
    shared = SharedReads(reader)
    first = [asyncio.create_task(shared.get(key)) for key in (2, 3, 2)]
    for _ in range(3):
        await asyncio.sleep(0)
    second = [asyncio.create_task(shared.get(key)) for key in (2, 0)]
    await asyncio.sleep(0)
    reader.gate.set()

    assert await asyncio.gather(*first, *second) == [4, 9, 4, 4, None]
    assert reader.reads == [[2, 3], [2, 0]]


async def test_a_failed_read_fails_for_all_who_share_it_and_for_nobody_else():
    reader = Reader()
    shared = SharedReads(reader)
    reader.gate.set()
    answers = await asyncio.gather(*(shared.get(key) for key in (2, 13)), return_exceptions=True)

    assert [type(answer) for answer in answers] == [OSError, OSError]
    assert await shared.get(2) == 4


async def test_whoever_stops_waiting_takes_no_answer_from_others():
    reader = Reader()
    shared = SharedReads(reader)
    first, second = (asyncio.create_task(shared.get(3)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    reader.gate.set()

    with pytest.raises(asyncio.CancelledError):
        await first
    assert await second == 9


async def test_a_read_that_members_may_share_takes_no_turns():
    reader = Reader()
    reader.gate.set()
    with unhurried():
        await asyncio.create_task(SharedReads(reader).get(3))

    assert reader.marks == [False]


async def test_a_failed_read_for_which_nobody_waits_any_more_alarms_nobody(caplog: pytest.LogCaptureFixture):
    reader = Reader()
    shared = SharedReads(reader)
    asking = asyncio.create_task(shared.get(13))
    for _ in range(3):
        await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    reader.gate.set()
    # This shares the next read, so the failed one has ended when it is answered.
    assert await shared.get(2) == 4
    gc.collect()

    assert reader.reads == [[13], [2]]
    assert not caplog.records
