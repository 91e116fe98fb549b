"""What is said in public about gifts: which of them share a message, and when a message grows instead of a new one.

A lone gift is told at once. What follows within the window joins the message that is there: an edit makes no noise,
and nobody has to wait for a window to close to see the first gift. Large gifts get messages of their own, until there
are too many of them. Grand and legendary ones never share a message with others; where several wait, one message names
each. The totals below messages are told in replies, and where those would be many, in one message that lists them. All
of it follows from the gifts in their order and the moments at which they were told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.domain.catalogue import Tier, tier_of
from bot.domain.contents import Contents, combo_key
from bot.domain.posts import NEVER_MS, Form, Post
from bot.domain.receipts import Receipt

OWN_MESSAGES = 3
"""Messages for large gifts alone that a channel gets within LONGEST_MS; more of them share one with all others. Of
replies below messages there are as many, before they share one."""

MOST_WAITING = 2
"""While so many messages wait for their turns, nothing else gets one of its own: then all are told within seconds."""


@dataclass(slots=True)
class Announcement:
    """A message and the gifts in it, `unseen` the ones that it does not show yet."""

    post: Post
    contents: Contents = field(default_factory=Contents)
    unseen: list[Receipt] = field(default_factory=list[Receipt])

    def takes(self, gift: Receipt, form: Form, now_ms: int, *, due_ms: int = 0) -> bool:
        """Whether a gift that is to be told in `form`, and not before `due_ms`, may join."""
        post = self.post
        # A gift whose message was removed may be older than what is told here: then it is told apart.
        if post.form is not form or not post.is_open(now_ms) or gift.seq <= post.last_seq:
            return False
        return bool(post.due_ms) == bool(due_ms) and _may_join(self, gift)

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
    """What is being told in one channel. `replies` are known by the message, `roundups` by their first row."""

    def __init__(self, guild_id: int, channel_id: int, known: Iterable[Announcement] = ()) -> None:
        self.guild_id = guild_id
        self.channel_id = channel_id
        self.announcements = list(known)
        self.replies: dict[int, Post] = {}
        self.roundups: dict[int, Post] = {}

    def tell(self, gift: Receipt, now_ms: int, quiet_until_ms: int = 0) -> Announcement:
        """Return the announcement that `gift`, the next one of the channel, is told in: one that is open, or a new one.

        `quiet_until_ms` is when the quiet hours end, 0 outside of them. A live event is never held back: it is what
        people came for.
        """
        is_held = quiet_until_ms > 0 and not gift.facts["live_channel"]
        form = Form.HELD if is_held and not is_grand(gift) else self._form_of(gift, now_ms)
        due_ms = quiet_until_ms if is_held else 0
        for announcement in reversed(self.announcements):
            if announcement.takes(gift, form, now_ms, due_ms=due_ms):
                break
        else:
            seq = gift.seq
            announcement = Announcement(Post(self.guild_id, self.channel_id, 0, seq, seq, form, now_ms, now_ms, due_ms))
            self.announcements.append(announcement)
        announcement.add(gift, now_ms)
        return announcement

    def count(self, gift: Receipt, now_ms: int) -> list[Post]:
        """Return the posts that change because `gift` is on a message of the channel: none where that is given up."""
        message_id, seq = gift.facts["message"], gift.seq
        reply = self.replies.get(message_id)
        if reply is None:
            reply = Post(self.guild_id, self.channel_id, message_id, seq, seq, Form.TOTALS, now_ms, now_ms)
            if not self._has_room([*self.replies.values()], now_ms):
                reply.roundup = self._roundup(seq, now_ms).first_seq
            self.replies[message_id] = reply
        roundup = self.roundups.get(reply.roundup, reply)
        if NEVER_MS in (reply.due_ms, roundup.due_ms):
            return []
        for post in (reply, roundup):
            post.last_seq, post.grown_ms = seq, now_ms
        if reply.roundup:
            reply.shown_seq = reply.promised_seq = seq
        return [reply] if roundup is reply else [reply, roundup]

    def add_replies(self, posts: Iterable[Post]) -> None:
        """Remember what stands below messages, and what lists them."""
        for post in posts:
            if post.form is Form.ROUNDUP:
                self.roundups.setdefault(post.first_seq, post)
            else:
                self.replies.setdefault(post.about, post)

    @property
    def posts(self) -> list[Post]:
        """All messages of the channel that may have something new to show."""
        told = [announcement.post for announcement in self.announcements]
        return [*told, *self.roundups.values(), *(reply for reply in self.replies.values() if not reply.roundup)]

    def tidy(self, now_ms: int) -> None:
        """Forget what is told and takes no more gifts."""

        def stays(post: Post) -> bool:
            return post.shown_seq < post.last_seq or post.is_open(now_ms) or post.is_recent(now_ms)

        self.announcements = [one for one in self.announcements if stays(one.post)]
        self.roundups = {seq: post for seq, post in self.roundups.items() if stays(post)}
        self.replies = {
            message_id: post
            for message_id, post in self.replies.items()
            if (post.roundup in self.roundups if post.roundup else stays(post))
        }

    def _form_of(self, gift: Receipt, now_ms: int) -> Form:
        if is_grand(gift):
            return Form.GRAND
        if tier_of(gift.facts["price"]) is not Tier.LARGE:
            return Form.SHARED
        own = [one for one in self.announcements if one.post.form is Form.OWN]
        if any(one.takes(gift, Form.OWN, now_ms) for one in own):
            return Form.OWN
        return Form.OWN if self._has_room([one.post for one in own], now_ms) else Form.SHARED

    def _has_room(self, posts: Sequence[Post], now_ms: int) -> bool:
        """Whether there may be one message more of the kind of `posts`."""
        recent = sum(post.is_recent(now_ms) and not post.roundup for post in posts)
        return recent < OWN_MESSAGES and sum(post.queues(now_ms) for post in self.posts) < MOST_WAITING

    def _roundup(self, seq: int, now_ms: int) -> Post:
        open_now = [post for post in self.roundups.values() if post.is_open(now_ms)]
        post = (
            open_now[-1]
            if open_now
            else Post(self.guild_id, self.channel_id, 0, seq, seq, Form.ROUNDUP, now_ms, now_ms)
        )
        return self.roundups.setdefault(post.first_seq, post)


def is_grand(gift: Receipt) -> bool:
    """Whether a gift is too big to be one of many."""
    return tier_of(gift.facts["price"]) in {Tier.GRAND, Tier.LEGENDARY}


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
        announcement = min(
            (one for one in covering if _may_hold(one, gift)), key=lambda one: _precedence(one.post), default=None
        )
        if announcement is not None:
            announcement.contents.add(gift)
            announcement.unseen += [gift] if gift.seq > announcement.post.shown_seq else []
    return announcements


_ORDER = (Form.GRAND, Form.HELD, Form.OWN, Form.SHARED)


def _precedence(post: Post) -> tuple[int, bool, int]:
    """Return what puts posts that cover the same rows in the order in which they take gifts: the newest first."""
    return _ORDER.index(post.form), not post.due_ms, -post.first_seq


def _may_hold(announcement: Announcement, gift: Receipt) -> bool:
    post = announcement.post
    if (post.form is Form.HELD or post.due_ms) and gift.facts["live_channel"]:
        return False
    if post.form is Form.GRAND and not is_grand(gift):
        return False
    return post.first_seq == gift.seq or _may_join(announcement, gift)


def _may_join(announcement: Announcement, gift: Receipt) -> bool:
    """Whether a gift fits to those that are there; rows up to `promised_seq` joined before the message was posted."""
    post, combos = announcement.post, announcement.contents.combos
    if post.form is Form.OWN:
        # Items may share a name, and be of different sizes.
        return tier_of(gift.facts["price"]) not in {Tier.SMALL, Tier.MEDIUM} and combo_key(gift) in combos
    if post.form is not Form.GRAND:
        return True
    if post.promised_seq and gift.seq > post.promised_seq:
        # A message that names several is not touched any more: it has been read.
        return [*combos] == [combo_key(gift)]
    return announcement.contents.has_room(gift)
