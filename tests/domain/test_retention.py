"""Which backups are kept: never too few, never the newest lost, and pruning every day keeps what pruning once would."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.retention import Retention

USUAL = Retention((("d", 7), ("w", 4), ("m", 6)))
START = datetime(2026, 1, 1, 3, 0, tzinfo=UTC)

times = st.sets(st.integers(0, 1_500 * 24 * 3600).map(lambda second: START + timedelta(seconds=second)), max_size=60)
rules = st.dictionaries(st.sampled_from("hdwmy"), st.integers(1, 12), min_size=1).map(
    lambda counts: Retention(tuple(counts.items()))
)


def month_of(at: datetime) -> tuple[int, int]:
    return at.year, at.month


@given(rules, times.filter(bool))
def test_the_newest_is_kept_and_nothing_is_made_up(rule: Retention, backups: set[datetime]):
    remaining = rule.kept(backups)

    assert max(backups) in remaining
    assert remaining <= backups
    assert len(remaining) <= sum(count for _, count in rule.counts)


@given(rules, times)
def test_pruning_twice_is_pruning_once(rule: Retention, backups: set[datetime]):
    remaining = rule.kept(backups)

    assert rule.kept(remaining) == remaining


@given(rules, times)
def test_nothing_goes_while_there_are_few(rule: Retention, backups: set[datetime]):
    few = set(sorted(backups)[: min(count for _, count in rule.counts)])
    apart = {START + timedelta(days=400 * number) for number, _ in enumerate(few)}

    assert rule.kept(apart) == apart


@given(times)
def test_each_of_the_last_months_with_a_backup_keeps_one(backups: set[datetime]):
    months = sorted({month_of(at) for at in backups})[-6:]

    assert {month_of(at) for at in USUAL.kept(backups)} >= set(months)


@given(st.lists(st.integers(1, 72), max_size=300))
def test_pruning_after_each_backup_keeps_what_pruning_in_the_end_would(pauses: list[int]):
    at, stored = START, set[datetime]()
    backups = set[datetime]()
    for pause in pauses:
        at += timedelta(hours=pause)
        backups.add(at)
        stored = USUAL.kept({*stored, at})

    assert stored == USUAL.kept(backups)


def test_a_year_of_nights_leaves_a_week_a_month_and_half_a_year():
    backups = {START + timedelta(days=day) for day in range(365)}

    days_old = sorted((max(backups) - at).days for at in USUAL.kept(backups))

    assert days_old == [0, 1, 2, 3, 4, 5, 6, 11, 18, 31, 61, 92, 122, 153]


def test_a_timer_that_stood_still_loses_nothing():
    old = {START + timedelta(days=day) for day in range(3)}

    assert USUAL.kept({*old, START + timedelta(days=3000)}) >= old


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("7d,4w,6m", (("d", 7), ("w", 4), ("m", 6))),
        (" 24h , 2y ", (("h", 24), ("y", 2))),
        ("", None),
        ("7", None),
        ("0d", None),
        ("-1d", None),
        ("7d,", None),
        ("7d,3d", None),
        ("7x", None),
        ("99999d", None),
        ("٧d", None),
    ],
)
def test_a_rule_is_read_whole_or_not_at_all(text: str, counts: tuple[tuple[str, int], ...] | None):
    rule = Retention.of(text)

    assert (rule and rule.counts) == counts
