"""Interactions that are valid, odd or forged, many at a time, against the real bot over the wire.

Everything that a client can choose is chosen by chance: the command and its options, the control and the ids in it, the
values of a select, the texts of a form. Each interaction has to be answered. A refusal has to be a sentence, and moves
no coins.
"""

import asyncio
import random
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.discord.exchange import Exchange, NoAnswer
from sandbox.discord.filling import BOOLEAN, CHANNEL, INTEGER, MENTIONABLE, NUMBER, ROLE, SUBCOMMANDS, USER
from sandbox.discord.jsontypes import JSON
from sandbox.discord.limits import components, modals
from sandbox.discord.model import Channel, InteractionType, Message, Modal, User
from sandbox.discord.model.message import walk
from sandbox.discord.people import Person
from sandbox.discord.resolving import Resolved
from tests import books
from tests.faults import hostile
from tests.faults.verdict import judge
from tests.rig import Rig, Town

WIDTH = 16
"""Interactions under way at a time."""
PANELS = 200
"""Messages with controls, and forms, that are kept for later interactions."""
COINS = 50_000_000
RECEIPT = re.compile(r"(?i)receipt #(\d+)")
COMMAND, USER_MENU, MESSAGE_MENU = 1, 2, 3
PLAUSIBLE = ("Petal", "Clover", "Phoenix", "1", "17", "350", "USD", "4.99", "🌸", "22:00", "Europe/Berlin", "thanks")
OUR_FAULT = ("Traceback", " ERROR ", "Task exception was never retrieved")
"""Marks of a log line about a failure, where there should have been a refusal."""


