"""One message of ours about gifts, as it is remembered: what it is for, what it tells, and how far it has come."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from bot.domain.turns import Kind

WINDOW_MS = 8_000
"""How long after its last gift a message takes more of them …"""

LONGEST_MS = 20_000
"""… and how long at most after its first: an ever-growing message scrolls away, and edits of it are not seen."""

NEVER_MS = 1 << 53
"""A moment that does not come."""

PINNED_MS = 600_000
"""How long a legendary gift stays pinned."""

PIN_GAP_MS = 60_000
"""Least time from one pin in a channel to the next."""


class Form(StrEnum):
    """What a message is for; the values are stored."""

    SHARED = "shared"
    """Gifts of anybody to anybody."""
    OWN = "own"
    """A large gift, and those that make it a combo."""
    GRAND = "grand"
    """Grand and legendary gifts; each is named."""
    HELD = "held"
    """Whatever comes in quiet hours, told when they end."""
    TOTALS = "totals"
    """The reply below a message, about all gifts on it."""
    ROUNDUP = "roundup"
    """One message in place of many such replies."""


_KINDS = {
    Form.GRAND: Kind.GRAND,
    Form.OWN: Kind.LOUD,
    Form.SHARED: Kind.MERGED,
    Form.HELD: Kind.MERGED,
    Form.TOTALS: Kind.TOTALS,
    Form.ROUNDUP: Kind.TOTALS,
}


@dataclass(slots=True)
class Post:
    """One message of ours, as it is remembered: which rows of the journal it is about, and how far it has come.

    It tells of gifts from `first_seq` to `last_seq`. When it is posted, `promised_seq` is where it ends at that moment,
    written down before Discord is asked: whatever becomes of the answer, the same message is asked for again. It is
    up to date once `shown_seq` is `last_seq`. `about` is the message that totals are about, else 0; `message_id` is 0
    until it is posted; `due_ms` and `unpin_ms` are 0 unless it has to wait, or is pinned. Totals without a message
    of their own name the first row of the `roundup` that lists them, else 0.
    """

    guild_id: int
    channel_id: int
    about: int
    first_seq: int
    last_seq: int
    form: Form
    opened_ms: int
    grown_ms: int
    due_ms: int = 0
    promised_seq: int = 0
    shown_seq: int = 0
    message_id: int = 0
    posted_ms: int = 0
    unpin_ms: int = 0
    roundup: int = 0

    @property
    def key(self) -> tuple[int, int, int]:
        """What tells it from all other messages of its guild."""
        return (self.channel_id, self.about, self.first_seq)

    @property
    def kind(self) -> Kind:
        """What its turns are for."""
        return _KINDS[self.form]

    @property
    def nonce(self) -> str:
        """The same for the same message, another for any other: at most 25 characters."""
        # Discord compares nonces over all the channels that a bot writes to: a channel's rows are told apart by it.
        told = f"{self.channel_id}:{self.about}:{self.first_seq}:{self.promised_seq}"
        return blake2b(told.encode(), digest_size=12).hexdigest()

    def give_up(self) -> None:
        """Leave it as it is, for good: somebody has removed it, or Discord will not have it."""
        self.shown_seq, self.opened_ms, self.due_ms = self.last_seq, 0, NEVER_MS
        self.promised_seq = self.promised_seq or self.last_seq

    def waits(self, now_ms: int) -> bool:
        """Whether there is something to tell now that has not been told."""
        return self.shown_seq < self.last_seq and self.due_ms <= now_ms

    def queues(self, now_ms: int) -> bool:
        """Whether it is to be posted now, and is not yet."""
        return not self.promised_seq and not self.roundup and self.waits(now_ms)

    def is_recent(self, now_ms: int) -> bool:
        """Whether it still counts among the newest of its channel."""
        return not self.promised_seq or now_ms - self.opened_ms < LONGEST_MS

    def is_open(self, now_ms: int) -> bool:
        """Whether more gifts may join."""
        if self.due_ms == NEVER_MS or self.form is Form.TOTALS:
            return False
        if self.due_ms:
            return now_ms < self.due_ms
        # Nobody has seen it yet: what joins now costs no edit, and makes it no older.
        if not self.promised_seq:
            return True
        return now_ms - self.grown_ms < WINDOW_MS and now_ms - self.opened_ms < LONGEST_MS


def may_pin(posts: Iterable[Post], now_ms: int) -> bool:
    """Whether one more message may be pinned in the channel of `posts`, the pinned ones."""
    return all(post.unpin_ms - PINNED_MS + PIN_GAP_MS <= now_ms for post in posts)
