"""Interactions that are valid, odd or forged, many at a time, against the real bot over the wire.

Everything that a client can choose is chosen by chance: the command and its options, the control and the ids in it, the
values of a select, the texts of a form, the files that come along. What was reached least comes first. Each interaction
has to be answered. A refusal has to be a sentence, and moves no coins.
"""

import asyncio
import random
import re
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from sandbox.discord.exchange import Exchange, NoAnswer
from sandbox.discord.model import Channel, Interaction, InteractionType, Message, Modal
from sandbox.discord.model.message import walk
from sandbox.discord.people import Person
from tests import books
from tests.bot.test_metrics import Scraper
from tests.faults.fuzzing_commands import Commands
from tests.faults.fuzzing_controls import Controls
from tests.faults.fuzzing_reach import DIRECT_MESSAGE, NOBODYS_INSTALL, USER_INSTALL, Reach
from tests.faults.fuzzing_scene import set_scene
from tests.faults.fuzzing_values import Shot, Values
from tests.faults.verdict import judge
from tests.rig import Rig, Town

WIDTH = 16
"""Interactions under way at a time."""
SENT_PER_REPEATED = 1_000
"""Of so many interactions, one may have to be repeated."""
RECEIPT = re.compile(r"(?i)receipt #(\d+)")
BEGINNING = re.compile(r"\d{4}-\d\d-\d\d ")
"""How a record of the log begins."""
BY_TIME = ("chest_return", "chip_return")
"""Kinds of rows that nobody asks for: what is left of a chest, and parts of a gift that was not paid in time."""
BY_FLAG = "flag:"
"""How the keys of reversals from a flag begin. Whoever makes them sees the flag, with all of its gifts."""
OUR_FAULT = ("Traceback", " ERROR ", "Task exception was never retrieved")
"""Marks of a log line about a failure, where there should have been a refusal."""


