"""Gateway intents: the bits by which a session subscribes to events."""

from typing import Final

GUILDS: Final = 1 << 0
MEMBERS: Final = 1 << 1
PRESENCES: Final = 1 << 8
EXPRESSIONS: Final = 1 << 3
GUILD_MESSAGES: Final = 1 << 9
GUILD_REACTIONS: Final = 1 << 10
DIRECT_MESSAGES: Final = 1 << 12
DIRECT_REACTIONS: Final = 1 << 13
MESSAGE_CONTENT: Final = 1 << 15
SCHEDULED_EVENTS: Final = 1 << 16

PRIVILEGED: Final = MEMBERS | PRESENCES | MESSAGE_CONTENT
KNOWN: Final = (1 << 26) - 1
