"""Read leaderboards of past days and months, and of several days in a row.

All lines of the days are read and ranked once, and `rankings` remembers them: no order and no rank bins are stored for
what few people look at. What is too large to be remembered is ranked by the database, each time.
"""

from collections.abc import Collection
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection

from bot.domain.leaderboards import EVERYBODY, Board, Leaderboard
from bot.domain.ledger import credit_of
from bot.domain.periods import PastPeriod, Period, Span
from bot.storage.folds.leaderboards.calendar import days_of
from bot.storage.folds.leaderboards.past_queries import (
    COUNTED,
    CURRENT_LINES,
    DAY,
    DAYS,
    LADDER,
    MONTH,
    NOBODY,
    OWN,
    PAGE,
    PAST_LINES,
    ROWS_OF_CREDITS,
    TOTALS,
    Reading,
)
from bot.storage.folds.leaderboards.places import standing_of, standings_of
from bot.storage.folds.leaderboards.rankings import (
    Counted,
    Line,
    Page,
    Place,
    Ranking,
    rankings_of,
)
from bot.storage.ledger import holders


class _Board(NamedTuple):
    """A leaderboard over the days of a span."""

    guild_id: int
    board: Board
    scope: int
    number: int
    span: Span

    @property
    def reading(self) -> Reading:
        """How its lines are read."""
        if self.span.is_month:
            return MONTH
        return DAY if self.span.first == self.span.last else DAYS

    @property
    def values(self) -> dict[str, int]:
        """The parameters of its queries."""
        return {"guild": self.guild_id, "ladder": self.number, "first": self.span.first, "last": self.span.last}


def leaderboard(
    c: Connection,
    guild_id: int,
    board: Board,
    period: Period | PastPeriod,
    span: Span,
    *,
    viewer_id: int,
    fans_of: int | None = None,
    offset: int = 0,
    limit: int = 10,
) -> Leaderboard:
    """Return up to `limit` places after `offset` over the days or the month of `span`, and the viewer's own place.

    The rest is as with `bot.storage.folds.leaderboards.queries.leaderboard`. The first time, it takes longer the more
    lines all the days have.
    """
    scope = EVERYBODY if fans_of is None else holders.holder_id(c, guild_id, fans_of)
    ladder_rows = () if scope is None else LADDER.rows(c, guild=guild_id, board=board.value, scope=scope)
    if scope is None or not ladder_rows:
        return Leaderboard(board, period, (), None, 0, 0)
    # The subjects of the board of gifts are items.
    viewer = None if board is Board.GIFTS else holders.holder_id(c, guild_id, viewer_id)
    of_days, rows = _Board(guild_id, board, scope, ladder_rows[0][0], span), range(offset, offset + limit)
    page = _remembered(c, of_days, rows, viewer) or _ranked(c, of_days, rows, viewer)
    own = page.own and standing_of(c, guild_id, page.own.place, viewer_id, page.own.line)
    standings = standings_of(c, guild_id, board, page.lines, offset)
    return Leaderboard(board, period, standings, own, page.places, page.coins)


def _ranked(c: Connection, board: _Board, rows: range, viewer: int | None) -> Page:
    """Return a page as the database ranks it."""
    own = NOBODY if viewer is None else viewer
    parts: dict[int, list[tuple[Any, ...]]] = {TOTALS: [], PAGE: [], OWN: []}
    for part, *row in board.reading.page.rows(c, **board.values, skip=rows.start, limit=len(rows), viewer=own):
        parts[part].append((*row,))
    _, coins, _, places = parts[TOTALS][0]
    page = [Line(*row) for row in parts[PAGE]]
    page.sort(key=lambda line: (-line.coins, line.last_seq, line.subject))
    own_place = next((Place(row[3] + 1, Line(row[0], row[1], row[2], 0)) for row in parts[OWN]), None)
    return Page(page, own_place, places, coins)


def _remembered(c: Connection, board: _Board, rows: range, viewer: int | None) -> Page | None:
    """Return a page of a ranking in memory, which is made now if there is none. Return None if there cannot be one."""
    counted_rows = COUNTED.rows(c, guild=board.guild_id)
    if not counted_rows or not counted_rows[0][3]:
        return None
    *how, day, day_seq, month_seq = counted_rows[0]
    now, key = Counted(board.number, *how), (board.guild_id, board.number, board.span)
    rankings = rankings_of(c.engine)
    limits = rankings.limits
    if rankings.is_too_large(key):
        return None
    ranking = rankings.get(key)
    before = ranking.counted if ranking else None
    if ranking is None or before is None or not before.leads_to(now) or now.seq - before.seq > limits.rows:
        most = limits.lines if c.dialect.name == "sqlite" else limits.awaited_lines
        lines = board.reading.everything.rows(c, **board.values, limit=most + 1)
        if len(lines) > most:
            rankings.note_too_large(key)
            return None
        ranking, before = Ranking(now, lines), now
        rankings.put(key, ranking)
    # Whether all that was counted since is of later days. A clock that was wrong may have booked some of it.
    today, first_seq = (day // 100, month_seq) if board.span.is_month else (day, day_seq)
    is_over = board.span.last < today and before.seq >= max(first_seq - 1, now.ahead_seq)
    return ranking.page(before, now, _changes(c, board, before, now, is_over=is_over), rows, viewer)


def _changes(c: Connection, board: _Board, before: Counted, now: Counted, *, is_over: bool) -> dict[int, Line | None]:
    """Return the lines, by subject, that what was counted since `before` may have changed.

    If the days of the board were over before, only what undoes gifts has changed any.
    """
    subjects = _subjects(c, board, before, now, is_over=is_over) if before.seq < now.seq else ()
    lines: dict[int, list[Line]] = {subject: [] for subject in subjects}
    if not lines:
        return {}
    (guild_id, _, _, number, span), name = board, board.reading.name
    periods = [span.first]
    if board.reading is DAYS:
        periods = [day for _, day in days_of(c, guild_id) if span.first <= day <= span.last]
    past_keys = [(guild_id, number, period, subject) for period in periods for subject in lines]
    for row in PAST_LINES.rows(c, past_keys):
        lines[row[0]].append(Line(*row))
    for *row, period in CURRENT_LINES[name].rows(c, [(guild_id, subject, number) for subject in lines]):
        if period is not None and span.first <= period <= span.last:
            lines[row[0]].append(Line(*row))
    return {subject: _sum_of(subject, parts) for subject, parts in lines.items()}


def _subjects(c: Connection, board: _Board, before: Counted, now: Counted, *, is_over: bool) -> Collection[int]:
    """Return whose lines are changed by what was counted since `before`."""
    subjects: set[int] = set()
    new_rows = ROWS_OF_CREDITS.rows(c, guild=board.guild_id, after=before.seq, until=now.seq)
    for seq, kind, actor, at_ms, body in new_rows:
        credit = credit_of(kind, seq, actor, at_ms, orjson.loads(body))
        if credit is not None and not (is_over and credit.gift_seq == seq):
            places = credit.lines
            subjects.update(line.subject for line in places if (line.board, line.scope) == (board.board, board.scope))
    return subjects


def _sum_of(subject: int, parts: Collection[Line]) -> Line | None:
    if not parts:
        return None
    coins, pieces = sum(line.coins for line in parts), sum(line.pieces for line in parts)
    return Line(subject, coins, pieces, max(line.last_seq for line in parts))
