"""One timer for all waits of the same length."""

import asyncio
from typing import cast

import discord

from bot.domain.receipts import Receipt
from bot.shared_timer import SharedTimer
from bot.ui.kit.answers import answer
from bot.ui.kit.cards import Card
from bot.ui.kit.replies import Reply, reply
from tests.rig import until
from tests.ui.discord_side import Interaction

LONG_S = 1_000.0
RECEIPT = Receipt(guild_id=1, seq=7, kind="gift", at_ms=0, actor_id=5, other_id=6, facts={})


class Calls(list[str]):
    """What was called, in order."""

    def wait_for(self, timer: SharedTimer, name: str) -> int:
        """Begin a wait that is noted under a name when it is over."""
        return timer.start(lambda: self.append(name))

    async def arrive(self, *names: str) -> None:
        """Wait until these were called, and nothing else."""

        async def are_there() -> bool:
            return len(self) >= len(names)

        await until(are_there)
        assert self == [*names]


async def test_waits_that_are_over_call_in_the_order_in_which_they_began() -> None:
    timer, calls = SharedTimer(0.01), Calls()
    for name in ("first", "second", "third"):
        calls.wait_for(timer, name)

    await calls.arrive("first", "second", "third")


async def test_a_wait_that_was_stopped_calls_nobody() -> None:
    timer, calls = SharedTimer(0.01), Calls()
    number = calls.wait_for(timer, "stopped")
    calls.wait_for(timer, "kept")
    timer.stop(number)

    await calls.arrive("kept")
    timer.stop(number)


async def test_a_wait_that_is_stopped_when_it_is_over_but_not_called_yet_calls_nobody() -> None:
    # An answer that comes just then must not be put off beside it: Discord takes only one of the two.
    timer, calls = SharedTimer(0.01), Calls()
    numbers: list[int] = []

    def stop_others() -> None:
        calls.append("first")
        for number in numbers:
            timer.stop(number)

    timer.start(stop_others)
    numbers += [calls.wait_for(timer, name) for name in ("second", "third")]
    await calls.arrive("first")
    calls.wait_for(timer, "last")

    await calls.arrive("first", "last")


async def test_the_timer_goes_on_after_all_waits_were_over() -> None:
    timer, calls = SharedTimer(0.01), Calls()
    calls.wait_for(timer, "first")
    await calls.arrive("first")
    timer.stop(calls.wait_for(timer, "stopped"))
    calls.wait_for(timer, "second")

    await calls.arrive("first", "second")


async def test_a_call_that_fails_keeps_no_other_from_its_turn() -> None:
    timer, calls, errors = SharedTimer(0.01), Calls(), Calls()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: errors.append(repr(context["exception"])))
    timer.start(lambda: 1 // 0)
    calls.wait_for(timer, "second")

    await calls.arrive("second")
    assert len(errors) == 1


async def test_a_thousand_waits_take_one_timer_of_the_loop() -> None:
    loop, timer = asyncio.get_running_loop(), SharedTimer(LONG_S)
    at = len(vars(loop)["_scheduled"])
    numbers = [timer.start(lambda: None) for _ in range(1_000)]
    for number in numbers:
        timer.stop(number)

    assert len(vars(loop)["_scheduled"]) - at == 1


async def test_answers_under_way_share_the_timers_of_the_loop() -> None:
    sides = [Interaction() for _ in range(50)]
    for side in sides:
        side.client, side.hold = sides[0].client, asyncio.Event()
    timers = vars(asyncio.get_running_loop())["_scheduled"]
    count = len(timers)

    async def work() -> Reply:
        return reply(Card.of("done", 0), receipt=RECEIPT)

    asking = asyncio.gather(*(answer(cast("discord.Interaction", side), work, clock=lambda: 1_000.1) for side in sides))

    async def are_under_way() -> bool:
        return all(side.tried.is_set() for side in sides)

    await until(are_under_way)
    new_timers = len(timers) - count
    for side in sides:
        cast("asyncio.Event", side.hold).set()
    await asking

    # One for answers that take long, and one for receipts that do.
    assert new_timers == 2
    assert all(side.log == ["private: done"] for side in sides)
