"""The stored messages of one channel."""

from typing import Final

from sandbox.discord.model import Message

KEEP_PUBLIC: Final = 5_000
KEEP_EPHEMERAL: Final = 1_000


class Log:
    """One channel's messages, oldest first. Beyond the limits the oldest ones are dropped, unless they are pinned."""

    def __init__(self) -> None:
        self.public: dict[int, Message] = {}
        self.ephemeral: dict[int, Message] = {}

    def add(self, message: Message) -> None:
        """Store a message, and drop the oldest unpinned one beyond the limit."""
        where, keep = (self.public, KEEP_PUBLIC) if message.ephemeral_for is None else (self.ephemeral, KEEP_EPHEMERAL)
        where[message.id] = message
        if len(where) > keep:
            del where[next(number for number, candidate in where.items() if not candidate.pinned)]
