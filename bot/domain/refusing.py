"""Channels that refuse messages: how long a refusal is believed, and when the channel is tried again.

Discord's answers can be wrong, and rights come back without anybody telling us. So no refusal lasts: the first is
believed for seconds, the next ones for minutes. Only a channel that is gone stays gone.
"""

from dataclasses import dataclass, replace

FIRST_PAUSE_MS = 5_000
"""How long the first refusal is believed …"""

LONGEST_PAUSE_MS = 30 * 60_000
"""… and how long any."""

NEVER_MS = 1 << 53
"""A moment that does not come."""

GONE = 10003
"""Discord's code of a channel that it does not know."""

_HIDDEN = frozenset({GONE, 50001, 160005})
"""Codes of a channel in which messages cannot be changed either: gone, hidden from us, or a locked thread."""


@dataclass(frozen=True, slots=True)
class BrokenChannel:
    """A channel that refuses messages. `code` is Discord's last answer; `told` whether staff know.

    `refusals` counts them since the last message that it took; the next is tried at `retry_ms`.
    """

    guild_id: int
    channel_id: int
    code: int
    since_ms: int
    told: bool = False
    refusals: int = 0
    retry_ms: int = 0

    @property
    def is_gone(self) -> bool:
        """Whether the channel is left alone for good."""
        return self.retry_ms >= NEVER_MS

    @property
    def hides_messages(self) -> bool:
        """Whether our messages there cannot be changed either."""
        return self.code in _HIDDEN

    def refuses_at(self, now_ms: int) -> bool:
        """Whether the refusal is still believed."""
        return now_ms < self.retry_ms

    def refused(self, code: int, now_ms: int) -> "BrokenChannel":
        """Return the channel after one more refusal."""
        refusals = self.refusals + 1
        return replace(self, code=code, refusals=refusals, retry_ms=now_ms + pause_ms(refusals, LONGEST_PAUSE_MS))

    def forbidden(self, code: int, now_ms: int) -> "BrokenChannel":
        """Return the channel after a refusal that our rights explain: it waits for them, and is rarely tried."""
        return replace(self, code=code, refusals=self.refusals + 1, retry_ms=now_ms + LONGEST_PAUSE_MS)

    def lost(self, code: int) -> "BrokenChannel":
        """Return the channel as one that is gone."""
        return replace(self, code=code, refusals=self.refusals + 1, retry_ms=NEVER_MS)


def pause_ms(failures: int, longest_ms: int) -> int:
    """Return how long to wait after that many failures in a row, 1 or more.

    Each pause is as long as all before it, so a channel is never left alone for longer than its trouble lasted.
    """
    return min(FIRST_PAUSE_MS * 2 ** min(failures - 1, 20), longest_ms)
