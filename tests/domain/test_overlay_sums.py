"""What a live event has come to on overlays: sums that are exact however they are fed, and only those who show it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.combos import EventGift
from bot.domain.member_choices import NO_CHOICES, Choice, MemberChoices
from bot.domain.overlay_tallies import TOP, EventTally, Leader
from tests.domain.builders import NOON, live_event
from tests.domain.test_live_progress import a_gift, shows

HOLDERS = (1, 2, 3, 4)
MEMBERS = {1: 101, 2: 102, 3: 0, 4: 104}
"""Holder 3 is an erased member."""


def tally_of(gifts: list[EventGift], seq: int = 10**6) -> EventTally:
    tally = EventTally(live_event(start_seq=0), [], [])
    tally.feed(gifts, seq)
    return tally


def seen(tally: EventTally) -> dict[str, Any]:
    ranked = tally.ranked(20)
    return {
        "coins": tally.progress.coins,
        "pieces": tally.progress.pieces,
        "people": tally.people,
        "ranked": ranked,
        "top": tally.top({}, {holder: MEMBERS[holder] for holder in ranked}),
    }


def chosen(*choices: Choice) -> MemberChoices:
    choice_set = NO_CHOICES
    for choice in choices:
        choice_set = choice_set.with_choice(choice, is_on=True, now_ms=NOON)
    return choice_set


@given(gifts=shows())
def test_the_sums_are_those_of_the_gifts(gifts):
    by_holder = {holder: sum(gift.coins for gift in gifts if gift.sender == holder) for holder in HOLDERS}
    givers = {gift.sender for gift in gifts} - {None}

    tally = tally_of(gifts)

    assert (tally.progress.coins, tally.progress.pieces) == (
        sum(gift.coins for gift in gifts),
        sum(gift.quantity for gift in gifts),
    )
    assert tally.people == len(givers)
    assert {*tally.ranked(20)} == givers
    coins = [by_holder[holder] for holder in tally.ranked(20)]
    assert coins == sorted(coins, reverse=True)


@given(gifts=shows(), cuts=st.lists(st.integers(0, 60), max_size=5))
def test_gifts_fed_in_parts_and_in_part_again_come_to_the_same(gifts, cuts):
    tally, end = tally_of([], 0), 0
    for cut in [*sorted(min(cut, len(gifts)) for cut in cuts), len(gifts)]:
        tally.feed(gifts[max(0, end - 7) : cut], cut)
        end = cut

    assert seen(tally) == seen(tally_of(gifts))
    assert tally.seq == len(gifts)


@given(gifts=shows(), extra=st.integers(1, 10**6))
def test_an_anonymous_gift_adds_to_the_sums_and_to_nobody(gifts, extra):
    before = seen(tally_of(gifts))
    after = seen(tally_of([*gifts, a_gift(len(gifts) + 1, sender=None, coins=extra, at_ms=NOON + 10**8)]))

    assert after == before | {"coins": before["coins"] + extra, "pieces": before["pieces"] + 1}


def test_among_equals_whoever_reached_it_first_is_first():
    gifts = [a_gift(1, sender=4, coins=5), a_gift(2, sender=1, coins=10), a_gift(3, sender=4, coins=5)]

    assert tally_of(gifts).ranked(20) == [1, 4]
    assert tally_of(gifts).ranked(1) == [1]


RICH = [a_gift(seq, sender=holder, coins=100 - seq) for seq, holder in enumerate(HOLDERS, 1)]


@pytest.mark.parametrize(
    ("choices", "top"),
    [
        ({}, [Leader(101, 99), Leader(102, 98), Leader(0, 97)]),
        ({1: chosen(Choice.HIDDEN)}, [Leader(102, 98), Leader(0, 97), Leader(104, 96)]),
        ({2: chosen(Choice.AMOUNTS_HIDDEN)}, [Leader(101, 99), Leader(102, None), Leader(0, 97)]),
        ({1: chosen(Choice.QUIET, Choice.NO_PINGS)}, [Leader(101, 99), Leader(102, 98), Leader(0, 97)]),
        ({holder: chosen(Choice.HIDDEN) for holder in HOLDERS}, []),
    ],
)
def test_the_top_leaves_out_whoever_hides_and_what_they_hide(choices, top):
    assert tally_of(RICH).top(choices, MEMBERS) == top
    assert len(top) <= TOP


def test_a_holder_whose_choices_were_not_asked_for_is_not_in_the_top():
    assert tally_of(RICH).top({}, {1: 101, 2: 102}) == [Leader(101, 99), Leader(102, 98)]
