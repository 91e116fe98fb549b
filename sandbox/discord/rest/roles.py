"""Roles of a guild, managed by a bot that has the permission."""

from typing import Final

from sandbox.discord.errors import ApiError
from sandbox.discord.jsontypes import Wire
from sandbox.discord.limits.problems import Problems
from sandbox.discord.model import Guild, Role
from sandbox.discord.permissions import Permissions, base
from sandbox.discord.rest.router import NO_CONTENT, Answer, Call, Router

MAX_ROLES: Final = 250


def add_routes(router: Router) -> None:
    router.add("GET", "/guilds/{guild_id}/roles", _list)
    router.add("GET", "/guilds/{guild_id}/roles/member-counts", _member_counts)
    router.add("GET", "/guilds/{guild_id}/roles/{role_id}", _get)
    router.add("POST", "/guilds/{guild_id}/roles", _create)
    router.add("PATCH", "/guilds/{guild_id}/roles/{role_id}", _change)
    router.add("DELETE", "/guilds/{guild_id}/roles/{role_id}", _delete)


def may_manage(call: Call, guild: Guild, role: Role) -> None:
    """Check that the bot has Manage Roles and that a role is below its own; raises 50013."""
    bot = guild.members[call.world.bot_user.id]
    if not base(guild, bot) & Permissions.MANAGE_ROLES:
        raise ApiError(50013)
    if role.position >= guild.top_position(bot) or role.managed_by is not None or role.id == guild.id:
        raise ApiError(50013)


def role_of(guild: Guild, role_id: int) -> Role:
    """Return a role of a guild; raises 10011."""
    role = guild.roles.get(role_id)
    if role is None:
        raise ApiError(10011)
    return role


def _list(call: Call) -> Answer:
    return Answer([role.to_json() for role in call.world.guild_for_bot(call.ids["guild_id"]).roles.values()])


def _member_counts(call: Call) -> Answer:
    """Return the number of members of each role, without @everyone, as Discord does."""
    guild = call.world.guild_for_bot(call.ids["guild_id"])
    counts = {role_id: 0 for role_id in guild.roles if role_id != guild.id}
    for member in guild.members.values():
        for role_id in member.roles:
            counts[role_id] += 1
    return Answer({str(role_id): count for role_id, count in counts.items()})


def _get(call: Call) -> Answer:
    guild = call.world.guild_for_bot(call.ids["guild_id"])
    return Answer(role_of(guild, call.ids["role_id"]).to_json())


def _create(call: Call) -> Answer:
    guild, form = call.world.guild_for_bot(call.ids["guild_id"]), call.form
    bot = guild.members[call.world.bot_user.id]
    if not base(guild, bot) & Permissions.MANAGE_ROLES:
        raise ApiError(50013)
    if len(guild.roles) >= MAX_ROLES:
        raise ApiError(30005)
    changes = _changes(call)
    role = call.world.add_role(
        guild,
        changes.get("name", "new role"),
        permissions=changes.get("permissions", guild.everyone.permissions),
        color=changes.get("color", 0),
        hoist=bool(form.get("hoist")),
        mentionable=bool(form.get("mentionable")),
    )
    return Answer(role.to_json())


def _change(call: Call) -> Answer:
    guild = call.world.guild_for_bot(call.ids["guild_id"])
    role = role_of(guild, call.ids["role_id"])
    may_manage(call, guild, role)
    call.world.update_role(role, **_changes(call))
    return Answer(role.to_json())


def _delete(call: Call) -> Answer:
    guild = call.world.guild_for_bot(call.ids["guild_id"])
    role = role_of(guild, call.ids["role_id"])
    may_manage(call, guild, role)
    call.world.delete_role(role)
    return NO_CONTENT


def _changes(call: Call) -> dict[str, Wire]:
    """Return the fields of a role that a form sets; raises 50035."""
    form, problems = call.form, Problems()
    changes: dict[str, Wire] = {key: form[key] for key in ("hoist", "mentionable") if form.get(key) is not None}
    if form.get("name") is not None:
        problems.length(form["name"], ("name",), 1, 100)
        changes["name"] = form["name"]
    color = form.get("color")
    if color is None and isinstance(form.get("colors"), dict):
        color = form["colors"].get("primary_color")
    if color is not None:
        problems.number(color, ("color",), 0, 0xFFFFFF)
        changes["color"] = color
    if form.get("permissions") is not None:
        changes["permissions"] = int(form["permissions"])
    problems.raise_if_any()
    return changes
