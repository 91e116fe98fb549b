"""Guilds, their channels and their active threads."""

from sandbox.discord.rest.router import Answer, Call, Router


def add_routes(router: Router) -> None:
    router.add("GET", "/guilds/{guild_id}", _guild)
    router.add("GET", "/guilds/{guild_id}/channels", _channels)
    router.add("GET", "/guilds/{guild_id}/threads/active", _threads)


def _guild(call: Call) -> Answer:
    guild = call.world.guild_for_bot(call.ids["guild_id"])
    body = guild.to_json()
    if call.flag("with_counts"):
        body["approximate_member_count"] = len(guild.members)
        body["approximate_presence_count"] = len(guild.members)
    return Answer(body)


def _channels(call: Call) -> Answer:
    guild = call.world.guild_for_bot(call.ids["guild_id"])
    return Answer([channel.to_json() for channel in guild.channels.values() if not channel.is_thread])


def _threads(call: Call) -> Answer:
    guild = call.world.guild_for_bot(call.ids["guild_id"])
    threads = [thread.to_json() for thread in call.world.active_threads(guild.id)]
    return Answer({"threads": threads, "members": [], "has_more": False})
