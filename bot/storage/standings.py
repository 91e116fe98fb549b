"""Standings: who gave, who received and what was given, ranked over a stretch of time."""

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from bot.domain.live import EventTotals
from bot.domain.periods import Period
from bot.domain.standings import EVERYBODY, Board, Leaderboard, Standing
from bot.storage import holders
from bot.storage.tables import standings as table

_BY_SENDER = (Board.GIFTERS, Board.ANONYMOUS)

# More coins first; among equals whoever had them first.
_ORDER = (table.c.coins.desc(), table.c.last_seq, table.c.subject)


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
    lines = _lines(guild_id, (board,), scope, period, bucket)
    places, coins = c.execute(select(func.count(), func.coalesce(func.sum(table.c.coins), 0)).where(*lines)).one()
    return Leaderboard(
        board=board,
        period=period,
        standings=_page(c, guild_id, board, lines, offset, limit),
        own=None if board is Board.GIFTS else _own(c, guild_id, viewer_id, lines),
        places=places,
        coins=int(coins),
    )


def spent(c: Connection, guild_id: int, member_id: int, period: Period, bucket: int) -> int:
    """Return the coins that a member gave in one bucket of a period, with and without their name."""
    holder = holders.holder_id(c, guild_id, member_id)
    lines = _lines(guild_id, _BY_SENDER, EVERYBODY, period, bucket)
    query = select(func.coalesce(func.sum(table.c.coins), 0)).where(*lines, table.c.subject == holder)
    return int(c.execute(query).scalar_one())


def event_totals(c: Connection, guild_id: int, event_id: int, *, places: int = 3) -> EventTotals:
    """Return what was given in a live event, with its first `places` gifters."""
    lines = _lines(guild_id, _BY_SENDER, EVERYBODY, Period.LIVE, event_id)
    senders = func.count(table.c.subject.distinct())
    sums = select(senders, func.coalesce(func.sum(table.c.coins), 0), func.coalesce(func.sum(table.c.pieces), 0))
    gifters, coins, gifts = c.execute(sums.where(*lines)).one()
    named = _lines(guild_id, (Board.GIFTERS,), EVERYBODY, Period.LIVE, event_id)
    return EventTotals(int(coins), int(gifts), gifters, _page(c, guild_id, Board.GIFTERS, named, 0, places))


def _lines(
    guild_id: int, boards: tuple[Board, ...], scope: int, period: Period, bucket: int
) -> tuple[ColumnElement[bool], ...]:
    return (
        table.c.guild_id == guild_id,
        table.c.board.in_([board.value for board in boards]),
        table.c.scope == scope,
        table.c.period == period.value,
        table.c.bucket == bucket,
    )


def _page(
    c: Connection, guild_id: int, board: Board, lines: tuple[ColumnElement[bool], ...], offset: int, limit: int
) -> tuple[Standing, ...]:
    query = select(table.c.subject, table.c.coins, table.c.pieces).where(*lines)
    rows = c.execute(query.order_by(*_ORDER).offset(offset).limit(limit)).all()
    subjects = {subject: subject for subject, _, _ in rows}
    if board is not Board.GIFTS:
        subjects = holders.member_ids(c, guild_id, subjects)
    return tuple(
        Standing(place, subjects.get(subject, 0), coins, pieces)
        for place, (subject, coins, pieces) in enumerate(rows, start=offset + 1)
    )


def _own(c: Connection, guild_id: int, member_id: int, lines: tuple[ColumnElement[bool], ...]) -> Standing | None:
    holder = holders.holder_id(c, guild_id, member_id)
    query = select(table.c.coins, table.c.last_seq, table.c.pieces).where(*lines, table.c.subject == holder)
    row = c.execute(query).one_or_none()
    if row is None:
        return None
    coins, last_seq, pieces = row
    level = and_(table.c.coins == coins, table.c.last_seq == last_seq)
    ahead = or_(
        table.c.coins > coins,
        and_(table.c.coins == coins, table.c.last_seq < last_seq),
        and_(level, table.c.subject < holder),
    )
    before = c.execute(select(func.count()).where(*lines, ahead)).scalar_one()
    return Standing(before + 1, member_id, coins, pieces)
