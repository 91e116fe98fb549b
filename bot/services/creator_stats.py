"""Statistics of creators: what they are given when, by how many members, and during which live events."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.creator_stats import (
    CreatorStats,
    EventGiven,
    Given,
    by_weekday,
    days_of,
    days_since,
    total_of,
)
from bot.domain.errors import UnknownGuild
from bot.domain.leaderboards import Board, Standing
from bot.domain.live import LiveEvent
from bot.domain.periods import PastPeriod, Period, Span, period_key_of, start_of
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.folds import folding
from bot.storage.folds.creators import queries
from bot.storage.folds.creators.queries import Place
from bot.storage.folds.leaderboards import past
from bot.storage.folds.leaderboards import queries as leaderboards
from bot.storage.ledger import holders
from bot.storage.stores import catalogue, guilds, live

MOST_FANS: Final = 25
"""Fans that are read. Some may have left, and then the next ones are shown."""

MOST_EVENTS: Final = 50
"""Live events that are listed, the latest."""

NO_EVENT: Final = -1
"""No live event has this id."""

_RANKED: Final = {Period.TODAY, Period.WEEK, Period.MONTH, Period.ALL}
"""Periods whose leaderboards are kept in order."""


class CreatorStatistics:
    """The use-case of statistics."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def stats(self, guild_id: int, creator_id: int, period: Period | PastPeriod) -> CreatorStats:
        """Return what a member was given in a period, even one who is no longer a creator.

        For LIVE that is their live event, or else the last one; without any, there was nothing. Raises UnknownGuild.
        """
        return await self._database.read_folded(guild_id, stats_of, guild_id, creator_id, period, self._clock())


def stats_of(
    connection: Connection, guild_id: int, creator_id: int, period: Period | PastPeriod, now_ms: int
) -> CreatorStats:
    """Return what a member was given in a period. Raises UnknownGuild."""
    rules = guilds.rules(connection, guild_id)
    if rules is None:
        raise UnknownGuild
    zone = ZoneInfo(rules.time_zone)
    # Nobody has the holder 0: it stands for members whom the books do not know.
    creator = holders.holder_id(connection, guild_id, creator_id) or 0
    event: LiveEvent | None = None
    if period is Period.LIVE:
        event = live.of_creator(connection, guild_id, creator_id)
        event = event or live.latest_of_creator(connection, guild_id, creator_id)
        days = days_since(event.started_ms if event else now_ms, zone)
        place = Place(guild_id, creator, days, event.event_id if event else NO_EVENT)
    else:
        place = Place(guild_id, creator, days_of(period, now_ms, zone))
    is_dated = isinstance(period, Period) and period not in {Period.LIVE, Period.ALL}
    gifters, new_gifters = _gifters(connection, place, period, event, zone)
    return replace(
        _counted(connection, creator_id, period, place, rules.time_zone),
        gifters=gifters,
        new_gifters=new_gifters,
        fans=_fans(connection, creator_id, period, place, now_ms, zone),
        events=() if period is Period.LIVE else _events(connection, place),
        event=event,
        since_ms=start_of(period, now_ms, zone) if is_dated and isinstance(period, Period) else None,
    )


def stats_of_days(connection: Connection, guild_id: int, creator_id: int, days: Span) -> CreatorStats:
    """Return what a member was given on some days in a row, which are over. Its period says WEEK."""
    rules = guilds.required(connection, guild_id)
    place = Place(guild_id, holders.holder_id(connection, guild_id, creator_id) or 0, days)
    gifters, new_gifters = queries.gifters(connection, place, days.first)
    about = {"viewer_id": creator_id, "fans_of": creator_id, "limit": MOST_FANS}
    fans = past.leaderboard(connection, guild_id, Board.GIFTERS, Period.WEEK, days, **about)
    return replace(
        _counted(connection, creator_id, Period.WEEK, place, rules.time_zone),
        gifters=gifters,
        new_gifters=new_gifters,
        fans=fans.standings,
        events=_events(connection, place),
    )


def sums_of_days(connection: Connection, guild_id: int, creator_id: int, days: Span) -> Given:
    """Return all that a member was given on some days in a row."""
    place = Place(guild_id, holders.holder_id(connection, guild_id, creator_id) or 0, days)
    return total_of(entry.sums for entry in queries.days(connection, place))


def _counted(c: Connection, creator_id: int, period: Period | PastPeriod, place: Place, time_zone: str) -> CreatorStats:
    """Return what is counted of gifts, without their senders."""
    by_day = queries.days(c, place)
    return CreatorStats(
        creator_id=creator_id,
        period=period,
        total=total_of(entry.sums for entry in by_day),
        anonymous=total_of(entry.anonymous for entry in by_day),
        days=by_day,
        hours=queries.hours(c, place),
        weekdays=by_weekday(by_day),
        items=queries.items(c, place),
        gifters=0,
        new_gifters=None,
        fans=(),
        events=(),
        catalogue={item.item_id: item for item in catalogue.items(c, place.guild_id, archived=True)},
        time_zone=time_zone,
        counted_percent=folding.counted_percent(c, place.guild_id),
    )


def _gifters(
    c: Connection, place: Place, period: Period | PastPeriod, event: LiveEvent | None, zone: ZoneInfo
) -> tuple[int, int | None]:
    """Return how many gave, and how many of them for the first time, None for all time."""
    if period is Period.ALL:
        return queries.gifters_of_event(c, place.guild_id, place.creator, 0), None
    first_day = period_key_of(Period.TODAY, event.started_ms, zone) if event is not None else place.days.first
    return queries.gifters(c, place, first_day)


def _events(c: Connection, place: Place) -> list[EventGiven]:
    totals = queries.events(c, place, MOST_EVENTS)
    shows = {event.event_id: event for event in live.events_of(c, place.guild_id, [event for event, _ in totals])}
    return [
        EventGiven(shows[event], sums, queries.gifters_of_event(c, place.guild_id, place.creator, event))
        for event, sums in totals
        if event in shows
    ]


def _fans(
    c: Connection, creator_id: int, period: Period | PastPeriod, place: Place, now_ms: int, zone: ZoneInfo
) -> tuple[Standing, ...]:
    about = {"viewer_id": creator_id, "fans_of": creator_id, "limit": MOST_FANS}
    board = (c, place.guild_id, Board.GIFTERS)
    if place.event is not None:
        return leaderboards.leaderboard(*board, Period.LIVE, place.event, **about).standings
    if isinstance(period, Period) and period in _RANKED:
        key = period_key_of(period, now_ms, zone)
        return leaderboards.leaderboard(*board, period, key, **about).standings
    span = period.span if isinstance(period, PastPeriod) else place.days
    return past.leaderboard(*board, period, span, **about).standings
