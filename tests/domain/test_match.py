"""Matches: every gift counts for one round or for none, and who is ahead at the bell has won."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.match import FREEZE_MS, ROUND_MS, Match, MatchState, Score, Scorer
from tests.domain.builders import GUILD, MIA, NOON, ROB

Gift = tuple[int, int, int]


def match(**changes: Any) -> Match:
    return replace(Match(GUILD, 1, 900, MIA, ROB, 1, False, NOON), **changes)


def state(contest: Match, gifts: list[Gift], now_ms: int) -> MatchState:
    scorer = Scorer(contest)
    for gift in gifts:
        scorer.feed(*gift)
    return scorer.at(now_ms)


def ends(number: int) -> int:
    return NOON + (number + 1) * ROUND_MS


gifts = st.lists(st.tuples(st.integers(NOON - 10, ends(3)), st.sampled_from([MIA, ROB, 99]), st.integers(1, 500)))


def test_the_one_with_more_coins_at_the_bell_wins():
    gifts = [(NOON, MIA, 10), (ends(0) - 1, ROB, 11), (ends(0), MIA, 500)]

    assert state(match(), gifts, ends(0) - 1).winner_id is None
    over = state(match(), gifts, ends(0))
    assert (over.over_ms, over.scores, over.winner_id) == (ends(0), (Score(10, 11),), ROB)


def test_a_tie_is_a_tie():
    over = state(match(), [(NOON, MIA, 10), (NOON, ROB, 10)], ends(0))

    assert (over.over_ms, over.won, over.winner_id) == (ends(0), Score(), None)


def test_the_best_of_three_is_over_after_two_wins():
    contest = match(rounds=3)
    gifts = [(NOON, MIA, 1), (ends(0), MIA, 1)]

    assert state(contest, gifts, ends(1) - 1).over_ms is None
    over = state(contest, gifts, ends(2))
    assert (over.over_ms, over.won, over.winner_id) == (ends(1), Score(2, 0), MIA)


def test_whoever_leaves_after_the_decision_takes_no_win_away():
    contest = match(rounds=3, ended_ms=ends(1) + 50)
    over = state(contest, [(NOON, MIA, 1), (ends(0), MIA, 1)], ends(2))

    assert (over.over_ms, over.is_decided, over.winner_id) == (ends(1), True, MIA)


def test_whoever_leaves_before_the_decision_breaks_it_off():
    contest = match(rounds=3, ended_ms=ends(1) - 1)
    over = state(contest, [(NOON, MIA, 1), (ends(0), MIA, 1)], ends(2))

    assert (over.over_ms, over.is_decided, over.winner_id) == (ends(1) - 1, False, None)


def test_a_match_that_was_left_at_its_last_bell_was_played():
    over = state(match(ended_ms=ends(0)), [(NOON, ROB, 1)], ends(0))

    assert (over.is_decided, over.winner_id) == (True, ROB)


def test_one_win_and_two_ties_win_the_best_of_three():
    over = state(match(rounds=3), [(ends(1), ROB, 1)], ends(2))

    assert (over.over_ms, over.won, over.winner_id) == (ends(2), Score(0, 1), ROB)


def test_a_frozen_match_hides_the_last_seconds_and_counts_them():
    contest = match(frozen=True)
    gifts = [(NOON, MIA, 10), (ends(0) - FREEZE_MS, ROB, 99)]

    hidden, over = state(contest, gifts, ends(0) - 1), state(contest, gifts, ends(0))
    assert (hidden.frozen, hidden.scores) == (True, (Score(10, 0),))
    assert (over.frozen, over.scores, over.winner_id) == (False, (Score(10, 99),), ROB)


def test_a_match_that_is_broken_off_has_no_winner_and_keeps_its_scores():
    contest = match(rounds=3, ended_ms=ends(0) + 5)
    over = state(contest, [(NOON, MIA, 10), (ends(0) + 4, ROB, 7), (ends(0) + 5, ROB, 99)], ends(2))

    assert (over.over_ms, over.winner_id) == (ends(0) + 5, None)
    assert over.scores == (Score(10, 0), Score(0, 7))


@given(gifts=gifts, rounds=st.sampled_from([1, 3]))
def test_every_gift_counts_for_one_round_at_most_and_none_is_lost(gifts, rounds):
    contest = match(rounds=rounds)
    scorer = Scorer(contest)
    for gift in gifts:
        scorer.feed(*gift)

    over = scorer.at(ends(rounds))
    assert over.over_ms is not None
    gifts_in_time = [
        (creator, coins) for at_ms, creator, coins in gifts if NOON <= at_ms < over.over_ms and creator in {MIA, ROB}
    ]
    assert sum(map(sum, over.scores)) == sum(coins for _, coins in gifts_in_time)
    assert sum(score.creator for score in over.scores) == sum(
        coins for creator, coins in gifts_in_time if creator == MIA
    )


@given(gifts=gifts, now=st.integers(NOON, ends(3)), rounds=st.sampled_from([1, 3]), seed=st.randoms())
def test_the_order_of_gifts_does_not_matter(gifts, now, rounds, seed):
    shuffled = [*gifts]
    seed.shuffle(shuffled)

    assert state(match(rounds=rounds), gifts, now) == state(match(rounds=rounds), shuffled, now)


@given(at=st.integers(NOON - ROUND_MS, ends(4)), rounds=st.sampled_from([1, 3]))
def test_a_gift_at_the_bell_lands_in_the_next_round(at, rounds):
    contest = match(rounds=rounds)
    number = contest.round_at(at)

    assert (number is None) == (not NOON <= at < ends(rounds - 1))
    if number is not None:
        assert contest.ends_of(number) - ROUND_MS <= at < contest.ends_of(number)


def test_everybody_sees_every_gift_while_nothing_is_hidden():
    now_ms = ends(0) - FREEZE_MS
    gifts = [(NOON, MIA, 10), (now_ms, ROB, 99)]

    visible, hidden = state(match(), gifts, now_ms), state(match(frozen=True), gifts, now_ms)
    before = state(match(frozen=True), gifts, now_ms - 1)
    assert (visible.frozen, visible.scores) == (False, (Score(10, 99),))
    assert (hidden.frozen, hidden.scores) == (True, (Score(10, 0),))
    assert before.frozen is False


def test_a_running_match_shows_the_rounds_that_are_won_and_the_one_that_is_on():
    contest = match(rounds=3)

    now = state(contest, [(NOON, MIA, 10), (ends(0), ROB, 7)], ends(0) + 1)

    assert now == MatchState(contest, (Score(10, 0), Score(0, 7)), Score(1, 0), None)


def test_rounds_that_were_won_stay_won_when_a_match_is_broken_off():
    gifts = [(NOON, MIA, 10), (ends(0), ROB, 7)]

    later = state(match(rounds=3, ended_ms=ends(0) + 5), gifts, ends(0) + 5)
    at_the_bell = state(match(rounds=3, ended_ms=ends(0)), gifts, ends(0))

    assert later.won == at_the_bell.won == Score(1, 0)
    assert at_the_bell.scores[0] == Score(10, 0)
    assert later.winner_id is at_the_bell.winner_id is None


def test_two_wins_do_not_end_the_best_of_five():
    contest = match(rounds=5)
    gifts = [(NOON, MIA, 1), (ends(0), MIA, 1), (ends(1), MIA, 1)]

    assert state(contest, gifts, ends(1)).over_ms is None
    over = state(contest, gifts, ends(4))
    assert (over.over_ms, over.won, over.winner_id) == (ends(2), Score(3, 0), MIA)
