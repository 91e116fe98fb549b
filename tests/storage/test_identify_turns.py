"""Turns to identify, which all processes take from the same books."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest

from bot.services.identify_turns import FRESH_MS, IdentifyTurns
from bot.storage.database import Database
from bot.storage.stores import identify_turns
from tests.rig import until

NOON = 1_000_000_000
SPACING, MOST = 5_000, 60_000
DISCORDS_SPACING_MS = 5_000


async def take(books: Database, now_ms: int, own_ms: int | None = None) -> int:
    return await books.writer.perform(identify_turns.take, now_ms, SPACING, MOST, own_ms=own_ms)


async def test_of_those_who_ask_at_once_one_has_the_turn(books: Database) -> None:
    turns = await asyncio.gather(*(take(books, NOON) for _ in range(4)))

    assert sorted(turns) == [NOON, *[NOON + SPACING] * 3]
    assert await take(books, NOON + SPACING - 1) == NOON + SPACING
    assert await take(books, NOON + SPACING) == NOON + SPACING


async def test_a_turn_is_moved_only_by_the_process_that_has_it(books: Database) -> None:
    await take(books, NOON)

    assert await take(books, NOON + 300, NOON - 1) == NOON + SPACING
    assert await take(books, NOON + 300, NOON) == NOON + 300
    assert await take(books, NOON + SPACING) == NOON + 300 + SPACING


async def test_a_last_turn_that_is_far_away_was_a_wrong_clocks(books: Database) -> None:
    await take(books, NOON + 1_000 * MOST)

    assert await take(books, NOON) == NOON
    assert await take(books, NOON) == NOON + SPACING


class Process:
    """A process whose shards identify one after the other. It wakes up late."""

    def __init__(self, books: Database, clock: Callable[[], int], sleep: Callable[[float], Awaitable[None]]) -> None:
        self._turns = IdentifyTurns(books, clock, sleep)
        self._clock = clock

    async def identify(self, shards: int) -> list[int]:
        """Return when each of its shards identified."""
        times: list[int] = []
        for _ in range(shards):
            await self._turns.wait()
            times.append(self._clock())
        return times


@pytest.mark.parametrize("late_ms", [0, 100, 900, 4_000])
async def test_shards_of_late_processes_identify_five_seconds_apart(books: Database, late_ms: int) -> None:
    """Time goes on only while a process sleeps, for as long as that one is late, too."""
    now_ms = NOON
    wakings: list[tuple[int, int, asyncio.Event]] = []

    def sleeper(process_late_ms: int) -> Callable[[float], Awaitable[None]]:
        async def sleep(seconds: float) -> None:
            awake = asyncio.Event()
            wakings.append((now_ms + round(seconds * 1_000) + process_late_ms, len(wakings), awake))
            await awake.wait()

        return sleep

    lateness = (0, late_ms, 2 * late_ms)
    tasks = [asyncio.create_task(Process(books, lambda: now_ms, sleeper(each)).identify(4)) for each in lateness]

    async def all_sleep() -> bool:
        return len(wakings) == sum(not task.done() for task in tasks)

    while not all(task.done() for task in tasks):
        await until(all_sleep)
        if wakings:
            now_ms, _, awake = wakings.pop(wakings.index(min(wakings, key=lambda waking: waking[:2])))
            awake.set()

    times = sorted(time for task in tasks for time in task.result())
    assert len(times) == 12
    assert min(later - earlier for earlier, later in pairwise(times)) >= DISCORDS_SPACING_MS


@pytest.mark.parametrize("slow_ms", [0, FRESH_MS, FRESH_MS + 1, 1_000])
async def test_a_turn_that_the_books_gave_too_slowly_is_taken_again(books: Database, slow_ms: int) -> None:
    """The first answer takes `slow_ms`: the next process must count from when this one identifies."""
    times = iter([NOON, NOON + slow_ms, NOON + slow_ms, NOON + slow_ms])

    await IdentifyTurns(books, lambda: next(times)).wait()

    began_ms = NOON if slow_ms <= FRESH_MS else NOON + slow_ms
    assert await take(books, NOON + slow_ms + 1) == began_ms + SPACING
