"""Guilds ("servers"), their roles, members and emoji."""

from dataclasses import dataclass, field

from sandbox.discord.ids import iso, iso_or_none
from sandbox.discord.jsontypes import JSON
from sandbox.discord.model.channel import Channel
from sandbox.discord.model.event import ScheduledEvent, StageInstance
from sandbox.discord.model.user import User


@dataclass(slots=True, eq=False)
class Role:
    """A role. `managed_by` is the id of the bot whose own role it is."""

    id: int
    guild_id: int
    name: str
    permissions: int = 0
    color: int = 0
    position: int = 0
    hoist: bool = False
    mentionable: bool = False
    managed_by: int | None = None

    def to_json(self) -> JSON:
        result: JSON = {
            "id": str(self.id),
            "name": self.name,
            "permissions": str(self.permissions),
            "position": self.position,
            "color": self.color,
            "colors": {"primary_color": self.color, "secondary_color": None, "tertiary_color": None},
            "hoist": self.hoist,
            "managed": self.managed_by is not None,
            "mentionable": self.mentionable,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        }
        if self.managed_by is not None:
            result["tags"] = {"bot_id": str(self.managed_by)}
        return result


@dataclass(slots=True, eq=False)
class Member:
    """A user in a guild. `roles` are role ids, without @everyone's."""

    user: User
    guild_id: int
    joined_at: float
    roles: list[int] = field(default_factory=list[int])
    nick: str | None = None
    timeout_until: float | None = None

    def matches(self, query: str) -> bool:
        """Whether the user name or the name shown begins like this, in lower case."""
        return self.user.name.lower().startswith(query) or self.shown_name.lower().startswith(query)

    @property
    def shown_name(self) -> str:
        """The name that is shown in the guild."""
        return self.nick or self.user.shown_name

    def partial_json(self) -> JSON:
        """Return the member object without its user, as messages and `resolved` contain it."""
        return {
            "avatar": None,
            "banner": None,
            "communication_disabled_until": iso_or_none(self.timeout_until),
            "flags": 0,
            "joined_at": iso(self.joined_at),
            "nick": self.nick,
            "pending": False,
            "premium_since": None,
            "roles": [str(role_id) for role_id in self.roles],
            "mute": False,
            "deaf": False,
        }

    def to_json(self) -> JSON:
        return {**self.partial_json(), "user": self.user.to_json()}


@dataclass(slots=True, eq=False)
class Emoji:
    """A custom emoji of a guild. It is not `available` while the guild lacks the boosts for it."""

    id: int
    name: str
    animated: bool = False
    available: bool = True
    roles: list[int] = field(default_factory=list[int])

    def to_json(self) -> JSON:
        return {
            "id": str(self.id),
            "name": self.name,
            "roles": [str(role_id) for role_id in self.roles],
            "require_colons": True,
            "managed": False,
            "animated": self.animated,
            "available": self.available,
        }


@dataclass(slots=True, eq=False)
class Guild:
    """A server. It stays in the world when the bot is removed (`has_bot`) or Discord has an outage (`unavailable`)."""

    id: int
    name: str
    owner_id: int
    locale: str = "en-US"
    has_bot: bool = True
    unavailable: bool = False
    system_channel_id: int | None = None
    roles: dict[int, Role] = field(default_factory=dict[int, Role])
    channels: dict[int, Channel] = field(default_factory=dict[int, Channel])
    members: dict[int, Member] = field(default_factory=dict[int, Member])
    emojis: dict[int, Emoji] = field(default_factory=dict[int, Emoji])
    scheduled_events: dict[int, ScheduledEvent] = field(default_factory=dict[int, ScheduledEvent])
    stages: dict[int, StageInstance] = field(default_factory=dict[int, StageInstance])
    command_permissions: dict[int, list[JSON]] = field(default_factory=dict[int, list[JSON]])
    """Overwrites by the id of a command, or of the application for all of its commands."""

    @property
    def everyone(self) -> Role:
        """The role of every member. Its id is the guild's id."""
        return self.roles[self.id]

    def top_position(self, member: Member) -> int:
        """Return the position of a member's highest role."""
        return max((self.roles[role_id].position for role_id in member.roles if role_id in self.roles), default=0)

    def to_json(self) -> JSON:
        """Return Discord's guild object, without the fields that only GUILD_CREATE has."""
        return {
            "id": str(self.id),
            "name": self.name,
            "icon": None,
            "description": None,
            "home_header": None,
            "splash": None,
            "discovery_splash": None,
            "features": [],
            "banner": None,
            "owner_id": str(self.owner_id),
            "application_id": None,
            "region": "deprecated",
            "afk_channel_id": None,
            "afk_timeout": 300,
            "system_channel_id": None if self.system_channel_id is None else str(self.system_channel_id),
            "system_channel_flags": 0,
            "widget_enabled": False,
            "widget_channel_id": None,
            "verification_level": 1,
            "roles": [role.to_json() for role in self.roles.values()],
            "default_message_notifications": 0,
            "mfa_level": 0,
            "explicit_content_filter": 0,
            "max_presences": None,
            "max_members": 500_000,
            "max_stage_video_channel_users": 50,
            "max_video_channel_users": 25,
            "vanity_url_code": None,
            "premium_tier": 0,
            "premium_subscription_count": 0,
            "preferred_locale": self.locale,
            "rules_channel_id": None,
            "safety_alerts_channel_id": None,
            "public_updates_channel_id": None,
            "premium_progress_bar_enabled": False,
            "premium_progress_bar_enabled_user_updated_at": None,
            "nsfw": False,
            "nsfw_level": 0,
            "emojis": [emoji.to_json() for emoji in self.emojis.values()],
            "stickers": [],
            "incidents_data": None,
        }

    def create_json(self, bot_id: int) -> JSON:
        """Return the data of GUILD_CREATE. Without the members intent, the bot itself is the only member in it."""
        if self.unavailable:
            return {"id": str(self.id), "unavailable": True}
        bot = self.members[bot_id]
        threads = [thread.to_json() for thread in self.channels.values() if thread.is_thread and not thread.archived]
        return {
            **self.to_json(),
            "joined_at": iso(bot.joined_at),
            "large": len(self.members) > 250,
            "unavailable": False,
            "member_count": len(self.members),
            "voice_states": [],
            "members": [bot.to_json()],
            "channels": [channel.to_json() for channel in self.channels.values() if not channel.is_thread],
            "threads": threads,
            "presences": [],
            "stage_instances": [stage.to_json() for stage in self.stages.values()],
            "guild_scheduled_events": [event.to_json() for event in self.scheduled_events.values()],
            "soundboard_sounds": [],
        }
