"""What is said once in the channel of a live event: a goal reached, a gift train that leaves or stops, a match decided.

Worked out from the event's story, which is the same after a restart: each moment has a name, and what has been said
is remembered by it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.domain.deadlines import SETTLED_MS
from bot.domain.live import LiveEvent
from bot.domain.live_progress import LiveProgress
from bot.domain.match import MatchState, Score
from bot.domain.momentum import LEVELS, Train
from bot.domain.text import shown
from bot.ui import theme
from bot.ui.kit.cards import Card
from bot.ui.text import mentions
from bot.ui.text.reader import Reader

STALE_MS = 10 * 60_000
"""What happened this long ago, while the channel could not be reached, is not announced any more."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened in a live event at `at_ms`; `card` tells of it."""

    name: str
    at_ms: int
    card: Callable[[Reader], Card]


def moments_of(event: LiveEvent, show: LiveProgress, now_ms: int) -> Iterator[Moment]:
    """Yield what has happened in `event` up to `now_ms`."""
    if event.goal is not None and show.goal_ms is not None and event.in_time(show.goal_ms):
        yield Moment(f"goal:{event.goal}", show.goal_ms, lambda r: _goal(event, r))
    train = show.momentum.at(now_ms - SETTLED_MS)
    if train is not None:
        yield Moment(f"train:{train.started_seq}", train.started_ms, _train_leaves)
        if train.ended_ms is not None:
            yield Moment(f"train-over:{train.started_seq}", train.ended_ms, lambda r: _train_stops(train, r))
    for scorer in show.matches:
        yield from _of_match(scorer.at(now_ms - SETTLED_MS))


def _of_match(state: MatchState) -> Iterator[Moment]:
    match = state.match
    over = state.scores if state.over_ms is not None else state.scores[:-1]
    for number, score in enumerate(over[:-1] if state.over_ms is not None else over):
        ends_ms = match.ends_of(number)
        # Bound now: the loop goes on before anybody renders it.
        yield Moment(
            f"match:{match.match_id}:{number}", ends_ms, lambda r, n=number, s=score: _round_over(state, n, s, r)
        )
    # A match that was broken off says so on its card.
    if state.is_decided and state.over_ms is not None:
        yield Moment(f"match:{match.match_id}", state.over_ms, lambda r: _match_over(state, r))


def _goal(event: LiveEvent, r: Reader) -> Card:
    assert event.goal is not None
    text = r._("🎯 **Goal reached!** {coins}, thanks to all of you.", coins=r.coins(event.goal))
    if event.reward:
        text += "\n" + r._("🎁 Now: {reward}", reward=shown(event.reward))
    return Card.of(text, theme.GOLD)


def _train_leaves(r: Reader) -> Card:
    text = r._("🚂 **A gift train is leaving!** Gifts in the next few minutes take it from level to level.")
    return Card.of(text, theme.AMBER)


def _train_stops(train: Train, r: Reader) -> Card:
    if train.levels_done == LEVELS:
        text = r.n_(
            "🚂 **The gift train made it through its {n} level!**",
            "🚂 **The gift train made it through all {n} levels!**",
            LEVELS,
        )
    elif train.levels_done:
        text = r._("🚂 The gift train stopped at level {level}. Thank you!", level=r.number(train.levels_done))
    else:
        text = r._("🚂 The gift train stopped. The next one can leave in an hour.")
    return Card.of(text, theme.AMBER)


def _round_over(state: MatchState, number: int, score: Score, r: Reader) -> Card:
    text = r._("⚔️ Round {number} is over: {result}", number=r.number(number + 1), result=_result(state, score, r))
    return Card.of(text, theme.RED)


def _match_over(state: MatchState, r: Reader) -> Card:
    winner = state.winner_id
    result = _result(state, state.won if state.match.rounds > 1 else state.scores[-1], r)
    if winner is None:
        text = r._("⚔️ **A tie!** {result}", result=result)
    else:
        text = r._("⚔️ **{winner} wins the match!** {result}", winner=mentions.member(winner, r), result=result)
    return Card.of(text, theme.GOLD)


def _result(state: MatchState, score: Score, r: Reader) -> str:
    return r._(
        "{one} **{coins}** : **{others}** {other}",
        one=mentions.member(state.match.creator_id, r),
        coins=r.number(score.creator),
        others=r.number(score.opponent),
        other=mentions.member(state.match.opponent_id, r),
    )
