"""A gift storm: a crowd sends gifts at a given rate, each of them over the wire, as in a live show."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from itertools import accumulate
from random import Random
from typing import Any, Final

from sandbox.discord.exchange import Exchange, NoAnswer
from sandbox.discord.model import User
from sandbox.discord.people import Person, Refused
from sandbox.storm_answers import Answer
from sandbox.storm_plan import Counts, Outcome, Plan, price_in, weights
from sandbox.storm_reversals import Reversals

log = logging.getLogger(__name__)

REPORT_SECONDS: Final = 0.25
TICK_SECONDS: Final = 0.02
PATIENCE_SECONDS: Final = 5.0
_GRANTS_AT_ONCE: Final = 20
_COUNTS: Final = (1, 1, 1, 1, 1, 2, 3, 5, 10)
_MEAN_COUNT: Final = sum(_COUNTS) / len(_COUNTS)
_SINGLE_FROM: Final = 100
"""Items from this price on are sent one at a time: nobody sends ten dragons at once."""
_WORDS: Final = (
    "",
    "",
    "",
    "",
    "You are amazing!",
    "Encore! 🎶",
    "from all of us 💜",
    "первый раз здесь 🌷",
    "がんばって!",
)


class Storm:
    """Sends gifts to `creators`. `crowd` returns a number of givers, `banker` grants them coins and takes gifts back,
    `rng` makes choices.

    `clock` is in seconds and only used to measure. When Discord has given up on an answer, the storm waits `patience_s`
    longer to learn whether the gift went through.
    """

    def __init__(
        self,
        crowd: Callable[[int], Sequence[Person]],
        creators: Sequence[User],
        banker: Person,
        rng: Random,
        *,
        report: Callable[[dict[str, object]], None] = lambda _: None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
        patience_s: float = PATIENCE_SECONDS,
    ) -> None:
        self._gather = crowd
        self._creators = creators
        self._banker = banker
        self._rng = rng
        self._report = report
        self._sleep = sleep
        self._clock = clock
        self._patience_s = patience_s
        self._reversals = Reversals(banker, rng, sleep)
        self.counts = Counts()

    async def run(self, plan: Plan) -> Counts:
        """Grant coins and send the plan's gifts at its rate; return the counts once every gift has its outcome."""
        self.counts = Counts(total=plan.gifts)
        self._tell("The crowd comes in …")
        givers = self._gather(plan.givers)
        items = await self._items(givers[0])
        await self._grant(givers, _purse(items, plan))
        reporter = asyncio.create_task(self._report_often(), name="storm reporter")
        self.counts.began(self._clock())
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._reverse_some(plan))
                await self._send_all(group, givers, items, plan)
        finally:
            reporter.cancel()
        return self.counts

    async def _items(self, giver: Person) -> list[tuple[str, int]]:
        """Return the option values and prices of the gifts that the bot offers, cheapest first."""
        choices = await giver.autocomplete("gift", "gift", gift="")
        if not choices:
            raise Refused("the bot offers no gifts")
        return sorted(((choice["value"], price_in(choice["name"])) for choice in choices), key=lambda item: item[1])

    async def _send_all(
        self, group: asyncio.TaskGroup, givers: Sequence[Person], items: list[tuple[str, int]], plan: Plan
    ) -> None:
        counts, started_at = self.counts, self._clock()
        choices = list(accumulate(weights([price for _, price in items], plan.mix)))
        while counts.sent < plan.gifts:
            due = min(plan.gifts, int((self._clock() - started_at) * plan.rate) + 1)
            for item in self._rng.choices(items, cum_weights=choices, k=due - counts.sent):
                group.create_task(self._give(self._rng.choice(givers), item))
            counts.sent = due
            await self._sleep(TICK_SECONDS)

    async def _reverse_some(self, plan: Plan) -> None:
        """Take gifts back, spread over the length of the storm."""
        for number in range(1, plan.reversals + 1):
            while self.counts.sent * (plan.reversals + 1) < plan.gifts * number:
                await self._sleep(TICK_SECONDS)
            self.counts.reversed += await self._reversals.reverse_one()

    async def _grant(self, givers: Sequence[Person], coins: int) -> None:
        gate = asyncio.Semaphore(_GRANTS_AT_ONCE)
        grant_count = 0

        async def grant(person: Person) -> None:
            nonlocal grant_count
            async with gate:
                options: dict[str, Any] = {"member": person.user, "amount": coins, "reason": "coins for the show"}
                answer = await (await self._banker.slash("coins grant", **options)).message()
                # Many coins at once are confirmed with a button.
                if (button := Answer.of(answer).yes) is not None:
                    await self._banker.press(answer, button).message()
            grant_count += 1
            self._tell(f"The moderator hands out coins … {grant_count} of {len(givers)}")

        async with asyncio.TaskGroup() as group:
            for person in givers:
                group.create_task(grant(person))

    async def _give(self, person: Person, item: tuple[str, int]) -> None:
        value, price = item
        count = 1 if price >= _SINGLE_FROM else self._rng.choice(_COUNTS)
        options: dict[str, Any] = {"gift": value, "creator": self._rng.choice(self._creators), "count": count}
        if words := self._rng.choice(_WORDS):
            options["message"] = words
        sent_at = self._clock()
        try:
            exchange = await person.slash("gift", **options)
            outcome = await self._outcome(person, exchange)
        except (Refused, TypeError, TimeoutError) as error:
            log.debug("a gift of the storm failed: %r", error)
            outcome = "failed"
        self.counts.note(outcome, self._clock() - sent_at)

    async def _outcome(self, person: Person, exchange: Exchange) -> Outcome:
        """Wait for the outcome of a gift. If the bot asks for confirmation, as for large gifts, press yes."""
        try:
            reply = await exchange.message()
            if (button := Answer.of(reply).yes) is not None:
                exchange = person.press(reply, button)
                reply = await exchange.message()
        except NoAnswer:
            return await self._late(exchange)
        answer = Answer.of(reply)
        if answer.receipt is not None:
            self._reversals.note(answer.receipt)
        return answer.outcome

    async def _late(self, exchange: Exchange) -> Outcome:
        data = await exchange.late_message(self._patience_s)
        if data is None:
            # A gift that the bot gave up before starting on it is acknowledged too late and never answered.
            return "late" if exchange.interaction.late else "unanswered"
        self.counts.late_booked += Answer.of_json(data).outcome == "answered"
        return "late"

    async def _report_often(self) -> None:
        while True:
            self._tell()
            await asyncio.sleep(REPORT_SECONDS)

    def _tell(self, note: str = "") -> None:
        self._report(self.counts.to_json(running=True, note=note, now=self._clock()))


def _purse(items: Sequence[tuple[str, int]], plan: Plan) -> int:
    """Return the coins that each giver needs so that nearly all of them can pay for the gifts they happen to send."""
    chances = weights([price for _, price in items], plan.mix)
    costs = [price * (1.0 if price >= _SINGLE_FROM else _MEAN_COUNT) for _, price in items]
    mean = sum(chance * cost for chance, cost in zip(chances, costs, strict=True))
    dearest = max(price for (_, price), chance in zip(items, chances, strict=True) if chance)
    return int(3 * mean * plan.gifts / plan.givers) + 2 * dearest + 1_000
