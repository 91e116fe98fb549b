"""A match between two creators: the one who receives more coins in five minutes wins the round. Ties stay ties."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

ROUND_MS = 5 * 60_000
INVITATION_MS = 5 * 60_000
"""How long an invitation to a match stands."""
FREEZE_MS = 30_000
"""A frozen match hides the score in the last seconds of each round, so that nobody can aim the last gift."""


class Answer(StrEnum):
    """The outcomes of an invitation. The values are stored."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    ENDED = "ended"
    """The inviter's live event was over, or they left it, before anybody answered."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a creator asks another one to play. `match_id` is the id of the interaction that asked.

    The inviter is `creator_id`, and `channel_id` is where the card is shown. An opponent who is on stage already plays
    at once. Anybody else has INVITATION_MS from `invited_ms` on to answer, and joins the live event by accepting.
    """

    guild_id: int
    match_id: int
    channel_id: int
    creator_id: int
    opponent_id: int
    rounds: int
    frozen: bool
    invited_ms: int = 0
    answer: Answer | None = None

    @property
    def expires_ms(self) -> int:
        """The first moment at which it cannot be answered any more."""
        return self.invited_ms + INVITATION_MS

    def is_open(self, now_ms: int) -> bool:
        """Whether it can still be accepted or declined."""
        return self.answer is None and now_ms < self.expires_ms

    def begin(self, event_id: int, now_ms: int) -> "Match":
        """Return the match that starts at `now_ms` because the invitation was accepted."""
        return Match(
            guild_id=self.guild_id,
            match_id=self.match_id,
            event_id=event_id,
            creator_id=self.creator_id,
            opponent_id=self.opponent_id,
            rounds=self.rounds,
            frozen=self.frozen,
            started_ms=now_ms,
        )


class CardMessage(NamedTuple):
    """The message that shows the card of a match. Unless it `is_layout`, it was posted as an embed and stays one."""

    message_id: int
    is_layout: bool


@dataclass(frozen=True, slots=True)
class Match:
    """A match of `creator_id` against `opponent_id`: the best of `rounds`, one right after another.

    `match_id` is the id of the interaction that started it. `ended_ms` is set if it was broken off because a creator
    left or the live event ended. The score until then stands.
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
        """Return the round, from 0, that a gift at `at_ms` counts for. At the end of a round, the next has begun."""
        number = (at_ms - self.started_ms) // ROUND_MS
        if self.ended_ms is not None and at_ms >= self.ended_ms:
            return None
        return number if 0 <= number < self.rounds else None

    def hides_score(self, at_ms: int) -> bool:
        """Whether the score is hidden at a time, unless the match is decided by then."""
        number = self.round_at(at_ms)
        return self.frozen and number is not None and at_ms >= self.ends_of(number) - FREEZE_MS

    def ends_of(self, number: int) -> int:
        """Return when the round with this number, from 0, ends."""
        return self.started_ms + (number + 1) * ROUND_MS


class Score(NamedTuple):
    """The creator's and the opponent's coins in one round, or the rounds that each has won."""

    creator: int = 0
    opponent: int = 0


@dataclass(frozen=True, slots=True)
class MatchState:
    """A match at some moment: the scores of its rounds so far, the rounds won, and its end, None while it runs.

    If `frozen`, the score of the current round stopped when it was hidden.
    """

    match: Match
    scores: tuple[Score, ...]
    won: Score
    over_ms: int | None
    frozen: bool = False

    @property
    def is_decided(self) -> bool:
        """Whether it was played to the end, or until nobody could catch up. Leaving afterwards changes nothing."""
        if self.over_ms is None:
            return False
        return max(self.won) > self.match.rounds // 2 or self.over_ms >= self.match.ends_of(self.match.rounds - 1)

    @property
    def winner_id(self) -> int | None:
        """The winner, None while it runs, for a tie, or if it was broken off."""
        if not self.is_decided or self.won.creator == self.won.opponent:
            return None
        return self.match.creator_id if self.won.creator > self.won.opponent else self.match.opponent_id


class MatchResult(NamedTuple):
    """What a match came to. The points are the coins of its one round, or the rounds that each creator won.

    One that is not `is_decided` was broken off.
    """

    match_id: int
    creator_id: int
    opponent_id: int
    rounds: int
    points: Score
    is_decided: bool

    @property
    def winner_id(self) -> int | None:
        """The winner, None for a tie or if it was broken off."""
        if not self.is_decided or self.points.creator == self.points.opponent:
            return None
        return self.creator_id if self.points.creator > self.points.opponent else self.opponent_id


def result_of(state: MatchState) -> MatchResult:
    """Return what a match came to whose live event is over."""
    match = state.match
    points = state.scores[0] if match.rounds == 1 else state.won
    return MatchResult(match.match_id, match.creator_id, match.opponent_id, match.rounds, points, state.is_decided)


@dataclass(frozen=True, slots=True)
class MatchCard:
    """What the card of a match shows at `now_ms`: an invitation, and the match that has come of it, if any."""

    invitation: Invitation
    state: MatchState | None
    now_ms: int

    @property
    def is_open(self) -> bool:
        """Whether the invitation can still be answered."""
        return self.invitation.is_open(self.now_ms)


class Scorer:
    """Counts the gifts of one match. It takes the gifts of its live event in any order, each once."""

    def __init__(self, match: Match) -> None:
        self.match = match
        self._scores = [Score() for _ in range(match.rounds)]
        # The same without the last seconds of each round, for frozen matches.
        self._visible_scores = [Score() for _ in range(match.rounds)]

    def feed(self, at_ms: int, creator_id: int, coins: int) -> None:
        """Count a gift. Gifts to other creators or at other times count for nothing."""
        number = self.match.round_at(at_ms)
        if number is None or creator_id not in {self.match.creator_id, self.match.opponent_id}:
            return
        self._scores[number] = self._added(self._scores[number], creator_id, coins)
        if at_ms < self.match.ends_of(number) - FREEZE_MS:
            self._visible_scores[number] = self._added(self._visible_scores[number], creator_id, coins)

    def at(self, now_ms: int) -> MatchState:
        """Return the match as everybody may see it at `now_ms`."""
        match = self.match
        won, rounds_over = Score(), 0
        for number in range(match.rounds):
            if now_ms < match.ends_of(number) or (
                match.ended_ms is not None and match.ended_ms < match.ends_of(number)
            ):
                break
            won = _with_round(won, self._scores[number])
            rounds_over = number + 1
            if max(won) > match.rounds // 2:
                break
        if rounds_over == match.rounds or max(won) > match.rounds // 2:
            return MatchState(match, tuple(self._scores[:rounds_over]), won, match.ends_of(rounds_over - 1))
        if match.ended_ms is not None:
            return MatchState(match, tuple(self._scores[: rounds_over + 1]), won, match.ended_ms)
        frozen = match.frozen and now_ms >= match.ends_of(rounds_over) - FREEZE_MS
        current = (self._visible_scores if frozen else self._scores)[rounds_over]
        return MatchState(match, (*self._scores[:rounds_over], current), won, None, frozen)

    def _added(self, score: Score, creator_id: int, coins: int) -> Score:
        if creator_id == self.match.creator_id:
            return score._replace(creator=score.creator + coins)
        return score._replace(opponent=score.opponent + coins)


def _with_round(won: Score, score: Score) -> Score:
    return Score(won.creator + (score.creator > score.opponent), won.opponent + (score.opponent > score.creator))