@dataclass
class Fuzzer:
    """Fuzzes the bot of a rig in one town. `chance` decides; `problems` lists what should not have happened."""

    rig: Rig
    town: Town
    chance: random.Random
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    panels: deque[Message] = field(default_factory=lambda: deque(maxlen=PANELS))
    forms: deque[Modal] = field(default_factory=lambda: deque(maxlen=PANELS))
    receipts: set[int] = field(default_factory=set)
    elsewhere: Town | None = None

    @classmethod
    async def begin(cls, rig: Rig, seed: int) -> "Fuzzer":
        """Give members coins, start a live event, and found a second town whose ids are of no use in the first."""
        town = await rig.found_town()
        fuzzer = cls(rig, town, random.Random(seed), elsewhere=await rig.found_town())
        await town.approve(town.noor, town.kai)
        for member in (town.mia, town.leo):
            answer = await town.grant(member, COINS)
            fuzzer.receipts.update(map(int, RECEIPT.findall(answer.text)))
        await (await town.noor.at(town.live).slash("live start", title="A long evening", goal=5_000)).message()
        return fuzzer

    async def run(self, interactions: int) -> None:
        """Send this many interactions and wait for their answers."""
        for _ in range(0, interactions, WIDTH):
            await asyncio.gather(*(self._shoot() for _ in range(WIDTH)))
            self._read_log()
            if self.rig.bot.pid is None:
                self.problems.append(f"The bot has ended with {self.rig.bot.exit_code}")
                return

    def judge(self) -> None:
        """Compare the books with the answers: every booked row was shown as a receipt."""
        seqs = {
            seq
            for (seq,) in books.rows(
                self.rig.database, "SELECT seq FROM journal WHERE guild_id = ?", self.town.guild.id
            )
        }
        if unheard := seqs - self.receipts:
            self.problems.append(f"Booked, and no receipt was shown: rows {sorted(unheard)[:20]}")
        self.problems += judge(self.rig.database, ()).findings

    # One interaction

    async def _shoot(self) -> None:
        person = self._pick_person()
        kinds = (self._command, self._command, self._press, self._press, self._press, self._submit, self._menu)
        kind, data, message = self.chance.choice(kinds)(person)
        is_autocomplete = kind is InteractionType.AUTOCOMPLETE
        try:
            interaction = self.rig.world.begin(person.user, person.channel, kind, data, message=message)
        except TypeError:  # a lone surrogate: no gateway sends what is not UTF-8
            self.counts["not sent"] += 1
            return
        exchange = Exchange(interaction)
        self.counts[kind.name.lower()] += 1
        try:
            if is_autocomplete:
                await exchange.choices(10)
            else:
                self._remember(await exchange.reply(10))
        except NoAnswer:
            self.counts["unanswered"] += 1
            self.problems.append(f"Unanswered: {kind.name} {str(data)[:300]}")

    def _remember(self, outcome: Message | Modal) -> None:
        if isinstance(outcome, Modal):
            self.forms.append(outcome)
            return
        self.receipts.update(map(int, RECEIPT.findall(outcome.text)))
        if outcome.components:
            self.panels.append(outcome)

    def _read_log(self) -> None:
        for line in self.rig.bot.lines:
            if any(mark in line for mark in OUR_FAULT):
                self.counts["errors"] += 1
                self.problems.append(f"Logged: {line[:300]}")
        self.rig.bot.lines.clear()

    def _pick_person(self) -> Person:
        town = self.town
        person = self.chance.choice((town.mia, town.mia, town.leo, town.noor, town.kai, town.sam, town.olive))
        return person.at(self.chance.choice((town.general, town.live, town.gifts)))

    # Commands

    def _command(self, person: Person) -> tuple[InteractionType, JSON, None]:
        commands = [entry for entry in self.rig.world.commands if entry["type"] == COMMAND]
        gift = next(entry for entry in commands if entry["name"] == "gift")
        command = gift if self.chance.random() < 0.25 else self.chance.choice(commands)
        path, options = self.chance.choice(list(_leaves(command)))
        resolved = Resolved(self.rig.world, person.channel)
        completable = [option for option in options if option.get("autocomplete")]
        if completable and self.chance.random() < 0.3:
            focus = self.chance.choice(completable)
            arguments = [{"name": focus["name"], "type": focus["type"], "value": self._random_text(), "focused": True}]
            return InteractionType.AUTOCOMPLETE, _command_data(command, path, arguments, resolved), None
        arguments = [
            {"name": option["name"], "type": option["type"], "value": self._value(option, resolved)}
            for option in options
            if option.get("required") or self.chance.random() < 0.4
        ]
        return InteractionType.COMMAND, _command_data(command, path, arguments, resolved), None

    def _random_text(self) -> str:
        return hostile.text(self.chance)[:100]

    def _value(self, option: JSON, resolved: Resolved) -> Any:
        kind, chance = option["type"], self.chance
        if kind in (USER, MENTIONABLE):
            return resolved.user(self._user())
        if kind == CHANNEL:
            return resolved.channel(self._channel())
        if kind == ROLE:
            return resolved.role(chance.choice(list(self.town.guild.roles.values())))
        if kind == BOOLEAN:
            return chance.random() < 0.5
        if kind in (INTEGER, NUMBER):
            return chance.choice((1, 2, 5, 10, chance.choice(hostile.NUMBERS[:-2])))
        if option.get("choices") and chance.random() < 0.8:
            return chance.choice(option["choices"])["value"]
        return chance.choice((chance.choice(PLAUSIBLE), hostile.text(chance)))

    def _user(self) -> User:
        town = self.town
        people = (town.noor, town.noor, town.kai, town.mia, town.leo, town.sam)
        return self.chance.choice((*[person.user for person in people], self.rig.world.bot_user))

    def _channel(self) -> Channel:
        assert self.elsewhere is not None
        return self.chance.choice((self.town.general, self.town.live, self.town.gifts, self.elsewhere.general))

    def _menu(self, person: Person) -> tuple[InteractionType, JSON, None]:
        menus = [entry for entry in self.rig.world.commands if entry["type"] in (USER_MENU, MESSAGE_MENU)]
        menu = self.chance.choice(menus)
        resolved = Resolved(self.rig.world, person.channel)
        messages = self.rig.world.messages(person.channel.id)
        if menu["type"] == MESSAGE_MENU and messages:
            target = resolved.message(self.chance.choice(messages))
        else:
            menu = next(entry for entry in menus if entry["type"] == USER_MENU)
            target = resolved.user(self._user())
        data = {
            "id": menu["id"],
            "name": menu["name"],
            "type": menu["type"],
            "target_id": target,
            "resolved": resolved.to_json(),
        }
        return InteractionType.COMMAND, data, None

    # Controls and forms

    def _press(self, person: Person) -> tuple[InteractionType, JSON, Message | None]:
        controls = [
            (panel, item)
            for panel in (*self.panels, *self.rig.world.messages(self.town.live.id)[-20:])
            for item in walk(panel.components)
            if "custom_id" in item and not panel.deleted
        ]
        if not controls:
            return self._command(person)
        panel, item = self.chance.choice(controls)
        data: JSON = {"component_type": item["type"], "custom_id": self._custom_id(item["custom_id"]), "id": 1}
        if item["type"] in components.SELECTS:
            data["values"] = self._values(item)
            data["resolved"] = {}
        return InteractionType.COMPONENT, data, panel

    def _custom_id(self, custom_id: str) -> str:
        """Return a custom_id as it is, or with one number changed, removed or added."""
        action, *numbers = custom_id.split(":")
        if self.chance.random() < 0.5 or not numbers:
            return custom_id
        forged_number = self.chance.choice(
            ("0", "1", "a", "z" * 12, "z" * 13, "1y2p0ij32e8e7", "3w5e11264sgsf", "-1", "é")
        )
        place = self.chance.randrange(len(numbers))
        match self.chance.randrange(3):
            case 0:
                numbers[place] = forged_number
            case 1:
                del numbers[place]
            case _:
                numbers.insert(place, forged_number)
        return ":".join([action, *numbers])[:100]

    def _values(self, select: JSON) -> list[str]:
        chance = self.chance
        choices = [option["value"] for option in select.get("options", ())] or [str(self.town.general.id)]
        return chance.choice(
            (
                [chance.choice(choices)],
                [chance.choice(choices)],
                [],
                choices[:25],
                [self._custom_id(chance.choice(choices))],
                [hostile.identifier(chance)],
                [hostile.text(chance)[:100]],
            )
        )

    def _submit(self, person: Person) -> tuple[InteractionType, JSON, Message | None]:
        if not self.forms:
            return self._press(person)
        form = self.chance.choice(self.forms)
        rows: list[JSON] = []
        for row in form.components:
            if "components" not in row and "component" not in row:
                rows.append({"type": row["type"], "id": 1})  # a text, which nobody fills in
                continue
            inputs = row["components"] if "components" in row else [row["component"]]
            fields = [self._field(component) for component in inputs if "custom_id" in component]
            rows.append({**row, "components": fields} if "components" in row else {**row, "component": fields[0]})
        data: JSON = {"custom_id": self._custom_id(form.custom_id), "components": rows}
        return InteractionType.MODAL_SUBMIT, data, form.interaction.message

    def _field(self, component: JSON) -> JSON:
        answer = {"type": component["type"], "id": 1, "custom_id": component["custom_id"]}
        if component["type"] in (*components.SELECTS, modals.CHECKBOX_GROUP):
            return answer | {"values": self._values(component)}
        return answer | {"value": self.chance.choice((hostile.text(self.chance)[:4_000], "5", "2026-12-24 20:00"))}


def _leaves(command: JSON) -> Iterator[tuple[list[str], list[JSON]]]:
    """Yield the path of names of every usable subcommand, with its options."""
    options: list[JSON] = command.get("options") or []
    subcommands = [option for option in options if option["type"] in SUBCOMMANDS]
    if not subcommands:
        yield [], options
    for option in subcommands:
        for path, leaf in _leaves(option):
            yield [option["name"], *path], leaf


def _command_data(command: JSON, path: list[str], options: list[JSON], resolved: Resolved) -> JSON:
    for depth, name in enumerate(reversed(path)):
        options = [{"name": name, "type": 2 if depth else 1, "options": options}]
    return {
        "id": command["id"],
        "name": command["name"],
        "type": COMMAND,
        "options": options,
        "resolved": resolved.to_json(),
    }
