"""What arrives from Discord, before anything else reads it.

Discord checks what its own clients send, and discord.py believes it: ids of any size, numbers out of bounds and menus
without a choice would come as far as the books. Here they end in a refusal that can be read.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

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
    """Raise what is wrong with an interaction: Unreadable for an id that is none, or a file that did not come along,
    InvalidAmount for a number out of the bounds of its option, and CommandSignatureMismatch for an option that the
    command does not have in that form."""
    data: Any = interaction.data or {}
    options = [*_options(data)]
    if any(id_in(str(object_id)) is None for object_id in _ids(data, options)):
        raise Unreadable
    files = data.get("resolved", {}).get("attachments", {})
    if any(option["value"] not in files for option in options if option.get("type") == _ATTACHMENT):
        raise Unreadable
    command = interaction.command
    if isinstance(command, app_commands.Command):
        parameters = _parameters(command)
        for option in options:
            parameter = parameters.get(option.get("name", ""))
            if parameter is not None and not _fits(parameter, option.get("value")):
                raise app_commands.CommandSignatureMismatch(command)


@lru_cache(maxsize=256)
def _parameters(command: app_commands.Command[Any, ..., Any]) -> Mapping[str, app_commands.Parameter]:
    """Return the options of a command by name. The library wraps each of them anew whenever it is asked."""
    return {parameter.display_name: parameter for parameter in command.parameters}


def _fits(parameter: app_commands.Parameter, value: Any) -> bool:  # noqa: ANN401 - whatever JSON has
    """Whether `value` is of the type of its option, and among its choices; raise InvalidAmount."""
    python_type = _TYPES.get(parameter.type)
    # Not isinstance: to Python, True is an int.
    if python_type is not None and type(value) is not python_type:
        return False
    if parameter.choices:
        return value in {choice.value for choice in parameter.choices}
    if parameter.type is Option.integer:
        lowest, highest = parameter.min_value, parameter.max_value
        if lowest is not None and highest is not None and not lowest <= value <= highest:
            raise InvalidAmount(shortened(value), int(lowest), int(highest))
    return True


def shortened(value: int) -> str:
    """Return a number for a refusal, however large it is."""
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
