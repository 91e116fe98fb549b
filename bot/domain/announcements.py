"""What is said in public about gifts: which of them share a message, and when a message grows instead of a new one.

A lone gift is told at once. What follows within the window joins the message that is there: an edit makes no noise,
and nobody has to wait for a window to close to see the first gift. Large gifts get messages of their own, until there
are too many of them. All of it follows from the gifts in their order and the moments at which they were told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b

from bot.domain.catalogue import Tier, tier_of
from bot.domain.contents import Contents, combo_key
from bot.domain.receipts import Receipt

WINDOW_MS = 8_000
"""How long after its last gift a message takes more of them …"""

LONGEST_MS = 20_000
"""… and how long at most after its first: an ever-growing message scrolls away, and edits of it are not seen."""

OWN_MESSAGES = 3
"""Messages for large gifts alone that a channel gets within LONGEST_MS; more of them share one with all others."""

NEVER_MS = 1 << 53
"""A moment that does not come."""

PINNED_MS = 600_000
"""How long a legendary gift stays pinned."""

_BIG = frozenset({Tier.LARGE, Tier.GRAND, Tier.LEGENDARY})


class Form(StrEnum):
    """What a message is for; the values are stored."""

    SHARED = "shared"
    """Gifts of anybody to anybody."""
    OWN = "own"
    """A large gift, and those that make it a combo."""
    HELD = "held"
    """Whatever comes in quiet hours, told when they end."""
    TOTALS = "totals"
    """The reply below a message, about all gifts on it."""


@dataclass(slots=True)
class Post:
    """One message of ours, as it is remembered: which rows of the journal it is about, and how far it has come.

    It tells of gifts from `first_seq` to `last_seq`. When it is posted, `promised_seq` is where it ends at that moment,
    written down before Discord is asked: whatever becomes of the answer, the same message is asked for again. It is
    up to date once `shown_seq` is `last_seq`. `about` is the message that totals are about, else 0; `message_id` is 0
    until it is posted; `due_ms` and `unpin_ms` are 0 unless it has to wait, or is pinned.
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

    @property
    def key(self) -> tuple[int, int, int]:
        """What tells it from all other messages of its guild."""
        return (self.channel_id, self.about, self.first_seq)

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

    def is_open(self, now_ms: int) -> bool:
        """Whether more gifts may join."""
        if self.due_ms == NEVER_MS or self.form is Form.TOTALS:
            return False
        if self.form is Form.HELD:
            return now_ms < self.due_ms
        # Nobody has seen it yet: what joins now costs no edit, and makes it no older.
        if not self.promised_seq:
            return True
        return now_ms - self.grown_ms < WINDOW_MS and now_ms - self.opened_ms < LONGEST_MS


@dataclass(slots=True)
class Announcement:
    """A message and the gifts in it, `unseen` the ones that it does not show yet."""

    post: Post
    contents: Contents = field(default_factory=Contents)
    unseen: list[Receipt] = field(default_factory=list[Receipt])

    def takes(self, gift: Receipt, form: Form, now_ms: int) -> bool:
        """Whether a gift that is to be told in `form` may join."""
        if self.post.form is not form or not self.post.is_open(now_ms) or not self.contents.has_room(gift):
            return False
        return form is not Form.OWN or combo_key(gift) in self.contents.combos

    def add(self, gift: Receipt, now_ms: int) -> None:
        """Have the gift join."""
        self.contents.add(gift)
        self.unseen.append(gift)
        self.post.last_seq = gift.seq
        self.post.grown_ms = now_ms

    def show(self, seq: int) -> None:
        """Note that the message shows all gifts up to `seq`, none for 0."""
        self.post.shown_seq = seq
        self.unseen = [gift for gift in self.unseen if gift.seq > seq]

    def lose(self) -> list[Receipt]:
        """Give the message up because somebody has removed it; return the gifts that it never showed."""
        self.post.last_seq = self.post.shown_seq or self.post.promised_seq
        self.post.give_up()
        lost, self.unseen = [gift for gift in self.unseen if gift.seq > self.post.last_seq], []
        return lost


