"""Turns in a channel: which request goes next, and when. A channel gets at most six messages in ten seconds.

This module is pure, so that tests can simulate any crowd. `bot.announcer.pace` waits by the clock and makes the
requests. All times are seconds on one clock.

Messages are counted and edits are not, because edits flood nobody. Of the six messages, enough are reserved that a
grand gift never waits longer than GRAND_PATIENCE_S, whatever else is posted.
"""

from collections import deque
from dataclasses import dataclass, field
from enum import IntEnum

MOST_MESSAGES = 6
WINDOW_S = 10.0
"""A channel gets at most MOST_MESSAGES in any period of this length."""

GRAND_GAP_S = 2.0
"""The shortest time between two messages about grand gifts."""

GRAND_PATIENCE_S = 2.75
"""The longest that such a message waits for its turn once the previous one is posted. With 2.5 or less, so much is kept
free for grand gifts that what waits behind them may take more than ten seconds."""

CHANNEL_GAP_S = 0.75
"""The shortest time between two requests into a channel, even if Discord would allow more."""

_ROUNDING_S = 1e-6
"""Tolerance for rounding errors of floats."""

_MESSAGES = frozenset({"POST", "PUT"})
"""Verbs that add a message to the channel. PUT pins one, which Discord announces with a message of its own."""


class TurnKind(IntEnum):
    """What a turn is for. Edits of boards go first, because they come every few seconds at most. Grand gifts follow,
    and then boards that move down: looking for them, and posting them anew, take two turns and a message.

    For all other kinds, the value is how many seconds each may wait for others, and whichever is due first goes first.
    So a large gift overtakes what is waiting, and nothing waits forever.
    """

    GRAND = 0
    """An announcement of grand or legendary gifts."""
    BOARD = 1
    """The board of a live event."""
    LOUD = 2
    """An announcement of one large gift."""
    MERGED = 3
    """An announcement of many gifts."""
    TOTALS = 8
    """The totals below a message, pins, and tidying up."""


_EDIT_OF_BOARD, _GRAND, _MOVE_OF_BOARD, _OTHER = range(4)


@dataclass(slots=True, eq=False)
class Waiter:
    """A request that waits for its turn. `subject` distinguishes requests of one kind by their topic, 0 for none."""

    kind: TurnKind
    verb: str
    subject: int
    due_at: float

    @property
    def is_message(self) -> bool:
        """Whether the request adds a message to the channel."""
        return self.verb in _MESSAGES

    @property
    def rank(self) -> tuple[int, float]:
        """The sort key of the queue. The lowest goes first."""
        if self.kind is TurnKind.BOARD:
            return _EDIT_OF_BOARD if self.verb == "PATCH" else _MOVE_OF_BOARD, self.due_at
        return _GRAND if self.kind is TurnKind.GRAND else _OTHER, self.due_at


@dataclass(slots=True)
class _Limit:
    """Discord's rate limit for one verb, as its headers reported it."""

    limit: int = 0
    length_s: float = 0.0
    opens_at: float = 0.0


