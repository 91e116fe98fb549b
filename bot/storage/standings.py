"""Standings: who gave, who received and what was given, ranked over a stretch of time."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, and_, func, literal, select, tuple_

from bot.domain.live import EventTotals
from bot.domain.periods import Period
from bot.domain.standings import (
    EVERYBODY,
    EXACT,
    FEW,
    Board,
    Leaderboard,
    Standing,
    cell_of,
    class_of,
    class_of_cell,
    first_seq_of,
    least_of,
)
from bot.storage import holders
from bot.storage.board_tables import SPANS
from bot.storage.tables import ladders, tallies
from bot.storage.tables import standings as table

_Found = Row[*tuple[Any, ...]]
_Counting = Select[int]


class _Columns(NamedTuple):
    """Where a stretch of time is kept: its bucket (None where there is but one), and its sums in each line."""

    name: str
    bucket: Column[Any] | None
    coins: Column[Any]
    pieces: Column[Any]

    @property
    def order(self) -> tuple[ColumnElement[Any], ...]:
        """More coins first; among equals whoever had them first."""
        return self.coins.desc(), table.c.last_seq, table.c.subject

    @property
    def totals(self) -> tuple[Column[Any], ...]:
        """Places, coins and pieces of the whole ladder."""
        prefix = "" if self.bucket is None else f"{self.name}_"
        return tuple(ladders.c[f"{prefix}{name}"] for name in ("places", "coins", "pieces"))


_ALL = _Columns("all", None, table.c.coins, table.c.pieces)
_COLUMNS = {Period.ALL: _ALL, Period.LIVE: _ALL} | {
    period: _Columns(span, table.c[span], table.c[f"{span}_coins"], table.c[f"{span}_pieces"])
    for period, span in zip((Period.TODAY, Period.WEEK, Period.MONTH), SPANS, strict=True)
}


class _Ladder(NamedTuple):
    """One leaderboard as it is kept: its number in its guild, where its lines are, and its totals."""

    number: int
    columns: _Columns
    bucket: int
    places: int
    coins: int
    pieces: int

    def lines(self, guild_id: int) -> ColumnElement[bool]:
        """The condition for its lines."""
        mine = and_(table.c.guild_id == guild_id, table.c.ladder == self.number)
        return mine if self.columns.bucket is None else and_(mine, self.columns.bucket == self.bucket)

    def tallies(self, guild_id: int) -> ColumnElement[bool]:
        """The condition for its tallies."""
        return and_(
            tallies.c.guild_id == guild_id, tallies.c.ladder == self.number, tallies.c.period == self.columns.name
        )


_NONE = _Ladder(0, _ALL, 0, 0, 0, 0)
"""A leaderboard that nobody is on."""


def leaderboard(
    c: Connection,
    guild_id: int,
    board: Board,
    period: Period,
    bucket: int,
    *,
    viewer_id: int,
    fans_of: int | None = None,
    offset: int = 0,
    limit: int = 10,
) -> Leaderboard:
    """Return the places after `offset` of one bucket of a board, and the viewer's own.

    `bucket` is as `bot.domain.periods.bucket_of` gives it, or a live event's id. `fans_of` narrows the board to what
    one creator was given. Erased members are 0.
    """
    scope = EVERYBODY if fans_of is None else holders.holder_id(c, guild_id, fans_of)
    if scope is None:
        return Leaderboard(board, period, (), None, 0, 0)
    ladder = _ladder(c, guild_id, board, scope, period, bucket)
    return Leaderboard(
        board=board,
        period=period,
        standings=_page(c, guild_id, board, ladder, offset, limit),
        own=None if board is Board.GIFTS else _own(c, guild_id, viewer_id, ladder),
        places=ladder.places,
        coins=ladder.coins,
    )


def spent(c: Connection, guild_id: int, member_id: int, period: Period, bucket: int) -> int:
    """Return the coins that a member gave in one bucket of a period, with and without their name."""
    lines = (
        _line(c, guild_id, member_id, _ladder(c, guild_id, board, EVERYBODY, period, bucket))
        for board in (Board.GIFTERS, Board.ANONYMOUS)
    )
    return sum(line.coins for line in lines if line)


def event_totals(c: Connection, guild_id: int, event_id: int, *, places: int = 3) -> EventTotals:
    """Return what was given in a live event, with its first `places` gifters."""
    named = _ladder(c, guild_id, Board.GIFTERS, EVERYBODY, Period.LIVE, event_id)
    hidden = _ladder(c, guild_id, Board.ANONYMOUS, EVERYBODY, Period.LIVE, event_id)
    first = _page(c, guild_id, Board.GIFTERS, named, 0, places)
    gifters = named.places + hidden.places - _on_both(c, guild_id, named, hidden)
    return EventTotals(named.coins + hidden.coins, named.pieces + hidden.pieces, gifters, first)


def _ladder(c: Connection, guild_id: int, board: Board, scope: int, period: Period, bucket: int) -> _Ladder:
    columns = _COLUMNS[period]
    counted = literal(bucket) if columns.bucket is None else ladders.c[columns.name]
    query = select(ladders.c.ladder, counted.label("counted"), *columns.totals).where(
        ladders.c.guild_id == guild_id,
        ladders.c.board == board.value,
        ladders.c.scope == scope,
        ladders.c.event == (bucket if period is Period.LIVE else 0),
    )
    row = c.execute(query).one_or_none()
    # What is counted may be ahead of `bucket`, where a guild moved to a zone in which today is yesterday still.
    if row is None or row.counted < bucket:
        return _NONE
    number, *rest = row
    return _Ladder(number, columns, *rest)


def _page(c: Connection, guild_id: int, board: Board, ladder: _Ladder, offset: int, limit: int) -> tuple[Standing, ...]:
    if offset >= ladder.places:
        return ()
    rows = _rows(c, guild_id, ladder, offset, limit)
    subjects = {subject: subject for subject, _, _ in rows}
    if board is not Board.GIFTS:
        subjects = holders.member_ids(c, guild_id, subjects)
    return tuple(
        Standing(place, subjects.get(subject, 0), coins, pieces)
        for place, (subject, coins, pieces) in enumerate(rows, start=offset + 1)
    )


def _rows(c: Connection, guild_id: int, ladder: _Ladder, offset: int, limit: int) -> Sequence[_Found]:
    """Return up to `limit` lines after `offset`. Where there are many, whole cells are skipped by their tallies."""
    if not offset or ladder.places <= FEW:
        return _some(c, guild_id, ladder, limit, skip=offset)
    running = func.sum(tallies.c.places).over(order_by=tallies.c.cell.desc())
    cells = (
        select(tallies.c.cell, running.label("running"), tallies.c.places).where(ladder.tallies(guild_id)).subquery()
    )
    first = select(cells.c.cell, cells.c.running - cells.c.places).where(cells.c.running > offset)
    cell, skipped = c.execute(first.order_by(cells.c.running).limit(1)).one()
    rank_class, more = class_of_cell(cell), offset - int(skipped)
    coins = ladder.columns.coins
    if rank_class >= EXACT:
        return _some(c, guild_id, ladder, limit, coins < least_of(rank_class + 1), skip=more)
    # Two searches, because one for both would read all that share these coins.
    level = and_(coins == rank_class, table.c.last_seq >= first_seq_of(cell))
    rows = [*_some(c, guild_id, ladder, limit, level, skip=more)]
    if len(rows) < limit:
        rows += _some(c, guild_id, ladder, limit - len(rows), coins < rank_class)
    return rows


def _some(
    c: Connection, guild_id: int, ladder: _Ladder, limit: int, *where: ColumnElement[bool], skip: int = 0
) -> Sequence[_Found]:
    columns = ladder.columns
    # What is skipped is only read in the index: the rows themselves are fetched for the page alone.
    places = (
        select(table.c.subject)
        .where(ladder.lines(guild_id), *where)
        .order_by(*columns.order)
        .offset(skip)
        .limit(limit)
        .subquery()
    )
    query = select(table.c.subject, columns.coins, columns.pieces).where(
        table.c.guild_id == guild_id, table.c.ladder == ladder.number, table.c.subject == places.c.subject
    )
    return c.execute(query.order_by(*columns.order)).all()


def _own(c: Connection, guild_id: int, member_id: int, ladder: _Ladder) -> Standing | None:
    line = _line(c, guild_id, member_id, ladder)
    if line is None:
        return None
    held = ladder.columns.coins
    here = select(func.count()).where(ladder.lines(guild_id))
    level = here.where(
        held == line.coins,
        tuple_(table.c.last_seq, table.c.subject) < tuple_(line.last_seq, line.subject),
    )
    if ladder.places <= FEW:
        ahead = here.where(held > line.coins).scalar_subquery() + level.scalar_subquery()
    else:
        ahead = _ahead_of_many(guild_id, line, ladder, here, level)
    return Standing(int(c.execute(select(ahead)).scalar_one()) + 1, member_id, line.coins, line.pieces)


def _ahead_of_many(
    guild_id: int, line: _Found, ladder: _Ladder, here: _Counting, level: _Counting
) -> ColumnElement[int]:
    """Return how many are ahead of a line: `here` counts the lines of its ladder, `level` those ahead of its equals."""
    held = ladder.columns.coins
    cell = cell_of(line.coins, line.last_seq)
    higher = select(func.coalesce(func.sum(tallies.c.places), 0)).where(ladder.tallies(guild_id), tallies.c.cell > cell)
    # Only within one cell are lines counted one by one.
    if line.coins < EXACT:
        return higher.scalar_subquery() + level.where(table.c.last_seq >= first_seq_of(cell)).scalar_subquery()
    richer = here.where(held > line.coins, held < least_of(class_of(line.coins) + 1))
    return higher.scalar_subquery() + richer.scalar_subquery() + level.scalar_subquery()


def _line(c: Connection, guild_id: int, member_id: int, ladder: _Ladder) -> _Found | None:
    """Return the member's line of a ladder."""
    holder = holders.holder_id(c, guild_id, member_id)
    columns = ladder.columns
    query = select(
        table.c.subject, columns.coins.label("coins"), columns.pieces.label("pieces"), table.c.last_seq
    ).where(ladder.lines(guild_id), table.c.subject == holder)
    return c.execute(query).one_or_none()


def _on_both(c: Connection, guild_id: int, named: _Ladder, hidden: _Ladder) -> int:
    """Return how many subjects are on both ladders; the hidden ones are the few."""
    other = table.alias()
    query = select(func.count()).where(
        table.c.guild_id == guild_id,
        table.c.ladder == hidden.number,
        other.c.guild_id == guild_id,
        other.c.ladder == named.number,
        other.c.subject == table.c.subject,
    )
    return c.execute(query).scalar_one() if hidden.places else 0
