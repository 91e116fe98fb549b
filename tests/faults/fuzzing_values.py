"""What a client may put into an interaction, by chance: valid, odd or forged."""

import random
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from bot.domain.ids import HIGHEST
from bot.ui.kit import custom_id
from bot.ui.kit.controls import Control
from sandbox.discord.filling import ATTACHMENT, BOOLEAN, CHANNEL, INTEGER, NUMBER, ROLE, STRING
from sandbox.discord.jsontypes import JSON
from sandbox.discord.limits import components, modals
from sandbox.discord.model import Attachment, Channel, InteractionType, Message, Role, User
from sandbox.discord.model.message import walk
from sandbox.discord.people import Person
from sandbox.discord.resolving import Resolved
from tests.controls import CONTROLS
from tests.faults import hostile
from tests.rig import Town

PLAUSIBLE: Final = (
    "Petal", "Clover", "Phoenix", "1", "17", "350", "USD", "4.99", "🌸", "22:00", "Europe/Berlin", "thanks",
    "2026-12-24 20:00", "5",
)  # fmt: skip
FORGED_NUMBERS: Final = ("0", "1", "a", "z" * 12, "z" * 13, "1y2p0ij32e8e7", "3w5e11264sgsf", "-1", "é")
LARGE_NUMBERS: Final = (0, 2**31, HIGHEST, HIGHEST + 1, 36**13 - 1)
CONTENT_TYPES: Final = ("text/csv", "text/csv; charset=utf-8", "image/png", "", "application/x-msdownload")
CREATORS: Final = frozenset({"creator", "first", "second", "third", "fourth", "member", "sender"})
"""Fields of custom_ids that name somebody else."""
MEMORY: Final = 200
"""Values of one field, or choices of menus, that are kept for later interactions."""
CONTROL_BY_ACTION: Final[Mapping[str, type[Control[Any]]]] = {control.action: control for control in CONTROLS}


class Shot(NamedTuple):
    """An interaction to send. `aims` names what it tries, as `Reach` does."""

    person: Person
    kind: InteractionType
    data: JSON
    aims: tuple[str, ...]
    message: Message | None = None


def _memory() -> deque[Any]:
    return deque(maxlen=MEMORY)


