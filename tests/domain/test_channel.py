"""One channel in a storm: gifts, the feed that groups them, and the turns in which they are told, by a set clock."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.announcements import ChannelFeed, is_grand, refill
from bot.domain.posts import LONGEST_MS, PINNED_MS, Post, PostForm, may_pin
from bot.domain.receipts import Receipt
from bot.domain.turns import MOST_MESSAGES, WINDOW_S, TurnKind, Turns, Waiter
from tests.domain.builders import CHANNEL, GUILD, NOON
from tests.domain.test_posts import a_gift

START = 1_000.0
BOARD_GAP_S = 2.5
ROUNDING_S = 1e-4
FOREVER = float("inf")


@dataclass
class Channel:
    """A channel in which each request takes `takes_s` seconds. `shows` says what each message shows, by its post."""

    takes_s: float
    now: float = START
    feed: ChannelFeed = field(default_factory=lambda: ChannelFeed(GUILD, CHANNEL))
    turns: Turns = field(default_factory=Turns)
    queued: dict[Waiter, Post | str] = field(default_factory=dict[Waiter, Post | str])
    messages: list[tuple[float, TurnKind]] = field(default_factory=list[tuple[float, TurnKind]])
    told_at: dict[int, float] = field(default_factory=dict[int, float])
    holds: dict[tuple[int, int, int], set[int]] = field(default_factory=dict[tuple[int, int, int], set[int]])
    pinned: list[Post] = field(default_factory=list[Post])
    board_at: float = -FOREVER
    board_waits: float | None = None
    board_lags: list[float] = field(default_factory=list[float])

    @property
    def now_ms(self) -> int:
        return NOON + round((self.now - START) * 1000)

    def give(self, gift: Receipt) -> None:
        """Have a gift arrive, which a board has to show, too."""
        posts = (
            self.feed.count(gift, self.now_ms)
            if gift.facts["message"]
            else [self.feed.announce(gift, self.now_ms).post]
        )
        # The last one is where it is told.
        self.holds.setdefault(posts[-1].key, set()).add(gift.seq)
        self.feed.tidy(self.now_ms)
        self.board_waits = self.now if self.board_waits is None else self.board_waits
        self._queue()

    def run(self, until: float = FOREVER) -> None:
        """Give out turns until that moment, or until nothing is left to tell."""
        while True:
            self._queue()
            waiter, opens_at = self.turns.next_waiter(self.now)
            if waiter is not None:
                self._speak(waiter)
                continue
            if self.board_waits is not None and "board" not in self.queued.values():
                opens_at = min(opens_at, self.board_at + BOARD_GAP_S)
            if opens_at == FOREVER or opens_at > until:
                break
            self.now = opens_at + ROUNDING_S / 100
        if until < FOREVER:
            self.now = max(self.now, until)

    def _queue(self) -> None:
        busy = [post.key for post in self.queued.values() if isinstance(post, Post)]
        for post in self.feed.posts:
            if post.waits(self.now_ms) and post.key not in busy:
                verb = "PATCH" if post.message_id else "POST"
                self.queued[self.turns.queue(post.kind, verb, 0, self.now)] = post
        is_due = self.board_waits is not None and self.now >= self.board_at + BOARD_GAP_S
        if is_due and "board" not in self.queued.values():
            self.queued[self.turns.queue(TurnKind.BOARD, "PATCH", 0, self.now)] = "board"

    def _speak(self, waiter: Waiter) -> None:
        subject = self.queued.pop(waiter)
        self.turns.begin(waiter, self.now)
        upto = 0
        if isinstance(subject, Post):
            upto = subject.last_seq
            subject.attempted_seq = subject.attempted_seq or upto
        elif subject == "board":
            self.board_at = self.now
        self.now += self.takes_s
        self.turns.end(waiter, self.now)
        if waiter.is_message:
            self.messages.append((self.now, waiter.kind))
        if isinstance(subject, Post):
            self._show(subject, upto)
        elif subject == "board":
            assert self.board_waits is not None
            self.board_lags.append(self.now - self.board_waits)
            self.board_waits = None

    def _show(self, post: Post, upto: int) -> None:
        is_new, post.message_id = not post.message_id, 1
        post.shown_seq = upto
        for announcement in self.feed.announcements:
            if announcement.post is post:
                announcement.show(upto)
        for seq in self.holds.get(post.key, ()):
            if seq <= upto:
                self.told_at.setdefault(seq, self.now)
        if is_new and post.form is PostForm.GRAND and may_pin(self.pinned, self.now_ms):
            post.unpin_ms = self.now_ms + PINNED_MS
            self.pinned.append(post)
            self.queued[self.turns.queue(TurnKind.TOTALS, "PUT", 0, self.now)] = "pin"


@st.composite
def storms(draw: st.DrawFn) -> list[tuple[float, Receipt]]:
    """Gifts of all sizes, some of them on messages, each with the seconds that go by before it."""
    gifts: list[tuple[float, Receipt]] = []
    for seq in range(1, draw(st.integers(2, 41))):
        facts: dict[str, Any] = {
            "price": draw(st.sampled_from([1, 10, 999, 1_000, 4_999, 5_000, 20_000, 44_999])),
            "name": draw(st.sampled_from(["A", "B", "C"])),
            "count": draw(st.integers(1, 3)),
        }
        if draw(st.integers(0, 3)) == 0:
            facts |= {"price": 1, "message": draw(st.integers(1, 40))}
        note = draw(st.sampled_from(["", f"note {seq}"]))
        gifts.append((draw(st.sampled_from([0, 0, 0, 0.1, 0.5, 1, 3, 9])), a_gift(seq, note=note, **facts)))
    return gifts


def play(storm: list[tuple[float, Receipt]], takes_s: float) -> tuple[Channel, dict[int, float]]:
    channel, arrival_times = Channel(takes_s), dict[int, float]()
    for wait_s, gift in storm:
        channel.run(channel.now + wait_s)
        arrival_times[gift.seq] = channel.now
        channel.give(gift)
    channel.run()
    return channel, arrival_times


@given(storm=storms(), takes_s=st.floats(0, 0.3))
def test_a_storm_is_told_in_few_messages_soon_and_completely(storm, takes_s):
    channel, arrival_times = play(storm, takes_s)
    times = [at for at, _kind in channel.messages]
    last = max(arrival_times.values())

    assert channel.told_at.keys() == arrival_times.keys()
    assert max(channel.told_at.values()) - last <= 10 + takes_s
    for earlier, later in zip(times, times[MOST_MESSAGES:], strict=False):
        assert later - earlier >= WINDOW_S - ROUNDING_S
    assert all(lag <= 5 for lag in channel.board_lags)


def test_what_waits_behind_grand_gifts_is_told_within_ten_seconds():
    # Gifts as (seconds before it, price, name, message, how many). Found by Hypothesis: the last ones took 10.25 s
    # when a grand gift was never to wait longer than 2.5 s for its turn.
    storm = [
        *((0, 1, "A", 1, 1), (0, 1, "A", 3, 1), (0, 1, "A", 0, 4), (3, 1_000, "B", 0, 1), (0, 1, "A", 0, 1)),
        *((0.5, 1, "A", 0, 1), (1, 5_000, "A", 0, 1), (1, 1, "A", 0, 1), (0, 5_000, "C", 0, 1), (0, 1, "A", 0, 10)),
        *((0.5, 1, "A", 0, 1), (1, 1_000, "A", 0, 1), (0, 5_000, "A", 0, 1), (0, 1, "A", 2, 1), (0, 1, "A", 0, 6)),
        *((0, 1, "B", 0, 1), (0, 5_000, "B", 0, 1)),
    ]
    seqs = itertools.count(1)
    gifts = [
        (wait_s, a_gift(next(seqs), price=price, name=name, message=message))
        for wait_s, price, name, message, times in storm
        for _ in range(times)
    ]

    channel, arrival_times = play(gifts, takes_s=0.0)

    assert max(channel.told_at.values()) - max(arrival_times.values()) <= 10


@given(storm=storms(), takes_s=st.floats(0, 0.1))
def test_each_grand_gift_is_named_within_five_seconds(storm, takes_s):
    channel, arrival_times = play(storm, takes_s)

    for _wait_s, gift in storm:
        if is_grand(gift):
            assert channel.told_at[gift.seq] - arrival_times[gift.seq] <= 5


@given(storm=storms(), takes_s=st.floats(0, 0.3))
def test_at_any_time_a_restart_finds_every_message_with_the_gifts_it_held(storm, takes_s):
    channel = Channel(takes_s)
    gifts = [gift for _wait_s, gift in storm if not gift.facts["message"]]
    posts = dict[tuple[int, int, int], Post]()
    for wait_s, gift in storm:
        channel.run(channel.now + wait_s)
        channel.give(gift)
        announcements = channel.feed.announcements
        posts |= {announcement.post.key: announcement.post for announcement in announcements}

        gifts_so_far = [receipt for receipt in gifts if receipt.seq <= gift.seq]
        # Finished ones are remembered as long as others began before they ended.
        announcement_by_key = {
            announcement.post.key: announcement for announcement in refill(posts.values(), gifts_so_far)
        }

        assert [announcement_by_key[announcement.post.key] for announcement in announcements] == announcements


def test_sixty_gifts_on_sixty_messages_are_told_in_few_messages():
    channel = Channel(0.1)
    for seq in range(1, 61):
        channel.give(a_gift(seq, price=1, message=seq))
        channel.run(channel.now + 0.05)
    channel.run()

    assert len(channel.messages) <= 4
    assert channel.told_at.keys() == {*range(1, 61)}


def test_one_pin_a_minute():
    channel = Channel(0.1)
    for seq in range(1, 121):
        channel.give(a_gift(seq, price=44_999, name=f"Item {seq}"))
        channel.run(channel.now + 1)
    pinned_at = [post.unpin_ms for post in channel.pinned]

    assert len(pinned_at) == 2
    assert all(later - earlier >= 60_000 for earlier, later in itertools.pairwise(pinned_at))


def test_what_was_told_long_ago_is_no_longer_remembered():
    channel = Channel(0.1)
    channel.give(a_gift(1))
    channel.give(a_gift(2, price=44_999))
    for seq in range(3, 20):
        channel.give(a_gift(seq, message=seq))
    channel.run()
    channel.feed.tidy(channel.now_ms + LONGEST_MS)

    assert channel.feed.posts == []
    assert channel.feed.replies == {}
