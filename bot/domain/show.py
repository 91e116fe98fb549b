"""A show as it unfolds: what the board of a live event tells, worked out from the event's gifts in their order."""

from collections import deque
from collections.abc import Iterable, Sequence

from bot.domain.combos import Combos, EventGift
from bot.domain.live import LiveEvent, Recap
from bot.domain.match import Match, Scorer
from bot.domain.momentum import Momentum

LATEST = 5
"""Gifts that the board lists."""


class Show:
    """The story of one live event, up to the gift with the journal's number `seq`.

    The same gifts, fed at once or one by one, in one process or the next, make the same story; a gift that is fed
    again changes nothing. `goal_ms` is when the goal was reached, in time or not.
    """

    def __init__(self, event: LiveEvent, matches: Sequence[Match] = ()) -> None:
        self.goal = event.goal
        self.seq = event.start_seq
        self.coins = 0
        self.pieces = 0
        self.goal_ms: int | None = None
        self.latest: deque[EventGift] = deque(maxlen=LATEST)
        self.momentum = Momentum()
        self.matches = [Scorer(match) for match in matches]
        self._combos = Combos()

    def feed(self, gifts: Iterable[EventGift]) -> None:
        """Go on with `gifts`, ordered by their numbers."""
        for gift in gifts:
            if gift.seq > self.seq:
                self._count(gift)

    def recap(self, event: LiveEvent) -> Recap:
        """Return what is kept of the show once `event` is over."""
        in_time = self.goal_ms is not None and event.in_time(self.goal_ms)
        return Recap(self.goal_ms if in_time else None, self._combos.best, self.momentum.best)

    def _count(self, gift: EventGift) -> None:
        self.seq = gift.seq
        self.coins += gift.coins
        self.pieces += gift.pieces
        if self.goal is not None and self.goal_ms is None and self.coins >= self.goal:
            self.goal_ms = gift.at_ms
        self.latest.append(gift)
        self._combos.feed(gift)
        self.momentum.feed(gift.seq, gift.at_ms, gift.sender, gift.coins)
        for scorer in self.matches:
            scorer.feed(gift.at_ms, gift.creator_id, gift.coins)
