"""The application behind the bot."""

from dataclasses import dataclass

from sandbox.discord.jsontypes import JSON
from sandbox.discord.model.user import User


@dataclass(slots=True, eq=False)
class Application:
    """The bot's application. `privileged_intents` are those switched on in the developer portal.

    `installers` is the `authorizing_integration_owners` of interactions: who has installed the application. None stands
    for the guild that an interaction comes from. Discord sometimes sends it empty.
    """

    id: int
    name: str
    bot: User
    owner: User
    token: str
    privileged_intents: int = 0
    installers: JSON | None = None

    def to_json(self, guild_count: int) -> JSON:
        """Return Discord's application object, as the application's own bot sees it."""
        return {
            "id": str(self.id),
            "name": self.name,
            "icon": None,
            "description": "",
            "type": None,
            "bot": self.bot.to_json(),
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": 0,
            "flags_new": "0",
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None,
            "owner": self.owner.to_json(),
            "approximate_guild_count": guild_count,
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0,
            "team": None,
            "eligible_oauth2_scopes": ["bot", "applications.commands"],
        }
