"""How many rows are folded at once: few where single gifts would wait for them, many in a flood."""

from collections.abc import Callable
from typing import Any, cast

import pytest
from sqlalchemy import Connection

from bot.storage.connect.transactions import Transactions
from bot.storage.ledger.fold_lane import MOST_WAITING, FoldLane
from bot.storage.ledger.fold_steps import Folding, Progress
from tests.storage.town import GUILD, Clock

ROW_S = 50e-6
"""What a row costs here."""


class Journal:
    """A guild's journal that only counts its rows, by a clock of its own."""

    def __init__(self) -> None:
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
        self.time_s += rows * ROW_S
        self.seq += rows
        self.slices.append(rows)
        return Progress(self.seq, self.head, rows, rows * ROW_S)


async def feed(batch: int, rows: int) -> tuple[Journal, int]:
    """Let gifts come in batches of this size, as the writer does; return the journal and its longest backlog."""
    journal = Journal()
    folding = Folding(journal.fold, lambda _c, now_ms: {}, journal.fold)  # pyright: ignore[reportArgumentType]
    lane = FoldLane(cast("Transactions", journal), folding, Clock(), journal.now_s)
    longest = 0
    while journal.head < rows:
        await lane.turn()
        if not lane.is_full:
            lane.note_work([(GUILD, journal.head + number) for number in range(1, batch + 1)])
            journal.head += batch
        longest = max(longest, journal.head - journal.seq)
    return journal, longest


@pytest.mark.parametrize("batch", [1, 5, 20])
async def test_a_gift_that_comes_alone_waits_for_a_short_slice(batch: int):
    journal, longest = await feed(batch, 8_000)

    assert max(journal.slices) <= 500
    assert journal.slices
    assert longest <= MOST_WAITING


async def test_in_a_flood_many_rows_share_the_work():
    journal, longest = await feed(200, 12_000)

    assert min(journal.slices) >= 1_000
    assert longest <= MOST_WAITING
