"""Read leaderboards of past days and months, and of several days in a row.

A line has its sums of a past day in `past_standings`, or still in `standings` if nothing was added to it since. All
lines of the days are read and ranked: no rank bins are kept for what few people look at.
"""

from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Connection, bindparam, cast, func, or_, select, union_all

from bot.domain.leaderboards import EVERYBODY, Board, Leaderboard, Standing
from bot.domain.periods import PastPeriod, Period, Span
from bot.storage.ledger import holders
from bot.storage.sql.leaderboard_tables import ladders, past_standings, standings
from bot.storage.sql.statements import Query


class _Line(NamedTuple):
    """A line over the days: its place and sums, and the number of lines and coins of the whole board."""

    place: int
    subject: int
    coins: int
    pieces: int
    places: int
    total: int


def _parameter(name: str) -> Any:  # noqa: ANN401 - whatever takes a number
    return bindparam(name, type_=BigInteger)


def _ranking(name: str) -> Query:
    """Return the query of `_Line`s: some of them, the first of all, and the viewer's. `name` is "day" or "month"."""
    past, current = past_standings.c, standings.c
    sources = union_all(
        select(past.subject, past.last_seq, past.coins, past.pieces).where(
            past.guild_id == _parameter("guild"),
            past.ladder == _parameter("ladder"),
            past.period.between(_parameter("first"), _parameter("last")),
        ),
        select(current.subject, current.last_seq, current[f"{name}_coins"], current[f"{name}_pieces"]).where(
            current.guild_id == _parameter("guild"),
            current.ladder == _parameter("ladder"),
            current[name].between(_parameter("first"), _parameter("last")),
        ),
    ).subquery()
    # PostgreSQL adds 64-bit integers up to a type of its own.
    coins, pieces = (cast(func.sum(column), BigInteger) for column in (sources.c.coins, sources.c.pieces))
    last_seq = func.max(sources.c.last_seq)
    lines = select(sources.c.subject, coins.label("coins"), pieces.label("pieces"), last_seq.label("last_seq"))
    sums = lines.group_by(sources.c.subject).subquery()
    order = (sums.c.coins.desc(), sums.c.last_seq, sums.c.subject)
    places = select(
        func.row_number().over(order_by=order).label("place"),
        sums.c.subject,
        sums.c.coins,
        sums.c.pieces,
        func.count().over().label("places"),
        cast(func.sum(sums.c.coins).over(), BigInteger).label("total"),
    ).subquery()
    is_on_page = places.c.place.between(_parameter("begin"), _parameter("end"))
    chosen = or_(is_on_page, places.c.place == 1, places.c.subject == _parameter("viewer"))
    return Query(select(*places.c).where(chosen).order_by(places.c.place))


_DAYS, _MONTHS = _ranking("day"), _ranking("month")
_LADDER = Query(
    select(ladders.c.ladder).where(
        ladders.c.guild_id == _parameter("guild"),
        ladders.c.board == bindparam("board"),
        ladders.c.scope == _parameter("scope"),
        ladders.c.event == 0,
    )
)
_NOBODY = -1
"""No holder has this id."""


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

    The rest is as with `bot.storage.folds.leaderboards.queries.leaderboard`. The time it takes grows with the number of
    lines of all the days.
    """
    scope = EVERYBODY if fans_of is None else holders.holder_id(c, guild_id, fans_of)
    ladder_rows = () if scope is None else _LADDER.rows(c, guild=guild_id, board=board.value, scope=scope)
    if not ladder_rows:
        return Leaderboard(board, period, (), None, 0, 0)
    # The subjects of the board of gifts are items.
    viewer = None if board is Board.GIFTS else holders.holder_id(c, guild_id, viewer_id)
    rows = (_MONTHS if span.is_month else _DAYS).rows(
        c,
        guild=guild_id,
        ladder=ladder_rows[0][0],
        first=span.first,
        last=span.last,
        begin=offset + 1,
        end=offset + limit,
        viewer=_NOBODY if viewer is None else viewer,
    )
    lines = [_Line(*row) for row in rows]
    page = [line for line in lines if offset < line.place <= offset + limit]
    member_ids = {line.subject: line.subject for line in page}
    if board is not Board.GIFTS:
        member_ids = holders.member_ids(c, guild_id, member_ids)
    own = next(
        (Standing(line.place, viewer_id, line.coins, line.pieces) for line in lines if line.subject == viewer), None
    )
    standings = tuple(Standing(line.place, member_ids.get(line.subject, 0), line.coins, line.pieces) for line in page)
    return Leaderboard(board, period, standings, own, lines[0].places if lines else 0, lines[0].total if lines else 0)
