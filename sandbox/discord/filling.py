"""Fills in slash commands as Discord's client does, and refuses what the client would not let a person send."""

from typing import Final

from sandbox.discord.command_access import sees_command
from sandbox.discord.jsontypes import JSON, Wire
from sandbox.discord.model import Attachment, Channel, Member, Role, User
from sandbox.discord.permissions import Permissions
from sandbox.discord.resolving import Resolved
from sandbox.discord.world import World

SUBCOMMANDS: Final = (1, 2)
STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = 3, 4, 5, 6, 7, 8, 9, 10, 11
_KINDS: Final[dict[int, tuple[type, ...]]] = {
    STRING: (str,),
    INTEGER: (int,),
    BOOLEAN: (bool,),
    USER: (User, Member),
    CHANNEL: (Channel,),
    ROLE: (Role,),
    MENTIONABLE: (User, Member, Role),
    NUMBER: (int, float),
    ATTACHMENT: (Attachment,),
}


class Refused(ValueError):  # noqa: N818 - it reads as what happened
    """Discord's client would not let a person do this."""


def find_command(world: World, channel: Channel, name: str, kind: int) -> JSON:
    """Return a registered command by its first word (a menu by its whole name); raises Refused."""
    for command in world.commands_in(channel.guild_id):
        if command["name"] == name and command["type"] == kind:
            return command
    names = ", ".join(
        sorted(command["name"] for command in world.commands_in(channel.guild_id) if command["type"] == kind)
    )
    raise Refused(f"there is no command {name!r} here; there are: {names or 'none'}")


def check_allowed(world: World, channel: Channel, user: User, command: JSON) -> None:
    """Raise Refused if this member does not see the command in this channel."""
    if channel.guild_id is None:
        return
    rights = world.rights(channel, user.id)
    if not rights & Permissions.USE_APPLICATION_COMMANDS:
        raise Refused(f"{user.name} may not use application commands here")
    guild, member = world.guilds[channel.guild_id], world.member_of(channel, user.id)
    if member is None or not sees_command(guild, member, command, rights=rights, channel_id=channel.id):
        raise Refused(f"/{command['name']} is hidden from {user.name}")


def leaf_options(command: JSON, path: list[str]) -> list[JSON]:
    """Return the options of the command or subcommand at the end of a path of names; raises Refused."""
    options: list[JSON] = command.get("options") or []
    for name in path:
        subcommand = next(
            (option for option in options if option["name"] == name and option["type"] in SUBCOMMANDS), None
        )
        if subcommand is None:
            raise Refused(f"/{command['name']} has no subcommand {name!r}")
        options = subcommand.get("options") or []
    if any(option["type"] in SUBCOMMANDS for option in options):
        raise Refused(f"/{' '.join([command['name'], *path])} needs one of its subcommands")
    return options


def command_data(command: JSON, path: list[str], options: list[JSON], resolved: Resolved) -> JSON:
    """Return the interaction data of a slash command."""
    for depth, name in enumerate(reversed(path)):
        is_group = depth == 1
        options = [{"name": name, "type": 2 if is_group else 1, "options": options}]
    data: JSON = {"id": command["id"], "name": command["name"], "type": 1, "options": options}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    if resolved_json := resolved.to_json():
        data["resolved"] = resolved_json
    return data


def fill(
    declared: list[JSON], values: dict[str, object], resolved: Resolved, *, focused: str | None = None
) -> list[JSON]:
    """Return the options with their values, in the command's order; raises Refused.

    `focused` is the option that is being typed. As in the client, only its name is checked.
    """
    by_name = {option["name"]: option for option in declared}
    for name in values:
        if name not in by_name:
            raise Refused(f"there is no option {name!r}; there are: {', '.join(by_name) or 'none'}")
    if focused is None:
        missing = [option["name"] for option in declared if option.get("required") and option["name"] not in values]
        if missing:
            raise Refused(f"required options are missing: {', '.join(missing)}")
    entries: list[JSON] = []
    for option in declared:
        if option["name"] not in values:
            continue
        value = values[option["name"]]
        entry: JSON = {"name": option["name"], "type": option["type"]}
        if option["name"] == focused:
            if not option.get("autocomplete"):
                raise Refused(f"option {focused!r} has no autocomplete")
            entry.update(value=str(value), focused=True)
        else:
            entry["value"] = checked(option, value, resolved)
        entries.append(entry)
    return entries


def checked(option: JSON, value: Wire, resolved: Resolved) -> Wire:
    """Return one option's value as it is sent; raises Refused if the client would not accept it."""
    name, kind = option["name"], option["type"]
    allowed = _KINDS.get(kind, ())
    if not isinstance(value, allowed) or (isinstance(value, bool) and kind != BOOLEAN):
        raise Refused(
            f"option {name!r} takes {' or '.join(python_type.__name__ for python_type in allowed)}, not {value!r}"
        )
    if isinstance(value, User | Member | Role | Attachment):
        return resolved.add(value)
    if isinstance(value, Channel):
        types = option.get("channel_types")
        if types and value.kind not in types:
            raise Refused(f"option {name!r} takes channels of types {types}, not {value.kind}")
        return resolved.channel(value)
    if option.get("choices"):
        return _choice_value(option, value)
    _check_range(option, value)
    return value


def _choice_value(option: JSON, value: Wire) -> Wire:
    for choice in option["choices"]:
        if value in (choice["value"], choice["name"]):
            return choice["value"]
    listed = ", ".join(str(choice["name"]) for choice in option["choices"])
    raise Refused(f"option {option['name']!r} offers {listed}, not {value!r}")


def _check_range(option: JSON, value: Wire) -> None:
    text = isinstance(value, str)
    size = len(value) if text else value
    low = option.get("min_length" if text else "min_value")
    high = option.get("max_length" if text else "max_value", 6000 if text else None)
    if isinstance(value, bool):
        return
    if not text and not -(2**53) < value < 2**53:
        raise Refused(f"option {option['name']!r} takes numbers within ±(2^53 - 1)")
    if (low is not None and size < low) or (high is not None and size > high):
        raise Refused(f"option {option['name']!r} takes {low} to {high}, not {size}")
