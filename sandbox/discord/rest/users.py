"""Users and direct messages."""

from sandbox.discord.errors import ApiError
from sandbox.discord.jsontypes import JSON
from sandbox.discord.rest.router import Answer, Call, Router, snowflake


def add_routes(router: Router) -> None:
    router.add("GET", "/users/@me", _me)
    router.add("GET", "/users/{user_id}", _user)
    router.add("POST", "/users/@me/channels", _open_dm)
    router.add("GET", "/users/@me/guilds", _guilds)


def _me(call: Call) -> Answer:
    body = {**call.world.bot_user.to_json(), "mfa_enabled": True, "locale": "en-US", "verified": True}
    return Answer({**body, "email": None, "premium_type": 0})


def _user(call: Call) -> Answer:
    user = call.world.users.get(call.ids["user_id"])
    if user is None:
        raise ApiError(10013)
    return Answer(user.to_json())


def _open_dm(call: Call) -> Answer:
    user = call.world.users.get(snowflake(call.form.get("recipient_id"), "recipient_id"))
    if user is None:
        raise ApiError(10013)
    if user.bot:
        raise ApiError(50007)
    return Answer(call.world.open_dm(user).to_json())


def _guilds(call: Call) -> Answer:
    world = call.world
    body: list[JSON] = [
        {
            "id": str(guild.id),
            "name": guild.name,
            "icon": None,
            "banner": None,
            "owner": guild.owner_id == world.bot_user.id,
            "permissions": str(guild.everyone.permissions),
            "features": [],
        }
        for guild in world.guilds.values()
        if guild.has_bot
    ]
    return Answer(body)
