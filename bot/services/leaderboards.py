"""Leaderboards: who gives, who receives, and what is given."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.catalogue import GiftItem
from bot.domain.errors import NotLive, UnknownGuild
from bot.domain.leaderboards import Board, Leaderboard, by_pieces
from bot.domain.live import LiveEvent
from bot.domain.periods import PastPeriod, Period, Span, last_30_days, period_key_of, start_of
from bot.services.matches import check_score_shown
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.folds import folding
from bot.storage.folds.leaderboards import past, queries
from bot.storage.folds.leaderboards.calendar import days_of
from bot.storage.stores import catalogue, guilds, live

PAGE = 10
"""Places on one page."""

_MOST_GIFTS = 1_000
"""Gifts of a catalogue, archived ones included, that are ranked by how many were sent."""

_UNDATED = {Period.LIVE, Period.ALL}
"""Periods that began at no midnight."""


@dataclass(frozen=True, slots=True)
class BoardQuery:
    """Which board somebody looks at. `fans_of` narrows the gifters to one creator's; `viewer_id` gets an own place.

    `days` are those of the period, where it need not be the one that runs.
    """

    guild_id: int
    board: Board
    period: Period | PastPeriod
    viewer_id: int
    channel_id: int
    fans_of: int | None = None
    page: int = 0
    days: Span | None = None


@dataclass(frozen=True, slots=True)
class BoardPage:
    """One page of a leaderboard, or other rows of it. `event` is set for the period LIVE, `items` for the board GIFTS.

    `since_ms` is when today, this week, this month or the 30 days began in the guild's time zone. `late_since_ms` is
    set while gifts cannot be counted: those sent from then on are missing. While everything is counted, for the first
    time or again, `counted_percent` says how much of it has been.
    """

    query: BoardQuery
    leaderboard: Leaderboard
    pages: int
    time_zone: str
    since_ms: int | None
    event: LiveEvent | None
    items: dict[int, GiftItem]
    late_since_ms: int | None = None
    counted_percent: int | None = None


class PastPeriods(NamedTuple):
    """The months and days on which a guild was sent gifts, latest first, without the current ones."""

    months: list[PastPeriod]
    days: list[PastPeriod]


class Leaderboards:
    """The use-case of leaderboards."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def leaderboard(self, query: BoardQuery, rows: range | None = None) -> BoardPage:
        """Return the page that `query` asks for, or `rows` of the board instead, which count from 0.

        Raises UnknownGuild, NotLive for the period LIVE where there has been no live event, or ScoreHidden
        in the last seconds of a match.
        """
        rows = rows or range(query.page * PAGE, (query.page + 1) * PAGE)
        return await self._database.read_folded(query.guild_id, _leaderboard, query, rows, self._clock())

    async def past_periods(self, guild_id: int) -> PastPeriods:
        """Return the past months and days that have a leaderboard. Raises UnknownGuild."""
        return await self._database.read_folded(guild_id, _past_periods, guild_id, self._clock())


def _leaderboard(connection: Connection, query: BoardQuery, rows: range, now_ms: int) -> BoardPage:
    rules = guilds.rules(connection, query.guild_id)
    if rules is None:
        raise UnknownGuild
    zone = ZoneInfo(rules.time_zone)
    event = _event(connection, query) if query.period is Period.LIVE else None
    _check_score_shown(connection, query, event, now_ms)
    # The books rank by coins. Of gifts there are few, and they are ranked here.
    is_of_gifts = query.board is Board.GIFTS
    ranked_rows = range(_MOST_GIFTS) if is_of_gifts else rows
    key = query.days or _key(query.period, event, now_ms, zone)
    board = _places(connection, query, key, ranked_rows)
    if is_of_gifts:
        board = replace(board, standings=by_pieces(board.standings)[rows.start : rows.stop])
    items: dict[int, GiftItem] = {}
    if query.board is Board.GIFTS:
        items = {item.item_id: item for item in catalogue.items(connection, query.guild_id, archived=True)}
    pages = max(1, -(-board.places // PAGE))
    since_ms = _since(query.period, now_ms, zone)
    counted_percent = folding.counted_percent(connection, query.guild_id)
    late_since_ms = None if counted_percent is not None else folding.late_since(connection, query.guild_id, now_ms)
    return BoardPage(query, board, pages, rules.time_zone, since_ms, event, items, late_since_ms, counted_percent)


def _check_score_shown(connection: Connection, query: BoardQuery, event: LiveEvent | None, now_ms: int) -> None:
    """Raise ScoreHidden if the coins that creators get now would tell the score of their match."""
    if isinstance(query.period, PastPeriod) or (query.board is not Board.CREATORS and query.fans_of is None):
        return
    for each in [event] if event is not None else live.running(connection, query.guild_id):
        check_score_shown(connection, each, now_ms, creator_id=query.fans_of)


def _since(period: Period | PastPeriod, now_ms: int, zone: ZoneInfo) -> int | None:
    if isinstance(period, PastPeriod) or period in _UNDATED:
        return None
    return start_of(period, now_ms, zone)


def _key(period: Period | PastPeriod, event: LiveEvent | None, now_ms: int, zone: ZoneInfo) -> int | Span:
    """Return the number of what is looked up: of a live event, or of a period. Where it may be over, its span."""
    if isinstance(period, PastPeriod):
        return period.span
    if period is Period.LAST_30_DAYS:
        return last_30_days(now_ms, zone)
    return event.event_id if event else period_key_of(period, now_ms, zone)


def _places(connection: Connection, query: BoardQuery, key: int | Span, rows: range) -> Leaderboard:
    where = (connection, query.guild_id, query.board)
    about = {"offset": rows.start, "limit": len(rows), "viewer_id": query.viewer_id}
    if isinstance(key, Span):
        return past.leaderboard(*where, query.period, key, fans_of=query.fans_of, **about)
    assert isinstance(query.period, Period)
    return queries.leaderboard(*where, query.period, key, fans_of=query.fans_of, **about)


def _past_periods(connection: Connection, guild_id: int, now_ms: int) -> PastPeriods:
    rules = guilds.rules(connection, guild_id)
    if rules is None:
        raise UnknownGuild
    zone = ZoneInfo(rules.time_zone)
    today, this_month = (period_key_of(period, now_ms, zone) for period in (Period.TODAY, Period.MONTH))
    days = [day for _, day in reversed(days_of(connection, guild_id))]
    months = dict.fromkeys(day // 100 for day in days)
    return PastPeriods(
        [PastPeriod(month) for month in months if month != this_month],
        [PastPeriod(day) for day in days if day != today],
    )


def _event(connection: Connection, query: BoardQuery) -> LiveEvent:
    """Return the channel's live event, running or else the latest that ended; else the guild's."""
    here = live.in_channel(connection, query.guild_id, query.channel_id)
    here = here or live.latest(connection, query.guild_id, query.channel_id)
    running = live.running(connection, query.guild_id)
    event = here or (running[0] if running else live.latest(connection, query.guild_id))
    if event is None:
        raise NotLive
    return event
