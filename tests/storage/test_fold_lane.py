"""How many rows are folded at once: few where single gifts would wait for them, many in a flood."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest
from sqlalchemy import Connection

from bot.storage.connect.transactions import Transactions
from bot.storage.ledger.fold_lane import MOST_WAITING, FoldLane
from bot.storage.ledger.fold_plans import PLAN_ROWS, Planner
from bot.storage.ledger.fold_steps import Folding, Progress
from bot.storage.ledger.slice_size import BUSY_FEWEST, FEWEST
from tests.storage.town import GUILD, Clock

ROW_S = 50e-6
"""What a row costs here."""


class Journal:
    """A guild's journal that only counts its rows, by a clock of its own. Each takes `row_s` seconds."""

    def __init__(self, row_s: float = ROW_S) -> None:
        self.row_s = row_s
        self.head = self.seq = self.batches = 0
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


class PlanningProcess:
    """Plans slices while this many batches are booked. `begun` are the backlogs with which plans began."""

    def __init__(self, journal: Journal, batches: int = 1) -> None:
        self.journal = journal
        self.batches = batches
        self.begun: list[int] = []
        self.planned: list[int] = []
        self.awaited = 0
        self._ready_at: int | None = None

    @property
    def is_free(self) -> bool:
        return self._ready_at is None

    @property
    def ready_guild(self) -> int | None:
        return GUILD if self._ready_at is not None and self.journal.batches >= self._ready_at else None

    def begin(self, guild_id: int, now_ms: int | None) -> None:
        assert guild_id == GUILD
        self.begun.append(self.journal.head - self.journal.seq)
        self._ready_at = self.journal.batches + self.batches

    async def fold(self, _transactions: Transactions, guild_id: int) -> Progress | None:
        if self._ready_at is None:
            return None
        self.awaited += self.ready_guild is None
        self._ready_at = None
        self.journal.seq += PLAN_ROWS
        self.planned.append(PLAN_ROWS)
        return Progress(self.journal.seq, self.journal.head, PLAN_ROWS, PLAN_ROWS * self.journal.row_s)


def lane_of(journal: Journal, planner: PlanningProcess | None = None) -> FoldLane:
    folding = Folding(journal.fold, lambda _c, now_ms: {}, journal.fold)  # pyright: ignore[reportArgumentType]
    return FoldLane(cast("Transactions", journal), folding, Clock(), journal.now_s, cast("Planner | None", planner))


async def feed(
    batch: int,
    rows: int,
    row_s: float = ROW_S,
    *,
    journal: Journal | None = None,
    planner: PlanningProcess | None = None,
) -> tuple[Journal, int]:
    """Let gifts come in batches of this size, as the writer does; return the journal and its longest backlog."""
    journal = journal or Journal(row_s)
    lane = lane_of(journal, planner)
    longest = 0
    while journal.head < rows:
        await lane.turn()
        if not lane.is_full:
            lane.note_work([(GUILD, journal.head + number) for number in range(1, batch + 1)])
            journal.head += batch
            journal.batches += 1
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


@pytest.mark.parametrize("batch", [100, 400, 1_000])
async def test_in_a_flood_slices_are_planned_while_gifts_are_booked(batch: int):
    journal = Journal()
    planner = PlanningProcess(journal)
    _, longest = await feed(batch, 20_000, journal=journal, planner=planner)

    assert journal.slices == []
    assert min(planner.begun) >= PLAN_ROWS
    assert planner.awaited == 0
    assert longest <= MOST_WAITING


async def test_gifts_wait_for_a_plan_rather_than_leave_too_many_rows_uncounted():
    journal = Journal()
    planner = PlanningProcess(journal, batches=10)
    _, longest = await feed(400, 20_000, journal=journal, planner=planner)

    assert journal.slices == []
    assert planner.awaited == len(planner.planned)
    assert longest <= MOST_WAITING


async def test_for_few_gifts_at_a_time_nothing_is_planned():
    journal = Journal()
    planner = PlanningProcess(journal)
    await feed(20, 8_000, journal=journal, planner=planner)

    assert planner.begun == []
    assert journal.slices


async def test_a_guild_whose_rows_fail_is_folded_without_plans():
    journal = Journal()
    planner = PlanningProcess(journal, batches=10)
    lane = lane_of(journal, planner)

    def fail(*_: Any, **__: Any) -> Progress:
        raise ValueError("a row that cannot be counted")

    lane._folding = Folding(fail, lambda _c, now_ms: {}, fail)
    journal.head = 3_500
    lane.note_work([(GUILD, seq) for seq in range(1, 3_501)])
    for _ in range(5):
        await lane.turn()

    assert planner.begun == []
