"""The long form of the fault tests: kills, power cuts, duplicates, restores and random commands until the time is up.

`python -m tests.faults.soak [SECONDS]` prints what was done to the books. It exits with 1 if anything went wrong,
such as a lost or doubled gift.
"""

import asyncio
import contextlib
import itertools
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Coroutine, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.kinds import Command
from bot.storage.connect.address import database_url
from bot.storage.maintenance import migrate
from tests import books, postgres
from tests.faults.children import Children, acknowledged_in, children
from tests.faults.disk import Disk, compile_disk
from tests.faults.drilling import drill, gift_storm
from tests.faults.economy import Economy
from tests.faults.giving import endow, gifts
from tests.faults.kill_matrix import prepare, strikes
from tests.faults.powering import cuts, give_on_disk
from tests.faults.storm import Storm
from tests.faults.verdict import Verdict, judge
from tests.rig import Rig

DRILLS = 5
"""Backups that are taken of one storm."""
STRIKES = ("kill", "terminate")
LIFETIME = 100
"""Kills that one database has to survive before it is judged and replaced by a new one."""
MACHINE = settings(
    max_examples=20, stateful_step_count=40, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)


class Soak:
    """What was done so far, and the problems found. `chance` decides; `folder` holds the files in use.

    `rich` names a database on `server` in which each of `commands` can be booked.
    """

    def __init__(
        self,
        folder: Path,
        server: postgres.Server,
        rich: str,
        commands: Sequence[Command],
        seconds: float,
        seed: int,
    ) -> None:
        self.folder = folder
        self.server = server
        self.rich = rich
        self.money_commands = commands
        self.chance = random.Random(seed)
        self.counts: Counter[str] = Counter()
        self.problems: list[str] = []
        self._deadline = time.monotonic() + seconds

    async def endowed(self, file: Path) -> Path:
        """Create an endowed database at `file`."""
        # A template is copied, because Alembic migrates only one database at a time.
        await asyncio.to_thread(shutil.copy, Economy.template, file)
        await endow(f"sqlite:///{file}")
        return file

    def rounds(self) -> Iterator[int]:
        """Yield 0, 1, 2, … until the time is up."""
        return itertools.takewhile(lambda _: self.goes_on, itertools.count())

    @property
    def goes_on(self) -> bool:
        """Whether there is time left."""
        return time.monotonic() < self._deadline

    def rule(self, fault: str, verdict: Verdict) -> None:
        """Count a verdict, and note it as a problem if it is not fine."""
        self.counts["lost"] += len(verdict.missing)
        self.counts["doubled"] += len(verdict.doubled)
        self.counts["findings"] += len(verdict.findings)
        if not verdict.fine:
            self.problems.append(f"{fault}: {verdict}")

    async def storms(self) -> None:
        """Kill the real bot in a gift storm, over the wire."""
        rig = Rig(self.folder)
        await rig.open()
        try:
            storm = await Storm.begin(rig, self.chance.randrange(2**32))
            while self.goes_on:
                await storm.rage(self.chance.randint(20, 120))
                rig.world.requests.clear()
            verdict = await storm.end()
        finally:
            await rig.close()
        self.rule("storm", verdict)
        self.counts["kills of the bot"] = storm.counts["kills"]
        self.counts["kills of its books"] = storm.counts["kills of its books"]
        self.counts["duplicates"] += storm.counts["duplicates"]
        self.counts["operations"] += len(storm.exchanges)
        self.counts["acknowledged"] += len(storm.acknowledged)
        # A check that never finds anything may be blind, so remove gifts and see whether it notices.
        books.change(rig.database, "DELETE FROM journal WHERE kind = 'gift' AND seq % 10 = 0")
        if judge(rig.database, storm.acknowledged).fine:
            self.problems.append("The check is blind: it does not miss gifts that were taken out of the books")

    async def writers(self) -> None:
        """Kill a process at random moments while its writer settles gifts."""
        async with children(self.folder) as mortals:
            for life in self.rounds():
                file = await self.endowed(self.folder / f"life-{life}.db")
                acknowledged: set[str] = set()
                earlier_gifts: list[SendGift] = []
                for run in range(LIFETIME):
                    if not self.goes_on:
                        break
                    acknowledged |= await self._life(mortals, file, earlier_gifts, f"{life}.{run}")
                self.rule("writer", await asyncio.to_thread(judge, file, acknowledged))
                self.counts["acknowledged"] += len(acknowledged)
                for leftover in self.folder.glob(f"{file.name}*"):
                    leftover.unlink()

    async def _life(self, mortals: Children, file: Path, earlier_gifts: list[SendGift], name: str) -> set[str]:
        fresh = gifts(self.chance.randint(50, 400), name)
        repeats = self.chance.choices(earlier_gifts, k=len(fresh) // 4) if earlier_gifts else []
        repeats += self.chance.choices(fresh, k=len(fresh) // 4)
        deliveries: Sequence[SendGift] = self.chance.sample([*fresh, *repeats], len(fresh) + len(repeats))
        acks = await mortals.begin(
            file, deliveries, width=self.chance.choice((1, 5, 50)), how=self.chance.choice(("open", "apart", "full"))
        )
        fate = asyncio.create_task(mortals.fate())
        await asyncio.wait([fate], timeout=self.chance.uniform(0.01, 0.3))
        if not fate.done():
            with contextlib.suppress(ProcessLookupError):
                os.kill(mortals.pid, signal.SIGKILL)
                self.counts["kills of a writer"] += 1
        await fate
        earlier_gifts += fresh
        self.counts["operations"] += len(fresh)
        self.counts["duplicates"] += len(repeats)
        return {*acknowledged_in(acks)}

    async def power_cuts(self) -> None:
        """Send gifts on a disk that keeps a log, and judge what power cuts would leave of it."""
        library = compile_disk(self.folder)
        if library is None:
            self.problems.append("There is no C compiler: no power was cut")
            return
        async with children(self.folder, LD_PRELOAD=str(library)) as processes:
            for number in self.rounds():
                folder = self.folder / f"power-{number}"
                folder.mkdir()
                file = await self.endowed(folder / "books.db")
                disk, log = await give_on_disk(processes, file, "open", 260)
                chance = random.Random(self.chance.randrange(2**32))
                for way, verdict in await asyncio.to_thread(_all_cuts, disk, log, folder, chance):
                    self.rule(f"power cut, {way}", verdict)
                    self.counts["power cuts"] += 1
                self.counts["operations"] += 260
                shutil.rmtree(folder)

    async def commands(self) -> None:
        """Submit random sequences of money commands, and compare the books with the model."""
        while self.goes_on:
            await asyncio.to_thread(run_state_machine_as_test, Economy, settings=MACHINE)
        self.counts["steps against the model"] = Economy.steps

    async def statements(self) -> None:
        """Strike at every statement of money commands on PostgreSQL: at the process, or at its connection."""
        async with children(self.folder) as mortals:
            for number in self.rounds():
                command, way = self.chance.choice(self.money_commands), STRIKES[number % len(STRIKES)]
                async for aftermath in strikes(mortals, self.copy_books, command, way=way):
                    self.counts[f"{way}s at a statement"] += 1
                    if aftermath.problems or aftermath.was_acknowledged > aftermath.is_booked:
                        self.problems.append(f"{way} at {type(command).__name__}: {aftermath}")
                    if not self.goes_on:
                        break

    @contextlib.contextmanager
    def copy_books(self) -> Generator[str]:
        """The address of a copy of the endowed database on the server."""
        with self.server.database(self.rich) as name:
            yield self.server.address(name)

    async def drills(self) -> None:
        """Take backups in the middle of gift storms, restore each, and judge it."""
        for number in self.rounds():
            folder = self.folder / f"drill-{number}"
            folder.mkdir()
            if number % 2:
                with self.copy_books() as source, contextlib.ExitStack() as stack:
                    names = [stack.enter_context(self.server.database()) for _ in range(DRILLS)]
                    await self._drill(source, [self.server.address(name) for name in names], folder)
            else:
                file = await self.endowed(folder / "books.db")
                await self._drill(file, [folder / f"restored-{drill}.db" for drill in range(DRILLS)], folder)
            shutil.rmtree(folder)
        if self.counts["mere copies taken"] and not self.counts["mere copies found out"]:
            self.problems.append("The check is blind: it takes copies of files in use for backups")

    async def _drill(self, source: books.Where, targets: Sequence[books.Where], folder: Path) -> None:
        address = source if isinstance(source, str) else f"sqlite:///{source}"
        async with gift_storm(address, folder.name) as acknowledged:
            for target in targets:
                if not self.goes_on:
                    break
                report = await drill(source, folder / f"saved-{len(acknowledged)}", target, acknowledged)
                self.rule("restore drill", report.verdict)
                self.counts["backups restored"] += 1
                self.counts["RPO of the worst, ms"] = max(self.counts["RPO of the worst, ms"], report.rpo_ms)
                self.counts["RTO of the worst, ms"] = max(self.counts["RTO of the worst, ms"], report.rto_ms)
            if isinstance(source, Path):
                # A mere copy of the file lacks what is still in the write-ahead log. Now and then that is empty.
                promised, copy = [*acknowledged], Path(shutil.copy(source, folder / "copy.db"))
                self.counts["mere copies taken"] += 1
                self.counts["mere copies found out"] += not (await asyncio.to_thread(judge, copy, promised)).fine
        self.counts["operations"] += len(acknowledged)

    async def report(self) -> None:
        """Print the progress every 30 seconds."""
        while self.goes_on:
            remaining_s = self._deadline - time.monotonic()
            say(f"{remaining_s:5.0f} s to go: {dict(self.counts)}")
            await asyncio.sleep(min(30, max(0.1, remaining_s)))


def _all_cuts(disk: Disk, log: Path, folder: Path, chance: random.Random) -> list[tuple[str, Verdict]]:
    return list(cuts(disk, log, folder, chance, 60))


def say(line: str) -> None:
    """Print a line and flush it."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def main(seconds: float) -> int:
    """Run all of it concurrently, and return the exit code."""
    seed = random.SystemRandom().randrange(2**32)
    say(f"{seconds:.0f} seconds, seed {seed}")
    folder = Path(tempfile.mkdtemp(prefix="rosette-soak-"))
    Economy.template = folder / "template.db"
    migrate.upgrade(database_url(f"sqlite:///{Economy.template}"))
    with postgres.running(sys.exit) as server, server.database() as rich:
        commands = await prepare(server.address(rich))
        soak = Soak(folder, server, rich, [*commands.values()], seconds, seed)
        work: list[Coroutine[Any, Any, None]] = [
            soak.storms(), soak.writers(), soak.power_cuts(), soak.commands(), soak.statements(), soak.drills(),
            soak.report(),
        ]  # fmt: skip
        for outcome in await asyncio.gather(*work, return_exceptions=True):
            if isinstance(outcome, BaseException):
                soak.problems.append("".join(traceback.format_exception(outcome)))
    for name, number in sorted(soak.counts.items()):
        say(f"{number:10,}  {name}")
    for problem in soak.problems[:20]:
        say(problem)
    if soak.problems:
        say(f"Not in order; what is left is in {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 600.0)))