@dataclass
class Fuzzer:
    """Fuzzes the bot of a rig in one town. `chance` decides; `problems` lists what should not have happened."""

    rig: Rig
    town: Town
    chance: random.Random
    reach: Reach
    values: Values
    commands: Commands
    controls: Controls
    scraper: Scraper
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    receipts: set[int] = field(default_factory=set)
    shed: int = 0
    """How many interactions the bot had dropped when it was asked last."""

    @classmethod
    async def begin(cls, town: Town, elsewhere: Town, scraper: Scraper, seed: int) -> "Fuzzer":
        """Prepare a town with something of everything. The ids of the town `elsewhere` are of no use in it."""
        rig, chance = town.rig, random.Random(seed)
        values = Values(town, elsewhere, chance)
        reach = Reach(rig.world.commands)
        fuzzer = cls(
            rig, town, chance, reach, values, Commands(rig.world, values, reach), Controls(values, reach), scraper
        )
        async for aim, outcome in set_scene(town):
            fuzzer._note((aim,), outcome)
        return fuzzer

    async def run(self, interactions: int) -> None:
        """Send this many interactions and wait for their answers."""
        for _ in range(0, interactions, WIDTH):
            shots = [self._choose() for _ in range(WIDTH)]
            answered = await asyncio.gather(*(self._shoot(shot) for shot in shots))
            if unanswered := [shot for shot, is_answered in zip(shots, answered, strict=True) if not is_answered]:
                await self._shoot_again(unanswered)
            self._read_log()
            if self.rig.bot.pid is None:
                self.problems.append(f"The bot has ended with {self.rig.bot.exit_code}")
                return

    def judge(self) -> None:
        """Compare the books with the answers: every booked row was shown as a receipt. Few had to be repeated."""
        sent = sum(self.counts[kind.name.lower()] for kind in InteractionType)
        # One stall of the machine takes all that were under way with it.
        if self.counts["repeated"] > max(WIDTH, sent // SENT_PER_REPEATED):
            self.problems.append(f"Of {sent} interactions, {self.counts['repeated']} were answered only when repeated")
        query = "SELECT seq, kind, key FROM journal WHERE guild_id = ?"
        rows = books.rows(self.rig.database, query, self.town.guild.id)
        heard = [row for row in rows if row[0] in self.receipts or row[1] in BY_TIME or row[2].startswith(BY_FLAG)]
        if unheard := [row for row in rows if row not in heard]:
            self.problems.append(f"Booked, and no receipt was shown: {unheard[:20]}")
        self.problems += judge(self.rig.database, ()).findings

    # One interaction

    async def _shoot_again(self, shots: Sequence[Shot]) -> None:
        """Repeat what was not answered, one by one.

        A machine that is busy for seconds makes the bot drop what Discord no longer waits for. It counts those.
        """
        self.counts["repeated"] += len(shots)
        shed = int(await self.scraper.value("rosette_interactions_total", command="unread", outcome="shed"))
        if len(shots) > shed - self.shed:
            self.problems.append(f"Unanswered, and not dropped on purpose: {'; '.join(map(_described, shots))}")
        self.shed = shed
        for shot in shots:
            if not await self._shoot(shot):
                self.problems.append(f"Unanswered twice: {_described(shot)}")

    async def _shoot(self, shot: Shot) -> bool:
        """Send an interaction, and return whether it was answered, if it could be sent at all."""
        try:
            interaction, place = self._begin(shot)
        except TypeError:  # a lone surrogate: no gateway sends what is not UTF-8
            self.counts["not sent"] += 1
            return True
        exchange = Exchange(interaction)
        self.counts[shot.kind.name.lower()] += 1
        try:
            if shot.kind is InteractionType.AUTOCOMPLETE:
                choices = await exchange.choices()
                self.values.suggested[shot.aims[0].rsplit(" ", 1)[1]].extend(choice["value"] for choice in choices)
                self.reach.answered(shot.aims, "")
            else:
                self._remember(shot, place, interaction, await exchange.reply())
        except NoAnswer:
            panel = shot.message
            if interaction.replied is not None and panel is not None and panel.deleted:
                # It was answered with a change to its message, which another press has taken away in the meantime.
                self.counts["taken away"] += 1
                return True
            return False
        return True

    def _choose(self) -> Shot:
        """Return an interaction: half of them try what was never reached, as long as there is something."""
        controls, commands, person = self.controls, self.commands, self._pick_person()
        missing = self.reach.missing
        if missing and self.chance.random() < 0.5:
            name = self.reach.rarest(self.chance, missing)
            return commands.aimed(person, name) or controls.aimed(person, name)
        shoot = self.chance.choice(
            (*[commands.slash] * 3, commands.menu, *[controls.press] * 4, *[controls.forge] * 2, *[controls.submit] * 2)
        )
        return shoot(person)

    def _begin(self, shot: Shot) -> tuple[Interaction, str]:
        """Send an interaction. Return it with where it comes from, "" for where most do."""
        way, person = self.chance.random(), shot.person
        channel, installers, place = person.channel, None, ""
        if way < 0.01:
            channel, place = self.rig.world.open_dm(person.user), DIRECT_MESSAGE
        elif way < 0.02:
            installers, place = {"1": str(person.user.id)}, USER_INSTALL
        elif way < 0.03:
            installers, place = dict[str, str](), NOBODYS_INSTALL
        with self._installed_by(installers):
            return self._send(shot, channel), place

    def _send(self, shot: Shot, channel: Channel) -> Interaction:
        return self.rig.world.begin(shot.person.user, channel, shot.kind, shot.data, message=shot.message)

    @contextmanager
    def _installed_by(self, owners: dict[str, str] | None) -> Generator[None]:
        """Let Discord say that these have installed the bot, None for the guild."""
        application = self.rig.world.application
        application.installers = owners
        try:
            yield
        finally:
            application.installers = None

    def _remember(self, shot: Shot, place: str, interaction: Interaction, outcome: Message | Modal) -> None:
        text = outcome.title if isinstance(outcome, Modal) else outcome.text
        if str(interaction.id) in text:  # the number of an error, for whoever looks it up in the log
            self.problems.append(f"Failed: {shot.kind.name} by {shot.person.user.name} {shot.data}")
        aims = shot.aims
        if place in (DIRECT_MESSAGE, USER_INSTALL):
            if isinstance(outcome, Modal) or any("custom_id" in item for item in walk(outcome.components)):
                self.problems.append(f"Served in a {place}: {aims} {text[:100]}")
            aims = ()
        self._note(aims, outcome, place)

    def _note(self, aims: tuple[str, ...], outcome: Message | Modal, place: str = "") -> None:
        text = outcome.title if isinstance(outcome, Modal) else outcome.text
        self.reach.answered((*aims, f"place {place}") if place else aims, text)
        self.receipts.update(map(int, RECEIPT.findall(text)))
        if aims:
            self.controls.remember(aims, outcome)

    def _read_log(self) -> None:
        for line in records(self.rig.bot.lines):
            if any(mark in line for mark in OUR_FAULT):
                self.counts["errors"] += 1
                self.problems.append(f"Logged: {line[:200]} … {line[-600:]}")
        self.rig.bot.lines.clear()

    def _pick_person(self) -> Person:
        town = self.town
        people = (town.mia, town.mia, town.leo, town.noor, town.noor, town.kai, *[town.sam] * 2, *[town.olive] * 3)
        return self.chance.choice(people).at(self.chance.choice((town.general, town.live, town.gifts)))


def _described(shot: Shot) -> str:
    return f"{shot.kind.name} {str(shot.data)[:300]}"


def records(lines: Iterable[str]) -> Iterator[str]:
    """Yield each record of a log with the lines that belong to it, such as a traceback."""
    record = ""
    for line in lines:
        if BEGINNING.match(line):
            yield record
            record = line
        else:
            record += f"\n{line}"
    yield record
