"""Slash commands, suggestions and context menus with options chosen by chance."""

from typing import NamedTuple

from sandbox.discord.filling import command_data
from sandbox.discord.jsontypes import JSON
from sandbox.discord.model import InteractionType
from sandbox.discord.people import Person
from sandbox.discord.resolving import Resolved
from sandbox.discord.world import World
from tests.faults.fuzzing_reach import MESSAGE_MENU, SLASH, Reach, leaves
from tests.faults.fuzzing_values import Shot, Values

GIVING = ("gift", "gift-team", "chip-in", "buy", "chest", "perks")
"""Commands that move coins most: they are tried more than others."""


class Leaf(NamedTuple):
    """A command that can be used. `name` is its full name, `path` the names below its first word."""

    name: str
    command: JSON
    path: list[str]
    options: list[JSON]


class Commands:
    """Chooses commands, those first that were reached least."""

    def __init__(self, world: World, values: Values, reach: Reach) -> None:
        self._world, self._values, self._reach = world, values, reach
        self._leaves = [
            Leaf(" ".join([command["name"], *path]), command, path, options)
            for command in world.commands
            if command["type"] == SLASH
            for path, options in leaves(command)
        ]
        self._menus = {entry["name"]: entry for entry in world.commands if entry["type"] != SLASH}

    def slash(self, person: Person) -> Shot:
        """Use a slash command, or type into one of its options."""
        chance = self._values.chance
        if chance.random() < 0.3:
            leaf = chance.choice([leaf for leaf in self._leaves if leaf.name in GIVING])
        else:
            rarest = self._reach.rarest(chance, [f"command {leaf.name}" for leaf in self._leaves])
            leaf = next(leaf for leaf in self._leaves if rarest == f"command {leaf.name}")
        completable = [option for option in leaf.options if option.get("autocomplete")]
        if completable and chance.random() < 0.3:
            return self._suggestions(person, leaf, chance.choice(completable))
        return self._filled(person, leaf)

    def aimed(self, person: Person, name: str) -> Shot | None:
        """Use the command, option, suggestions or menu that a name of `Reach` means, None for anything else."""
        for leaf in self._leaves:
            if name in (f"command {leaf.name}", f"form {leaf.name}"):
                return self._filled(person, leaf, *leaf.options[:1])
            for option in leaf.options:
                if name == f"option {leaf.name} {option['name']}":
                    return self._filled(person, leaf, option)
                if name == f"suggestions {leaf.name} {option['name']}":
                    return self._suggestions(person, leaf, option)
        return self.menu(person) if name.partition(" ")[2] in self._menus else None

    def menu(self, person: Person) -> Shot:
        """Use a context menu on a message or a member."""
        name = self._values.chance.choice(list(self._menus))
        menu, resolved = self._menus[name], Resolved(self._world, person.channel)
        if menu["type"] == MESSAGE_MENU:
            target = resolved.message(self._values.chance.choice(self._world.messages(person.channel.id)))
        else:
            target = resolved.user(self._values.user())
        data: JSON = {"id": menu["id"], "name": name, "type": menu["type"], "target_id": target}
        return Shot(person, InteractionType.COMMAND, data | {"resolved": resolved.to_json()}, (f"menu {name}",))

    def _filled(self, person: Person, leaf: Leaf, wanted: JSON | None = None) -> Shot:
        resolved = Resolved(self._world, person.channel)
        filled = [
            option
            for option in leaf.options
            if option.get("required") or option is wanted or self._values.chance.random() < 0.4
        ]
        arguments: list[JSON] = [
            {
                "name": option["name"],
                "type": option["type"],
                "value": self._values.option(option, resolved, person),
            }
            for option in filled
        ]
        aims = [f"option {leaf.name} {option['name']}" for option in filled]
        data = command_data(leaf.command, leaf.path, arguments, resolved)
        return Shot(person, InteractionType.COMMAND, data, (f"command {leaf.name}", *aims))

    def _suggestions(self, person: Person, leaf: Leaf, option: JSON) -> Shot:
        focused = {"name": option["name"], "type": option["type"], "value": self._values.text()[:100], "focused": True}
        data = command_data(leaf.command, leaf.path, [focused], Resolved(self._world, person.channel))
        aim = f"suggestions {leaf.name} {option['name']}"
        return Shot(person, InteractionType.AUTOCOMPLETE, data, (aim,))
