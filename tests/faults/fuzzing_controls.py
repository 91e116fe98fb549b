"""Presses of buttons, choices in menus and forms: those that the bot has shown, and forged ones."""

from collections import deque
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from sandbox.discord.jsontypes import JSON
from sandbox.discord.limits import components
from sandbox.discord.model import InteractionType, Message, Modal
from sandbox.discord.model.message import walk
from sandbox.discord.people import Person
from sandbox.discord.resolving import Resolved
from tests.faults import hostile
from tests.faults.fuzzing_reach import SELECT_KINDS, Reach
from tests.faults.fuzzing_values import CONTROL_BY_ACTION, Shot, Values

PANELS = 200
"""Messages with controls, and forms, that are kept for later interactions."""


@dataclass
class Controls:
    """Chooses controls and fills in forms. Forged controls are those first that were reached least."""

    values: Values
    reach: Reach
    panels: deque[Message] = field(default_factory=lambda: deque[Message](maxlen=PANELS))
    latest: dict[str, tuple[Message, JSON]] = field(default_factory=dict[str, tuple[Message, JSON]])
    """By action, where it was shown last."""
    forms: deque[tuple[str, Modal]] = field(default_factory=lambda: deque[tuple[str, Modal]](maxlen=PANELS))

    def remember(self, aims: tuple[str, ...], outcome: Message | Modal) -> None:
        """Keep an answer for later interactions. `aims` is what it answers."""
        if isinstance(outcome, Modal):
            self.forms.append((aims[0].partition(" ")[2], outcome))
        elif outcome.components:
            self.panels.append(outcome)
            self.values.remember(outcome)
            self.latest |= {
                _action(item): (outcome, item) for item in walk(outcome.components) if item.get("custom_id")
            }

    def press(self, person: Person) -> Shot:
        """Use a control of a message, as it is or with other ids."""
        chance = self.values.chance
        panel, item = chance.choice(self._visible())
        if chance.random() < 0.2:
            # The library looks for the control in the message that it is a part of.
            item = item | {"custom_id": self.values.forged(item["custom_id"])}
            panel = _with_control(panel, item)
        return self._shot(person, panel, item)

    def forge(self, person: Person) -> Shot:
        """Use any control of the bot, wherever it stands and whatever it is about."""
        aim = self.reach.rarest(self.values.chance, [f"control {action}" for action in CONTROL_BY_ACTION])
        return self._forged(person, aim.removeprefix("control "))

    def aimed(self, person: Person, name: str) -> Shot:
        """Use the control that a name of `Reach` means, or the one that opens a form, or any."""
        kind, _, action = name.partition(" ")
        if action not in CONTROL_BY_ACTION:
            return self.press(person)
        if kind == "form" and (forms := [pair for pair in self.forms if pair[0] == action]):
            return self._submitted(person, *forms[-1])
        if action in self.latest and self.values.chance.random() < 0.7:
            panel, item = self.latest[action]
            if item not in walk(panel.components):
                # An edit took it away since. Discord takes presses of what a message shows only.
                panel = _with_control(panel, item)
            owner = panel.ephemeral_for or person.user.id
            return self._shot(Person(person.world, person.world.users[owner], person.channel), panel, item)
        return self._forged(person, action)

    def _visible(self) -> list[tuple[Message, JSON]]:
        town = self.values.town
        rooms = [town.rig.world.messages(channel.id)[-20:] for channel in (town.general, town.live, town.gifts)]
        return [
            (panel, item)
            for panel in (*self.panels, *chain.from_iterable(rooms))
            for item in walk(panel.components)
            if item.get("custom_id") and not panel.deleted
        ]

    def _forged(self, person: Person, action: str) -> Shot:
        chance = self.values.chance
        kind = chance.choice((components.BUTTON, components.BUTTON, *SELECT_KINDS))
        item = hostile.component(self.values.custom_id_of(CONTROL_BY_ACTION[action], person), kind)
        return self._shot(person, _with_control(chance.choice(self.panels), item), item)

    def submit(self, person: Person) -> Shot:
        """Send a form, most likely one that was not sent yet."""
        if not self.forms:
            return self.forge(person)
        return self._submitted(person, *self.values.chance.choice(self.forms))

    def _submitted(self, person: Person, opener: str, form: Modal) -> Shot:
        chance = self.values.chance
        if chance.random() < 0.9:
            self.forms.remove((opener, form))
        sender = person.at(form.interaction.channel)
        if chance.random() < 0.9:
            sender = Person(person.world, form.interaction.user, form.interaction.channel)
        resolved = Resolved(person.world, sender.channel)
        rows = [self._row(row, resolved) for row in form.components]
        raw_id = form.custom_id if chance.random() < 0.95 else self.values.forged(form.custom_id)
        data: JSON = {"custom_id": raw_id, "components": rows, "resolved": resolved.to_json()}
        return Shot(sender, InteractionType.MODAL_SUBMIT, data, (f"form {opener}",), form.interaction.message)

    def _row(self, row: JSON, resolved: Resolved) -> JSON:
        if "components" in row:
            return row | {"components": [self.values.field(item, resolved) for item in row["components"]]}
        if "component" in row:
            return row | {"component": self.values.field(row["component"], resolved)}
        return {"type": row["type"], "id": 1}  # a text, which nobody fills in

    def _shot(self, person: Person, panel: Message, item: JSON) -> Shot:
        data: dict[str, Any] = {"component_type": item["type"], "custom_id": item["custom_id"], "id": 1}
        aims = (f"control {_action(item)}",)
        if item["type"] in components.SELECTS:
            resolved = Resolved(person.world, person.channel)
            data["values"] = self.values.picks(item, resolved)
            data["resolved"] = resolved.to_json()
            aims = (*aims, f"select {SELECT_KINDS[item['type']]}")
        return Shot(person, InteractionType.COMPONENT, data, aims, panel)


def _action(item: JSON) -> str:
    return item["custom_id"].partition(":")[0]


def _with_control(message: Message, item: JSON) -> Message:
    """Return a copy of a message that has nothing but this control."""
    return replace(message, components=[{"type": components.ROW, "id": 2, "components": [item]}])
