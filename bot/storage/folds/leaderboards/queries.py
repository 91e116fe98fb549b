"""Read leaderboards: a page of places, somebody's own place, and totals."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Column, ColumnElement, Connection, Select, and_, bindparam, func, select, tuple_

from bot.domain.leaderboards import EVERYBODY, Board, Leaderboard, Standing
from bot.domain.live import EventTotals
from bot.domain.periods import Period
from bot.storage.folds.leaderboards.places import first_shown, standing_of, standings_of
from bot.storage.folds.leaderboards.rank_bins import (
    EXACT,
    FEW,
    first_seq_of,
    least_of,
    magnitude_of,
    magnitude_of_bin,
    rank_bin_of,
)
from bot.storage.ledger import holders
from bot.storage.sql.leaderboard_tables import SPANS, ladders, leaderboard_calendars, tallies
from bot.storage.sql.leaderboard_tables import standings as table
from bot.storage.sql.statements import Query

GIFTERS_AT_ONCE = 10
"""Gifters of a live event that are read at a time, to find the first ones who do not hide."""


class _Line(NamedTuple):
    """One line of a ladder, with its sums over one period."""

    subject: int
    coins: int
    pieces: int
    last_seq: int


class _Columns(NamedTuple):
    """The columns of a period: its key (None for all time), and its sums in each line."""

    name: str
    key: Column[Any] | None
    coins: Column[Any]
    pieces: Column[Any]

    @property
    def order(self) -> tuple[ColumnElement[Any], ...]:
        """More coins first. Among equals, those who reached them first."""
        return self.coins.desc(), table.c.last_seq, table.c.subject

    @property
    def totals(self) -> tuple[Column[Any], ...]:
        """Places, coins and pieces of the whole ladder."""
        prefix = "" if self.key is None else f"{self.name}_"
        return tuple(ladders.c[f"{prefix}{name}"] for name in ("places", "coins", "pieces"))


_ALL = _Columns("all", None, table.c.coins, table.c.pieces)
_COLUMNS = {Period.ALL: _ALL, Period.LIVE: _ALL} | {
    period: _Columns(span, table.c[span], table.c[f"{span}_coins"], table.c[f"{span}_pieces"])
    for period, span in zip((Period.TODAY, Period.WEEK, Period.MONTH), SPANS, strict=True)
}


def _parameter(name: str) -> Any:  # noqa: ANN401 - whatever takes a number
    """Return a 64-bit integer parameter of a query."""
    return bindparam(name, type_=BigInteger)


def _calendar_key(name: str) -> Any:  # noqa: ANN401 - a subquery
    """Return the guild's current day, week or month as a column."""
    calendars = leaderboard_calendars
    return select(calendars.c[name]).where(calendars.c.guild_id == _parameter("guild")).scalar_subquery()


class _Queries:
    """The queries about ladders of one period, compiled only once because boards are viewed all day long."""

    def __init__(self, columns: _Columns) -> None:
        self._columns = columns
        key_columns = [] if columns.key is None else [ladders.c[columns.name], _calendar_key(columns.name)]
        self.ladder = Query(
            select(ladders.c.ladder, *columns.totals, *key_columns).where(
                ladders.c.guild_id == _parameter("guild"),
                ladders.c.board == bindparam("board"),
                ladders.c.scope == _parameter("scope"),
                ladders.c.event == _parameter("event"),
            )
        )
        coins = columns.coins
        self.page = self._page()
        self.page_below = self._page(coins < _parameter("coins"))
        self.page_of_level = self._page(coins == _parameter("coins"), table.c.last_seq >= _parameter("seq"))
        lines = select(table.c.subject, coins, columns.pieces, table.c.last_seq)
        self.line = Query(lines.where(self._in_ladder, table.c.subject == _parameter("subject")))
        line_count = select(func.count()).where(self._in_ladder)
        is_before = tuple_(table.c.last_seq, table.c.subject) < tuple_(_parameter("seq"), _parameter("subject"))
        level_count = line_count.where(coins == _parameter("coins"), is_before)
        richer_count = line_count.where(coins > _parameter("coins"))
        higher_count = select(func.coalesce(func.sum(tallies.c.places), 0)).where(
            self._in_bins, tallies.c.cell > _parameter("rank_bin")
        )
        self.ahead = _sum(richer_count, level_count)
        # Lines are counted one by one only within one bin. For higher bins, the counts of their lines are summed up.
        self.ahead_by_seq = _sum(higher_count, level_count.where(table.c.last_seq >= _parameter("first_seq")))
        self.ahead_by_magnitude = _sum(higher_count, richer_count.where(coins < _parameter("least")), level_count)
        running_count = func.sum(tallies.c.places).over(order_by=tallies.c.cell.desc())
        bins = select(tallies.c.cell, running_count.label("running"), tallies.c.places).where(self._in_bins).subquery()
        first_bin = select(bins.c.cell, bins.c.running - bins.c.places).where(bins.c.running > _parameter("skip"))
        self.first_bin = Query(first_bin.order_by(bins.c.running).limit(1))

    @property
    def _in_ladder(self) -> ColumnElement[bool]:
        in_ladder = and_(table.c.guild_id == _parameter("guild"), table.c.ladder == _parameter("ladder"))
        key = self._columns.key
        return in_ladder if key is None else and_(in_ladder, key == _parameter("key"))

    @property
    def _in_bins(self) -> ColumnElement[bool]:
        period = tallies.c.period == self._columns.name
        return and_(tallies.c.guild_id == _parameter("guild"), tallies.c.ladder == _parameter("ladder"), period)

    def _page(self, *where: ColumnElement[bool]) -> Query:
        order = self._columns.order
        # Skipped lines are only read in the index. The rows themselves are fetched for the page alone.
        places = select(table.c.subject).where(self._in_ladder, *where).order_by(*order)
        places = places.offset(_parameter("skip")).limit(_parameter("limit")).subquery()
        query = select(table.c.subject, self._columns.coins, self._columns.pieces, table.c.last_seq).where(
            table.c.guild_id == _parameter("guild"),
            table.c.ladder == _parameter("ladder"),
            table.c.subject == places.c.subject,
        )
        return Query(query.order_by(*order))


