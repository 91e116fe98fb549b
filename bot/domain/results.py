"""Results of a week or a month: when they are posted, and when the post becomes final.

Five minutes before the rollover, everybody can still see who is ahead and change it. So the post says that it is not
final, and becomes so once the last gift is in the books. Each stretch of time has a number that only grows, and a guild
keeps the one that it has last posted: nothing is posted twice, and after a long absence only the latest is.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum, auto
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.buying_limits import DAY_MS
from bot.domain.deadlines import SETTLED_MS, Deadline, DeadlineKind
from bot.domain.periods import PastPeriod, Period, Span, period_key_of, start_of

BEFORE_MS: Final = 300_000
"""How long before the rollover results are posted."""

PERIODS: Final = (Period.WEEK, Period.MONTH)
"""What results are of. Their places here are the subjects of deadlines."""

_INTO_THE_NEXT_MS: Final = {Period.WEEK: 8 * DAY_MS, Period.MONTH: 32 * DAY_MS}
"""From the start of any week or month, this leads into the next one, whatever clocks do."""


class Stretch(NamedTuple):
    """A week or a month, numbered as by `period_key_of`. It is over at `end_ms`."""

    period: Period
    number: int
    start_ms: int
    end_ms: int


def stretch_at(period: Period, at_ms: int, zone: ZoneInfo) -> Stretch:
    """Return the week or month that a moment is in."""
    start_ms = start_of(period, at_ms, zone)
    end_ms = start_of(period, start_ms + _INTO_THE_NEXT_MS[period], zone)
    return Stretch(period, period_key_of(period, at_ms, zone), start_ms, end_ms)


def stretch_before(period: Period, at_ms: int, zone: ZoneInfo) -> Stretch:
    """Return the last week or month that was over when a moment came."""
    return stretch_at(period, start_of(period, at_ms, zone) - 1, zone)


def first_day_of(period: Period, number: int) -> date:
    """Return the first day of a numbered week or month."""
    if period is Period.MONTH:
        return date(number // 100, number % 100, 1)
    return date.fromisocalendar(number // 100, number % 100, 1)


def days_of(period: Period, number: int) -> Span:
    """Return the days of a numbered week, or the numbered month as it is looked up."""
    if period is Period.MONTH:
        return PastPeriod(number).span
    first = first_day_of(period, number)
    return Span(*(day.year * 10_000 + day.month * 100 + day.day for day in (first, first + timedelta(days=6))))


@dataclass(frozen=True, slots=True)
class Results:
    """What a guild wants and has of results of one period.

    `number` is that of the stretch that was posted last, or that needs no post any more. The message is 0 if there
    is none, and `is_final` says that nothing is left to be done about it.
    """

    guild_id: int
    period: Period
    is_on: bool = False
    number: int = 0
    channel_id: int = 0
    message_id: int = 0
    is_final: bool = True

    def switched(self, now_ms: int, zone: ZoneInfo, *, is_on: bool) -> "Results":
        """Return these with results on or off. Once they are on, nothing that is over is posted any more."""
        number = max(self.number, stretch_before(self.period, now_ms, zone).number) if is_on else self.number
        return replace(self, is_on=is_on, number=number)

    def posted(self, number: int, channel_id: int, message_id: int, *, is_final: bool) -> "Results":
        """Return these with a post, or without one if there was nothing to post."""
        return replace(self, number=number, channel_id=channel_id, message_id=message_id, is_final=is_final)


class What(Enum):
    """What is to be done about results."""

    POST = auto()
    """Post those of a stretch that has no post."""
    FINISH = auto()
    """Make the post final."""
    WAIT = auto()


class Step(NamedTuple):
    """What is to be done about results next: something about the stretch with a number, or nothing before `at_ms`.

    What `is_over` is final at once. Of what is not, `at_ms` is the end.
    """

    what: What
    number: int = 0
    is_over: bool = False
    at_ms: int = 0


def next_step(results: Results, now_ms: int, zone: ZoneInfo) -> Step:
    """Return what is to be done about a guild's results."""
    current, over = stretch_at(results.period, now_ms, zone), stretch_before(results.period, now_ms, zone)
    # The last gifts of a stretch are in the books a moment after its end.
    settled_ms = over.end_ms + SETTLED_MS
    is_waiting = results.number < over.number or (results.number == over.number and not results.is_final)
    if is_waiting and now_ms < settled_ms:
        return Step(What.WAIT, at_ms=settled_ms)
    if is_waiting and not results.is_final:
        return Step(What.FINISH, results.number, is_over=True)
    if is_waiting:
        return Step(What.POST, over.number, is_over=True)
    if results.number >= current.number:
        return Step(What.WAIT, at_ms=current.end_ms + SETTLED_MS)
    if now_ms < current.end_ms - BEFORE_MS:
        return Step(What.WAIT, at_ms=current.end_ms - BEFORE_MS)
    return Step(What.POST, current.number, at_ms=current.end_ms)


def results_of(guild_id: int, subject: int, at_ms: int) -> Deadline:
    """Return the deadline for results, of weeks or of months by their `subject`."""
    return Deadline(guild_id, DeadlineKind.RESULTS, subject, at_ms)
