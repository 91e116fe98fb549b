"""How many rows are folded at once: few where single gifts would wait for them, many in a flood."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest
from sqlalchemy import Connection

from bot.storage.connect.transactions import Transactions
from bot.storage.ledger.fold_lane import MOST_WAITING, FoldLane
from bot.storage.ledger.fold_steps import Folding, Progress
from bot.storage.ledger.slice_size import BUSY_FEWEST, FEWEST
from tests.storage.town import GUILD, Clock

ROW_S = 50e-6
"""What a row costs here."""


class Journal:
    """A guild's journal that only counts its rows, by a clock of its own. Each takes `row_s` seconds."""

    def __init__(self, row_s: float = ROW_S) -> None:
        self.row_s = row_s
        self.head = self.seq = 0
        self.time_s = 0.0
        self.slices: list[int] = []

    def now_s(self) -> float:
        return self.time_s

    async def run(self, work: Callable[[Any], Any]) -> Any:
        return work(None)

    def fold(self, _c: Connection, /, guild_id: int, most: int, now_ms: int | None) -> Progress:
        del guild_id, now_ms
        rows = min(most, self.head - self.seq)
        self.time_s += rows * self.row_s
        self.seq += rows
        self.slices.append(rows)
        return Progress(self.seq, self.head, rows, rows * self.row_s)


def lane_of(journal: Journal) -> FoldLane:
    folding = Folding(journal.fold, lambda _c, now_ms: {}, journal.fold)  # pyright: ignore[reportArgumentType]
    return FoldLane(cast("Transactions", journal), folding, Clock(), journal.now_s)


async def feed(batch: int, rows: int, row_s: float = ROW_S) -> tuple[Journal, int]:
    """Let gifts come in batches of this size, as the writer does; return the journal and its longest backlog."""
    journal = Journal(row_s)
    lane = lane_of(journal)
    longest = 0
    while journal.head < rows:
        await lane.turn()
        if not lane.is_full:
            lane.note_work([(GUILD, journal.head + number) for number in range(1, batch + 1)])
            journal.head += batch
        longest = max(longest, journal.head - journal.seq)
    return journal, longest


@pytest.mark.parametrize(("batch", "most"), [(1, 25), (2, 25), (5, 500), (20, 500)])
async def test_a_gift_that_comes_alone_waits_for_a_short_slice(batch: int, most: int):
    journal, longest = await feed(batch, 8_000)

    assert max(journal.slices) <= most
    assert journal.slices
    assert longest <= MOST_WAITING


async def test_whoever_reads_what_gifts_have_left_does_not_wait_for_short_slices():
    journal = Journal()
    lane = lane_of(journal)
    journal.head = 4_000
    lane.note_work([(GUILD, seq) for seq in range(1, 4_000)])
    lane.note_work([(GUILD, 4_000)])

    reading = asyncio.create_task(lane.catch_up(GUILD))
    await asyncio.sleep(0)
    while not reading.done():
        await lane.turn()
        await asyncio.sleep(0)

    assert min(journal.slices[:-1]) >= FEWEST
    assert sum(journal.slices) == 4_000


async def test_a_job_between_gifts_does_not_make_a_flood_look_like_single_gifts():
    journal = Journal()
    lane = lane_of(journal)
    journal.head = 4_000
    lane.note_work([(GUILD, seq) for seq in range(1, 4_001)])
    lane.note_work([])

    await lane.turn()

    assert journal.slices == [1_000]


async def test_whoever_reads_in_a_flood_waits_for_few_long_slices():
    journal = Journal()
    lane = lane_of(journal)
    journal.head = 2_900
    lane.note_work([(GUILD, seq) for seq in range(1, 2_901)])

    reading = asyncio.create_task(lane.catch_up(GUILD))
    await asyncio.sleep(0)
    while not reading.done():
        await lane.turn()
        await asyncio.sleep(0)

    assert journal.slices == [1_000, 1_900]


@pytest.mark.parametrize(("row_us", "rows"), [(20, 2_000), (50, 2_000), (80, 1_250), (400, 1_000)])
async def test_in_a_flood_as_many_rows_share_the_work_as_take_a_tenth_of_a_second(row_us: int, rows: int):
    journal, longest = await feed(200, 20_000, row_us / 1e6)

    assert journal.slices[0] == BUSY_FEWEST
    assert {*journal.slices[2:]} == {rows}
    assert longest <= MOST_WAITING
