"""Weekly recaps: what each creator's last week was like, who has yet to get theirs, and who wants none."""

from collections.abc import Callable
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.creator_weeks import CreatorWeek, Week, due_week, week_at, week_before
from bot.domain.deadlines import SETTLED_MS
from bot.domain.errors import Busy, NotACreator
from bot.domain.notices import NoticeKind
from bot.services.creator_stats import stats_of_days, sums_of_days
from bot.services.earnings import overview_of
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.folds import folding
from bot.storage.folds.earnings.queries import earned_between
from bot.storage.ledger import holders
from bot.storage.ledger.journal import seq_before
from bot.storage.stores import creator_weeks, creators, guilds, largest_gifts, notices


class Agenda(NamedTuple):
    """What is to be done in a guild: the creators who get their recap of `week`, which is None if no week is due."""

    week: Week | None
    creator_ids: list[int]


class CreatorWeeks:
    """The use-cases of weekly recaps."""

    def __init__(self, database: Database, clock: Callable[[], int], expect_notice: Callable[[int, int], None]) -> None:
        self._database = database
        self._clock = clock
        self._expect_notice = expect_notice

    async def last(self, guild_id: int, creator_id: int) -> CreatorWeek:
        """Return what the last full week was like for a member. Raises UnknownGuild."""
        return await self._database.read_folded(guild_id, _last, guild_id, creator_id, self._clock())

    async def recap(self, guild_id: int, creator_id: int, week: Week) -> CreatorWeek:
        """Return what a week was like for a member. Raises UnknownGuild."""
        return await self._database.read_folded(guild_id, _recap, guild_id, creator_id, week, self._clock())

    async def agenda(self, guild_id: int) -> Agenda:
        """Return what is to be done now. Raises Busy while gifts are still being counted, and UnknownGuild."""
        agenda, is_counted = await self._database.read_folded(guild_id, _agenda, guild_id, self._clock())
        if not is_counted:
            raise Busy
        return agenda

    async def mark_sent(self, guild_id: int, creator_id: int, week: Week, *, is_unreachable: bool = False) -> None:
        """Note that a creator got the recap of a week. One who `is_unreachable` is told of it below their next
        reply."""
        await self._database.writer.perform(_mark_sent, guild_id, creator_id, week, is_unreachable, self._clock())
        if is_unreachable:
            self._expect_notice(guild_id, creator_id)

    async def finish(self, guild_id: int, week: Week | None) -> int:
        """Mark a week as finished; without one, begin with the current week. Return when the next recaps are due.
        Raises UnknownGuild."""
        return await self._database.writer.perform(_finish, guild_id, week, self._clock())

    async def is_wanted(self, guild_id: int, creator_id: int) -> bool:
        """Return whether a creator gets recaps."""
        return await self._database.read(creator_weeks.is_wanted, guild_id, creator_id)

    async def choose(self, guild_id: int, creator_id: int, *, is_wanted: bool) -> None:
        """Switch a creator's recaps on or off. Raises NotACreator."""
        await self._database.writer.perform(_choose, guild_id, creator_id, is_wanted, self._clock())


def _zone(c: Connection, guild_id: int) -> ZoneInfo:
    return ZoneInfo(guilds.required(c, guild_id).time_zone)


def _last(c: Connection, guild_id: int, creator_id: int, now_ms: int) -> CreatorWeek:
    return _recap(c, guild_id, creator_id, week_before(now_ms, _zone(c, guild_id)), now_ms)


def _recap(c: Connection, guild_id: int, creator_id: int, week: Week, now_ms: int) -> CreatorWeek:
    zone = _zone(c, guild_id)
    earlier = week_before(week.start_ms, zone)
    days = week.days(zone)
    stats = stats_of_days(c, guild_id, creator_id, days)
    holder = holders.holder_id(c, guild_id, creator_id) or 0
    rows = _rows_of(c, guild_id, week)
    earned, in_tests = earned_between(c, guild_id, *rows).get(holder, (0, 0))
    largest = largest_gifts.largest(c, guild_id, holder, *rows)
    sender = largest.sender if largest is not None and largest.sender is not None else 0
    releases = overview_of(c, guild_id, creator_id, now_ms).releases()
    event_ids = [entry.event.event_id for entry in stats.events]
    return CreatorWeek(
        week=week,
        days=days,
        stats=stats,
        before=sums_of_days(c, guild_id, creator_id, earlier.days(zone)),
        earned=earned,
        earned_in_tests=in_tests,
        goals=creator_weeks.goals(c, guild_id, event_ids, week),
        release=releases[0] if releases else None,
        largest=largest,
        largest_id=holders.member_ids(c, guild_id, [sender]).get(sender, 0),
    )


def _agenda(c: Connection, guild_id: int, now_ms: int) -> tuple[Agenda, bool]:
    """Return what is to be done, and whether all gifts are counted."""
    zone = _zone(c, guild_id)
    week = due_week(now_ms, zone, creator_weeks.done(c, guild_id))
    if week is None:
        return Agenda(None, []), True
    first, last = _rows_of(c, guild_id, week)
    member_ids = creator_weeks.untold(c, guild_id, week.number) if last > first else []
    if not member_ids:
        # Nothing happened, or there is nobody to tell. On Mondays every guild is due at once, and most end here.
        return Agenda(week, []), True
    known = holders.holder_ids(c, [(guild_id, member_id) for member_id in member_ids])
    earners = {holder for holder, sums in earned_between(c, guild_id, first, last).items() if max(sums) > 0}
    active = creator_weeks.gifted(c, guild_id, week.days(zone)) | earners
    creator_ids = [member_id for member_id in member_ids if known.get((guild_id, member_id)) in active]
    return Agenda(week, creator_ids), folding.counted_percent(c, guild_id) is None


def _rows_of(c: Connection, guild_id: int, week: Week) -> tuple[int, int]:
    """Return the last row before a week, and its own last row."""
    return seq_before(c, guild_id, week.start_ms), seq_before(c, guild_id, week.end_ms)


def _mark_sent(c: Connection, guild_id: int, creator_id: int, week: Week, is_unreachable: bool, now_ms: int) -> None:
    creators.choose(c, guild_id, creator_id, recap_week=week.number)
    if is_unreachable:
        notices.add(c, guild_id, creator_id, NoticeKind.WEEK, now_ms, number=week.number)


def _finish(c: Connection, guild_id: int, week: Week | None, now_ms: int) -> int:
    guilds.lock(c, guild_id)
    zone = _zone(c, guild_id)
    if week is not None:
        creator_weeks.be_done(c, guild_id, week.number)
    elif creator_weeks.done(c, guild_id) is None:
        creator_weeks.be_done(c, guild_id, week_before(now_ms, zone).number)
    # The next week may have ended by now.
    is_due = due_week(now_ms, zone, creator_weeks.done(c, guild_id)) is not None
    return now_ms if is_due else week_at(now_ms, zone).end_ms + SETTLED_MS


def _choose(c: Connection, guild_id: int, creator_id: int, is_wanted: bool, now_ms: int) -> None:
    guilds.lock(c, guild_id)
    if not creators.is_creator(c, guild_id, creator_id):
        raise NotACreator(creator_id)
    creators.choose(c, guild_id, creator_id, recaps_off_ms=None if is_wanted else now_ms)
