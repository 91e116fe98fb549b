"""Checks what arrives from Discord before anything else reads it.

Discord checks what its own clients send, and discord.py trusts it: ids of any size, numbers out of bounds and menus
without a choice would get as far as the books. Here they end in a readable refusal.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import discord
from discord import app_commands

from bot.domain.errors import InvalidAmount
from bot.domain.ids import id_in
from bot.ui.text.refusals import Unreadable

Option = discord.AppCommandOptionType

_IDS = frozenset(
    option.value for option in (Option.user, Option.channel, Option.role, Option.mentionable, Option.attachment)
)
_ATTACHMENT = Option.attachment.value
_TYPES: Mapping[Option, type[Any]] = {Option.string: str, Option.integer: int, Option.boolean: bool}
_LONGEST_SHOWN = 40


def check(interaction: discord.Interaction) -> None:
    """Raise what is wrong with an interaction: Unreadable for an id that is not one, or a file that is missing,
    InvalidAmount for a number out of the bounds of its option, and CommandSignatureMismatch for an option that the
    command does not have in that form."""
    data: Any = interaction.data or {}
    options = [*_options(data)]
    # The same id is among the options, and once or twice more among what they resolve to.
    for object_id in {str(object_id) for object_id in _ids(data, options)}:
        if id_in(object_id) is None:
            raise Unreadable
    files = data.get("resolved", {}).get("attachments", {})
    for option in options:
        if option.get("type") == _ATTACHMENT and option["value"] not in files:
            raise Unreadable
    command = interaction.command
    if isinstance(command, app_commands.Command):
        limits = _limits(command)
        for option in options:
            limit = limits.get(option.get("name", ""))
            if limit is not None and not limit.fits(option.get("value")):
                raise app_commands.CommandSignatureMismatch(command)


class _Limit(NamedTuple):
    """What an option accepts: values of a type, None for any type; only its choices, if it has any; and only numbers
    within its bounds, if it has both."""

    python_type: type[Any] | None
    choices: Collection[str | int | float]
    bounds: tuple[int, int] | None

    def fits(self, value: Any) -> bool:  # noqa: ANN401 - whatever JSON has
        """Whether `value` is of the type and among the choices; raise InvalidAmount."""
        # Not isinstance: to Python, True is an int.
        if self.python_type is not None and type(value) is not self.python_type:
            return False
        if self.choices:
            return value in self.choices
        if self.bounds is not None and not self.bounds[0] <= value <= self.bounds[1]:
            raise InvalidAmount(shortened(value), *self.bounds)
        return True


@lru_cache(maxsize=256)
def _limits(command: app_commands.Command[Any, ..., Any]) -> Mapping[str, _Limit]:
    """Return what the options of a command accept, by name. The library would wrap each anew on every call."""
    return {parameter.display_name: _limit_of(parameter) for parameter in command.parameters}


def _limit_of(parameter: app_commands.Parameter) -> _Limit:
    lowest, highest, bounds = parameter.min_value, parameter.max_value, None
    if parameter.type is Option.integer and lowest is not None and highest is not None:
        bounds = int(lowest), int(highest)
    return _Limit(_TYPES.get(parameter.type), frozenset(choice.value for choice in parameter.choices), bounds)


def shortened(value: int) -> str:
    """Return a number, however large, as text for a refusal."""
    # Python refuses to print an int of thousands of digits.
    return "…" if value.bit_length() > 256 else str(value)[:_LONGEST_SHOWN]


def _ids(data: Mapping[str, Any], options: Sequence[Mapping[str, Any]]) -> Iterator[object]:
    if "target_id" in data:
        yield data["target_id"]
    for objects in data.get("resolved", {}).values():
        yield from objects
    for option in options:
        if option.get("type") in _IDS:
            yield option.get("value")


def _options(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the options that carry a value: below a subcommand, or at the top."""
    for option in data.get("options", []):
        if "options" in option:
            yield from _options(option)
        elif "value" in option:
            yield option
