"""When things are booked: never before what was booked before them, unless a clock was far ahead then."""

import pytest

from bot.domain.errors import ClockDoubtful
from bot.domain.ledger.books import STEP_BACK_MS
from bot.storage.database import Database
from bot.storage.stores import live
from tests.storage.town import DAY, MINUTE, NOON, Clock, event, gift, grant


async def test_a_small_step_back_is_corrected_to_the_last_row(books: Database, clock: Clock) -> None:
    first = await books.writer.submit(grant("g"))
    clock.now_ms -= STEP_BACK_MS
    second = await books.writer.submit(gift("a"))
    clock.now_ms += STEP_BACK_MS + 1
    third = await books.writer.submit(gift("b"))

    assert (first.at_ms, second.at_ms, third.at_ms) == (NOON, NOON, NOON + 1)


async def test_so_it_is_for_a_process_that_has_not_written_the_last_row(books: Database, clock: Clock) -> None:
    await books.writer.submit(grant("g"))
    # What was kept of the writer's own rows is forgotten with a job.
    await books.writer.perform(live.all_running)
    clock.now_ms -= 1_000

    assert (await books.writer.submit(gift("a"))).at_ms == NOON


async def test_a_row_that_is_far_ahead_does_not_stop_the_time(books: Database, clock: Clock) -> None:
    clock.now_ms += 40 * DAY
    await books.writer.submit(grant("g"))
    clock.now_ms -= 40 * DAY

    assert (await books.writer.submit(gift("a"))).at_ms == NOON


async def test_a_gift_does_not_count_for_an_event_that_was_over_when_the_last_one_was_booked(
    books: Database, clock: Clock
) -> None:
    await books.writer.perform(live.insert, event(ends_ms=NOON + MINUTE))
    clock.now_ms = NOON + MINUTE
    await books.writer.submit(grant("g"))
    clock.now_ms -= 1_000

    assert (await books.writer.submit(gift("a"))).facts["event"] == 0


async def test_while_nobody_knows_the_time_commands_are_refused_and_nothing_is_written(address: str) -> None:
    def doubtful() -> int:
        raise ClockDoubtful

    books = await Database.open(address, clock=doubtful)
    with pytest.raises(ClockDoubtful):
        await books.writer.submit(grant("g"))
    await books.close()