@dataclass(slots=True)
class Turns:
    """The turns of one channel.

    `message_times` holds the latest possible posting times of the newest messages. `grand_at` is when the turn of the
    newest message about grand gifts began.
    """

    waiting: list[Waiter] = field(default_factory=list[Waiter])
    speaker: Waiter | None = None
    next_at: float = 0.0
    grand_at: float = -WINDOW_S
    message_times: deque[float] = field(
        default_factory=lambda: deque([-WINDOW_S] * MOST_MESSAGES, maxlen=MOST_MESSAGES)
    )
    limits: dict[str, _Limit] = field(default_factory=dict[str, _Limit])

    def queue(self, kind: TurnKind, verb: str, subject: int, now: float) -> Waiter:
        """Add a request that waits from `now` on."""
        waiter = Waiter(kind, verb, subject, now + kind)
        self.waiting.append(waiter)
        return waiter

    def is_at_rest(self, now: float) -> bool:
        """Whether the state of the channel can be forgotten."""
        return (
            not self.waiting
            and self.speaker is None
            and self.message_times[-1] + WINDOW_S <= now
            and self.next_at <= now
        )

    def next_waiter(self, now: float) -> tuple[Waiter | None, float]:
        """Return the waiter whose turn it is at `now`, or None and the time of the next turn.

        While a request is under way, nobody has a turn, and that time is infinity.
        """
        if self.speaker is not None or not self.waiting:
            return None, float("inf")
        ready = [waiter for waiter in self.waiting if self.opens_at(waiter, now) <= now]
        if not ready:
            return None, min(self.opens_at(waiter, now) for waiter in self.waiting)
        return min(ready, key=lambda waiter: waiter.rank), now

    def opens_at(self, waiter: Waiter, now: float) -> float:
        """Return the time, `now` or later, when a waiter's request may go if no other goes first."""
        limit = self.limits.get(waiter.verb)
        at = max(now, self.next_at, limit.opens_at if limit else 0.0)
        if waiter.is_message:
            at = max(at, self.message_times[0] + WINDOW_S)
            at = max(at, self.grand_at + GRAND_GAP_S) if waiter.kind is TurnKind.GRAND else self._time_sparing_grand(at)
        return at

    def begin(self, waiter: Waiter, now: float) -> None:
        """Give a waiter the turn."""
        self.waiting.remove(waiter)
        self.speaker = waiter
        self.next_at = now + CHANNEL_GAP_S
        if waiter.kind is TurnKind.GRAND and waiter.is_message:
            self.grand_at = now

    def end(self, waiter: Waiter, now: float) -> None:
        """End the waiter's turn, or remove it from the queue."""
        if self.speaker is not waiter:
            self.waiting.remove(waiter)
            return
        self.speaker = None
        if waiter.is_message:
            # Discord may have posted it any time up to now. Counting from now is on the safe side.
            self.note_message(now)

    def note_message(self, at: float, *, is_grand: bool = False) -> None:
        """Count a message posted by `at`. `is_grand` says that an earlier process posted it about grand gifts."""
        self.message_times = deque(sorted([*self.message_times, at])[1:], maxlen=MOST_MESSAGES)
        if is_grand:
            self.grand_at = max(self.grand_at, at)

    def note_answer(
        self, verb: str, limit: int, remaining: int, reset_s: float, now: float, *, is_refused: bool
    ) -> None:
        """Learn from Discord's headers how many requests with `verb` fit into a window, and how long it is."""
        verb_limit = self.limits.setdefault(verb, _Limit())
        verb_limit.length_s = reset_s if limit != verb_limit.limit else max(verb_limit.length_s, reset_s)
        verb_limit.limit = limit
        verb_limit.opens_at = now + (verb_limit.length_s / limit if remaining and not is_refused else reset_s)

    def _time_sparing_grand(self, at: float) -> float:
        """Return the first time, `at` or later, when a message of another kind leaves enough room for grand gifts.

        This simulates the worst crowd, which sends a grand gift as soon as one may be posted. None of the next six may
        have to wait longer than GRAND_PATIENCE_S for a message to leave the window.
        """
        open_at = self.grand_at + GRAND_GAP_S
        # Each round that finds a grand gift waiting too long moves `at` forward, until none does.
        while True:
            # A grand gift may have been waiting since the last one was posted.
            free_from = at if at >= open_at else self.grand_at
            for number, message_at in enumerate([*list(self.message_times)[1:], at]):
                frees_at = message_at + WINDOW_S
                if frees_at - free_from > GRAND_PATIENCE_S + _ROUNDING_S:
                    # Delaying this message also delays the grand gifts after it.
                    later_at = frees_at - GRAND_PATIENCE_S - GRAND_GAP_S * max(0, number - 1)
                    at = later_at if number else max(later_at, open_at)
                    break
                free_from = max(free_from + (GRAND_GAP_S if number else 0.0), open_at, frees_at)
            else:
                return at
