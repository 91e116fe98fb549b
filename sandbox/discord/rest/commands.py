"""Application commands, global ones and those of a guild."""

from collections import deque
from typing import Final

from sandbox.discord.errors import ApiError
from sandbox.discord.jsontypes import JSON, Wire
from sandbox.discord.limits.commands import check_command, check_commands
from sandbox.discord.limits.problems import Problems
from sandbox.discord.rest.router import NO_CONTENT, Answer, Call, Router
from sandbox.discord.rest.shop import own_application
from sandbox.discord.world import World

DAY_SECONDS: Final = 86400.0
MAX_CREATES: Final = 200
_KEPT: Final = ("name_localizations", "description_localizations", "default_member_permissions", "contexts")


def add_routes(router: Router) -> None:
    for base in (
        "/applications/{application_id}/commands",
        "/applications/{application_id}/guilds/{guild_id}/commands",
    ):
        router.add("GET", base, _list)
        router.add("PUT", base, _overwrite)
        router.add("POST", base, _create)
        router.add("GET", base + "/{command_id}", _get)
        router.add("PATCH", base + "/{command_id}", _change)
        router.add("DELETE", base + "/{command_id}", _delete)
    guild_base = "/applications/{application_id}/guilds/{guild_id}/commands"
    router.add("GET", guild_base + "/permissions", _list_permissions)
    router.add("GET", guild_base + "/{command_id}/permissions", _get_permissions)


def _registered(call: Call) -> list[JSON]:
    """Return the list of commands that a request is about, the guild's or the global one."""
    own_application(call)
    if "guild_id" not in call.ids:
        return call.world.commands
    guild = call.world.guild_for_bot(call.ids["guild_id"])
    return call.world.guild_commands.setdefault(guild.id, [])


def _list(call: Call) -> Answer:
    return Answer(_registered(call))


def _overwrite(call: Call) -> Answer:
    registered = _registered(call)
    check_commands(call.items)
    command_by_key = {(command["type"], command["name"]): command for command in registered}
    fresh = sum((form.get("type", 1), form["name"]) not in command_by_key for form in call.items)
    count_creates(call.world, call.ids.get("guild_id"), fresh)
    commands = [_command(call, form, command_by_key.get((form.get("type", 1), form["name"]))) for form in call.items]
    registered[:] = commands
    _tell(call)
    return Answer(commands)


def _create(call: Call) -> Answer:
    registered, form = _registered(call), call.form
    problems = Problems()
    check_command(form, problems, ())
    problems.raise_if_any()
    key = (form.get("type", 1), form["name"])
    old = next((command for command in registered if (command["type"], command["name"]) == key), None)
    if old is None:
        count_creates(call.world, call.ids.get("guild_id"), 1)
        check_commands([*registered, form])
    command = _command(call, form, old)
    registered[:] = [*(command for command in registered if command is not old), command]
    _tell(call)
    return Answer(command, 201 if old is None else 200)


def _find(call: Call) -> JSON:
    command_id = str(call.ids["command_id"])
    for command in _registered(call):
        if command["id"] == command_id:
            return command
    raise ApiError(10063)


def _get(call: Call) -> Answer:
    return Answer(_find(call))


def _change(call: Call) -> Answer:
    registered, old = _registered(call), _find(call)
    form = {**old, **call.form}
    problems = Problems()
    check_command(form, problems, ())
    problems.raise_if_any()
    command = _command(call, form, old)
    registered[registered.index(old)] = command
    _tell(call)
    return Answer(command)


def _delete(call: Call) -> Answer:
    _registered(call).remove(_find(call))
    _tell(call)
    return NO_CONTENT


def _list_permissions(call: Call) -> Answer:
    own_application(call)
    guild = call.world.guild_for_bot(call.ids["guild_id"])
    return Answer([call.world.command_permissions_json(guild, subject_id) for subject_id in guild.command_permissions])


def _get_permissions(call: Call) -> Answer:
    own_application(call)
    guild = call.world.guild_for_bot(call.ids["guild_id"])
    if call.ids["command_id"] not in guild.command_permissions:
        raise ApiError(10066)
    return Answer(call.world.command_permissions_json(guild, call.ids["command_id"]))


def _tell(call: Call) -> None:
    guild_id = call.ids.get("guild_id")
    call.world.notify("commands_update", {"commands": call.world.commands_in(guild_id)}, guild_id=guild_id)


def _command(call: Call, form: JSON, old: JSON | None) -> JSON:
    """Return a command as Discord stores it. If it replaces an `old` one it keeps that one's id."""
    kind: int = form.get("type", 1)
    command: JSON = {
        "id": old["id"] if old else str(call.world.new_id()),
        "application_id": str(call.world.application.id),
        "version": str(call.world.new_id()),
        "type": kind,
        "name": form["name"],
        "description": form.get("description") or "",
        "dm_permission": form.get("dm_permission", True),
        "integration_types": form.get("integration_types") or [0],
        "nsfw": bool(form.get("nsfw")),
        **{key: form.get(key) for key in _KEPT},
    }
    permissions: Wire = command["default_member_permissions"]
    command["default_member_permissions"] = None if permissions is None else str(permissions)
    if kind == 1:
        command["options"] = [_option(option) for option in form.get("options") or ()]
    if "guild_id" in call.ids:
        command["guild_id"] = str(call.ids["guild_id"])
        command["contexts"] = command["integration_types"] = None
        del command["contexts"], command["integration_types"], command["dm_permission"]
    return command


def _option(option: JSON) -> JSON:
    option_json = {key: value for key, value in option.items() if value is not None and value is not False}
    if option.get("options"):
        option_json["options"] = [_option(child) for child in option["options"]]
    return option_json


def count_creates(world: World, guild_id: int | None, number: int) -> None:
    """Count new commands against the daily 200 of a guild (or of the application); raises 30034."""
    creation_times: deque[float] = world.command_creates.setdefault(guild_id or 0, deque())
    while creation_times and creation_times[0] < world.now() - DAY_SECONDS:
        creation_times.popleft()
    if len(creation_times) + number > MAX_CREATES:
        raise ApiError(30034)
    creation_times.extend([world.now()] * number)
