"""Discord's REST API, one module per resource; each adds its routes to one router."""

from sandbox.discord.rest import (
    application,
    channels,
    commands,
    events,
    guilds,
    interactions,
    members,
    messages,
    pins,
    reactions,
    roles,
    shop,
    stages,
    users,
    webhooks,
)
from sandbox.discord.rest.router import Router

__all__ = ["build_router"]


def build_router() -> Router:
    """Return the router with every resource this Discord has."""
    router = Router()
    for resource in (
        application,
        channels,
        commands,
        events,
        guilds,
        interactions,
        members,
        messages,
        pins,
        reactions,
        roles,
        shop,
        stages,
        users,
        webhooks,
    ):
        resource.add_routes(router)
    return router
