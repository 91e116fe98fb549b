"""Deadlines that fire: at their time, once, by one of several bots, and also after the bot was away."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest

from bot.domain.deadlines import AT_ONCE_MS, CLAIM_MS, Deadline, DeadlineKind
from bot.domain.errors import Busy, ClockDoubtful
from bot.followers.deadlines import (
    AGAIN_MS,
    LONGEST_REST_S,
    LOOK_AGAIN_MS,
    MOST_OF_A_KIND,
    REFUSED_MS,
    Deadlines,
)
from bot.services import Services
from bot.storage.database import Database
from bot.storage.memory.deadlines import DeadlineQueue
from bot.storage.stores import deadlines as store
from bot.unhurried import is_unhurried
from tests.rig import until
from tests.services.paying import GUILD
from tests.storage.town import DAY, HOUR, NOON, Clock

RECAP = Deadline(GUILD, DeadlineKind.RECAP, 900, NOON)


@dataclass
class Bot:
    """A bot over open books that notes what it has dealt with. `answers` are what its handler returns or raises."""

    books: Database
    clock: Clock
    reach: set[int] = field(default_factory=lambda: {GUILD})
    dealt: list[int] = field(default_factory=list[int])
    marks: list[bool] = field(default_factory=list[bool])
    answers: list[int | Exception] = field(default_factory=list[int | Exception])
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    wakes: int = 0

    def __post_init__(self) -> None:
        self.gate.set()
        self.deadlines = Deadlines(DeadlineQueue(self.books), self.clock, self.reach.__contains__, wake=self._wake)
        self.deadlines.on(DeadlineKind.RECAP, self._handle)

    def _wake(self) -> None:
        self.wakes += 1

    async def _handle(self, deadline: Deadline) -> int | None:
        self.dealt.append(deadline.subject)
        self.marks.append(is_unhurried())
        await self.gate.wait()
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def fire(self) -> float:
        """Begin with what is due, wait for it unless the gate is closed, and give the claims up."""
        rest_s = await self.deadlines.fire()
        if self.gate.is_set():
            await asyncio.gather(*self.deadlines._tasks.values(), return_exceptions=True)
            rest_s = await self.deadlines.fire()
        return rest_s


@pytest.fixture
async def bot(database: Database, services: Services, clock: Clock) -> AsyncIterator[Bot]:
    """A bot of the guild."""
    del services  # it has opened the guild's books
    bot = Bot(database, clock)
    yield bot
    await bot.deadlines.stop()


@pytest.fixture
async def second_bot(address: str, bot: Bot, clock: Clock) -> AsyncIterator[Bot]:
    """Another bot over the same books."""
    books = await Database.open(address, clock=clock)
    second_bot = Bot(books, clock)
    yield second_bot
    await second_bot.deadlines.stop()
    await books.close()


async def put(bot: Bot, *deadlines: Deadline) -> None:
    await bot.books.writer.perform(store.put, *deadlines)


async def test_a_deadline_fires_at_its_time_and_not_a_millisecond_before(bot: Bot, clock: Clock):
    await put(bot, replace(RECAP, at_ms=NOON + 2_000))
    rest_s = await bot.fire()
    clock.now_ms = NOON + 1_999
    await bot.fire()
    before = [*bot.dealt]
    clock.now_ms = NOON + 2_000
    await bot.fire()

    assert rest_s == 2.0
    assert before == []
    assert bot.dealt == [900]
    assert await bot.fire() == LONGEST_REST_S


async def test_a_deadline_that_was_moved_fires_at_its_new_time(bot: Bot, clock: Clock):
    await put(bot, replace(RECAP, at_ms=NOON + 2_000))
    await bot.fire()
    await put(bot, replace(RECAP, at_ms=NOON + HOUR))
    clock.now_ms = NOON + HOUR - 1
    await bot.fire()
    before = [*bot.dealt]
    clock.now_ms = NOON + HOUR
    await bot.fire()

    assert before == []
    assert bot.dealt == [900]


async def test_a_deadline_set_before_a_restart_fires_after_it(bot: Bot, clock: Clock, address: str):
    await put(bot, replace(RECAP, at_ms=NOON + 2_000))
    await bot.fire()
    clock.now_ms = NOON + HOUR
    successor = Bot(bot.books, clock)
    await successor.fire()

    assert successor.dealt == [900]


@pytest.mark.databases("sqlite")
async def test_what_a_killed_bot_was_dealing_with_is_dealt_with_by_the_next_at_once(bot: Bot, clock: Clock):
    bot.gate.clear()
    await put(bot, RECAP)
    await bot.fire()
    successor = Bot(bot.books, clock)
    await successor.fire()

    assert (bot.dealt, successor.dealt) == ([900], [900])


@pytest.mark.databases("postgresql")
async def test_what_a_killed_bot_was_dealing_with_is_taken_over_when_its_claim_expires(bot: Bot, second_bot: Bot):
    bot.gate.clear()
    await put(bot, RECAP)
    await bot.fire()
    bot.clock.now_ms = NOON + CLAIM_MS - 1
    rest_s = await second_bot.fire()
    before = [*second_bot.dealt]
    bot.clock.now_ms = NOON + CLAIM_MS
    await second_bot.fire()

    assert before == []
    assert rest_s == 0.001
    assert second_bot.dealt == [900]


@pytest.mark.databases("postgresql")
async def test_two_bots_never_both_act(bot: Bot, second_bot: Bot):
    await put(bot, *(replace(RECAP, subject=number) for number in range(100)))

    await asyncio.gather(*(each_bot.fire() for each_bot in (bot, second_bot)))

    assert sorted(bot.dealt + second_bot.dealt) == [*range(100)]


@pytest.mark.databases("postgresql")
async def test_a_bot_that_takes_long_keeps_its_claim(bot: Bot, second_bot: Bot):
    bot.gate.clear()
    await put(bot, RECAP)
    for step in range(10):
        bot.clock.now_ms = NOON + step * int(LONGEST_REST_S * 1_000)
        await bot.fire()
        await second_bot.fire()
    bot.gate.set()
    await bot.fire()
    await second_bot.fire()

    assert (bot.dealt, second_bot.dealt) == ([900], [])


@pytest.mark.databases("postgresql")
async def test_a_bot_that_hung_stops_what_another_has_taken_over(bot: Bot, second_bot: Bot):
    bot.gate.clear()
    await put(bot, RECAP)
    await bot.fire()
    bot.clock.now_ms = NOON + CLAIM_MS
    second_bot.gate.clear()
    await second_bot.fire()
    (task,) = bot.deadlines._tasks.values()
    await bot.deadlines.fire()
    await asyncio.gather(task, return_exceptions=True)

    assert task.cancelled()
    assert second_bot.dealt == [900]


async def test_nothing_fires_while_the_time_is_in_doubt(bot: Bot):
    def doubt() -> int:
        raise ClockDoubtful

    await put(bot, RECAP)
    doubtful = Deadlines(DeadlineQueue(bot.books), doubt, bot.reach.__contains__)
    doubtful.on(DeadlineKind.RECAP, bot._handle)
    with pytest.raises(ClockDoubtful):
        await doubtful.fire()

    assert bot.dealt == []


@pytest.mark.parametrize(
    ("answer", "later_ms"),
    [(NOON + HOUR, HOUR), (ValueError("no"), AGAIN_MS), (Busy(), REFUSED_MS)],
)
async def test_what_has_to_wait_or_failed_is_due_again(bot: Bot, clock: Clock, answer: int | Exception, later_ms: int):
    bot.answers = [answer]
    await put(bot, RECAP)
    await bot.fire()
    clock.now_ms = NOON + later_ms - 1
    await bot.fire()
    before = [*bot.dealt]
    clock.now_ms = NOON + later_ms
    await bot.fire()

    assert before == [900]
    assert bot.dealt == [900, 900]


async def test_a_guild_that_cannot_be_reached_waits_and_holds_nobody_up(bot: Bot, services: Services):
    bot.reach.clear()
    await put(bot, RECAP)
    rest_s = await bot.fire()
    before = [*bot.dealt]
    bot.reach.add(GUILD)
    await bot.fire()

    assert rest_s == LONGEST_REST_S
    assert before == []
    assert bot.dealt == [900]


async def test_a_stopped_bot_leaves_what_it_was_dealing_with_due_at_once(bot: Bot, clock: Clock):
    bot.gate.clear()
    await put(bot, RECAP)
    await bot.fire()
    await bot.deadlines.stop()

    assert (await DeadlineQueue(bot.books).outlook(NOON)).due == [(RECAP, 0)]


async def test_a_change_while_a_deadline_is_dealt_with_has_it_dealt_with_again(bot: Bot):
    bot.gate.clear()
    await put(bot, RECAP)
    await bot.deadlines.fire()

    async def has_begun() -> bool:
        return bot.dealt == [900]

    await until(has_begun)
    await put(bot, replace(RECAP, at_ms=AT_ONCE_MS))
    await bot.deadlines.fire()
    meanwhile = [*bot.dealt]
    bot.gate.set()
    await bot.fire()
    await bot.fire()

    assert meanwhile == [900]
    assert bot.dealt == [900, 900]


async def test_a_thousand_deadlines_that_are_due_together_are_each_dealt_with_once(bot: Bot):
    await put(bot, *(replace(RECAP, subject=number) for number in range(1_000)))

    async def are_dealt_with() -> bool:
        await bot.fire()
        return len(bot.dealt) >= 1_000

    await until(are_dealt_with)
    await bot.fire()

    assert bot.dealt == [*range(1_000)]
    # Only the daily look for fraud is left.
    assert await DeadlineQueue(bot.books).outlook(NOON) == ([], NOON + DAY)


async def test_of_many_deadlines_that_are_due_together_no_more_are_claimed_than_are_dealt_with(bot: Bot, clock: Clock):
    bot.gate.clear()
    await put(bot, *(replace(RECAP, subject=number) for number in range(MOST_OF_A_KIND + 10)))
    await bot.fire()
    rest_s = await bot.fire()
    outlook = await DeadlineQueue(bot.books).outlook(NOON)

    assert Counter(until_ms for _, until_ms in outlook.due) == {0: 10, NOON + CLAIM_MS: MOST_OF_A_KIND}
    assert rest_s == LOOK_AGAIN_MS / 1_000
    await put(bot, Deadline(GUILD, DeadlineKind.LIVE_END, 901, AT_ONCE_MS))
    clock.now_ms += LOOK_AGAIN_MS
    bot.deadlines.on(DeadlineKind.LIVE_END, bot._handle)
    await bot.fire()

    async def has_begun() -> bool:
        return 901 in bot.dealt

    # What is of another kind does not wait for them.
    await until(has_begun)


async def test_nobody_waits_for_what_is_dealt_with(bot: Bot):
    await put(bot, RECAP)
    await bot.fire()

    assert bot.marks == [True]


async def test_only_what_is_due_before_the_next_look_wakes(bot: Bot, clock: Clock):
    await put(bot, replace(RECAP, at_ms=NOON + 2_000))
    await bot.fire()
    bot.wakes = 0
    bot.deadlines.hear(NOON + 2_000)
    later = bot.wakes
    bot.deadlines.hear(NOON + 1_999)

    assert (later, bot.wakes) == (0, 1)
