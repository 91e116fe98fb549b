"""Read leaderboards of past days and months, and of several days in a row.

A line has its sums of a past day in `past_standings`, or still in `standings` if nothing was added to it since. All
lines of the days are read and ranked: no rank bins are kept for what few people look at.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    tuple_,
    union_all,
)

from bot.domain.leaderboards import EVERYBODY, Board, Leaderboard, Standing
from bot.domain.periods import PastPeriod, Period, Span
from bot.storage.ledger import holders
from bot.storage.sql.leaderboard_tables import ladders, past_standings, standings
from bot.storage.sql.statements import Query


def _parameter(name: str) -> Any:  # noqa: ANN401 - whatever takes a number
    return bindparam(name, type_=BigInteger)


_TOTALS, _PAGE, _OWN = range(3)
"""What a row of the query is."""


def _ranking(name: str, *, is_one: bool = True) -> Query:
    """Return the query about the lines of one day or month, or of several days. `name` is "day" or "month".

    Its rows are (what it is, subject, coins, pieces, number): of the totals, the number of places; of the page, each
    line, in no order; and of the viewer's line, how many are ahead of it.
    """
    past, current = past_standings.c, standings.c
    sources = union_all(
        select(past.subject, past.last_seq, past.coins, past.pieces).where(
            past.guild_id == _parameter("guild"),
            past.ladder == _parameter("ladder"),
            past.period.between(_parameter("first"), _parameter("last")),
        ),
        select(
            current.subject,
            current.last_seq,
            current[f"{name}_coins"].label("coins"),
            current[f"{name}_pieces"].label("pieces"),
        ).where(
            current.guild_id == _parameter("guild"),
            current.ladder == _parameter("ladder"),
            current[name].between(_parameter("first"), _parameter("last")),
        ),
    )
    # All three parts read it, so that databases sum up only once. On one day, a line is in one place only.
    lines = sources.cte("lines") if is_one else _summed(sources.subquery()).cte("lines")
    own, others = lines.alias("own"), lines.alias("others")
    is_ahead = tuple_(-others.c.coins, others.c.last_seq, others.c.subject) < tuple_(
        -own.c.coins, own.c.last_seq, own.c.subject
    )
    ahead = select(func.count()).select_from(others).where(is_ahead).scalar_subquery()
    order = (lines.c.coins.desc(), lines.c.last_seq, lines.c.subject)
    page = select(*lines.c).order_by(*order).offset(_parameter("skip")).limit(_parameter("limit")).subquery()
    return Query(
        union_all(
            select(_as(_TOTALS), _as(0), func.coalesce(_sum(lines.c.coins), 0), _as(0), func.count()).select_from(
                lines
            ),
            select(_as(_PAGE), page.c.subject, page.c.coins, page.c.pieces, page.c.last_seq),
            select(_as(_OWN), own.c.subject, own.c.coins, own.c.pieces, ahead).where(
                own.c.subject == _parameter("viewer")
            ),
        )
    )


def _summed(sources: Subquery) -> Select[*tuple[Any, ...]]:
    c = sources.c
    sums = select(c.subject, func.max(c.last_seq).label("last_seq"), _sum(c.coins), _sum(c.pieces))
    return sums.group_by(c.subject)


def _sum(column: ColumnElement[int]) -> ColumnElement[int]:
    # PostgreSQL adds 64-bit integers up to a type of its own.
    return cast(func.sum(column), BigInteger).label(column.key)


def _as(number: int) -> ColumnElement[int]:
    return literal_column(str(number), BigInteger)


_DAY, _DAYS, _MONTH = _ranking("day"), _ranking("day", is_one=False), _ranking("month")
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
    of_days = _DAY if span.first == span.last else _DAYS
    rows = (_MONTH if span.is_month else of_days).rows(
        c,
        guild=guild_id,
        ladder=ladder_rows[0][0],
        first=span.first,
        last=span.last,
        skip=offset,
        limit=limit,
        viewer=_NOBODY if viewer is None else viewer,
    )
    parts: dict[int, list[tuple[Any, ...]]] = {_TOTALS: [], _PAGE: [], _OWN: []}
    for part, *line in rows:
        parts[part].append((*line,))
    _, coins, _, places = parts[_TOTALS][0]
    page = sorted(parts[_PAGE], key=lambda line: (-line[1], line[3], line[0]))
    member_ids = {subject: subject for subject, *_ in page}
    if board is not Board.GIFTS:
        member_ids = holders.member_ids(c, guild_id, member_ids)
    return Leaderboard(
        board,
        period,
        tuple(
            Standing(place, member_ids.get(subject, 0), line_coins, pieces)
            for place, (subject, line_coins, pieces, _) in enumerate(page, start=offset + 1)
        ),
        next((Standing(ahead + 1, viewer_id, own_coins, pieces) for _, own_coins, pieces, ahead in parts[_OWN]), None),
        places,
        coins,
    )