@dataclass
class Values:
    """Chooses values for one town by chance, among others those that the bot has shown before.

    `elsewhere` is another town, whose ids are of no use in the first.
    """

    town: Town
    elsewhere: Town
    chance: random.Random
    numbers: defaultdict[str, deque[int]] = field(default_factory=lambda: defaultdict(_memory))
    choices: deque[str] = field(default_factory=_memory)
    suggested: defaultdict[str, deque[Any]] = field(default_factory=lambda: defaultdict(_memory))
    """By the name of an option."""

    def remember(self, message: Message) -> None:
        """Note down the ids and the choices that a message of the bot carries."""
        for item in walk(message.components):
            self.choices.extend(option["value"] for option in item.get("options", ()))
            raw_id = str(item.get("custom_id", ""))
            control = CONTROL_BY_ACTION.get(raw_id.partition(":")[0])
            match = control and control.__discord_ui_compiled_template__.fullmatch(raw_id)
            if control and match and raw_id not in control.formerly:
                for name, number in zip(control.ids_type._fields, custom_id.numbers_of(match), strict=False):
                    self.numbers[name].append(number)

    # What people type

    def text(self) -> str:
        return self.chance.choice((self.chance.choice(PLAUSIBLE), hostile.text(self.chance)))

    def option(self, option: JSON, resolved: Resolved, person: Person) -> Any:
        """Return a value for an option of a command."""
        kind, chance, suggested = option["type"], self.chance, self.suggested[option["name"]]
        if suggested and chance.random() < 0.5:
            return chance.choice(suggested)
        if option.get("choices") and chance.random() < 0.8:
            return chance.choice(option["choices"])["value"]
        if kind == BOOLEAN:
            return chance.random() < 0.5
        if kind in (INTEGER, NUMBER):
            shown = [*self.numbers["seq"], 1, 2, 5, 10]
            return chance.choice((chance.choice(shown), chance.choice(shown), chance.choice(hostile.NUMBERS[:-2])))
        if kind == STRING:
            return chance.choice((chance.choice([*self.choices, *PLAUSIBLE]), chance.choice(PLAUSIBLE), self.text()))
        return self._object(kind, resolved, person)

    def _object(self, kind: int, resolved: Resolved, person: Person) -> str:
        if kind == CHANNEL:
            return resolved.channel(self.channel())
        if kind == ROLE:
            return resolved.role(self.role())
        return self._file(resolved, person) if kind == ATTACHMENT else resolved.user(self.user())

    def user(self) -> User:
        town = self.town
        people = (town.noor, town.noor, town.kai, town.mia, town.leo, town.sam)
        return self.chance.choice((*[person.user for person in people], town.rig.world.bot_user))

    def role(self) -> Role:
        return self.chance.choice(list(self.town.guild.roles.values()))

    def channel(self) -> Channel:
        return self.chance.choice((self.town.general, self.town.live, self.town.gifts, self.elsewhere.general))

    def _file(self, resolved: Resolved, person: Person) -> str:
        """Upload a file, and return its id, or one of a file that was never sent."""
        chance = self.chance
        if chance.random() < 0.1:
            return hostile.identifier(chance)
        members = [member.user.id for member in (self.town.mia, self.town.leo, self.town.kai, self.elsewhere.mia)]
        name = chance.choice(("balances.csv", "a.tsv", "x" * 200 + ".csv", "../../.env", "pixel.png", ""))
        file: Attachment = person.upload(name, hostile.spreadsheet(chance, members), chance.choice(CONTENT_TYPES))
        if chance.random() < 0.1:
            file.size = chance.choice((0, 1, 2**31, 2**63))
        return resolved.attachment(file)

    # Controls and forms

    def custom_id_of(self, control: type[Control[Any]], person: Person) -> str:
        """Return a custom_id of a control, most likely with ids that make sense."""
        numbers = [self._number(name, person) for name in control.ids_type._fields]
        raw_id = ":".join([control.action, *map(hostile.base36, numbers)])
        return self.forged(raw_id) if self.chance.random() < 0.2 else raw_id[: custom_id.LONGEST]

    def forged(self, raw_id: str) -> str:
        """Return a custom_id with one number changed, removed or added."""
        action, *numbers = raw_id.split(":")
        forged_number = self.chance.choice(FORGED_NUMBERS)
        if not numbers:
            return f"{action}:{forged_number}"
        place = self.chance.randrange(len(numbers))
        match self.chance.randrange(3):
            case 0:
                numbers[place] = forged_number
            case 1:
                del numbers[place]
            case _:
                numbers.insert(place, forged_number)
        return ":".join([action, *numbers])[: custom_id.LONGEST]

    def _number(self, name: str, person: Person) -> int:
        if name in ("owner", "viewer"):
            return person.user.id if self.chance.random() < 0.9 else self.user().id
        way, shown = self.chance.random(), self.numbers[name]
        if shown and way < 0.6:
            return self.chance.choice(shown)
        return self._usual_number(name) if way < 0.9 else self.chance.choice(LARGE_NUMBERS)

    def _usual_number(self, name: str) -> int:
        if name in CREATORS:
            return self.user().id
        return self.channel().id if name == "channel" else self.chance.choice((0, 1, 2, 3, 7, 500))

    def picks(self, select: JSON, resolved: Resolved) -> list[str]:
        """Return what is picked in a menu, with the objects that it names in `resolved`."""
        chance = self.chance
        choices = self._choices(select, resolved)
        return chance.choice(
            (
                [chance.choice(choices)],
                [chance.choice(choices)],
                [choices[-1]],
                [],
                choices[:25],
                [self.forged(chance.choice(choices))],
                [hostile.identifier(chance)],
                [hostile.text(chance)[:100]],
            )
        )

    def _choices(self, select: JSON, resolved: Resolved) -> list[str]:
        match select["type"]:
            case components.USER_SELECT:
                return [resolved.user(self.user()) for _ in range(2)]
            case components.ROLE_SELECT:
                return [resolved.role(self.role())]
            case components.MENTIONABLE_SELECT:
                return [resolved.user(self.user()), resolved.role(self.role())]
            case components.CHANNEL_SELECT:
                return [resolved.channel(self.channel())]
            case _:
                own = [option["value"] for option in select.get("options", ())]
                return own if len(own) > 1 else [*own, *self.choices, "0", "1"]

    def field(self, component: JSON, resolved: Resolved) -> JSON:
        """Return an input of a form, filled in."""
        answer = {"type": component["type"], "id": 1, "custom_id": component["custom_id"]}
        if component["type"] in (*components.SELECTS, modals.CHECKBOX_GROUP):
            return answer | {"values": self.picks(component, resolved)}
        if component["type"] == modals.CHECKBOX:
            return answer | {"value": self.chance.choice((True, False, None, "true"))}
        offered = [option["value"] for option in component.get("options", ())]
        return answer | {"value": self.chance.choice((self.text(), *(offered or [self.text()])))[:4_000]}
