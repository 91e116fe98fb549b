"""Turns to identify, which all processes take from the same books."""

import asyncio

from bot.storage.database import Database
from bot.storage.stores import identify_turns

NOON = 1_000_000_000
SPACING, MOST = 5_000, 60_000


async def take(books: Database, now_ms: int) -> int:
    return await books.writer.perform(identify_turns.take, now_ms, SPACING, MOST)


async def test_turns_that_are_taken_at_once_are_five_seconds_apart(books: Database) -> None:
    turns = await asyncio.gather(*(take(books, NOON) for _ in range(4)))

    assert sorted(turns) == [NOON + number * SPACING for number in range(4)]


async def test_a_turn_after_a_while_is_now(books: Database) -> None:
    await take(books, NOON)

    assert await take(books, NOON + SPACING + 1) == NOON + SPACING + 1


async def test_a_last_turn_that_is_far_away_was_a_wrong_clocks(books: Database) -> None:
    await take(books, NOON + 1_000 * MOST)

    assert await take(books, NOON) == NOON
    assert await take(books, NOON) == NOON + SPACING
