"""A gift storm over the wire against the real bot, which is killed in the middle again and again."""

import random
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from bot.exit_codes import Exit
from sandbox.discord.exchange import Exchange
from sandbox.discord.model import Message
from tests.faults.verdict import Verdict, judge
from tests.rig import Rig, Town, until

GIVERS = 10
MOST_COPIES = 4
"""Most extra deliveries of one gift at a time."""


@dataclass
class Storm:
    """Every gift has its own message and is one interaction, delivered once or several times."""

    rig: Rig
    town: Town
    chance: random.Random
    exchanges: dict[str, Exchange] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)

    @classmethod
    async def begin(cls, rig: Rig, seed: int) -> "Storm":
        """Start the bot, and give everybody coins."""
        await rig.start_bot()
        town = await rig.found_town(members=GIVERS)
        await town.approve(town.noor)
        for member in town.crowd:
            await town.grant(member, 1_000_000)
        return cls(rig, town, random.Random(seed))

    async def rage(self, gifts: int) -> None:
        """Send gifts, kill the bot after a random number of answers, restart it, and redeliver some of the gifts."""
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
        await self.rig.start_bot()
        self._redeliver(
            [*self.chance.sample(names, gifts // 2), *self.chance.sample(sorted(self.exchanges), gifts // 4)]
        )

    async def end(self) -> Verdict:
        """Stop the bot cleanly, and judge its books by the receipts that members saw."""
        await self.town.balance(self.town.crowd[0])
        await self.rig.stop_bot()
        self._collect_receipts()
        return judge(self.rig.database, self.acknowledged)

    async def _kill(self) -> None:
        """Kill the bot, or its process that writes the books."""
        if self.chance.random() < 0.5:
            await self.rig.kill_bot()
            self.counts["kills"] += 1
        else:
            code = await self.rig.kill_books()
            assert code == Exit.FAILED, "\n".join(self.rig.bot.lines)
            self.counts["kills of its books"] += 1

    def _redeliver(self, names: Collection[str]) -> None:
        copies = [name for name in names for _ in range(self.chance.randint(1, MOST_COPIES))]
        self.chance.shuffle(copies)
        for name in copies:
            self.rig.server.redeliver(self.exchanges[name].interaction.id)
        self.counts["duplicates"] += len(copies)

    def _collect_receipts(self) -> None:
        self.acknowledged |= {name for name, exchange in self.exchanges.items() if has_receipt(exchange)}


def is_answered(exchange: Exchange) -> bool:
    """Whether the member sees an answer, or has been told that none will come."""
    return exchange.outcome is not None or exchange.interaction.failed


def has_receipt(exchange: Exchange) -> bool:
    """Whether the member sees a receipt."""
    outcome = exchange.outcome
    return isinstance(outcome, Message) and "Receipt #" in outcome.text
