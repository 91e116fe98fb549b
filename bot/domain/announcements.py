"""Public announcements of gifts: which gifts share a message, and when a message grows instead of a new one.

A lone gift is announced at once. Gifts that follow within the window join that message. An edit makes no noise, and
nobody has to wait for a window to close to see the first gift. Large gifts get messages of their own until there are
too many of them. Grand and legendary gifts never share a message with smaller ones; if several are waiting, one message
names each of them. Totals below messages are posted as replies. If there would be too many replies, one message lists
the totals instead. The outcome depends only on the order of the gifts and on when they were announced.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.domain.catalogue import Tier
from bot.domain.gift_totals import GiftLineKey, GiftTotals, gift_line_key
from bot.domain.ledger.gift import facts_of, gift_tier
from bot.domain.ledger.gift_rows import is_later_part
from bot.domain.posts import NEVER_MS, Post, PostForm
from bot.domain.receipts import Receipt

OWN_MESSAGES = 3
"""How many messages of their own large gifts get in a channel within LONGEST_MS. Further ones share a message with all
others. The same limit applies to replies below messages, before they share one message."""

MOST_WAITING = 2
"""While this many messages wait for their turns, nothing else gets its own, so that all are posted within seconds."""


@dataclass(slots=True)
class Announcement:
    """A message and the gifts in it.

    `unseen` are the gifts that joined since it was first asked for and that it does not show yet. Before that, nobody
    can delete it, so its gifts need not be kept: a channel may be closed for days. `keys` says in which line each gift
    is, by its row. It stays as it was when the gift was added, even if its sender is erased.
    """

    post: Post
    contents: GiftTotals = field(default_factory=GiftTotals)
    unseen: list[Receipt] = field(default_factory=list[Receipt])
    keys: dict[int, GiftLineKey] = field(default_factory=dict[int, GiftLineKey])

    def takes(self, gift: Receipt, form: PostForm, now_ms: int, *, due_ms: int = 0) -> bool:
        """Whether a gift that is due in this `form`, and not before `due_ms`, may join."""
        post = self.post
        # A gift whose message was deleted may be older than the gifts here. It gets another message.
        if post.form is not form or not post.is_open(now_ms) or gift.seq <= post.last_seq:
            return False
        return bool(post.due_ms) == bool(due_ms) and _may_join(self, gift)

    def add(self, gift: Receipt, now_ms: int) -> None:
        """Let the gift join the message."""
        self.hold(gift)
        if self.post.attempted_seq:
            self.unseen.append(gift)
        self.post.last_seq = gift.seq
        self.post.grown_ms = now_ms

    def hold(self, gift: Receipt) -> None:
        """Count a gift that is in the message."""
        self.contents.add(gift)
        self.keys[gift.seq] = gift_line_key(gift)

    def show(self, seq: int) -> None:
        """Note that the message shows all gifts up to `seq`, or none if `seq` is 0."""
        self.post.shown_seq = seq
        self.unseen = [gift for gift in self.unseen if gift.seq > seq]

    def lose(self) -> list[Receipt]:
        """Give up a message that somebody deleted. Return the gifts that it never showed."""
        self.post.last_seq = self.post.shown_seq or self.post.attempted_seq
        self.post.give_up()
        orphans = [gift for gift in self.unseen if gift.seq > self.post.last_seq]
        self.unseen = []
        return orphans


class GuildState(NamedTuple):
    """What was announced in a guild and may still change: announcements by channel, and posts below messages."""

    announcements: Mapping[int, Sequence[Announcement]]
    below_messages: Sequence[Post]


class ChannelFeed:
    """The announcements of one channel. `replies` are keyed by message id, `roundups` by their first journal row."""

    def __init__(self, guild_id: int, channel_id: int, announcements: Iterable[Announcement] = ()) -> None:
        self.guild_id = guild_id
        self.channel_id = channel_id
        self.announcements = list(announcements)
        self.replies: dict[int, Post] = {}
        self.roundups: dict[int, Post] = {}

    def announce(self, gift: Receipt, now_ms: int, quiet_until_ms: int = 0) -> Announcement:
        """Add `gift`, the channel's next one, to an open announcement or to a new one, and return that announcement.

        `quiet_until_ms` is when the quiet hours end, 0 outside of them. Gifts of a live event are never held back:
        they are what people came for.
        """
        is_held = quiet_until_ms > 0 and not facts_of(gift)["live_channel"]
        form = PostForm.HELD if is_held and not is_grand(gift) else self._form_of(gift, now_ms)
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
        """Count `gift` in the totals of its message. Return the posts that change, none if they were given up."""
        message_id, seq = facts_of(gift)["message"], gift.seq
        reply = self.replies.get(message_id)
        if reply is None:
            reply = Post(self.guild_id, self.channel_id, message_id, seq, seq, PostForm.TOTALS, now_ms, now_ms)
            if not self._has_room([*self.replies.values()], now_ms):
                reply.roundup = self._open_roundup(seq, now_ms).first_seq
            self.replies[message_id] = reply
        return self._grow(reply, seq, now_ms)

    def recount(self, message_id: int, seq: int, now_ms: int) -> list[Post]:
        """Note that row `seq` takes back a gift on a message. Return the posts that change."""
        reply = self.replies.get(message_id)
        return self._grow(reply, seq, now_ms) if reply is not None else []

    def _grow(self, reply: Post, seq: int, now_ms: int) -> list[Post]:
        """Note that row `seq` changes the totals in `reply`. Return the posts that change: none that were given up."""
        roundup = self.roundups.get(reply.roundup, reply)
        if NEVER_MS in (reply.due_ms, roundup.due_ms):
            return []
        for post in (reply, roundup):
            post.last_seq, post.grown_ms = seq, now_ms
        if reply.roundup:
            reply.shown_seq = reply.attempted_seq = seq
        return [reply] if roundup is reply else [reply, roundup]

    def add_replies(self, posts: Iterable[Post]) -> None:
        """Remember stored replies below messages, and the roundups that list replies."""
        for post in posts:
            if post.form is PostForm.ROUNDUP:
                self.roundups.setdefault(post.first_seq, post)
            else:
                self.replies.setdefault(post.about, post)

    @property
    def posts(self) -> list[Post]:
        """All messages of the channel that may have something new to show."""
        posts = [announcement.post for announcement in self.announcements]
        return [*posts, *self.roundups.values(), *(reply for reply in self.replies.values() if not reply.roundup)]

    def tidy(self, now_ms: int) -> None:
        """Forget messages that are up to date and take no more gifts."""

        def stays(post: Post) -> bool:
            return post.shown_seq < post.last_seq or post.is_open(now_ms) or post.is_recent(now_ms)

        self.announcements = [announcement for announcement in self.announcements if stays(announcement.post)]
        self.roundups = {seq: post for seq, post in self.roundups.items() if stays(post)}
        self.replies = {
            message_id: post
            for message_id, post in self.replies.items()
            if (post.roundup in self.roundups if post.roundup else stays(post))
        }

    def _form_of(self, gift: Receipt, now_ms: int) -> PostForm:
        if is_grand(gift):
            return PostForm.GRAND
        if gift_tier(facts_of(gift)) is not Tier.LARGE:
            return PostForm.SHARED
        large = [announcement for announcement in self.announcements if announcement.post.form is PostForm.OWN]
        if any(announcement.takes(gift, PostForm.OWN, now_ms) for announcement in large):
            return PostForm.OWN
        return (
            PostForm.OWN if self._has_room([announcement.post for announcement in large], now_ms) else PostForm.SHARED
        )

    def _has_room(self, posts: Sequence[Post], now_ms: int) -> bool:
        """Whether one more message of the same form as `posts` is allowed."""
        recent = sum(post.is_recent(now_ms) and not post.roundup for post in posts)
        return recent < OWN_MESSAGES and sum(post.queues(now_ms) for post in self.posts) < MOST_WAITING

    def _open_roundup(self, seq: int, now_ms: int) -> Post:
        open_roundups = [post for post in self.roundups.values() if post.is_open(now_ms)]
        post = (
            open_roundups[-1]
            if open_roundups
            else Post(self.guild_id, self.channel_id, 0, seq, seq, PostForm.ROUNDUP, now_ms, now_ms)
        )
        return self.roundups.setdefault(post.first_seq, post)


def is_grand(gift: Receipt) -> bool:
    """Whether a gift is too big to share a message with smaller ones."""
    return gift_tier(facts_of(gift)).reaches(Tier.GRAND)


def channel_for(gift: Receipt, gift_channel_id: int, lowest: Tier) -> int:
    """Return where a gift is announced: its live event's channel, the guild's gift channel, or where it was sent.

    0 means nowhere. That is the case outside of a live event for gifts below the tier `lowest`, and for a gift on a
    message of that very channel, where everybody already sees the reply below the message. Of a joint gift, only the
    first row is announced.
    """
    facts = facts_of(gift)
    if is_later_part(facts):
        return 0
    live_channel_id = facts["live_channel"]
    if not live_channel_id and not gift_tier(facts).reaches(lowest):
        return 0
    channel_id = live_channel_id or gift_channel_id or facts["channel"]
    return 0 if facts["message"] and channel_id == facts["channel"] else channel_id


def refill(posts: Iterable[Post], gifts: Sequence[Receipt]) -> list[Announcement]:
    """Rebuild the announcements of one channel from their stored posts and the channel's gifts.

    `gifts` are the journal rows, in order, that were announced in the channel while these posts grew.
    """
    announcements = [Announcement(post) for post in posts]
    for gift in gifts:
        candidates = [
            announcement
            for announcement in announcements
            if announcement.post.first_seq <= gift.seq <= announcement.post.last_seq and _may_hold(announcement, gift)
        ]
        announcement = min(candidates, key=lambda candidate: _precedence(candidate.post), default=None)
        if announcement is not None:
            announcement.hold(gift)
            post = announcement.post
            announcement.unseen += [gift] if post.attempted_seq and gift.seq > post.shown_seq else []
    return announcements


_FORM_ORDER = (PostForm.GRAND, PostForm.HELD, PostForm.OWN, PostForm.SHARED)


def _precedence(post: Post) -> tuple[int, bool, int]:
    """Return a sort key for posts that cover the same rows. The first takes the gift; among equals, the newest."""
    return _FORM_ORDER.index(post.form), not post.due_ms, -post.first_seq


def _may_hold(announcement: Announcement, gift: Receipt) -> bool:
    post = announcement.post
    if (post.form is PostForm.HELD or post.due_ms) and facts_of(gift)["live_channel"]:
        return False
    if post.form is PostForm.GRAND and not is_grand(gift):
        return False
    return post.first_seq == gift.seq or _may_join(announcement, gift)


def _may_join(announcement: Announcement, gift: Receipt) -> bool:
    """Whether a gift fits the others in the message. Rows up to `attempted_seq` joined before it was posted."""
    post, lines = announcement.post, announcement.contents.lines
    if post.form is PostForm.OWN:
        # Items of different tiers may share a name, so compare the tier too.
        return gift_tier(facts_of(gift)).reaches(Tier.LARGE) and gift_line_key(gift) in lines
    if post.form is not PostForm.GRAND:
        return True
    if post.attempted_seq and gift.seq > post.attempted_seq:
        # People have read a message that names several gifts, so only a combo still grows.
        return [*lines] == [gift_line_key(gift)]
    return announcement.contents.has_room(gift)
