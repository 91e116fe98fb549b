"""A storm of gifts while the primary database is lost, and its synchronous standby takes over.

`python -m tests.faults.failover` does it on two machines, and cuts their cables: a server that is gone without a word
is harder than one that hangs up. That needs root, and a network of its own (`make failover`). It exits with 1 if a gift
that was acknowledged is missing, or if any is booked twice.
"""

import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.discord.exchange import Exchange, NoAnswer
from sandbox.discord.people import Person
from tests.faults.machines import DATABASE, Machine, Pair, pair_on, two_machines
from tests.faults.storm import has_receipt
from tests.faults.verdict import Verdict, judge
from tests.rig import Rig, Town, until

GIFTS = 100
"""Receipts before the primary is lost, and after."""
GIVERS = 6
PAUSE_S = 0.05
"""How long a giver waits before the next gift: the rate hardly matters, and the machine may be busy."""
PATIENCE_S = 180.0
"""A server that says nothing counts as lost after 30 seconds; what it may have booked is asked for another 15."""


@dataclass
class Giving:
    """Gifts with a message each, from members who give again as soon as they are answered."""

    town: Town
    exchanges: dict[str, Exchange] = field(default_factory=dict[str, Exchange])
    answers: Counter[str] = field(default_factory=Counter[str])
    _is_over: bool = False

    @property
    def acknowledged(self) -> set[str]:
        """The messages of the gifts whose receipts are there to be read by now."""
        return {name for name, exchange in self.exchanges.items() if has_receipt(exchange)}

    async def go_on(self, giver: Person) -> None:
        """Give until `stop`."""
        number = 0
        while not self._is_over:
            number += 1
            name = f"{giver.user.name} {number}"
            exchange = await giver.slash("gift", gift="Petal", creator=self.town.noor.user, message=name)
            self.exchanges[name] = exchange
            self.answers[await self._answer(exchange)] += 1
            await asyncio.sleep(PAUSE_S)

    async def _answer(self, exchange: Exchange) -> str:
        """Wait for an answer, and return what it is."""
        try:
            await exchange.message(timeout=PATIENCE_S)
        except NoAnswer:
            return "none in time"
        return "receipt" if has_receipt(exchange) else "refusal"

    def redeliver(self) -> None:
        """Let the bot hear again of each gift whose receipt was not shown yet."""
        for exchange in self.exchanges.values():
            if not has_receipt(exchange):
                self.town.rig.server.redeliver(exchange.interaction.id)

    async def until_more(self, gifts: int) -> None:
        """Wait for this many more receipts."""
        aim = len(self.acknowledged) + gifts

        async def are_enough() -> bool:
            return len(self.acknowledged) >= aim

        await until(are_enough, PATIENCE_S)

    def stop(self) -> None:
        self._is_over = True


Lose = Callable[[Rig, Giving], Awaitable[None]]
"""Takes the primary away from a bot, in the middle of a storm."""


@dataclass(frozen=True)
class Result:
    """What became of a storm: the verdict on the standby's books, the answers, and the seconds without a receipt."""

    verdict: Verdict
    answers: Counter[str]
    closed_s: float


async def storm(pair: Pair, folder: Path, lose: Lose, *, gifts: int) -> Result:
    """Give through a bot, `lose` the primary in the middle, promote the standby, and judge its books."""
    rig = Rig(folder, pair.address)
    await rig.open()
    try:
        await pair.until_in_step()
        await rig.start_bot()
        town = await rig.found_town(members=GIVERS)
        await town.approve(town.noor)
        for member in town.crowd:
            await town.grant(member, 100_000)
        giving = Giving(town)
        async with asyncio.TaskGroup() as group:
            for member in town.crowd:
                group.create_task(giving.go_on(member))
            await giving.until_more(gifts)
            await lose(rig, giving)
            began = time.monotonic()
            await asyncio.to_thread(pair.standby.promote)
            await giving.until_more(1)
            closed_s = time.monotonic() - began
            await giving.until_more(gifts)
            giving.stop()
        assert await rig.stop_bot() == 0, "\n".join(rig.bot.lines)
    finally:
        await rig.close()
    verdict = await asyncio.to_thread(judge, pair.standby.address(DATABASE), giving.acknowledged)
    return Result(verdict, giving.answers, closed_s)


def all_at_once(machine: Machine) -> Lose:
    """Return what cuts a machine off from everybody."""

    async def lose(_rig: Rig, _giving: Giving) -> None:
        machine.cut("pair", "bot")

    return lose


def from_its_standby_first(machine: Machine) -> Lose:
    """Return what leaves a machine with the bot for as long as the bot waits for it, and then cuts it off.

    Meanwhile what the bot books is complete on the primary, and nowhere else.
    """

    async def lose(rig: Rig, _giving: Giving) -> None:
        machine.cut("pair")
        await _until_logged(rig, "Asking again whether it went through", times=2)
        machine.cut("bot")

    return lose


def while_gifts_are_looked_up(machine: Machine) -> Lose:
    """Return what lets the bot hear again of the gifts that it knows nothing about, before it is cut off, too.

    That happens when Discord resumes a connection, or when another process takes over. Then they are there to be found.
    """

    async def lose(rig: Rig, giving: Giving) -> None:
        machine.cut("pair")
        await look_up_again(rig, giving)
        machine.cut("bot")

    return lose


async def look_up_again(rig: Rig, giving: Giving) -> None:
    """Wait until the bot knows nothing about some gifts, and let it hear of them again."""
    await _until_logged(rig, "It is unknown whether", times=1)
    giving.redeliver()
    # Whoever asks afterwards is answered afterwards.
    for member in giving.town.crowd:
        await (await member.slash("balance")).message(timeout=PATIENCE_S)


async def _until_logged(rig: Rig, words: str, times: int) -> None:
    """Wait until the bot has said something so often."""

    async def is_logged() -> bool:
        return sum(words in line for line in rig.bot.lines) >= times

    await until(is_logged, PATIENCE_S)


WAYS: dict[str, Callable[[Machine], Lose]] = {
    "cut off": all_at_once,
    "cut off from its standby first": from_its_standby_first,
    "cut off from its standby first, and asked for its gifts again": while_gifts_are_looked_up,
}
"""How a primary is lost."""


async def main() -> int:
    """Lose a primary in each way, and say what became of the gifts; return the exit code."""
    fine = True
    for name, way in WAYS.items():
        with two_machines() as machines, pair_on(*machines) as pair, tempfile.TemporaryDirectory() as folder:
            result = await storm(pair, Path(folder), way(machines[0]), gifts=GIFTS)
        answers = ", ".join(f"{count} × {answer}" for answer, count in result.answers.items())
        sys.stdout.write(
            f"A primary that is {name}: {answers}. {result.verdict.gifts} gifts are in the books of the standby, the "
            f"first {result.closed_s:.1f} s after its promotion. {result.verdict}\n"
        )
        sys.stdout.flush()
        fine &= result.verdict.fine
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
