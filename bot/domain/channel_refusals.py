"""Channels that refuse messages: how long to believe a refusal, and when to try the channel again.

Discord's answers can be wrong, and permissions return without notice. So no refusal is final: the first is believed for
seconds, later ones for minutes. Only a deleted channel is never tried again.
"""

from dataclasses import dataclass, replace

FIRST_PAUSE_MS = 5_000
"""How long the first refusal is believed …"""

LONGEST_PAUSE_MS = 30 * 60_000
"""… and the longest that any is believed."""

NEVER_MS = 1 << 53
"""A time that never comes."""

GONE = 10003
"""Discord's error code for an unknown channel."""

_HIDDEN = frozenset({GONE, 50001, 160005})
"""Error codes of channels in which our messages cannot be edited either: deleted, hidden, or a locked thread."""


@dataclass(frozen=True, slots=True)
class UnwritableChannel:
    """A channel that refuses messages. `code` is Discord's last error code; `is_reported` says whether staff know.

    `refusals` counts those since the last accepted message. The next message is tried at `retry_ms`.
    """

    guild_id: int
    channel_id: int
    code: int
    since_ms: int
    is_reported: bool = False
    refusals: int = 0
    retry_ms: int = 0

    @property
    def is_gone(self) -> bool:
        """Whether the channel is never tried again."""
        return self.retry_ms >= NEVER_MS

    @property
    def hides_messages(self) -> bool:
        """Whether our messages there cannot be edited either."""
        return self.code in _HIDDEN

    def refuses_at(self, now_ms: int) -> bool:
        """Whether the refusal is still believed."""
        return now_ms < self.retry_ms

    def refused(self, code: int, now_ms: int) -> "UnwritableChannel":
        """Return the channel after one more refusal, with a pause that grows."""
        refusals = self.refusals + 1
        return replace(self, code=code, refusals=refusals, retry_ms=now_ms + pause_ms(refusals, LONGEST_PAUSE_MS))

    def forbidden(self, code: int, now_ms: int) -> "UnwritableChannel":
        """Return the channel after a refusal for lack of permissions. It is rarely tried until they return."""
        return replace(self, code=code, refusals=self.refusals + 1, retry_ms=now_ms + LONGEST_PAUSE_MS)

    def lost(self, code: int) -> "UnwritableChannel":
        """Return the channel as deleted."""
        return replace(self, code=code, refusals=self.refusals + 1, retry_ms=NEVER_MS)


def pause_ms(failures: int, longest_ms: int) -> int:
    """Return how many milliseconds to wait after this number of failures in a row, 1 or more.

    Each pause is about as long as all before it together, so the wait is never much longer than the trouble lasted.
    """
    return min(FIRST_PAUSE_MS * 2 ** min(failures - 1, 20), longest_ms)
