"""The size of slices follows the time that they take, on any machine and in books of any size."""

from collections.abc import Callable
from itertools import pairwise
from typing import TypeVar

import pytest
from sqlalchemy import Connection, NullPool, create_engine

from bot.storage.ledger.fold_lane import FoldLane
from bot.storage.ledger.fold_steps import Folding, NothingFollows, Progress
from bot.storage.ledger.slice_size import AIM_S, FEWEST, MOST, SliceSize

T = TypeVar("T")

BACKLOG = 2_900
"""Rows that wait. With a hundred more, gifts would wait for longer slices."""


def sizes(row_s: float, slices: int = 40) -> list[int]:
    """Return the sizes of slices that follow each other, where each row takes so long."""
    size = SliceSize()
    rows: list[int] = []
    for _ in range(slices):
        rows.append(size.rows)
        size.note(size.rows, size.rows * row_s)
    return rows


def test_slices_grow_where_rows_are_quick_and_at_most_double():
    rows = sizes(row_s=1e-7)

    assert rows[0] == FEWEST
    assert rows[-1] == MOST
    assert all(after <= 2 * before for before, after in pairwise(rows))


@pytest.mark.parametrize("row_us", [20, 50, 100, 200])
def test_no_slice_takes_longer_than_agreed(row_us: int):
    rows = sizes(row_s=row_us / 1e6)

    assert all(number * row_us / 1e6 <= AIM_S for number in rows if number > FEWEST)
    # None is needlessly small, either.
    assert rows[-1] * row_us / 1e6 >= AIM_S / 2


def test_however_slow_rows_are_a_handful_is_folded():
    assert sizes(row_s=0.01) == [FEWEST] * 40


def test_one_slice_that_stalls_is_followed_by_a_short_one_and_then_by_longer_ones():
    size = SliceSize()
    for _ in range(10):
        size.note(size.rows, size.rows * 1e-5)
    before = size.rows

    size.note(before, 0.2)
    after = size.rows
    for _ in range(10):
        size.note(size.rows, size.rows * 1e-5)

    assert after == FEWEST
    assert size.rows >= before / 2


def test_a_slice_that_was_not_full_does_not_make_the_next_one_longer():
    size = SliceSize()
    size.note(1, 0.001)

    assert size.rows == FEWEST


class Guild:
    """A guild whose rows take a certain time to fold, by a clock of its own. Every other slice is long under way."""

    commit_s = 0.0

    def __init__(self, row_s: float) -> None:
        self.time_s = 0.0
        self.took_s: list[float] = []
        self._row_s = row_s
        self._seq = 0
        self.folding = Folding(self._fold, self._survey, self._skip)

    async def run(self, work: Callable[[Connection], T]) -> T:
        with create_engine("sqlite://", poolclass=NullPool).connect() as c:
            return work(c)

    async def close(self) -> None: ...

    async def abandon(self) -> None: ...

    @property
    def is_folded(self) -> bool:
        """Whether nothing is left to fold."""
        return self._seq == BACKLOG

    def now_s(self) -> float:
        return self.time_s

    def _fold(self, _c: Connection, /, guild_id: int, most: int, now_ms: int | None) -> Progress:
        del guild_id, now_ms
        rows = min(most, BACKLOG - self._seq)
        self._seq += rows
        self.took_s.append(rows * self._row_s)
        self.time_s += self.took_s[-1] + (0.001 if len(self.took_s) % 2 else 0.06)
        return Progress(self._seq, BACKLOG, rows, self.took_s[-1])

    def _survey(self, _c: Connection, /, now_ms: int | None) -> dict[int, Progress]:
        del now_ms
        return {1: Progress(self._seq, BACKLOG)}

    def _skip(self, _c: Connection, /, guild_id: int, count: int, now_ms: int | None) -> Progress:
        del guild_id, count, now_ms
        raise NothingFollows


@pytest.mark.parametrize("row_us", [20, 200])
async def test_slices_are_as_short_as_agreed_and_no_shorter_for_a_slow_disk_or_a_busy_process(row_us: int):
    guild = Guild(row_us / 1e6)
    lane = FoldLane(guild, guild.folding, lambda: 0, guild.now_s)

    while not guild.is_folded:
        await lane.idle_turn()

    assert max(guild.took_s) <= max(AIM_S, FEWEST * row_us / 1e6)
    fewest = sum(guild.took_s) / AIM_S
    assert len(guild.took_s) < 1.5 * fewest + 8
