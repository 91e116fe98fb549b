"""Channels, threads and direct messages."""

from dataclasses import dataclass, field
from typing import Final

from sandbox.discord.ids import created_at, iso, iso_or_none
from sandbox.discord.jsontypes import JSON
from sandbox.discord.model.user import User
from sandbox.discord.permissions import Permissions

KINDS: Final[dict[str, int]] = {
    "text": 0,
    "dm": 1,
    "voice": 2,
    "category": 4,
    "news": 5,
    "thread": 11,
    "private_thread": 12,
    "stage": 13,
    "forum": 15,
}
"""Discord's channel types by the names that `World.add_channel` accepts."""

FORUM: Final = KINDS["forum"]
VOCAL: Final = frozenset({KINDS["voice"], KINDS["stage"]})
THREADS: Final = frozenset({10, 11, 12})
MESSAGEABLE: Final = frozenset({0, 1, 2, 5, 10, 11, 12, 13})


_FORUM_FIELDS: Final[JSON] = {
    "available_tags": [],
    "default_reaction_emoji": None,
    "default_sort_order": None,
    "default_forum_layout": 0,
    "default_auto_archive_duration": 4320,
}


@dataclass(slots=True, frozen=True)
class Overwrite:
    """The permissions that a role or a member, by id, gains and loses in one channel."""

    id: int
    is_member: bool
    allow: int = 0
    deny: int = 0

    def to_json(self) -> JSON:
        return {
            "id": str(self.id),
            "type": int(self.is_member),
            "allow": str(self.allow),
            "deny": str(self.deny),
        }


@dataclass(slots=True, eq=False)
class Channel:
    """A place for messages. `slowmode` is in seconds; `guild_id` is None for a direct message.

    A thread that was started from a message has the same id as the message.
    """

    id: int
    kind: int
    name: str
    guild_id: int | None = None
    topic: str = ""
    position: int = 0
    parent_id: int | None = None
    owner_id: int | None = None
    nsfw: bool = False
    slowmode: int = 0
    recipients: list[User] = field(default_factory=list[User])
    overwrites: dict[int, Overwrite] = field(default_factory=dict[int, Overwrite])
    last_message_id: int | None = None
    last_pin_at: float | None = None
    message_count: int = 0
    archived: bool = False
    locked: bool = False
    archive_changed: float | None = None
    spoke_at: dict[int, float] = field(default_factory=dict[int, float])

    @property
    def is_thread(self) -> bool:
        """Whether this is a thread of another channel."""
        return self.kind in THREADS

    @property
    def is_vocal(self) -> bool:
        """Whether this is a voice channel or a stage."""
        return self.kind in VOCAL

    @property
    def right_to_send(self) -> int:
        """The permission that is needed to send messages here."""
        return int(Permissions.SEND_MESSAGES_IN_THREADS if self.is_thread else Permissions.SEND_MESSAGES)

    @property
    def is_dm(self) -> bool:
        """Whether this is a direct message."""
        return self.guild_id is None

    def to_json(self) -> JSON:
        if self.is_dm:
            return {
                "id": str(self.id),
                "type": self.kind,
                "flags": 0,
                "last_message_id": None if self.last_message_id is None else str(self.last_message_id),
                "recipients": [user.to_json() for user in self.recipients],
            }
        result: JSON = {
            "id": str(self.id),
            "type": self.kind,
            "flags": 0,
            "guild_id": str(self.guild_id),
            "name": self.name,
            "parent_id": None if self.parent_id is None else str(self.parent_id),
            "rate_limit_per_user": self.slowmode,
            "last_message_id": None if self.last_message_id is None else str(self.last_message_id),
            "last_pin_timestamp": iso_or_none(self.last_pin_at),
        }
        result.update(self._thread_json() if self.is_thread else self._place_json())
        return result

    def _thread_json(self) -> JSON:
        creation = iso(created_at(self.id))
        return {
            "owner_id": str(self.owner_id or 0),
            "message_count": self.message_count,
            "member_count": 1,
            "total_message_sent": self.message_count,
            "thread_metadata": {
                "archived": self.archived,
                "auto_archive_duration": 1440,
                "archive_timestamp": creation if self.archive_changed is None else iso(self.archive_changed),
                "locked": self.locked,
                "create_timestamp": creation,
            },
        }

    def _place_json(self) -> JSON:
        result: JSON = {
            "topic": self.topic or None,
            "position": self.position,
            "nsfw": self.nsfw,
            "permission_overwrites": [overwrite.to_json() for overwrite in self.overwrites.values()],
        }
        if self.is_vocal:
            result.update({"bitrate": 64000, "user_limit": 0, "rtc_region": None})
        if self.kind == FORUM:
            result.update(_FORUM_FIELDS)
        return result