def _sum(*counts: Select[Any]) -> Query:
    total, *summands = (count.scalar_subquery() for count in counts)
    return Query(select(sum(summands, total)))


_QUERIES = {columns.name: _Queries(columns) for columns in _COLUMNS.values()}


class _Ladder(NamedTuple):
    """One stored leaderboard over one period: its number in its guild, the columns of the period, and its totals."""

    number: int
    columns: _Columns
    key: int
    places: int
    coins: int
    pieces: int

    def rows(self, query: Query, c: Connection, guild_id: int, **values: int) -> Sequence[tuple[Any, ...]]:
        """Return the rows of a query about this ladder."""
        key = {} if self.columns.key is None else {"key": self.key}
        return query.rows(c, guild=guild_id, ladder=self.number, **key, **values)

    @property
    def queries(self) -> _Queries:
        """The queries about the ladder's period."""
        return _QUERIES[self.columns.name]


_EMPTY = _Ladder(0, _ALL, 0, 0, 0, 0)
"""A leaderboard without lines."""


def leaderboard(
    c: Connection,
    guild_id: int,
    board: Board,
    period: Period,
    period_key: int,
    *,
    viewer_id: int,
    fans_of: int | None = None,
    offset: int = 0,
    limit: int = 10,
) -> Leaderboard:
    """Return up to `limit` places after `offset` in one period of a board, and the viewer's own place.

    `period_key` is from `bot.domain.periods.period_key_of`, or a live event's id. `fans_of` narrows the board to gifts
    for one creator. Erased members have the id 0.
    """
    scope = EVERYBODY if fans_of is None else holders.holder_id(c, guild_id, fans_of)
    if scope is None:
        return Leaderboard(board, period, (), None, 0, 0)
    ladder = _ladder(c, guild_id, board, scope, period, period_key)
    return Leaderboard(
        board=board,
        period=period,
        standings=_page(c, guild_id, board, ladder, offset, limit),
        own=None if board is Board.GIFTS else _own(c, guild_id, viewer_id, ladder),
        places=ladder.places,
        coins=ladder.coins,
    )


def spent(c: Connection, guild_id: int, member_id: int, period: Period, period_key: int) -> int:
    """Return the coins that a member gave in one period, including anonymous gifts."""
    lines = (
        _line(c, guild_id, member_id, _ladder(c, guild_id, board, EVERYBODY, period, period_key))
        for board in (Board.GIFTERS, Board.ANONYMOUS)
    )
    return sum(line.coins for line in lines if line)


