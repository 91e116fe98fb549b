"""The stored state of one announcement: its purpose, the gifts that it covers, and how much of that is posted."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.turns import TurnKind

WINDOW_MS = 8_000
"""How long after its last gift a message takes more gifts …"""

LONGEST_MS = 20_000
"""… and how long after its first, at most. A message that keeps growing scrolls away, and nobody sees its edits."""

NEVER_MS = 1 << 53
"""A time that never comes."""

REPOST_MS = 55 * 60_000
"""A message older than an hour is hard to edit. It is posted anew before that."""

PINNED_MS = 600_000
"""How long a legendary gift stays pinned."""

PIN_GAP_MS = 60_000
"""The shortest time between two pins in a channel."""


class PostForm(StrEnum):
    """What a message is for. The values are stored."""

    SHARED = "shared"
    """Gifts from anybody to anybody."""
    OWN = "own"
    """A large gift, and the gifts that make it a combo."""
    GRAND = "grand"
    """Grand and legendary gifts, each of them named."""
    HELD = "held"
    """All gifts of the quiet hours, posted when these end."""
    TOTALS = "totals"
    """The reply below a message, with the totals of all gifts on it."""
    ROUNDUP = "roundup"
    """One message that replaces many such replies."""


_KINDS = {
    PostForm.GRAND: TurnKind.GRAND,
    PostForm.OWN: TurnKind.LOUD,
    PostForm.SHARED: TurnKind.MERGED,
    PostForm.HELD: TurnKind.MERGED,
    PostForm.TOTALS: TurnKind.TOTALS,
    PostForm.ROUNDUP: TurnKind.TOTALS,
}


@dataclass(slots=True)
class Post:
    """The stored state of one message: which journal rows it covers, and how much of that is posted.

    It covers the gifts from `first_seq` to `last_seq`. Before it is posted, the last of them is stored as
    `attempted_seq`. If Discord's answer is lost, the request is repeated for exactly the same message. The message is
    up to date once `shown_seq` equals `last_seq`. `about` is the message that the totals are for, else 0. `message_id`
    is 0 until it is posted. `due_ms` is 0 unless it has to wait, `unpin_ms` is 0 unless it is pinned. `roundup` is the
    first row of the roundup that lists these totals, 0 if they have a message of their own. Unless it `is_layout`, it
    was posted as an embed and stays one.
    """

    guild_id: int
    channel_id: int
    about: int
    first_seq: int
    last_seq: int
    form: PostForm
    opened_ms: int
    grown_ms: int
    due_ms: int = 0
    attempted_seq: int = 0
    shown_seq: int = 0
    message_id: int = 0
    posted_ms: int = 0
    unpin_ms: int = 0
    roundup: int = 0
    is_layout: bool = True

    @property
    def key(self) -> tuple[int, int, int]:
        """What identifies this message within its guild."""
        return (self.channel_id, self.about, self.first_seq)

    @property
    def kind(self) -> TurnKind:
        """The kind of turn that posting or editing it takes."""
        return _KINDS[self.form]

    @property
    def name(self) -> str:
        """A name that is always the same for this message and different for any other of its guild."""
        return f"gifts:{self.channel_id}:{self.about}:{self.first_seq}:{self.attempted_seq}"

    def give_up(self) -> None:
        """Never touch this message again: somebody deleted it, or Discord rejects it."""
        self.shown_seq, self.opened_ms, self.due_ms = self.last_seq, 0, NEVER_MS
        self.attempted_seq = self.attempted_seq or self.last_seq

    def waits(self, now_ms: int) -> bool:
        """Whether it has something new that may be shown now."""
        return self.shown_seq < self.last_seq and self.due_ms <= now_ms

    def queues(self, now_ms: int) -> bool:
        """Whether it should be posted now and has not been yet."""
        return not self.attempted_seq and not self.roundup and self.waits(now_ms)

    def is_recent(self, now_ms: int) -> bool:
        """Whether it still counts towards the limit of messages in its channel."""
        return not self.attempted_seq or now_ms - self.opened_ms < LONGEST_MS

    def is_open(self, now_ms: int) -> bool:
        """Whether more gifts may join."""
        if self.due_ms == NEVER_MS or self.form is PostForm.TOTALS:
            return False
        if self.due_ms:
            return now_ms < self.due_ms
        # Nobody has seen it yet, so gifts that join now cost no edit.
        if not self.attempted_seq:
            return True
        return now_ms - self.grown_ms < WINDOW_MS and now_ms - self.opened_ms < LONGEST_MS


def may_pin(posts: Iterable[Post], now_ms: int) -> bool:
    """Whether one more message may be pinned. `posts` are the pinned ones in the same channel."""
    return all(post.unpin_ms - PINNED_MS + PIN_GAP_MS <= now_ms for post in posts)
