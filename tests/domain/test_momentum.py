"""Gift trains: several members start one, nobody alone does, and the same gifts always make the same train."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.momentum import (
    FEWEST_COINS,
    FEWEST_GIFTERS,
    LEVEL_MS,
    LEVELS,
    REST_MS,
    WINDOW_MS,
    Momentum,
    Train,
    goal_of,
)
from tests.domain.builders import NOON

Gift = tuple[int, int, int]
"""When, by whom, and how many coins."""


def ride(*gifts: Gift) -> Momentum:
    momentum = Momentum()
    for seq, (at_ms, gifter, coins) in enumerate(gifts, start=1):
        momentum.feed(seq, at_ms, gifter, coins)
    return momentum


def train_of(momentum: Momentum, now_ms: int = NOON) -> Train:
    train = momentum.at(now_ms)
    assert train is not None
    return train


KINDLING: list[Gift] = [(NOON, 1, 200), (NOON, 2, 200), (NOON, 3, 100)]
gifts = st.lists(
    st.tuples(st.integers(-60_000, 20 * 60_000), st.integers(1, 5), st.sampled_from([1, 50, 200, 1_000, 44_999])),
    max_size=40,
)


def in_order(steps: list[Gift]) -> list[Gift]:
    at_ms, gifts = NOON, list[Gift]()
    for step, gifter, coins in steps:
        at_ms += step
        gifts.append((at_ms, gifter, coins))
    return gifts


def test_three_members_and_five_hundred_coins_start_a_train():
    train = train_of(ride(*KINDLING))

    assert (train.started_seq, train.level, train.coins, train.goal) == (3, 1, 0, 500)
    assert (train.started_ms, train.level_ends_ms) == (NOON, NOON + LEVEL_MS)


@pytest.mark.parametrize(
    "gifts",
    [
        [(NOON, 1, 44_999)] * 9,
        [(NOON, 1, 44_999), (NOON, 2, 44_999)],
        [(NOON, 1, 200), (NOON, 2, 200), (NOON, 3, 99)],
        [(NOON, 1, 500), (NOON + 1, 2, 500), (NOON + WINDOW_MS, 3, 500)],
        [(NOON, 1, 500), (NOON, None, 500), (NOON, 2, 500)],
        [(NOON, 1, 200), (NOON, 2, 200), (NOON, None, 500), (NOON, 3, 99)],
    ],
    ids=["one member", "two members", "a coin short", "too slowly", "a nameless third", "coins of nobody's"],
)
def test_less_than_that_does_not(gifts):
    assert ride(*gifts).train is None


def test_each_level_asks_for_half_as_much_again():
    assert [goal_of(level) for level in range(1, LEVELS + 1)] == [500, 750, 1_125, 1_688, 2_532]


def test_what_a_level_does_not_need_goes_on_to_the_next_and_the_time_begins_anew():
    train = train_of(ride(*KINDLING, (NOON + 1_000, 1, 600)), NOON + 1_000)

    assert (train.levels_done, train.level, train.coins, train.goal) == (1, 2, 100, 750)
    assert train.level_ends_ms == NOON + 1_000 + LEVEL_MS


def test_exactly_the_goal_completes_a_level():
    train = train_of(ride(*KINDLING, (NOON + 1_000, 1, 499)), NOON + 1_000)
    complete = train_of(ride(*KINDLING, (NOON + 1_000, 1, 500)), NOON + 1_000)

    assert (train.levels_done, train.coins) == (0, 499)
    assert (complete.levels_done, complete.coins, complete.goal) == (1, 0, 750)


def test_a_train_that_gets_nothing_ends_when_its_level_is_over():
    momentum = ride(*KINDLING)

    assert train_of(momentum, NOON + LEVEL_MS - 1).ended_ms is None
    assert train_of(momentum, NOON + LEVEL_MS).ended_ms == NOON + LEVEL_MS


def test_a_gift_at_the_end_of_a_level_is_too_late():
    momentum = ride(*KINDLING, (NOON + LEVEL_MS, 1, 44_999))

    assert train_of(momentum, NOON + LEVEL_MS).levels_done == 0
    assert momentum.best == 0


def test_a_train_ends_with_its_last_level():
    train = train_of(ride(*KINDLING, (NOON + 5, 1, 44_999)), NOON + 5)

    assert (train.levels_done, train.level, train.ended_ms) == (LEVELS, LEVELS, NOON + 5)


def test_no_train_starts_within_the_rest():
    over = NOON + LEVEL_MS
    early = [(over + REST_MS - 1, gifter, 1_000) for gifter in (1, 2, 3)]
    later = [(over + REST_MS, gifter, 1_000) for gifter in (1, 2, 3)]

    assert train_of(ride(*KINDLING, *early), over).started_seq == 3
    assert train_of(ride(*KINDLING, *later), over).started_seq == 6
    assert train_of(ride(*KINDLING, *early, *later), over).started_seq == 9


@given(steps=gifts, now=st.integers(0, 10 * 60_000))
def test_a_gift_that_is_told_twice_changes_nothing(steps, now):
    once, twice = Momentum(), Momentum()
    for seq, gift in enumerate(in_order(steps), start=1):
        once.feed(seq, *gift)
        for number in (seq, max(1, seq - 3), seq):
            twice.feed(number, *gift)

    assert once.at(NOON + now) == twice.at(NOON + now)
    assert once.best == twice.best


@given(steps=gifts)
def test_no_member_starts_a_train_alone_and_no_train_is_for_free(steps):
    gifts = in_order(steps)
    momentum = ride(*gifts)

    if momentum.train is not None:
        gifts_before = gifts[: momentum.train.started_seq]
        assert len({gifter for _, gifter, _ in gifts_before}) >= FEWEST_GIFTERS
        assert sum(coins for _, _, coins in gifts_before) >= FEWEST_COINS
        assert 0 <= momentum.train.levels_done <= LEVELS


@given(steps=gifts, looks=st.lists(st.integers(0, 30 * 60_000), max_size=5))
def test_looking_changes_nothing(steps, looks):
    momentum = Momentum()
    for seq, gift in enumerate(in_order(steps), start=1):
        for look in looks:
            momentum.at(NOON + look)
        momentum.feed(seq, *gift)

    assert momentum.train == ride(*in_order(steps)).train
