"""The one file that touches discord.py's inner parts: where the library has an address but no setting for it.

The same seams serve in production, for a proxy that shares Discord's rate limits between processes.
"""

import asyncio

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

# Fails at import, not at night, if a new discord.py has moved them.
assert isinstance(Route.BASE, str), Route
assert isinstance(DiscordWebSocket.DEFAULT_GATEWAY, yarl.URL), DiscordWebSocket


def point_at(api_url: str, gateway_url: str) -> None:
    """Have every client made from now on speak to this REST API and this gateway."""
    Route.BASE = api_url.rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


def interaction_tasks() -> set[asyncio.Task[object]]:
    """Return the tasks in which discord.py runs commands, buttons and forms right now; it keeps no list of them."""
    return {task for task in asyncio.all_tasks() if task.get_name().startswith(("CommandTree-", "discord-ui-"))}
