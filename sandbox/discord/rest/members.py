"""Members of a guild and their roles."""

from sandbox.discord.errors import ApiError
from sandbox.discord.intents import MEMBERS
from sandbox.discord.model import Guild, Member
from sandbox.discord.permissions import Permissions, base
from sandbox.discord.rest.roles import may_manage, role_of
from sandbox.discord.rest.router import NO_CONTENT, Answer, Call, Router


def add_routes(router: Router) -> None:
    router.add("GET", "/guilds/{guild_id}/members", _list)
    router.add("GET", "/guilds/{guild_id}/members/search", _search)
    router.add("GET", "/guilds/{guild_id}/members/{user_id}", _get)
    router.add("PATCH", "/guilds/{guild_id}/members/@me", _rename_self)
    router.add("PUT", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}", _give, bucket="member_roles")
    router.add("DELETE", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}", _take, bucket="member_roles")


def _member(call: Call) -> tuple[Guild, Member]:
    guild = call.world.guild_for_bot(call.ids["guild_id"])
    user_id = call.ids["user_id"]
    member = guild.members.get(user_id)
    if member is None:
        raise ApiError(10007 if user_id in call.world.users else 10013)
    return guild, member


def _get(call: Call) -> Answer:
    return Answer(_member(call)[1].to_json())


def _list(call: Call) -> Answer:
    # Discord returns the list only to applications with the members intent.
    guild = call.world.guild_for_bot(call.ids["guild_id"])
    if not call.world.application.privileged_intents & MEMBERS:
        raise ApiError(50001)
    limit, after = call.number("limit", 1, 1, 1000), call.number("after", 0)
    members = sorted(
        (member for member in guild.members.values() if member.user.id > after), key=lambda member: member.user.id
    )
    return Answer([member.to_json() for member in members[:limit]])


def _search(call: Call) -> Answer:
    guild = call.world.guild_for_bot(call.ids["guild_id"])
    query, limit = call.query.get("query", "").lower(), call.number("limit", 1, 1, 1000)
    members = [member for member in guild.members.values() if member.matches(query)]
    return Answer([member.to_json() for member in members[:limit]])


def _rename_self(call: Call) -> Answer:
    guild = call.world.guild_for_bot(call.ids["guild_id"])
    member = guild.members[call.world.bot_user.id]
    if not base(guild, member) & Permissions.CHANGE_NICKNAME:
        raise ApiError(50013)
    if "nick" in call.form:
        member.nick = call.form["nick"] or None
    call.world.member_changed(member)
    return Answer(member.to_json())


def _give(call: Call) -> Answer:
    guild, member = _member(call)
    role = role_of(guild, call.ids["role_id"])
    may_manage(call, guild, role)
    if role.id not in member.roles:
        member.roles.append(role.id)
        call.world.member_changed(member)
    return NO_CONTENT


def _take(call: Call) -> Answer:
    guild, member = _member(call)
    role = role_of(guild, call.ids["role_id"])
    may_manage(call, guild, role)
    if role.id in member.roles:
        member.roles.remove(role.id)
        call.world.member_changed(member)
    return NO_CONTENT
