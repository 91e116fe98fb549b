"""Channels and threads."""

from sandbox.discord.errors import ApiError
from sandbox.discord.jsontypes import Wire
from sandbox.discord.limits.problems import Problems
from sandbox.discord.model import Channel, Overwrite
from sandbox.discord.permissions import Permissions
from sandbox.discord.rest.messages import writable
from sandbox.discord.rest.router import NO_CONTENT, Answer, Call, Router


def add_routes(router: Router) -> None:
    router.add("GET", "/channels/{channel_id}", _get)
    router.add("PATCH", "/channels/{channel_id}", _change, bucket="change_channel")
    router.add("DELETE", "/channels/{channel_id}", _delete)
    router.add("POST", "/channels/{channel_id}/typing", _typing, bucket="typing")
    router.add("PUT", "/channels/{channel_id}/permissions/{target_id}", _overwrite)
    router.add("DELETE", "/channels/{channel_id}/permissions/{target_id}", _clear_overwrite)


def _channel(call: Call, *needs: Permissions) -> Channel:
    return call.world.channel_for_bot(call.ids["channel_id"], *needs)


def _get(call: Call) -> Answer:
    return Answer(_channel(call).to_json())


def _change(call: Call) -> Answer:
    channel, form = _channel(call), call.form
    need = Permissions.MANAGE_THREADS if channel.is_thread else Permissions.MANAGE_CHANNELS
    if not call.world.rights(channel, call.world.bot_user.id) & need:
        raise ApiError(50013)
    problems = Problems()
    changes: dict[str, Wire] = {}
    if "name" in form:
        problems.length(form["name"], ("name",), 1, 100)
        changes["name"] = form["name"]
    if "topic" in form:
        problems.length(form["topic"], ("topic",), 0, 1024)
        changes["topic"] = form["topic"] or ""
    if form.get("rate_limit_per_user") is not None:
        problems.number(form["rate_limit_per_user"], ("rate_limit_per_user",), 0, 21600)
        changes["slowmode"] = form["rate_limit_per_user"]
    for key in ("nsfw", "archived", "locked"):
        if key in form:
            changes[key] = bool(form[key])
    problems.raise_if_any()
    call.world.update_channel(channel, **changes)
    return Answer(channel.to_json())


def _delete(call: Call) -> Answer:
    channel = _channel(call)
    if not channel.is_dm:
        need = Permissions.MANAGE_THREADS if channel.is_thread else Permissions.MANAGE_CHANNELS
        _channel(call, need)
        call.world.delete_channel(channel)
    return Answer(channel.to_json())


def _typing(call: Call) -> Answer:
    writable(call, call.ids["channel_id"])
    return NO_CONTENT


def _overwrite(call: Call) -> Answer:
    channel, form = _channel(call, Permissions.MANAGE_ROLES), call.form
    target = call.ids["target_id"]
    allow, deny = int(form.get("allow") or 0), int(form.get("deny") or 0)
    channel.overwrites[target] = Overwrite(target, form.get("type") == 1, allow, deny)
    call.world.update_channel(channel)
    return NO_CONTENT


def _clear_overwrite(call: Call) -> Answer:
    call.world.clear_permissions(_channel(call, Permissions.MANAGE_ROLES), call.ids["target_id"])
    return NO_CONTENT
