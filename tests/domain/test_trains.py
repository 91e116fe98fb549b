"""Gift trains of a guild: two at once are one, rewards add up, and the one with the most coins is the record."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.momentum import LEVELS, Momentum, Train
from bot.domain.trains import TOTALS, Railway, TrainRecord, badges_of, levels_of, runs_beside, stage_of
from tests.domain.builders import NOON
from tests.domain.test_momentum import KINDLING, gifts, in_order, ride

EVENT = 900
coins = st.integers(0, 10_000)
Span = tuple[int, int | None]
times = st.tuples(st.integers(0, 100), st.none() | st.integers(1, 100))
"""When a train starts, and how long it runs, None if it still does."""


def train(total: int, started: int = 0, ended: int | None = None, seq: int = 1) -> Train:
    return Train(seq, started, 0, ended_ms=ended, total=total)


def _span(any_train: Train) -> Span:
    return any_train.started_ms, any_train.ended_ms


@given(gifts)
def test_a_train_is_as_far_as_all_its_coins_take_it(steps: list[tuple[int, int, int]]) -> None:
    momentum = ride(*KINDLING, *in_order(steps))
    for current, _ in momentum.rides(NOON + 10**9):
        assert current.levels_done == levels_of(current.total)
        if current.levels_done < LEVELS:
            assert stage_of(current.total) == (current.level, current.coins, current.goal)


@given(coins, coins)
def test_more_coins_never_take_a_train_less_far(total: int, more: int) -> None:
    assert levels_of(total) <= levels_of(total + more)
    assert stage_of(total).level <= stage_of(total + more).level


def test_each_level_is_one_and_a_half_times_the_last() -> None:
    assert TOTALS == (500, 1_250, 2_375, 4_063, 6_595)
    assert [levels_of(total) for total in TOTALS] == [1, 2, 3, 4, 5]


@given(times, times)
def test_trains_run_beside_each_other_while_both_run(first: Span, second: Span) -> None:
    trains = [train(0, start, None if length is None else start + length) for start, length in (first, second)]
    both = [at_ms for at_ms in range(300) if all(start <= at_ms < (end or 300) for start, end in map(_span, trains))]
    assert runs_beside(*trains) == runs_beside(*reversed(trains)) == bool(both)


def test_a_joint_train_has_the_coins_of_all_and_a_train_before_or_after_is_not_joined() -> None:
    own = train(400, 10, 30)
    beside, before, after = train(900, 20, seq=2), train(5_000, 0, 10, seq=3), train(5_000, 30, seq=4)
    railway = Railway((beside, before, after))

    assert railway.joined(own) == (beside,)
    assert levels_of(railway.coins(own)) == 2
    assert levels_of(Railway().coins(own)) == 0


def test_a_record_is_broken_with_more_coins_and_by_no_train_without_a_level() -> None:
    record = TrainRecord(EVENT, 1, 2, 1_300)
    broken = train(1_301, seq=9)

    assert Railway().is_record(broken, EVENT)
    assert Railway(record=record).is_record(broken, EVENT)
    assert not Railway(record=record).is_record(replace(broken, total=1_300), EVENT)
    assert Railway(record=record).is_record(train(1_300), EVENT)
    assert not Railway(record=record).is_record(train(1_300), EVENT + 1)
    assert not Railway().is_record(train(499), EVENT)


@given(st.lists(st.integers(0, LEVELS)))
def test_rewards_add_up_so_each_level_brings_those_below_it(levels: list[int]) -> None:
    badges = badges_of(levels)
    assert sum(badges) == sum(levels)
    assert len(badges) == max(levels, default=0)
    assert all(lower >= higher for lower, higher in pairwise(badges))


def test_riders_are_those_who_started_it_and_everyone_who_gave_on_it_under_their_name() -> None:
    momentum = ride(*KINDLING, (NOON + 1, 7, 100))
    momentum.feed(5, NOON + 2, None, 1_000)
    assert momentum.rides(NOON + 2) == []
    ((over, riders),) = momentum.rides(NOON + 10**7)

    assert riders == {1, 2, 3, 7}
    assert (over.total, over.levels_done) == (1_100, 1)
    assert Momentum().rides(NOON) == []
