"""A gift storm over the wire against the real bot, which is killed in the middle of it, again and again."""

import random
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from bot.exits import Exit
from sandbox.discord.exchange import Exchange
from sandbox.discord.model import Message
from tests.faults.judging import Verdict, judge
from tests.stage import Stage, Town, until

GIVERS = 10
MOST_COPIES = 4
"""Times that a gift may be delivered besides the first."""


@dataclass
class Storm:
    """Every gift has a message of its own, and is one interaction, delivered once or several times."""

    stage: Stage
    town: Town
    chance: random.Random
    exchanges: dict[str, Exchange] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)

    @classmethod
    async def begin(cls, stage: Stage, seed: int) -> "Storm":
        """Start the bot, and give everybody coins."""
        await stage.start_bot()
        town = await stage.found_town(members=GIVERS)
        await town.approve(town.noor)
        for member in town.crowd:
            await town.grant(member, 1_000_000)
        return cls(stage, town, random.Random(seed))

    async def rage(self, gifts: int) -> None:
        """Give, kill the bot after a random number of answers, start it, and deliver some of it all once more."""
        names = [f"gift {len(self.exchanges) + number}" for number in range(gifts)]
        for name in names:
            giver = self.chance.choice(self.town.crowd)
            self.exchanges[name] = await giver.slash("gift", gift="Petal", creator=self.town.noor.user, message=name)
        self._redeliver(self.chance.sample(names, gifts // 4))
        answers_needed = self.chance.randint(1, gifts)

        async def has_enough() -> bool:
            return sum(is_answered(self.exchanges[name]) for name in names) >= answers_needed

        await until(has_enough)
        await self._kill()
        self._collect_receipts()
        await self.stage.start_bot()
        self._redeliver(
            [*self.chance.sample(names, gifts // 2), *self.chance.sample(sorted(self.exchanges), gifts // 4)]
        )

    async def end(self) -> Verdict:
        """Stop the bot in order, and judge its books by what members were told."""
        await self.town.balance(self.town.crowd[0])
        await self.stage.stop_bot()
        self._collect_receipts()
        return judge(self.stage.database, self.acknowledged)

    async def _kill(self) -> None:
        """Kill the bot as it is, or the process of it that writes the books."""
        if self.chance.random() < 0.5:
            await self.stage.kill_bot()
            self.counts["kills"] += 1
        else:
            code = await self.stage.kill_books()
            assert code == Exit.FAILED, "\n".join(self.stage.bot.lines)
            self.counts["kills of its books"] += 1

    def _redeliver(self, names: Collection[str]) -> None:
        copies = [name for name in names for _ in range(self.chance.randint(1, MOST_COPIES))]
        self.chance.shuffle(copies)
        for name in copies:
            self.stage.server.redeliver(self.exchanges[name].interaction.id)
        self.counts["duplicates"] += len(copies)

    def _collect_receipts(self) -> None:
        self.acknowledged |= {name for name, exchange in self.exchanges.items() if has_receipt(exchange)}


def is_answered(exchange: Exchange) -> bool:
    """Whether the member sees an answer, or has been told that there is none."""
    return exchange.outcome is not None or exchange.interaction.failed


def has_receipt(exchange: Exchange) -> bool:
    """Whether the member sees a receipt."""
    outcome = exchange.outcome
    return isinstance(outcome, Message) and "Receipt #" in outcome.text