def event_totals(c: Connection, guild_id: int, event_id: int, *, places: int = 3) -> EventTotals:
    """Return the totals of a live event, with its top `places` gifters. Anonymous gifts count only in the totals, and
    so do those of members who hide."""
    named_ladder = _ladder(c, guild_id, Board.GIFTERS, EVERYBODY, Period.LIVE, event_id)
    anonymous_ladder = _ladder(c, guild_id, Board.ANONYMOUS, EVERYBODY, Period.LIVE, event_id)
    pages = (
        _page(c, guild_id, Board.GIFTERS, named_ladder, offset, GIFTERS_AT_ONCE)
        for offset in range(0, named_ladder.places, GIFTERS_AT_ONCE)
    )
    top_gifters = first_shown(c, guild_id, pages, places)
    return EventTotals(
        named_ladder.coins + anonymous_ladder.coins,
        named_ladder.pieces + anonymous_ladder.pieces,
        named_ladder.places,
        top_gifters,
    )


def _ladder(c: Connection, guild_id: int, board: Board, scope: int, period: Period, period_key: int) -> _Ladder:
    columns = _COLUMNS[period]
    event = period_key if period is Period.LIVE else 0
    ladder_rows = _QUERIES[columns.name].ladder.rows(c, guild=guild_id, board=board.value, scope=scope, event=event)
    if not ladder_rows:
        return _EMPTY
    number, places, coins, pieces, *keys = ladder_rows[0]
    if not keys:
        return _Ladder(number, columns, period_key, places, coins, pieces)
    key, calendar_key = keys
    # The calendar may be ahead of `period_key` if the guild moved to a time zone where it is still yesterday.
    if key < max(period_key, calendar_key or 0):
        return _EMPTY
    return _Ladder(number, columns, key, places, coins, pieces)


def _page(c: Connection, guild_id: int, board: Board, ladder: _Ladder, offset: int, limit: int) -> tuple[Standing, ...]:
    if offset >= ladder.places:
        return ()
    rows = _rows(c, guild_id, ladder, offset, limit)
    return standings_of(c, guild_id, board, rows, offset)


def _rows(c: Connection, guild_id: int, ladder: _Ladder, offset: int, limit: int) -> list[_Line]:
    """Return up to `limit` lines after `offset`. On large ladders, whole rank bins are skipped."""
    queries = ladder.queries
    if not offset or ladder.places <= FEW:
        return _lines(ladder.rows(queries.page, c, guild_id, skip=offset, limit=limit))
    rank_bin, places_before = ladder.rows(queries.first_bin, c, guild_id, skip=offset)[0]
    magnitude, offset_in_bin = magnitude_of_bin(rank_bin), offset - int(places_before)
    if magnitude >= EXACT:
        least = least_of(magnitude + 1)
        return _lines(ladder.rows(queries.page_below, c, guild_id, coins=least, skip=offset_in_bin, limit=limit))
    # Two searches, because a single one would read all lines with the same coins.
    seq = first_seq_of(rank_bin)
    level = {"coins": magnitude, "limit": limit}
    rows = _lines(ladder.rows(queries.page_of_level, c, guild_id, seq=seq, skip=offset_in_bin, **level))
    if len(rows) < limit:
        remainder = {"coins": magnitude, "limit": limit - len(rows)}
        rows += _lines(ladder.rows(queries.page_below, c, guild_id, skip=0, **remainder))
    return rows


def _lines(rows: Sequence[tuple[Any, ...]]) -> list[_Line]:
    return [_Line(*row) for row in rows]


def _own(c: Connection, guild_id: int, member_id: int, ladder: _Ladder) -> Standing | None:
    line = _line(c, guild_id, member_id, ladder)
    if line is None:
        return None
    queries, rank_bin = ladder.queries, rank_bin_of(line.coins, line.last_seq)
    line_values = {"coins": line.coins, "seq": line.last_seq, "subject": line.subject}
    if ladder.places <= FEW:
        ahead = ladder.rows(queries.ahead, c, guild_id, **line_values)
    elif line.coins < EXACT:
        ahead = ladder.rows(
            queries.ahead_by_seq, c, guild_id, rank_bin=rank_bin, first_seq=first_seq_of(rank_bin), **line_values
        )
    else:
        least = least_of(magnitude_of(line.coins) + 1)
        ahead = ladder.rows(queries.ahead_by_magnitude, c, guild_id, rank_bin=rank_bin, least=least, **line_values)
    return standing_of(c, guild_id, int(ahead[0][0]) + 1, member_id, line)


def _line(c: Connection, guild_id: int, member_id: int, ladder: _Ladder) -> _Line | None:
    """Return the member's line of a ladder, None if there is none."""
    holder = holders.holder_id(c, guild_id, member_id)
    if holder is None:
        return None
    line_rows = ladder.rows(ladder.queries.line, c, guild_id, subject=holder)
    return _Line(*line_rows[0]) if line_rows else None
