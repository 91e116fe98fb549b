"""The running state of a show, which the board displays. It is computed from the live event's gifts in order."""

from collections import deque
from collections.abc import Iterable, Sequence

from bot.domain.combos import Combos, EventGift
from bot.domain.live import LiveEvent, Recap
from bot.domain.match import Match, Scorer, result_of
from bot.domain.momentum import Momentum

LATEST = 5
"""How many gifts the board lists."""


class LiveProgress:
    """The state of one live event after the gift in journal row `seq`.

    The same gifts give the same state, fed at once or one by one, in this process or after a restart. Feeding a gift
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
        """Count the new ones among `gifts`, which are in journal order."""
        for gift in gifts:
            if gift.seq > self.seq:
                self._count(gift)

    def recap(self, event: LiveEvent) -> Recap:
        """Return the facts to store once `event` is over."""
        in_time = self.goal_ms is not None and event.in_time(self.goal_ms)
        results = tuple(result_of(scorer.at(event.ended_ms or event.ends_ms)) for scorer in self.matches)
        return Recap(self.goal_ms if in_time else None, self._combos.best, self.momentum.best, results)

    def _count(self, gift: EventGift) -> None:
        self.seq = gift.seq
        self.coins += gift.coins
        self.pieces += gift.quantity
        if self.goal is not None and self.goal_ms is None and self.coins >= self.goal:
            self.goal_ms = gift.at_ms
        self.latest.append(gift)
        self._combos.feed(gift)
        self.momentum.feed(gift.seq, gift.at_ms, gift.sender, gift.coins)
        for scorer in self.matches:
            scorer.feed(gift.at_ms, gift.creator_id, gift.coins)
