"""A match: two creators, five minutes, and whoever is given more coins wins the round. A tie is a tie."""

from dataclasses import dataclass
from typing import NamedTuple

ROUND_MS = 5 * 60_000
FREEZE_MS = 30_000
"""Where a match is frozen, nobody sees the score of a round's last seconds, so that the last gift cannot be aimed."""


@dataclass(frozen=True, slots=True)
class Match:
    """A match of `creator_id` against `opponent_id`: the best of `rounds`, each right after the one before.

    `match_id` is the id of the interaction that started it. `ended_ms` is set where it was broken off, by a creator
    who left or with its live event: what was scored until then stands.
    """

    guild_id: int
    match_id: int
    event_id: int
    creator_id: int
    opponent_id: int
    rounds: int
    frozen: bool
    started_ms: int
    ended_ms: int | None = None

    def round_at(self, at_ms: int) -> int | None:
        """Return the round, from 0, that a gift at `at_ms` counts for. At the bell the next one has begun."""
        number = (at_ms - self.started_ms) // ROUND_MS
        if self.ended_ms is not None and at_ms >= self.ended_ms:
            return None
        return number if 0 <= number < self.rounds else None

    def ends_of(self, number: int) -> int:
        """Return when a round ends."""
        return self.started_ms + (number + 1) * ROUND_MS


class Score(NamedTuple):
    """Coins of one round, or rounds won: the creator's and the opponent's."""

    creator: int = 0
    opponent: int = 0


@dataclass(frozen=True, slots=True)
class MatchState:
    """A match at some moment: the scores of its rounds so far, rounds won, and when it was over, None while it runs.

    `frozen` tells that the score of the current round is from the moment when it was hidden.
    """

    match: Match
    scores: tuple[Score, ...]
    won: Score
    over_ms: int | None
    frozen: bool = False

    @property
    def is_decided(self) -> bool:
        """Whether it was played to its end, or to where nobody could catch up. Leaving afterwards changes nothing."""
        if self.over_ms is None:
            return False
        return max(self.won) > self.match.rounds // 2 or self.over_ms >= self.match.ends_of(self.match.rounds - 1)

    @property
    def winner_id(self) -> int | None:
        """Who won; None while it runs, and for a tie. Where it was broken off, nobody did."""
        if not self.is_decided or self.won.creator == self.won.opponent:
            return None
        return self.match.creator_id if self.won.creator > self.won.opponent else self.match.opponent_id


class Scorer:
    """Counts the gifts of one match. Fed with the gifts of its live event in any order, each once."""

    def __init__(self, match: Match) -> None:
        self.match = match
        self._all = [Score() for _ in range(match.rounds)]
        self._open = [Score() for _ in range(match.rounds)]

    def feed(self, at_ms: int, creator_id: int, coins: int) -> None:
        """Count a gift to one of the two; others, and other times, count for nothing."""
        number = self.match.round_at(at_ms)
        if number is None or creator_id not in {self.match.creator_id, self.match.opponent_id}:
            return
        self._all[number] = self._added(self._all[number], creator_id, coins)
        if at_ms < self.match.ends_of(number) - FREEZE_MS:
            self._open[number] = self._added(self._open[number], creator_id, coins)

    def at(self, now_ms: int) -> MatchState:
        """Return the match as everybody may see it at `now_ms`."""
        match = self.match
        won, played = Score(), 0
        for number in range(match.rounds):
            if now_ms < match.ends_of(number) or (
                match.ended_ms is not None and match.ended_ms < match.ends_of(number)
            ):
                break
            won = _with_round(won, self._all[number])
            played = number + 1
            if max(won) > match.rounds // 2:
                break
        if played == match.rounds or max(won) > match.rounds // 2:
            return MatchState(match, tuple(self._all[:played]), won, match.ends_of(played - 1))
        if match.ended_ms is not None:
            return MatchState(match, tuple(self._all[: played + 1]), won, match.ended_ms)
        frozen = match.frozen and now_ms >= match.ends_of(played) - FREEZE_MS
        current = (self._open if frozen else self._all)[played]
        return MatchState(match, (*self._all[:played], current), won, None, frozen)

    def _added(self, score: Score, creator_id: int, coins: int) -> Score:
        if creator_id == self.match.creator_id:
            return score._replace(creator=score.creator + coins)
        return score._replace(opponent=score.opponent + coins)


def _with_round(won: Score, score: Score) -> Score:
    return Score(won.creator + (score.creator > score.opponent), won.opponent + (score.opponent > score.creator))