class Desk:
    """What is being told in one channel."""

    def __init__(self, guild_id: int, channel_id: int, known: Iterable[Announcement] = ()) -> None:
        self.guild_id = guild_id
        self.channel_id = channel_id
        self.announcements = list(known)

    def tell(self, gift: Receipt, now_ms: int, quiet_until_ms: int = 0) -> Announcement:
        """Return the announcement that `gift`, the next one of the channel, is told in: one that is open, or a new one.

        `quiet_until_ms` is when the quiet hours end, 0 outside of them. A live event is never held back: it is what
        people came for.
        """
        form = self._form_of(gift, now_ms, quiet=quiet_until_ms > 0)
        for announcement in reversed(self.announcements):
            if announcement.takes(gift, form, now_ms):
                break
        else:
            due_ms = quiet_until_ms if form is Form.HELD else 0
            seq = gift.seq
            post = Post(self.guild_id, self.channel_id, 0, seq, seq, form, now_ms, now_ms, due_ms)
            announcement = Announcement(post)
            self.announcements.append(announcement)
        announcement.add(gift, now_ms)
        return announcement

    def tidy(self, now_ms: int) -> None:
        """Forget what is told and takes no more gifts."""
        self.announcements = [
            one
            for one in self.announcements
            if one.post.shown_seq < one.post.last_seq or one.post.is_open(now_ms) or _is_recent(one.post, now_ms)
        ]

    def _form_of(self, gift: Receipt, now_ms: int, *, quiet: bool) -> Form:
        if quiet and not gift.facts["live_channel"]:
            return Form.HELD
        if tier_of(gift.facts["price"]) not in _BIG:
            return Form.SHARED
        own = [one for one in self.announcements if one.post.form is Form.OWN]
        if any(one.takes(gift, Form.OWN, now_ms) for one in own):
            return Form.OWN
        recent = sum(_is_recent(one.post, now_ms) for one in own)
        return Form.OWN if recent < OWN_MESSAGES else Form.SHARED


def channel_for(gift: Receipt, gift_channel_id: int, lowest: Tier) -> int:
    """Return where a gift is announced: its live event's channel, the guild's gift channel, or where it was sent.

    0 if nowhere: outside of a live event below the tier `lowest`, or when it is on a message and told there.
    """
    facts = gift.facts
    live: int = facts["live_channel"]
    if live:
        # In the live channel itself, the reply below the message is already in sight.
        return 0 if facts["message"] and facts["channel"] == live else live
    if facts["message"] or list(Tier).index(tier_of(facts["price"])) < list(Tier).index(lowest):
        return 0
    return gift_channel_id or facts["channel"]


def refill(posts: Iterable[Post], gifts: Sequence[Receipt]) -> list[Announcement]:
    """Return the announcements of one channel as they were, from what is remembered of them and the channel's gifts.

    `gifts` are the rows of the journal, in order, that were announced in the channel while these posts grew.
    """
    announcements = [Announcement(post) for post in posts]
    for gift in gifts:
        covering = [one for one in announcements if one.post.first_seq <= gift.seq <= one.post.last_seq]
        for form in (Form.HELD, Form.OWN, Form.SHARED):
            found = next((one for one in covering if one.post.form is form and _may_hold(one, gift)), None)
            if found is not None:
                found.contents.add(gift)
                found.unseen += [gift] if gift.seq > found.post.shown_seq else []
                break
    return announcements


def _may_hold(announcement: Announcement, gift: Receipt) -> bool:
    if not announcement.contents.has_room(gift):
        return False
    if announcement.post.form is Form.HELD:
        return not gift.facts["live_channel"]
    if announcement.post.form is Form.SHARED or announcement.post.first_seq == gift.seq:
        return True
    return combo_key(gift) in announcement.contents.combos


def _is_recent(post: Post, now_ms: int) -> bool:
    return not post.promised_seq or now_ms - post.opened_ms < LONGEST_MS
