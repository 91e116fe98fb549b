"""Whose turn it is to speak into a channel, and when: at most six messages in ten seconds, everything included.

Pure, so that it can be played through for any crowd: `bot.announcer.pace` waits by the clock and does the asking. All
times are seconds on one clock.

Messages are counted, edits are not: nobody is flooded by those. Of the six, so many are held back that a grand gift
never waits longer than GRAND_PATIENCE_S, whatever else is said.
"""

from collections import deque
from dataclasses import dataclass, field
from enum import IntEnum

MOST_MESSAGES = 6
WINDOW_S = 10.0
"""A channel gets no more than that many messages in any such stretch of time."""

GRAND_GAP_S = 2.0
"""Least seconds from one message about grand gifts to the next."""

GRAND_PATIENCE_S = 2.5
"""How long such a message waits for its turn at most, once the one before it is up."""

CHANNEL_GAP_S = 0.75
"""Least seconds from one request into a channel to the next, whatever Discord would allow beyond that."""

_ROUNDING_S = 1e-6

_MESSAGES = frozenset({"POST", "PUT"})
"""Verbs after which there is one more message: Discord says so in the channel when something is pinned."""


class Kind(IntEnum):
    """What a turn is for. Boards go first, there is one every few seconds at most, then grand gifts. Of the rest the
    value is how many seconds each may wait for others: who is due first goes first. So a large gift passes whatever
    waits, and nothing waits for ever."""

    GRAND = 0
    """An announcement of grand or legendary gifts."""
    BOARD = 1
    """The board of a live event."""
    LOUD = 2
    """An announcement of its own."""
    MERGED = 3
    """An announcement of many gifts."""
    TOTALS = 8
    """The totals below a message, pins, tidying up."""


_FIRST = (Kind.BOARD, Kind.GRAND)


@dataclass(slots=True, eq=False)
class Waiter:
    """Somebody who wants to make one request. `subject` tells apart what requests of one kind are about, 0 for none."""

    kind: Kind
    verb: str
    subject: int
    due_at: float

    @property
    def is_message(self) -> bool:
        """Whether there is one more message afterwards."""
        return self.verb in _MESSAGES

    @property
    def rank(self) -> tuple[int, float]:
        """The lower, the sooner it is this one's turn."""
        return _FIRST.index(self.kind) if self.kind in _FIRST else len(_FIRST), self.due_at


@dataclass(slots=True)
class _Limit:
    """What Discord's headers have said about one verb."""

    limit: int = 0
    length_s: float = 0.0
    opens_at: float = 0.0


@dataclass(slots=True)
class Turns:
    """The turns of one channel. `messages` counts those that were posted, `sent` holds when the newest were up, at the
    latest; `grand_at` is when the turn of the newest about grand gifts began."""

    waiting: list[Waiter] = field(default_factory=list[Waiter])
    speaker: Waiter | None = None
    next_at: float = 0.0
    grand_at: float = -WINDOW_S
    messages: int = 0
    sent: deque[float] = field(default_factory=lambda: deque([-WINDOW_S] * MOST_MESSAGES, maxlen=MOST_MESSAGES))
    limits: dict[str, _Limit] = field(default_factory=dict[str, _Limit])

    def queue(self, kind: Kind, verb: str, subject: int, now: float) -> Waiter:
        """Add somebody who waits from `now` on."""
        waiter = Waiter(kind, verb, subject, now + kind)
        self.waiting.append(waiter)
        return waiter

    def is_at_rest(self, now: float) -> bool:
        """Whether nothing has to be remembered of the channel."""
        return not self.waiting and self.speaker is None and self.sent[-1] + WINDOW_S <= now and self.next_at <= now

    def next_one(self, now: float) -> tuple[Waiter | None, float]:
        """Return whose turn it is at `now`, else None and the moment at which it will be somebody's.

        Nobody's while somebody speaks: then the moment is never.
        """
        if self.speaker is not None or not self.waiting:
            return None, float("inf")
        ready = [waiter for waiter in self.waiting if self.opens_at(waiter, now) <= now]
        if not ready:
            return None, min(self.opens_at(waiter, now) for waiter in self.waiting)
        return min(ready, key=lambda waiter: waiter.rank), now

    def opens_at(self, waiter: Waiter, now: float) -> float:
        """Return the moment, `now` or later, at which a waiter's request may go if nothing else goes before it."""
        limit = self.limits.get(waiter.verb)
        at = max(now, self.next_at, limit.opens_at if limit else 0.0)
        if waiter.is_message:
            at = max(at, self.sent[0] + WINDOW_S)
            at = max(at, self.grand_at + GRAND_GAP_S) if waiter.kind is Kind.GRAND else self._spares_the_grand(at)
        return at

    def begin(self, waiter: Waiter, now: float) -> None:
        """Give a waiter the turn."""
        self.waiting.remove(waiter)
        self.speaker = waiter
        self.next_at = now + CHANNEL_GAP_S
        if waiter.kind is Kind.GRAND and waiter.is_message:
            self.grand_at = now

    def end(self, waiter: Waiter, now: float) -> None:
        """Take the turn back, or the wish for one."""
        if self.speaker is not waiter:
            self.waiting.remove(waiter)
            return
        self.speaker = None
        if waiter.is_message:
            # From now, not from when the turn began: nobody can have seen it later.
            self.note_message(now)

    def note_message(self, at: float, *, is_grand: bool = False) -> None:
        """Count a message that was up at `at`; `is_grand` if an earlier process has posted it about grand gifts."""
        self.messages += 1
        self.sent = deque(sorted([*self.sent, at])[1:], maxlen=MOST_MESSAGES)
        if is_grand:
            self.grand_at = max(self.grand_at, at)

    def note_answer(self, verb: str, limit: int, remaining: int, reset_s: float, now: float, *, refused: bool) -> None:
        """Learn from Discord's headers: how many requests with `verb` a window takes, and how long it is."""
        known = self.limits.setdefault(verb, _Limit())
        known.length_s = reset_s if limit != known.limit else max(known.length_s, reset_s)
        known.limit = limit
        known.opens_at = now + (known.length_s / limit if remaining and not refused else reset_s)

    def _spares_the_grand(self, at: float) -> float:
        """Return the first moment, `at` or later, at which a message of another kind leaves enough for grand gifts.

        Played through for the worst crowd, which sends a grand gift as soon as one may be told: none of the following
        six may have to wait longer than GRAND_PATIENCE_S for a message to leave the window.
        """
        open_at = self.grand_at + GRAND_GAP_S
        while True:
            # One may have been waiting ever since the last one was told.
            free_from = at if at >= open_at else self.grand_at
            for number, message_at in enumerate([*list(self.sent)[1:], at]):
                frees_at = message_at + WINDOW_S
                if frees_at - free_from > GRAND_PATIENCE_S + _ROUNDING_S:
                    # The later this message comes, the later are those that follow it.
                    later = frees_at - GRAND_PATIENCE_S - GRAND_GAP_S * max(0, number - 1)
                    at = later if number else max(later, open_at)
                    break
                free_from = max(free_from + (GRAND_GAP_S if number else 0.0), open_at, frees_at)
            else:
                return at
