"""What this process knows of one board: what it shows, what it does not show yet, and when it is looked at again."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from bot.announcer.lag import Unshown
from bot.domain.live import LiveEvent
from bot.domain.live_progress import LiveProgress
from bot.domain.match import Match

REPOST_MS = 55 * 60_000
"""A message older than an hour is hard to edit: it is posted anew before that."""

BURIED = 10
BURIED_MS = 60_000
"""So many messages of ours below a board bury it: then it is posted anew, but not more often than that."""

LOOK_MS = 2_000
"""How often a board is looked at where no gift comes: trains and matches go by the clock."""


@dataclass(slots=True, eq=False)
class Board:
    """What this process knows of one board. `seq` is the row up to which `show` has been read; `below` is how many
    messages the channel had got when the board was posted."""

    event: LiveEvent | None = None
    show: LiveProgress | None = None
    matches: list[Match] = field(default_factory=list[Match])
    seq: int = 0
    stirred: bool = True
    unshown: Unshown = field(default_factory=Unshown)
    shown: dict[str, Any] | None = None
    edited_ms: int = 0
    looked_ms: int = 0
    quiet_until_ms: int = 0
    checked: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
    below: int | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    task: asyncio.Task[None] | None = None
    moving: asyncio.Task[None] | None = None

    def wants(self, event: LiveEvent, now_ms: int) -> bool:
        """Whether there may be something to do for the board of `event`."""
        if (self.task is not None and not self.task.done()) or now_ms < self.quiet_until_ms:
            return False
        waits = self.stirred or self.unshown.since_ms is not None or self.event != event
        return waits or now_ms - self.looked_ms >= LOOK_MS

    def is_buried(self, messages: int) -> bool:
        """Whether too many of the channel's `messages` have come after it."""
        if self.below is None or messages < self.below:
            # Seen for the first time, or the channel was at rest for so long that the count began anew.
            self.below = messages
        return messages - self.below >= BURIED
