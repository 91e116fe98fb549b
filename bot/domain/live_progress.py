"""The current state of a live event, which the board displays. It is computed from the event's gifts in order."""

from collections import deque
from collections.abc import Iterable, Sequence

from bot.domain.combos import Combos, EventGift
from bot.domain.largest_gifts import larger_of, largest_gift
from bot.domain.live import LiveEvent, ReachedGoal, Recap
from bot.domain.match import Match, Scorer, result_of
from bot.domain.momentum import Momentum

LATEST = 5
"""How many gifts the board lists."""

PACE_MS = 60_000
"""The span whose coins are the event's pace."""


class LiveProgress:
    """The state of one live event after the gift in journal row `seq`.

    The same gifts give the same state, whether fed together or one by one, in this process or after a restart. Feeding
    a gift again changes nothing. `goal_ms` is when the goal was reached, in time or not. A goal in `reached` stays
    reached, whatever the gifts come to now.
    """

    def __init__(self, event: LiveEvent, matches: Sequence[Match] = (), reached: Iterable[ReachedGoal] = ()) -> None:
        self.goal = event.goal
        self.seq = event.start_seq
        self.coins = 0
        self.pieces = 0
        self.goal_ms = next((goal.reached_ms for goal in reached if goal.goal == event.goal), None)
        self.latest: deque[EventGift] = deque(maxlen=LATEST)
        self.momentum = Momentum()
        self.matches = [Scorer(match) for match in matches]
        self._combos = Combos()
        self._largest: EventGift | None = None
        self._seconds: deque[tuple[int, int]] = deque()

    def feed(self, gifts: Iterable[EventGift]) -> None:
        """Count the new ones among `gifts`, which are in journal order."""
        for gift in gifts:
            if gift.seq > self.seq:
                self._count(gift)

    def pace(self, now_ms: int) -> int:
        """Return the coins of the last minute before `now_ms`."""
        return sum(coins for second, coins in self._seconds if second * 1000 > now_ms - PACE_MS)

    def reached(self, event: LiveEvent) -> ReachedGoal | None:
        """Return the goal of `event` if it was reached in time."""
        if self.goal is None or self.goal_ms is None or not event.in_time(self.goal_ms):
            return None
        return ReachedGoal(self.goal, self.goal_ms)

    def recap(self, event: LiveEvent) -> Recap:
        """Return the facts to store once `event` is over."""
        reached = self.reached(event)
        results = tuple(result_of(scorer.at(event.ended_ms or event.ends_ms)) for scorer in self.matches)
        goal_ms = reached.reached_ms if reached else None
        return Recap(goal_ms, self._combos.best, self.momentum.best, results, largest_gift(self._largest))

    def _count(self, gift: EventGift) -> None:
        self.seq = gift.seq
        self.coins += gift.coins
        self.pieces += gift.quantity
        if self.goal is not None and self.goal_ms is None and self.coins >= self.goal:
            self.goal_ms = gift.at_ms
        self.latest.append(gift)
        self._keep_pace(gift)
        self._combos.feed(gift)
        self._largest = larger_of(self._largest, gift)
        self.momentum.feed(gift.seq, gift.at_ms, gift.sender, gift.coins)
        for scorer in self.matches:
            scorer.feed(gift.at_ms, gift.creator_id, gift.coins)

    def _keep_pace(self, gift: EventGift) -> None:
        second = gift.at_ms // 1000
        # Gifts are in the order of the journal, and a clock that was set back must not lose any.
        if self._seconds and self._seconds[-1][0] >= second:
            second, coins = self._seconds.pop()
            self._seconds.append((second, coins + gift.coins))
        else:
            self._seconds.append((second, gift.coins))
        while (second - self._seconds[0][0]) * 1000 > PACE_MS:
            self._seconds.popleft()
