"""Deadlines in the books: set with the rows they are about, moved with them, and claimed by one of several bots."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection, select

from bot.domain.channel_refusals import UnwritableChannel
from bot.domain.deadlines import AT_ONCE_MS, CLAIM_MS, Claim, Deadline, DeadlineKind
from bot.domain.live import Outcome
from bot.domain.match import ROUND_MS, Match
from bot.domain.payment_cases import CaseKind, PaymentCase
from bot.domain.posts import PINNED_MS, Post, PostForm
from bot.domain.thanks import ThankYou
from bot.storage.database import Database
from bot.storage.sql.tables import deadlines as table
from bot.storage.stores import (
    announcements,
    channel_refusals,
    deadlines,
    live,
    matches,
    payment_cases,
    thanks,
)
from tests.storage.town import CHANNEL, DAY, GUILD, HOUR, LIVE_CHANNEL, MIA, MINUTE, NOAH, NOON, Clock, event

RECAP = Deadline(GUILD, DeadlineKind.RECAP, 900, NOON)


def times(c: Connection) -> dict[str, int]:
    """Return when each kind of the guild is due, without what always is: looks for fraud, and weekly recaps."""
    always = [DeadlineKind.FLAG_LOOK, DeadlineKind.CREATOR_WEEK]
    rows = c.execute(select(table.c.kind, table.c.at_ms).where(table.c.kind.not_in(always)))
    return {row.kind: row.at_ms for row in rows}


def due(c: Connection, now_ms: int) -> list[Deadline]:
    """Return what is due and not claimed."""
    return [deadline for deadline, until_ms in deadlines.outlook(c, now_ms).due if until_ms <= now_ms]


def claim(c: Connection, now_ms: int) -> list[Claim]:
    """Claim all that is due."""
    return deadlines.claim(c, due(c, now_ms), now_ms)


@pytest.fixture
async def both(address: str, books: Database, clock: Clock) -> AsyncIterator[tuple[Database, Database]]:
    """The same books, opened as two processes do."""
    second_books = await Database.open(address, clock=clock)
    yield books, second_books
    await second_books.close()


def test_a_live_event_ends_at_its_time_whatever_moves_it(c: Connection):
    live.insert(c, event())
    moments = [times(c)["live_end"]]
    live.change(c, event(), ends_ms=NOON + 5)
    moments.append(times(c)["live_end"])
    live.change(c, event(ends_ms=NOON + 5), paused_ms=NOON + 1)
    while_paused = times(c)
    live.change(c, event(ends_ms=NOON + 5, paused_ms=NOON + 1), paused_ms=None, ends_ms=NOON + HOUR)
    moments.append(times(c)["live_end"])

    assert moments == [NOON + HOUR, NOON + 5, NOON + HOUR]
    assert "live_end" not in while_paused


def test_an_event_that_ends_is_due_for_its_recap_and_not_for_its_end(c: Connection):
    live.insert(c, event())
    live.end(c, GUILD, 900, NOON + 5)

    assert times(c) == {"live_board": AT_ONCE_MS, "recap": AT_ONCE_MS}


def test_an_event_without_a_recap_to_post_waits_for_none(c: Connection):
    live.insert(c, event())
    live.end(c, GUILD, 900, NOON + 5, Outcome.CANCELLED, told=True)

    assert times(c) == {"live_board": AT_ONCE_MS}


def test_a_match_is_due_from_round_to_round_until_it_is_broken_off(c: Connection):
    match = Match(GUILD, 5, 900, MIA, NOAH, 3, frozen=False, started_ms=NOON)
    live.insert(c, event())
    matches.insert(c, match)
    running = times(c)
    matches.end(c, match, NOON + MINUTE)

    assert running["match_round"] == NOON + ROUND_MS
    assert "match_round" not in times(c)


def test_of_many_posts_in_a_guild_the_earliest_counts(c: Connection):
    held = Post(GUILD, CHANNEL, 0, 1, 1, PostForm.HELD, NOON, NOON, due_ms=NOON + HOUR)
    pinned = Post(GUILD, CHANNEL, 0, 2, 2, PostForm.GRAND, NOON, NOON, shown_seq=2, unpin_ms=NOON + PINNED_MS)
    announcements.save(c, [held, pinned])
    announcements.save(c, [replace(held, first_seq=3, last_seq=3, due_ms=NOON + 2 * HOUR)])
    announcements.save(c, [replace(pinned, first_seq=4, last_seq=4, shown_seq=4, unpin_ms=NOON + 1)])

    assert times(c) == {"quiet_end": NOON + HOUR, "unpin": NOON + 1}
    assert announcements.next_due(c, GUILD, NOON + HOUR) == NOON + 2 * HOUR
    assert announcements.next_due(c, GUILD, NOON + 2 * HOUR) is None
    assert announcements.next_unpin(c, GUILD, NOON + 1) == NOON + PINNED_MS


def test_a_channel_is_tried_again_when_its_refusal_is_over_and_at_once_when_it_works(c: Connection):
    deadlines.put(c, replace(RECAP, at_ms=NOON + HOUR))
    channel_refusals.save(c, UnwritableChannel(GUILD, CHANNEL, 50013, NOON).refused(50013, NOON))
    waiting = times(c)
    channel_refusals.retry(c, GUILD, [CHANNEL])

    assert waiting == {"channel_retry": NOON + 5_000, "recap": NOON + HOUR}
    # What waits for a channel is tried, too, and costs nothing where it waits for another one.
    assert times(c) == {"channel_retry": AT_ONCE_MS, "recap": AT_ONCE_MS}


def test_a_channel_that_is_gone_waits_for_nothing(c: Connection):
    channel_refusals.save(c, UnwritableChannel(GUILD, CHANNEL, 10003, NOON).lost(10003))

    assert times(c) == {}


def test_thanks_and_cases_are_due_at_once_and_once(c: Connection):
    case = PaymentCase(GUILD, "pretend", "cs_1", CaseKind.DIFFERS, 500, 50, "USD", NOON)
    thanks.insert(c, ThankYou(GUILD, 77, LIVE_CHANNEL, MIA, (3, 0), 2, 9, 90))
    payment_cases.open_case(c, case)
    first = times(c)
    deadlines.finish(c, [(claimed, None) for claimed in claim(c, NOON)])
    payment_cases.open_case(c, case)

    assert first == {"thank_you": AT_ONCE_MS, "payment_cases": AT_ONCE_MS}
    assert times(c) == {}


def test_a_deadline_is_due_from_its_time_on_and_the_outlook_names_the_next(c: Connection):
    deadlines.put(c, RECAP, replace(RECAP, subject=901, at_ms=NOON + 5))

    assert deadlines.outlook(c, NOON - 1) == ([], NOON)
    assert deadlines.outlook(c, NOON) == ([(RECAP, 0)], NOON + 5)
    # Then only the daily look for fraud is left.
    assert deadlines.outlook(c, NOON + 5).next_ms == NOON + DAY


def test_a_claimed_deadline_is_claimed_once_until_the_claim_expires(c: Connection):
    deadlines.put(c, RECAP)

    first, second = claim(c, NOON), deadlines.claim(c, [RECAP], NOON + 1)
    just_before, after = due(c, NOON + CLAIM_MS - 1), claim(c, NOON + CLAIM_MS)

    assert [claimed.deadline for claimed in first] == [RECAP]
    assert (second, just_before) == ([], [])
    assert [claimed.deadline.key for claimed in after] == [RECAP.key]


def test_a_renewed_claim_lasts_longer_and_an_expired_one_cannot_be_renewed(c: Connection):
    deadlines.put(c, RECAP)
    first = claim(c, NOON)
    (renewed,) = deadlines.renew(c, first, NOON + 10_000)
    still_claimed = due(c, NOON + CLAIM_MS)
    claim(c, NOON + 10_000 + CLAIM_MS)

    assert renewed.until_ms == NOON + 10_000 + CLAIM_MS
    assert still_claimed == []
    assert deadlines.renew(c, [renewed], NOON + 10_000 + CLAIM_MS) == []


def test_what_was_dealt_with_is_gone_and_what_has_to_wait_is_due_again(c: Connection):
    deadlines.put(c, RECAP, replace(RECAP, subject=901))
    first, second = claim(c, NOON)
    deadlines.finish(c, [(first, None), (second, NOON + 5)])

    assert deadlines.outlook(c, NOON) == ([], NOON + 5)
    assert deadlines.outlook(c, NOON + 5).due == [(replace(RECAP, subject=901, at_ms=NOON + 5), 0)]


@pytest.mark.parametrize("at_ms", [AT_ONCE_MS, NOON + HOUR])
@pytest.mark.parametrize("outcome", [None, NOON + 2 * HOUR])
def test_what_was_set_anew_while_somebody_acted_is_not_lost(c: Connection, at_ms: int, outcome: int | None):
    deadlines.put(c, RECAP)
    claims = claim(c, NOON)
    deadlines.put(c, replace(RECAP, at_ms=at_ms))
    meanwhile = due(c, NOON + 1)
    deadlines.finish(c, [(claimed, outcome) for claimed in claims])

    # Nobody else acts in between.
    assert meanwhile == []
    assert times(c) == {"recap": at_ms}


def test_a_later_time_of_a_shared_deadline_is_kept_while_somebody_acts_on_the_earlier(c: Connection):
    shared = Deadline(GUILD, DeadlineKind.QUIET_END, 0, NOON)
    deadlines.put_earliest(c, [shared])
    claims = claim(c, NOON)
    deadlines.put_earliest(c, [replace(shared, at_ms=NOON + HOUR)])
    deadlines.finish(c, [(claimed, None) for claimed in claims])

    assert times(c) == {"quiet_end": NOON + HOUR}


def test_whose_claim_has_expired_changes_nothing_any_more(c: Connection):
    deadlines.put(c, RECAP)
    late = claim(c, NOON)
    claim(c, NOON + CLAIM_MS)
    deadlines.finish(c, [(claimed, None) for claimed in late])

    assert times(c) == {"recap": NOON + CLAIM_MS}


def test_a_thousand_deadlines_are_claimed_and_finished_together(c: Connection):
    deadlines.put(c, *(replace(RECAP, subject=number, at_ms=NOON - number) for number in range(1_000)))
    claims = claim(c, NOON)
    in_order = [claimed.deadline.subject for claimed in claims]
    deadlines.finish(c, [(claimed, None) for claimed in claims])

    assert in_order == [*reversed(range(1_000))]
    assert times(c) == {}


async def test_the_writer_tells_of_a_deadline_once_it_is_committed(books: Database):
    heard: list[int] = []
    books.on_deadline(heard.append)

    def fail(c: Connection) -> None:
        deadlines.put(c, RECAP)
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - it is ours
        await books.writer.perform(fail)
    await books.writer.perform(deadlines.clear, GUILD, DeadlineKind.RECAP, 900)
    before = [*heard]
    await books.writer.perform(deadlines.put, replace(RECAP, subject=901, at_ms=NOON + 9), RECAP)

    assert before == []
    assert heard == [NOON]


@pytest.mark.databases("postgresql")
async def test_of_two_bots_only_one_claims_each_deadline(both: tuple[Database, Database]):
    everything = [replace(RECAP, subject=number) for number in range(200)]
    await both[0].writer.perform(deadlines.put, *everything)

    claims = await asyncio.gather(
        *(books.writer.perform(deadlines.claim, everything, NOON) for books in both * 5), return_exceptions=False
    )

    subjects = [claimed.deadline.subject for batch in claims for claimed in batch]
    assert sorted(subjects) == [*range(200)]
