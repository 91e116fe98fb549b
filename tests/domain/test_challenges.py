"""Challenges: points with their most a day, double points, days over clock changes, places and prizes."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.challenge_changes import Gifts, ScoreChange
from bot.domain.challenge_errors import ChallengeUnready, PrizeForNobody
from bot.domain.challenge_points import (
    DayGifts,
    DayMinutes,
    Window,
    attended_days,
    by_source,
    day_points,
    first_days,
    in_league,
    today,
    total,
)
from bot.domain.challenge_steps import Step, What, next_step
from bot.domain.challenges import (
    DEFAULT_SOURCES,
    HOUR_MS,
    Challenge,
    Phase,
    Prize,
    Score,
    Source,
    SourceRule,
    awards_of,
    end_of,
    ranked,
)
from bot.domain.deadlines import SETTLED_MS
from bot.domain.errors import InvalidAmount, InvalidText, PastMoment

DAY = 24 * HOUR_MS
MINUTE = 60_000
NOON = 1_770_292_800_000
"""Thursday, 5 February 2026, 12:00 UTC."""
BERLIN = ZoneInfo("Europe/Berlin")
MIA, NOOR = 1, 2

DRAFT = Challenge(7, 70, "Autumn cup", days=2, prizes=(Prize(places=1, coins=500),))

days = st.integers(20260205, 20260207)
rows = st.lists(
    st.builds(DayGifts, st.sampled_from((MIA, NOOR)), days, st.booleans(), st.integers(0, 900), st.integers(0, 9)),
    max_size=8,
    unique_by=lambda row: row[:3],
)
changes = st.dictionaries(
    st.tuples(st.sampled_from((MIA, NOOR)), days, st.booleans()),
    st.tuples(st.integers(1, 900), st.integers(1, 9)),
    min_size=1,
    max_size=3,
)
attended = st.lists(st.builds(DayMinutes, days, st.booleans(), st.integers(0, 400)), max_size=5)
sources = st.dictionaries(st.sampled_from([*Source]), st.builds(SourceRule, st.integers(0, 100), st.integers(0, 300)))


def gifts(day: int = 20260205, coins: int = 10, *, creator: int = MIA, is_double: bool = False) -> DayGifts:
    return DayGifts(creator, day, is_double, coins, 1)


def test_coins_a_day_with_a_gift_and_a_first_gift_to_a_creator_bring_points():
    points = day_points(DEFAULT_SOURCES, [gifts(), gifts(creator=NOOR), gifts(20260206)])

    assert by_source(points) == {Source.COINS: 60, Source.DAY: 100, Source.CREATOR: 40}
    assert today(points, 20260206) == {Source.COINS: 20, Source.DAY: 50}
    assert total(points) == 200


def test_every_half_hour_of_a_day_brings_points_up_to_the_most_of_a_day():
    minutes = [DayMinutes(20260205, False, 29), DayMinutes(20260205, False, 31)]
    assert total(day_points(DEFAULT_SOURCES, [], minutes)) == 200
    assert total(day_points(DEFAULT_SOURCES, [], [DayMinutes(20260205, False, 1_000)])) == 300


def test_presses_are_shared_out_among_days_and_what_overlaps_counts_once():
    midnight = NOON + 12 * HOUR_MS
    window = Window(70, NOON, NOON + 2 * DAY, midnight + 10 * MINUTE, midnight + HOUR_MS, "UTC")
    presses = [(midnight - 5 * MINUTE, midnight + 5 * MINUTE), (midnight, midnight + 15 * MINUTE)]
    late = [(window.ends_ms - 4 * MINUTE, window.ends_ms + 6 * MINUTE), (NOON - 5 * MINUTE, NOON + MINUTE)]

    assert attended_days(presses + late, window) == [
        DayMinutes(20260205, False, 6),
        DayMinutes(20260206, False, 10),
        DayMinutes(20260206, True, 5),
        DayMinutes(20260207, False, 4),
    ]


@given(st.lists(st.integers(NOON - HOUR_MS, NOON + 3 * DAY)), st.sampled_from(("UTC", "Europe/Berlin")))
def test_nobody_attends_longer_than_the_challenge_lasts(starts, zone):
    window = Window(70, NOON, NOON + 2 * DAY, NOON + HOUR_MS, NOON + 5 * HOUR_MS, zone)
    minutes = attended_days([(start, start + 10 * MINUTE) for start in starts], window)

    assert sum(each.minutes for each in minutes) <= min(10 * len(starts), 2 * 24 * 60)


def test_double_points_double_what_happens_in_their_time_and_no_limit_of_a_day():
    double, plain = gifts(coins=100, is_double=True), gifts(coins=100)
    assert by_source(day_points(DEFAULT_SOURCES, [double]))[Source.COINS] == 400
    assert by_source(day_points(DEFAULT_SOURCES, [double, plain]))[Source.COINS] == 600
    assert by_source(day_points(DEFAULT_SOURCES, [gifts(coins=400, is_double=True)]))[Source.COINS] == 1_000
    assert by_source(day_points(DEFAULT_SOURCES, [double]))[Source.DAY] == 100


@given(sources, rows, attended)
def test_no_source_brings_more_in_a_day_than_it_may_and_none_brings_less_than_nothing(rules, given_rows, minutes):
    points = day_points(rules, given_rows, minutes)

    assert all(count > 0 for count in points.values())
    for (_, source), count in points.items():
        assert not rules[source].most_a_day or count <= rules[source].most_a_day


@given(sources, rows, st.data())
def test_a_gift_that_is_taken_back_never_brings_points(rules, given_rows, data):
    index = data.draw(st.integers(0, max(len(given_rows) - 1, 0)))
    fewer = [row for number, row in enumerate(given_rows) if number != index]
    none_left = [row._replace(coins=0, pieces=0) if number == index else row for number, row in enumerate(given_rows)]

    assert total(day_points(rules, none_left)) == total(day_points(rules, fewer))
    # A first gift may move to a day that is less full, so only what knows no other days never rises.
    plain = {source: rule for source, rule in rules.items() if source is not Source.CREATOR}
    assert total(day_points(plain, fewer)) <= total(day_points(plain, given_rows))


@given(sources, rows, changes, changes)
def test_what_changes_on_some_days_is_what_changes_in_all(rules, given_rows, first_change, second_change):
    """The second change takes back what the first brought, and may take a first gift to another day."""
    points = total(day_points(rules, given_rows))
    for change in (
        first_change,
        {place: (-coins, -pieces) for place, (coins, pieces) in first_change.items()},
        second_change,
    ):
        own = [row for row in given_rows if row.creator in {creator for creator, _, _ in change}]
        score = ScoreChange.of(own, change)
        others = [row for row in given_rows if row not in own]
        on_days = Gifts([row for row in others if row.day in score.days], first_days(others))
        points += score.gain(rules, on_days)
        given_rows = [*others, *score.after.rows]

        assert points == total(day_points(rules, given_rows))


@given(sources, rows)
def test_points_do_not_depend_on_the_order_of_rows(rules, given_rows):
    assert day_points(rules, given_rows) == day_points(rules, given_rows[::-1])


@given(rows)
def test_the_leagues_of_creators_share_all_rows_out(given_rows):
    assert sorted(in_league(given_rows, MIA) + in_league(given_rows, NOOR)) == sorted(given_rows)


def test_the_days_of_a_challenge_are_those_of_its_zone_also_when_clocks_change():
    # In Berlin, clocks go forward on 29 March 2026: that day has 23 hours.
    start = datetime(2026, 3, 28, 23, tzinfo=UTC)
    window = Window(70, int(start.timestamp() * 1000), 2**53, 0, 0, "Europe/Berlin")

    assert window.day_of(window.starts_ms) == (20260329, False)
    assert window.day_of(window.starts_ms + 23 * HOUR_MS - 1) == (20260329, False)
    assert window.day_of(window.starts_ms + 23 * HOUR_MS) == (20260330, False)
    assert end_of(window.starts_ms, 1, BERLIN) == window.starts_ms + 23 * HOUR_MS
    assert end_of(window.starts_ms, 1, ZoneInfo("UTC")) == window.starts_ms + 24 * HOUR_MS


@given(st.integers(NOON, NOON + 400 * DAY), st.integers(1, 92), st.sampled_from(("Europe/Berlin", "America/New_York")))
def test_a_challenge_of_so_many_days_touches_one_day_more_at_most(start_ms, length, zone):
    ends_ms = end_of(start_ms, length, ZoneInfo(zone))
    window = Window(70, start_ms, ends_ms, 0, 0, zone)
    days_in_it = {window.day_of(at_ms) for at_ms in (*range(start_ms, ends_ms, HOUR_MS), ends_ms - 1)}

    assert length <= len(days_in_it) <= length + 1


def test_moments_outside_count_for_nothing_and_the_time_of_double_points_ends_to_the_millisecond():
    window = Window(70, NOON, NOON + DAY, NOON + HOUR_MS, NOON + 2 * HOUR_MS, "UTC")

    assert window.day_of(NOON - 1) is None
    assert window.day_of(NOON + DAY) is None
    at = [window.day_of(NOON + HOUR_MS + shift) for shift in (-1, 0, HOUR_MS - 1, HOUR_MS)]
    assert at == [(20260205, False), (20260205, True), (20260205, True), (20260205, False)]


@given(st.lists(st.builds(Score, st.integers(1, 99), st.integers(0, 5), st.integers(0, 3)), unique_by=lambda s: s[0]))
def test_there_is_one_order_and_whoever_came_first_is_ahead_among_equals(scores):
    in_order = ranked(scores)

    assert ranked(scores[::-1]) == in_order
    assert all(score.points for score in in_order)
    for ahead, behind in pairwise(in_order):
        assert (-ahead.points, ahead.reached_ms) <= (-behind.points, behind.reached_ms)


def test_prizes_add_up_for_whoever_fits_several():
    prizes = (Prize(places=1, coins=500), Prize(places=3, badge="Cup"), Prize(points=100, words="a sticker"))
    challenge = replace(DRAFT, prizes=prizes)
    awards = awards_of(challenge, 0, [Score(8, 300, 0), Score(9, 90, 0), Score(10, 80, 0), Score(11, 70, 0)])

    assert [(award.holder, award.place, award.prize) for award in awards] == [
        (8, 1, 0), (8, 1, 1), (8, 1, 2), (9, 2, 1), (10, 3, 1),
    ]  # fmt: skip


def test_a_place_needs_the_points_of_its_prize():
    prize = Prize(places=3, points=100, coins=1)
    assert (prize.is_for(3, 100), prize.is_for(4, 100), prize.is_for(1, 99)) == (True, False, False)
    assert not Prize(places=3).is_for(1, 0)


def test_a_posted_draft_begins_at_once_or_when_it_is_to_and_ends_after_its_days():
    cup = DRAFT.posted(NOON + 5, NOON, "Europe/Berlin", 12)
    assert (cup.starts_ms, cup.ends_ms, cup.zone, cup.channel_id, cup.posted_ms) == (
        NOON + 5, NOON + 5 + 2 * DAY, "Europe/Berlin", 12, NOON,
    )  # fmt: skip
    later = replace(DRAFT, starts_ms=NOON + DAY).posted(NOON + 5, NOON, "UTC", 12)
    phases = [later.phase(at_ms) for at_ms in (NOON, NOON + DAY, NOON + 3 * DAY - 1, NOON + 3 * DAY)]
    assert phases == [Phase.COMING, Phase.RUNNING, Phase.RUNNING, Phase.OVER]
    assert DRAFT.phase(NOON) is Phase.DRAFT


@pytest.mark.parametrize(
    ("draft", "refusal"),
    [
        (replace(DRAFT, starts_ms=NOON), PastMoment),
        (replace(DRAFT, sources={Source.COINS: SourceRule(0)}), ChallengeUnready),
        (replace(DRAFT, double_from_ms=NOON + 2 * DAY, double_hours=5), ChallengeUnready),
        (replace(DRAFT, double_from_ms=NOON - 5 * HOUR_MS, double_hours=5), ChallengeUnready),
        (replace(DRAFT, prizes=(Prize(places=1),)), ChallengeUnready),
    ],
)
def test_a_draft_that_makes_no_sense_is_not_posted(draft, refusal):
    with pytest.raises(refusal):
        draft.posted(NOON, NOON, "UTC", 12)


@pytest.mark.parametrize(
    ("draft", "refusal"),
    [
        (replace(DRAFT, name=" "), InvalidText),
        (replace(DRAFT, days=0), InvalidAmount),
        (replace(DRAFT, double_hours=73), InvalidAmount),
        (replace(DRAFT, sources={Source.COINS: SourceRule(-1)}), InvalidAmount),
        (replace(DRAFT, prizes=(Prize(coins=5),)), PrizeForNobody),
        (replace(DRAFT, prizes=(Prize(places=101),)), InvalidAmount),
        (replace(DRAFT, prizes=(Prize(places=1),) * 6), InvalidAmount),
    ],
)
def test_a_draft_keeps_to_its_bounds(draft, refusal):
    with pytest.raises(refusal):
        draft.checked()


def test_the_coins_of_all_prizes_are_known_only_where_places_limit_them():
    assert replace(DRAFT, prizes=(Prize(places=3, coins=100), Prize(points=5, badge="x"))).most_coins_in_all == 300
    assert replace(DRAFT, prizes=(Prize(points=5, coins=100),)).most_coins_in_all is None
    assert replace(DRAFT, is_by_creator=True).most_coins_in_all is None
    assert replace(DRAFT, is_by_creator=True, prizes=()).most_coins_in_all == 0


def test_a_challenge_is_announced_then_settled_after_its_end_then_given_out():
    cup = DRAFT.posted(NOON, NOON, "UTC", 12)
    known_cup = replace(cup, message_id=5)
    settled_ms = NOON + 2 * DAY + SETTLED_MS

    assert next_step(DRAFT, NOON).what is What.NOTHING
    assert next_step(cup, NOON).what is What.ANNOUNCE
    assert next_step(known_cup, NOON) == Step(What.WAIT, settled_ms)
    assert next_step(known_cup, settled_ms).what is What.SETTLE
    over = replace(known_cup, over_ms=settled_ms)
    assert next_step(over, settled_ms).what is What.GIVE
    assert next_step(replace(over, result_id=0), settled_ms).what is What.NOTHING
