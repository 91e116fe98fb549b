"""Shares: a higher one starts at once, a lower one a week after creators were told, and gifts know from when on."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import InvalidAmount
from bot.domain.guilds import GuildRules
from bot.domain.shares import (
    LATE_MS,
    WARNING_MS,
    PlannedShare,
    ShareChange,
    ShareKind,
    changed,
    changes_between,
    current,
    plan_of,
    planned,
)

NOW = 1_700_000_000_000
BOUGHT, PROMO = ShareKind.BOUGHT, ShareKind.PROMO

percents = st.integers(0, 100)
kinds = st.sampled_from(ShareKind)
steps = st.lists(st.tuples(kinds, percents, st.integers(0, 2 * WARNING_MS)), max_size=8)


@given(steps)
def test_no_share_falls_before_creators_have_known_the_lower_one_for_a_week(history):
    rules, now_ms = GuildRules(1, promo_share_percent=20), NOW
    told: dict[ShareKind, list[tuple[int, int]]] = {kind: [] for kind in ShareKind}
    for kind, percent, later_ms in history:
        before = {each: current(rules.at(now_ms), each) for each in ShareKind}
        # However the time until the next act passes, a share falls only to what was told a week before.
        now_ms += later_ms
        rules = rules.at(now_ms)
        for each in ShareKind:
            if current(rules, each) < before[each]:
                assert any(to == current(rules, each) and at_ms + WARNING_MS <= now_ms for to, at_ms in told[each])
        rules = changed(rules, kind, percent, now_ms, has_creators=True)
        assert current(rules, kind) == max(percent, current(rules, kind))
        told[kind].append((percent, now_ms))


@given(percents, percents, kinds)
def test_the_share_of_now_and_the_plan_say_together_what_staff_chose(before, percent, kind):
    rules = replace(GuildRules(1), share_percent=before, promo_share_percent=before)

    after = changed(rules, kind, percent, NOW, has_creators=True)

    plan = plan_of(after, kind)
    assert plan == (PlannedShare(kind, percent, NOW + WARNING_MS) if percent < before else None)
    assert current(after, kind) == max(before, percent)
    assert current(after.at(NOW + WARNING_MS - 1), kind) == max(before, percent)
    assert current(after.at(NOW + WARNING_MS), kind) == percent
    assert planned(after.at(NOW + WARNING_MS)) == []


def test_where_nobody_is_a_creator_a_lower_share_starts_at_once():
    after = changed(GuildRules(1), BOUGHT, 30, NOW, has_creators=False)

    assert (after.share_percent, planned(after)) == (30, [])


def test_the_last_word_replaces_what_was_planned_and_the_same_word_moves_nothing():
    first = changed(GuildRules(1), BOUGHT, 30, NOW, has_creators=True)
    same = changed(first, BOUGHT, 30, NOW + 5, has_creators=True)
    other = changed(first, BOUGHT, 40, NOW + 5, has_creators=True)
    back = changed(first, BOUGHT, 50, NOW + 5, has_creators=True)

    assert same == first
    assert planned(other) == [PlannedShare(BOUGHT, 40, NOW + 5 + WARNING_MS)]
    assert back == GuildRules(1)


@pytest.mark.parametrize("percent", [-1, 101])
def test_a_planned_share_is_a_percentage_too(percent: int):
    with pytest.raises(InvalidAmount):
        changed(GuildRules(1), BOUGHT, percent, NOW, has_creators=True)


def test_what_changes_is_written_down_once():
    before = GuildRules(1)
    after = changed(changed(before, BOUGHT, 30, NOW, has_creators=True), PROMO, 5, NOW, has_creators=True)

    changes = changes_between(before, after, 4, 9, NOW)

    assert [(each.number, each.kind, each.from_percent, each.to_percent) for each in changes] == [
        (4, BOUGHT, 50, 30),
        (5, PROMO, 0, 5),
    ]
    assert [each.starts_ms for each in changes] == [NOW + WARNING_MS, NOW]
    assert changes_between(after, after, 6, 9, NOW) == []


@given(st.integers(0, 3 * WARNING_MS))
def test_who_hears_late_of_a_lower_share_has_a_week_all_the_same(late_ms: int):
    change = ShareChange(1, 1, BOUGHT, 50, 30, NOW, 9, NOW + WARNING_MS)

    later = change.postponed(NOW + late_ms)

    if LATE_MS < late_ms < WARNING_MS:
        assert later.starts_ms == NOW + late_ms + WARNING_MS
    else:
        assert later == change


def test_a_higher_share_is_never_postponed():
    change = ShareChange(1, 1, BOUGHT, 50, 60, NOW, 9, NOW)

    assert change.postponed(NOW + 2 * LATE_MS) == change
