"""Limits of application commands and their choices: Discord's documentation, "Application Commands"."""

import unicodedata
from typing import Final, cast

from sandbox.discord.jsontypes import JSON, Wire
from sandbox.discord.limits.problems import REQUIRED, Problems
from sandbox.discord.model import Interaction

CHAT, USER, MESSAGE = 1, 2, 3
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, NUMBER = 1, 2, 3, 4, 5, 10
MAX_PER_TYPE: Final = {CHAT: 100, USER: 15, MESSAGE: 15}
MAX_OPTIONS: Final = 25
MAX_CHARACTERS: Final = 8000
MAX_INTEGER: Final = 2**53 - 1
_WITH_CHOICES: Final = (STRING, INTEGER, NUMBER)
_LOCALES: Final = frozenset(
    (
        "id",
        "da",
        "de",
        "en-GB",
        "en-US",
        "es-ES",
        "es-419",
        "fr",
        "hr",
        "it",
        "lt",
        "hu",
        "nl",
        "no",
        "pl",
        "pt-BR",
        "ro",
    )
).union(("fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko"))
Where = tuple[str | int, ...]


def check_commands(commands: list[Wire]) -> None:
    """Raise 50035 unless Discord would accept this whole list of commands."""
    problems, names = Problems(), set[tuple[int, str]]()
    counts = dict.fromkeys(MAX_PER_TYPE, 0)
    for index, raw in enumerate(commands):
        command = problems.model(raw, (index,))
        if command is None:
            continue
        check_command(command, problems, (index,))
        kind, name = command.get("type", CHAT), str(command.get("name"))
        counts[kind] = counts.get(kind, 0) + 1
        if (kind, name) in names:
            text = "Application command names must be unique"
            problems.add((index, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", text)
        names.add((kind, name))
    for kind, limit in MAX_PER_TYPE.items():
        if counts[kind] > limit:
            text = f"Maximum number of application commands of type {kind} reached ({limit})."
            problems.add((), "APPLICATION_COMMANDS_LIMIT_REACHED", text)
    problems.raise_if_any()


def check_command(command: JSON, problems: Problems, where: Where) -> None:
    """Check one command and add its mistakes to `problems`."""
    kind = command.get("type", CHAT)
    if not problems.choice(kind, (*where, "type"), (CHAT, USER, MESSAGE)):
        return
    if kind == CHAT:
        _check_chat_name(command.get("name"), (*where, "name"), problems)
        problems.length(command.get("description"), (*where, "description"), 1, 100)
        _check_options(command.get("options"), (*where, "options"), problems, depth=0)
        if _characters(command) > MAX_CHARACTERS:
            text = f"Command exceeds maximum size ({MAX_CHARACTERS})"
            problems.add(where, "APPLICATION_COMMAND_TOO_LARGE", text)
    else:
        problems.length(command.get("name"), (*where, "name"), 1, 32)
        if command.get("description"):
            text = "Context menu commands cannot have description"
            problems.add((*where, "description"), "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION", text)
        if command.get("options"):
            text = "Context menu commands cannot have options"
            problems.add((*where, "options"), "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS", text)
    _check_localizations(command, where, problems, chat=kind == CHAT)
    for key, allowed in (("contexts", (0, 1, 2)), ("integration_types", (0, 1))):
        for index, value in enumerate(problems.size(command.get(key), (*where, key), 0, len(allowed))):
            problems.choice(value, (*where, key, index), allowed)


def _check_chat_name(name: Wire, where: Where, problems: Problems) -> None:
    problems.length(name, where, 1, 32)
    if isinstance(name, str) and 1 <= len(name) <= 32 and not (_is_name(name) and name == name.lower()):
        problems.add(where, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _is_name(name: str) -> bool:
    """Return whether all characters are letters, digits, `-`, `_`, `'`, or from the Devanagari or Thai script."""
    return all(
        character in "-_'"
        or unicodedata.category(character)[0] in "LN"
        or "\u0900" <= character <= "\u097f"
        or "\u0e00" <= character <= "\u0e7f"
        for character in name
    )


def _check_options(options: Wire, where: Where, problems: Problems, *, depth: int) -> None:
    names: set[str] = set()
    has_optional = False
    listed = problems.size(options, where, 0, MAX_OPTIONS)
    kinds = _types(listed)
    if kinds & {SUBCOMMAND, GROUP} and kinds - {SUBCOMMAND, GROUP}:
        text = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        problems.add(where, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", text)
    for index, raw in enumerate(listed):
        place: Where = (*where, index)
        option = problems.model(raw, place)
        if option is None or not problems.choice(option.get("type"), (*place, "type"), range(1, 12)):
            continue
        _check_chat_name(option.get("name"), (*place, "name"), problems)
        problems.length(option.get("description"), (*place, "description"), 1, 100)
        _check_localizations(option, place, problems, chat=True)
        if option.get("name") in names:
            text = "Option names must be unique"
            problems.add((*place, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE", text)
        names.add(str(option.get("name")))
        if option.get("required") and has_optional:
            text = "Required options must be placed before non-required options"
            problems.add(place, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", text)
        has_optional = has_optional or not option.get("required")
        _check_option(option, place, problems, depth)


def _types(models: list[Wire]) -> set[Wire]:
    return {cast("JSON", model).get("type") for model in models if isinstance(model, dict)}


def _check_option(option: JSON, place: Where, problems: Problems, depth: int) -> None:
    kind: int = option["type"]
    if kind in (SUBCOMMAND, GROUP):
        if depth >= (2 if kind == SUBCOMMAND else 1):
            text = "Sub-command option types can only nest one level"
            problems.add((*place, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", text)
            return
        _check_options(option.get("options"), (*place, "options"), problems, depth=depth + 1 if kind == GROUP else 2)
        return
    choices = problems.size(option.get("choices"), (*place, "choices"), 0, MAX_OPTIONS)
    if (choices or option.get("autocomplete")) and kind not in _WITH_CHOICES:
        text = "Only string, integer and number options have choices"
        problems.add((*place, "choices"), "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", text)
    elif choices and option.get("autocomplete"):
        text = "Choices and autocomplete are mutually exclusive"
        problems.add((*place, "autocomplete"), "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES", text)
    for index, choice in enumerate(choices):
        _check_choice(choice, (*place, "choices", index), problems, kind)
    for key, low in (("min_length", 0), ("max_length", 1)):
        if option.get(key) is not None:
            problems.number(option[key], (*place, key), low, 6000)
    for key in ("min_value", "max_value"):
        if option.get(key) is not None:
            problems.number(option[key], (*place, key), -MAX_INTEGER, MAX_INTEGER)


def _check_choice(raw: Wire, where: Where, problems: Problems, kind: int) -> None:
    choice = problems.model(raw, where)
    if choice is None:
        return
    problems.length(choice.get("name"), (*where, "name"), 1, 100)
    value = choice.get("value")
    if value is None:
        problems.add((*where, "value"), *REQUIRED)
    elif kind == STRING:
        problems.length(value, (*where, "value"), 0, 100)
    else:
        problems.number(value, (*where, "value"), -MAX_INTEGER, MAX_INTEGER)
    _check_names(choice.get("name_localizations"), (*where, "name_localizations"), problems, 100)


def _check_localizations(model: JSON, where: Where, problems: Problems, *, chat: bool) -> None:
    names = model.get("name_localizations")
    _check_names(names, (*where, "name_localizations"), problems, 32)
    if chat and isinstance(names, dict):
        for locale, name in cast("JSON", names).items():
            _check_chat_name(name, (*where, "name_localizations", locale), problems)
    _check_names(model.get("description_localizations"), (*where, "description_localizations"), problems, 100)


def _check_names(names: Wire, where: Where, problems: Problems, max_length: int) -> None:
    if names is None:
        return
    for locale, text in (problems.model(names, where) or {}).items():
        if locale not in _LOCALES:
            problems.add((*where, locale), "BASE_TYPE_CHOICES", "Value must be one of Discord's locales.")
        problems.length(text, (*where, locale), 1, max_length)


def _characters(model: JSON) -> int:
    """Count a command's characters as Discord does: names, descriptions and values, each in its longest translation."""
    total = 0
    for key in ("name", "description"):
        translations: JSON = model.get(f"{key}_localizations") or {}
        texts: list[Wire] = [model.get(key) or "", *translations.values()]
        total += max(len(str(text)) for text in texts)
    for choice in model.get("choices") or ():
        total += len(str(choice.get("value") or "")) + len(str(choice.get("name") or ""))
    return total + sum(_characters(option) for option in model.get("options") or ())


def check_choices(data: JSON, interaction: Interaction) -> list[JSON]:
    """Return an autocomplete's choices; raise 50035 unless Discord would accept them."""
    problems, where = Problems(), ("data", "choices")
    kind = focused_type(interaction.data)
    choices = problems.size(data.get("choices"), where, 0, MAX_OPTIONS)
    for index, choice in enumerate(choices):
        _check_choice(choice, (*where, index), problems, kind)
    problems.raise_if_any()
    return choices


def focused_type(data: JSON) -> int:
    """Return the type of the option that is being typed, 0 if there is none."""
    for option in data.get("options") or ():
        if option.get("focused"):
            return option["type"]
        if option.get("options") and (kind := focused_type(option)):
            return kind
    return 0
