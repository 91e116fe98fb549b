"""The story of a live event: told at once, one by one or again after a restart, it is the same story."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.combos import GAP_MS, Combo, Combos, EventGift
from bot.domain.live import LargestGift
from bot.domain.live_progress import LATEST, LiveProgress
from bot.domain.match import Score
from tests.domain.builders import MIA, NOON, ROB, live_event
from tests.domain.test_match import match


def a_gift(seq: int, **changes: Any) -> EventGift:
    gift = EventGift(seq, NOON + seq, 1, MIA, "Lantern", "🏮", 1, 10)
    return gift._replace(**changes)


@st.composite
def shows(draw: st.DrawFn) -> list[EventGift]:
    at_ms, gifts = NOON, list[EventGift]()
    for seq in range(1, draw(st.integers(0, 60)) + 1):
        at_ms += draw(st.sampled_from([0, 1, 500, GAP_MS, GAP_MS + 1, 60_000]))
        pieces = draw(st.integers(1, 99))
        gifts.append(
            EventGift(
                seq,
                at_ms,
                draw(st.sampled_from([None, 1, 2, 3, 4])),
                draw(st.sampled_from([MIA, ROB])),
                draw(st.sampled_from(["Lantern", "Petal"])),
                "🏮",
                pieces,
                pieces * draw(st.sampled_from([1, 10, 100])),
            )
        )
    return gifts


def show_of(gifts: list[EventGift], **changes: Any) -> LiveProgress:
    show = LiveProgress(live_event(**changes), [match()])
    show.feed(gifts)
    return show


def story(show: LiveProgress) -> dict[str, Any]:
    return {
        "sums": (show.seq, show.coins, show.pieces, show.goal_ms),
        "latest": list(show.latest),
        "train": show.momentum.at(NOON + 10**6),
        "recap": show.recap(live_event()),
        "match": [scorer.at(NOON + 10**6) for scorer in show.matches],
    }


@given(gifts=shows(), cuts=st.lists(st.integers(0, 60), max_size=5))
def test_a_story_told_in_parts_and_in_part_again_is_the_same(gifts, cuts):
    show = LiveProgress(live_event(goal=500), [match()])
    for cut in [*sorted(cuts), len(gifts)]:
        show.feed(gifts[:cut])

    assert story(show) == story(show_of(gifts, goal=500))


@given(gifts=shows(), goal=st.integers(1, 10_000))
def test_the_goal_is_reached_by_the_gift_that_reaches_it(gifts, goal):
    total, reached = 0, None
    for gift in gifts:
        total += gift.coins
        if reached is None and total >= goal:
            reached = gift.at_ms

    show = show_of(gifts, goal=goal)
    assert show.goal_ms == reached
    assert show.coins == total


@given(gifts=shows())
def test_the_board_lists_the_newest_gifts(gifts):
    assert list(show_of(gifts).latest) == gifts[-LATEST:]


@given(gifts=shows())
def test_the_best_combo_is_no_larger_than_what_one_member_gave_of_one_gift(gifts):
    best = show_of(gifts).recap(live_event()).best
    signed_gifts = [gift for gift in gifts if gift.sender is not None]
    single = max((gift.quantity for gift in signed_gifts), default=0)

    assert best is not None or single < 2
    if best is not None:
        combo_gifts = [
            gift
            for gift in signed_gifts
            if (gift.sender, gift.name, gift.creator_id) == (best.sender, best.name, best.creator_id)
        ]
        assert single <= best.quantity <= sum(gift.quantity for gift in combo_gifts)


def test_a_combo_goes_on_as_long_as_the_next_gift_comes_soon():
    quick = [a_gift(1, at_ms=NOON), a_gift(2, at_ms=NOON + GAP_MS), a_gift(3, at_ms=NOON + 2 * GAP_MS)]
    slow = [a_gift(1, at_ms=NOON), a_gift(2, at_ms=NOON + GAP_MS + 1)]

    assert show_of(quick).recap(live_event()).best == Combo(1, MIA, "Lantern", "🏮", 3)
    assert show_of(slow).recap(live_event()).best is None


def test_an_anonymous_gift_makes_no_combo():
    mixed = [a_gift(1), a_gift(2, sender=None, quantity=5), a_gift(3, sender=None), a_gift(4)]

    assert show_of(mixed).recap(live_event()).best == Combo(1, MIA, "Lantern", "🏮", 2)
    assert show_of(mixed[:3]).recap(live_event()).best is None


def test_an_anonymous_gift_starts_no_train_and_takes_one_further():
    three = [a_gift(seq, sender=seq, coins=200) for seq in (1, 2, 3)]
    hidden = a_gift(4, sender=None, coins=500)

    assert show_of([*three[:2], hidden]).momentum.train is None
    assert show_of([*three, hidden]).recap(live_event()).train == 1


def test_combos_are_told_apart_by_sender_gift_and_creator():
    gifts = [a_gift(1), a_gift(2, sender=2), a_gift(3, name="Petal"), a_gift(4, creator_id=ROB)]

    assert show_of(gifts).recap(live_event()).best is None


def test_a_crowd_of_many_combos_is_counted_all_the_same():
    crowd = [a_gift(seq, sender=seq, at_ms=NOON + seq) for seq in range(1, 2_500)]

    assert show_of([*crowd, a_gift(2_500, sender=2_499)]).recap(live_event()).best == Combo(
        2_499, MIA, "Lantern", "🏮", 2
    )


def test_a_goal_that_was_reached_too_late_was_not_reached():
    gifts = [a_gift(1, coins=100)]

    late = show_of(gifts, goal=100).recap(live_event(goal=100, goal_until_ms=NOON + 1))
    in_time = show_of(gifts, goal=100).recap(live_event(goal=100, goal_until_ms=NOON + 2))
    assert (late.goal_ms, in_time.goal_ms) == (None, NOON + 1)


def test_gifts_from_before_the_event_are_not_its_own():
    assert show_of([a_gift(4), a_gift(5), a_gift(6)], start_seq=5).pieces == 1


def test_pieces_are_counted_over_the_whole_show():
    assert show_of([a_gift(1, quantity=3, coins=30), a_gift(2, quantity=4, coins=40)]).pieces == 7


def test_a_recap_tells_how_far_the_gift_train_came():
    gifts = [a_gift(seq, sender=seq, coins=200) for seq in (1, 2, 3)]

    assert show_of(gifts[:2]).recap(live_event()).train is None
    assert show_of(gifts).recap(live_event()).train == 0
    assert show_of([*gifts, a_gift(4, coins=500)]).recap(live_event()).train == 1


def test_one_member_alone_starts_no_train_at_a_show():
    assert show_of([a_gift(seq, coins=1_000) for seq in range(1, 9)]).momentum.train is None


def test_a_match_counts_what_its_two_creators_are_given_at_the_show():
    show = show_of([a_gift(1), a_gift(2, creator_id=ROB, coins=30), a_gift(3, creator_id=99)])

    assert show.matches[0].at(NOON + 10).scores == (Score(10, 30),)


def test_of_two_combos_of_a_size_the_first_is_the_best():
    gifts = [a_gift(1, quantity=5), a_gift(2, sender=2, quantity=5)]

    assert show_of(gifts).recap(live_event()).best == Combo(1, MIA, "Lantern", "🏮", 5)


def test_a_combo_goes_on_through_a_crowd():
    first = a_gift(1, at_ms=NOON)
    crowd = [a_gift(seq, sender=seq, at_ms=NOON + GAP_MS) for seq in range(2, 2_500)]

    again = a_gift(2_500, at_ms=NOON + GAP_MS)

    assert show_of([first, *crowd, again]).recap(live_event()).best == Combo(1, MIA, "Lantern", "🏮", 2)


def test_the_pace_is_what_the_last_minute_brought():
    show = show_of([a_gift(seq, at_ms=NOON + seq * 20_000, coins=seq) for seq in range(1, 7)])

    paces = [show.pace(NOON + seconds * 1000) for seconds in (120, 159, 160, 180)]

    assert paces == [4 + 5 + 6, 5 + 6, 6, 0]


def test_a_clock_that_was_set_back_loses_no_pace():
    show = show_of([a_gift(1, at_ms=NOON + 5_000), a_gift(2, at_ms=NOON)])

    assert show.pace(NOON + 6_000) == 20


def test_a_long_show_keeps_no_more_combos_than_are_going_on():
    combos = Combos()
    for seq in range(1, 3_000):
        combos.feed(a_gift(seq, sender=seq, at_ms=NOON + seq * 100))

    assert len(combos._open) <= 1_000


def largest(*gifts: EventGift) -> LargestGift | None:
    return show_of([*gifts]).recap(live_event()).largest


def test_the_largest_gift_is_the_one_of_which_a_piece_costs_most():
    many = a_gift(1, quantity=50, coins=5_000, piece_coins=100)
    one = a_gift(2, sender=2, name="Rosette", coins=1_000, piece_coins=1_000)

    assert largest(many, one) == largest(one._replace(seq=1), many._replace(seq=2)) == LargestGift(2, "Rosette")
    assert largest(one, one._replace(seq=3, sender=3)) == LargestGift(2, "Rosette")
    assert largest(a_gift(1, quantity=99, coins=9_801, piece_coins=99)) is None


@pytest.mark.parametrize("hidden", [{"sender": None}, {"joins_combos": False}, {"is_pooled": True}])
def test_nobody_is_named_with_a_gift_that_hides_them_or_came_from_several(hidden: dict[str, Any]):
    gift = a_gift(1, piece_coins=1_000, **hidden)

    assert largest(gift) == LargestGift(None, "Lantern")
    assert largest(gift, a_gift(2, sender=2, piece_coins=999)) == LargestGift(None, "Lantern")
    assert largest(gift, a_gift(2, sender=2, piece_coins=1_000)) == LargestGift(2, "Lantern")
