"""The application itself, and the address of its gateway."""

from sandbox.discord.rest.router import Answer, Call, Router


def add_routes(router: Router) -> None:
    router.add("GET", "/oauth2/applications/@me", _own)
    router.add("GET", "/applications/@me", _own)
    router.add("GET", "/gateway", _gateway, anonymous=True)
    router.add("GET", "/gateway/bot", _gateway_for_bots)


def _own(call: Call) -> Answer:
    world = call.world
    return Answer(world.application.to_json(sum(guild.has_bot for guild in world.guilds.values())))


def _gateway(call: Call) -> Answer:
    return Answer({"url": f"{call.base_url.replace('http', 'ws', 1)}/gateway/"})


def _gateway_for_bots(call: Call) -> Answer:
    body = {
        "url": f"{call.base_url.replace('http', 'ws', 1)}/gateway/",
        "shards": 1,
        "session_start_limit": {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1},
    }
    return Answer(body)
