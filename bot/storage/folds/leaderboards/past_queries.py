"""The queries about leaderboards of past days and months, and of several days in a row.

A line has its sums of a past day in `past_standings`, or still in `standings` if nothing was added to it since.
"""

from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    select,
    tuple_,
    union_all,
)

from bot.domain.ledger import CREDITS
from bot.storage.sql.leaderboard_tables import (
    FOLLOWER,
    ladders,
    leaderboard_calendars,
    past_standings,
    standings,
    uncounted_rows,
)
from bot.storage.sql.statements import Lookup, Query
from bot.storage.sql.tables import cursors, journal


def _parameter(name: str) -> Any:  # noqa: ANN401 - whatever takes a number
    return bindparam(name, type_=BigInteger)


TOTALS, PAGE, OWN = range(3)
"""What a row of the query is."""


def _lines(name: str, *, is_one: bool = True) -> CTE:
    """Return the lines of one day or month, or of several days. `name` is "day" or "month"."""
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
    # On one day, a line is in one place only.
    return sources.cte("lines") if is_one else _summed(sources.subquery()).cte("lines")


def _in_order(lines: CTE) -> Query:
    """Return the query of all lines, those ahead first."""
    c = lines.c
    query = select(c.subject, c.coins, c.pieces, c.last_seq).order_by(c.coins.desc(), c.last_seq, c.subject)
    return Query(query.limit(_parameter("limit")))


def _ranking(lines: CTE) -> Query:
    """Return the query of a page of lines.

    Its rows are (what it is, subject, coins, pieces, number): of the totals, the number of places; of the page, each
    line, in no order; and of the viewer's line, how many are ahead of it. All three parts read `lines`, so that
    databases sum up only once.
    """
    own, others = lines.alias("own"), lines.alias("others")
    is_ahead = tuple_(-others.c.coins, others.c.last_seq, others.c.subject) < tuple_(
        -own.c.coins, own.c.last_seq, own.c.subject
    )
    ahead = select(func.count()).select_from(others).where(is_ahead).scalar_subquery()
    order = (lines.c.coins.desc(), lines.c.last_seq, lines.c.subject)
    page = select(*lines.c).order_by(*order).offset(_parameter("skip")).limit(_parameter("limit")).subquery()
    return Query(
        union_all(
            select(_as(TOTALS), _as(0), func.coalesce(_sum(lines.c.coins), 0), _as(0), func.count()).select_from(lines),
            select(_as(PAGE), page.c.subject, page.c.coins, page.c.pieces, page.c.last_seq),
            select(_as(OWN), own.c.subject, own.c.coins, own.c.pieces, ahead).where(
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


class Reading(NamedTuple):
    """How a kind of span is read: a page of it, or all of its lines in order. `name` is "day" or "month"."""

    name: str
    page: Query
    everything: Query


def _reading(name: str, *, is_one: bool = True) -> Reading:
    lines = _lines(name, is_one=is_one)
    return Reading(name, _ranking(lines), _in_order(lines))


DAY, DAYS, MONTH = _reading("day"), _reading("day", is_one=False), _reading("month")
LADDER = Query(
    select(ladders.c.ladder).where(
        ladders.c.guild_id == _parameter("guild"),
        ladders.c.board == bindparam("board"),
        ladders.c.scope == _parameter("scope"),
        ladders.c.event == 0,
    )
)
NOBODY = -1
"""No holder has this id."""

COUNTED = Query(
    select(
        leaderboard_calendars.c.ahead_seq,
        leaderboard_calendars.c.ahead_ms,
        select(func.count())
        .where(uncounted_rows.c.guild_id == _parameter("guild"), uncounted_rows.c.follower == FOLLOWER)
        .scalar_subquery(),
        cursors.c.seq,
        leaderboard_calendars.c.day,
        leaderboard_calendars.c.day_seq,
        leaderboard_calendars.c.month_seq,
    ).where(
        leaderboard_calendars.c.guild_id == _parameter("guild"),
        cursors.c.guild_id == leaderboard_calendars.c.guild_id,
        cursors.c.follower == FOLLOWER,
    )
)
ROWS_OF_CREDITS = Query(
    select(journal.c.seq, journal.c.kind, journal.c.actor, journal.c.at_ms, journal.c.body).where(
        journal.c.guild_id == _parameter("guild"),
        journal.c.seq > _parameter("after"),
        journal.c.seq <= _parameter("until"),
        journal.c.kind.in_([literal(kind) for kind in CREDITS]),
    )
)
_past = past_standings.c
PAST_LINES = Lookup(select(_past.subject, _past.coins, _past.pieces, _past.last_seq), tuple(past_standings.primary_key))
CURRENT_LINES = {
    name: Lookup(
        select(
            standings.c.subject,
            standings.c[f"{name}_coins"],
            standings.c[f"{name}_pieces"],
            standings.c.last_seq,
            standings.c[name],
        ),
        (standings.c.guild_id, standings.c.subject, standings.c.ladder),
    )
    for name in ("day", "month")
}
