"""Discord's REST API: one module per resource, each of which adds its routes to a router."""

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
    """Return a router with the routes of all resources."""
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
