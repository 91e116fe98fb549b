"""What a bot is told once it has identified."""

from sandbox.discord.jsontypes import JSON
from sandbox.discord.model import Guild
from sandbox.discord.sessions import Session
from sandbox.discord.world import World


def ready_json(world: World, session: Session, guilds: list[Guild], url: str) -> JSON:
    return {
        "v": 10,
        "user": {**world.bot_user.to_json(), "verified": True, "mfa_enabled": True, "email": None},
        "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
        "session_id": session.id,
        "session_type": "normal",
        "resume_gateway_url": url,
        "application": {"id": str(world.application.id), "flags": 0},
        "private_channels": [],
        "relationships": [],
        "geo_ordered_rtc_regions": [],
        "presences": [],
        "auth": {},
        "user_settings": {},
        "_trace": [],
    }
