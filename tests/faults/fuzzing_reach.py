"""What there is to fuzz, and how much of it was tried and reached.

A name has a kind and what it is about: "command live start", "option live start goal", "control gift-send".
"""

import inspect
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from bot.ui.kit.controls import Control, Form
from sandbox.discord.filling import SUBCOMMANDS
from sandbox.discord.jsontypes import JSON
from sandbox.discord.limits import components
from tests.controls import CONTROLS

IN_VAIN = 6
SLASH, USER_MENU, MESSAGE_MENU = 1, 2, 3
COMMANDS_WITH_FORMS: Final = ("buy", "creator apply", "Grant coins")
DIRECT_MESSAGE, USER_INSTALL, NOBODYS_INSTALL = "direct message", "user install", "nobody's install"
"""Where interactions come from besides a guild. In the first two the bot serves nobody, and says so."""
SELECT_KINDS: Final = {
    components.STRING_SELECT: "string",
    components.USER_SELECT: "user",
    components.ROLE_SELECT: "role",
    components.MENTIONABLE_SELECT: "mentionable",
    components.CHANNEL_SELECT: "channel",
}
UNREAD: Final = re.compile(r"before I restarted|buttons belong to someone else|Only .+ can do this\.|nobody can use it")
"""Answers that come before a command or control has read what was sent."""


class Reach:
    """Counts what was tried, and what was answered by the code that it was meant for."""

    def __init__(self, commands: Iterable[JSON]) -> None:
        self.names = frozenset(_names(commands))
        self.tries = Counter[str]()
        self.reached = Counter[str]()

    def rarest(self, chance: random.Random, names: Sequence[str]) -> str:
        """Return one of those among `names` that were reached least, and count it as tried.

        What is tried in vain again and again counts as reached after a while, so that it does not take all turns.
        """

        def turns(name: str) -> tuple[int, int]:
            return max(self.reached[name], self.tries[name] // IN_VAIN), self.tries[name]

        fewest = min(map(turns, names))
        name = chance.choice([name for name in names if turns(name) == fewest])
        self.tries[name] += 1
        return name

    def answered(self, aims: Iterable[str], text: str) -> None:
        """Count what an interaction was about as reached, unless its answer came before anything was read."""
        if not UNREAD.search(text):
            self.reached.update(aims)

    @property
    def missing(self) -> list[str]:
        """What was never reached."""
        return sorted(self.names - self.reached.keys())

    @property
    def overlooked(self) -> list[str]:
        """What was never reached, apart from forms about a row, which somebody may have decided on before."""
        return [name for name in self.missing if name not in _FORMS_ABOUT_ROWS]

    def table(self) -> str:
        """Return one line for each kind: how many there are, how many were reached, and how often the rarest was."""
        kinds = sorted({name.split(" ")[0] for name in self.names})
        return "\n".join(self._line([name for name in self.names if name.split(" ")[0] == kind]) for kind in kinds)

    def _line(self, names: Sequence[str]) -> str:
        counts = [self.reached[name] for name in names]
        kind = names[0].split(" ")[0]
        return f"{kind}: {sum(map(bool, counts))} of {len(counts)}, {sum(counts)} times, the rarest {min(counts)} times"


def leaves(command: JSON) -> Iterator[tuple[list[str], list[JSON]]]:
    """Yield the path of names of every usable subcommand, with its options."""
    options: list[JSON] = command.get("options") or []
    subcommands = [option for option in options if option["type"] in SUBCOMMANDS]
    if not subcommands:
        yield [], options
    for option in subcommands:
        for path, leaf in leaves(option):
            yield [option["name"], *path], leaf


def opens_form(control: type[Control[Any]]) -> bool:
    """Whether a control may open a form."""
    methods = [inspect.unwrap(method) for method in vars(control).values() if inspect.isfunction(method)]
    return any(inspect.get_annotations(method).get("return") is Form for method in methods)


_FORMS_ABOUT_ROWS = frozenset(
    f"form {control.action}" for control in CONTROLS if opens_form(control) and {*control.ids_type._fields} - {"owner"}
)


def _names(commands: Iterable[JSON]) -> Iterator[str]:
    for command in commands:
        if command["type"] != SLASH:
            yield f"menu {command['name']}"
            continue
        for path, options in leaves(command):
            full_name = " ".join([command["name"], *path])
            yield f"command {full_name}"
            for option in options:
                yield f"option {full_name} {option['name']}"
                if option.get("autocomplete"):
                    yield f"suggestions {full_name} {option['name']}"
    for control in CONTROLS:
        yield f"control {control.action}"
        if opens_form(control):
            yield f"form {control.action}"
    yield from (f"form {command}" for command in COMMANDS_WITH_FORMS)
    yield from (f"select {kind}" for kind in SELECT_KINDS.values())
    yield from (f"place {place}" for place in (DIRECT_MESSAGE, USER_INSTALL, NOBODYS_INSTALL))
