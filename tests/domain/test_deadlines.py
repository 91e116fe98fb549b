"""When something is due by itself, to the millisecond."""

from dataclasses import replace

import pytest

from bot.domain.channel_refusals import NEVER_MS
from bot.domain.deadlines import SETTLED_MS, Deadline, DeadlineKind, end_of, next_change, of_posts, retry_of
from bot.domain.live import LiveEvent
from bot.domain.match import FREEZE_MS, ROUND_MS, Match
from bot.domain.posts import NEVER_MS as POSTED_NEVER_MS
from bot.domain.posts import PINNED_MS, Post, PostForm

GUILD = 7
NOON = 1_770_000_000_000
HOUR = 3_600_000
EVENT = LiveEvent(GUILD, 900, 71, 13, "Friday", None, NOON, NOON + HOUR)
MATCH = Match(GUILD, 5, 900, 13, 14, 3, frozen=False, started_ms=NOON)


def times(match: Match) -> list[int]:
    """Return every time at which a match looks different, in milliseconds from its start."""
    moments: list[int] = []
    now_ms = match.started_ms
    while (deadline := next_change(match, now_ms)) is not None:
        now_ms = deadline.at_ms
        moments.append(now_ms - match.started_ms)
    return moments


def test_an_event_ends_at_its_time_and_not_while_it_stands_still():
    assert end_of(EVENT) == Deadline(GUILD, DeadlineKind.LIVE_END, 900, NOON + HOUR)
    assert end_of(replace(EVENT, paused_ms=NOON + 1)) is None
    assert end_of(replace(EVENT, ended_ms=NOON + 1)) is None


def test_a_match_changes_at_the_end_of_each_round_and_when_that_is_announced():
    assert times(MATCH) == [end + extra for end in (ROUND_MS, 2 * ROUND_MS, 3 * ROUND_MS) for extra in (0, SETTLED_MS)]


def test_a_frozen_match_also_changes_when_its_score_is_hidden():
    assert times(replace(MATCH, rounds=1, frozen=True)) == [ROUND_MS - FREEZE_MS, ROUND_MS, ROUND_MS + SETTLED_MS]


def test_a_match_that_was_broken_off_changes_no_more():
    assert times(replace(MATCH, ended_ms=NOON + 1)) == []


@pytest.mark.parametrize(
    ("changes", "kind", "at_ms"),
    [
        ({"due_ms": NOON + HOUR}, DeadlineKind.QUIET_END, NOON + HOUR),
        ({"unpin_ms": NOON + PINNED_MS, "shown_seq": 2}, DeadlineKind.UNPIN, NOON + PINNED_MS),
    ],
)
def test_a_post_that_waits_or_is_pinned_has_a_deadline_of_its_guild(
    changes: dict[str, int], kind: DeadlineKind, at_ms: int
):
    post = replace(Post(GUILD, 70, 0, 1, 2, PostForm.HELD, NOON, NOON), **changes)  # pyright: ignore[reportArgumentType]

    assert of_posts([post]) == [Deadline(GUILD, kind, 0, at_ms)]


@pytest.mark.parametrize("changes", [{}, {"due_ms": NOON, "shown_seq": 2}, {"due_ms": POSTED_NEVER_MS}])
def test_a_post_that_waits_for_nothing_has_no_deadline(changes: dict[str, int]):
    post = replace(Post(GUILD, 70, 0, 1, 2, PostForm.HELD, NOON, NOON), **changes)  # pyright: ignore[reportArgumentType]

    assert of_posts([post]) == []


def test_a_channel_that_is_gone_is_never_tried_again():
    assert retry_of(GUILD, 70, NOON) == Deadline(GUILD, DeadlineKind.CHANNEL_RETRY, 70, NOON)
    assert retry_of(GUILD, 70, NEVER_MS) is None
