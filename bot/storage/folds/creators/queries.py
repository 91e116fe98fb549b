"""Read what creators were given, as far as it is counted."""

from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Connection, bindparam, case, cast, func, select, union_all

from bot.domain.creator_stats import HOURS, LAST_DAY, NOTHING, DayGiven, Given, ItemGiven
from bot.domain.leaderboards import Board
from bot.domain.periods import Span
from bot.storage.sql.leaderboard_tables import ladders, past_standings, standings
from bot.storage.sql.statements import Query
from bot.storage.sql.statistics_tables import creator_hours, creator_items


class Place(NamedTuple):
    """Whose gifts are looked at: those to a creator, a holder id, on some days, and during one live event if `event` is
    not None."""

    guild_id: int
    creator: int
    days: Span
    event: int | None = None


def days(c: Connection, place: Place) -> list[DayGiven]:
    """Return what was given on each day, oldest first."""
    t = creator_hours.c
    sums = [_sum(column) for column in (t.coins, t.pieces, t.anonymous_coins, t.anonymous_pieces)]
    query = select(t.day, *sums).where(*_at(creator_hours, place)).group_by(t.day).order_by(t.day)
    rows = c.execute(query.having(_sum(t.pieces) > 0))
    return [DayGiven(day, Given(*amounts[:2]), Given(*amounts[2:])) for day, *amounts in rows]


def hours(c: Connection, place: Place) -> list[Given]:
    """Return what was given in each hour of the day."""
    t, sums = creator_hours.c, [NOTHING] * HOURS
    query = select(t.hour, _sum(t.coins), _sum(t.pieces)).where(*_at(creator_hours, place)).group_by(t.hour)
    for hour, coins, pieces in c.execute(query):
        sums[hour] = Given(coins, pieces)
    return sums


def items(c: Connection, place: Place) -> list[ItemGiven]:
    """Return what was given of each item, the most sent first; among equals, those that came to more coins."""
    t = creator_items.c
    coins, pieces = _sum(t.coins), _sum(t.pieces)
    query = select(t.item, coins, pieces).where(*_at(creator_items, place)).group_by(t.item).having(pieces > 0)
    return [
        ItemGiven(item, Given(*amounts)) for item, *amounts in c.execute(query.order_by(pieces.desc(), coins.desc()))
    ]


def events(c: Connection, place: Place, most: int) -> list[tuple[int, Given]]:
    """Return what was given during each live event, with its id, latest first, at most `most`."""
    t = creator_hours.c
    pieces, latest = _sum(t.pieces), func.max(t.day * 100 + t.hour)
    query = select(t.event, _sum(t.coins), pieces).where(*_at(creator_hours, place), t.event != 0)
    rows = c.execute(query.group_by(t.event).having(pieces > 0).order_by(latest.desc(), t.event.desc()).limit(most))
    return [(event, Given(*amounts)) for event, *amounts in rows]


def gifters_of_event(c: Connection, guild_id: int, creator: int, event: int) -> int:
    """Return how many members gave a creator something under their own names during a live event; if it is 0, ever."""
    t = ladders.c
    query = select(t.places).where(
        t.guild_id == guild_id, t.board == Board.GIFTERS.value, t.scope == creator, t.event == event
    )
    return c.execute(query).scalar_one_or_none() or 0


def gifters(c: Connection, place: Place, first_day: int) -> tuple[int, int]:
    """Return how many members gave under their own names, and how many of them had not done so before `first_day`.

    A line's coins of all time are those of the days since then, unless there were earlier ones.
    """
    values = {"guild": place.guild_id, "creator": place.creator, "first": first_day, "last": place.days.last}
    query = _GIFTERS if place.event is None else _GIFTERS_OF_EVENT
    of_event = {} if place.event is None else {"event": place.event}
    ((number, new_number),) = query.rows(c, **values, **of_event)
    return number, int(new_number)


def _gifters_query(*, of_event: bool) -> Query:
    past, current = past_standings.c, standings.c
    guild, ladder = _parameter("guild"), _ladder(0)
    sums = union_all(
        select(past.subject, past.period.label("day"), past.coins).where(
            past.guild_id == guild, past.ladder == ladder, past.period.between(_parameter("first"), LAST_DAY)
        ),
        select(current.subject, current.day, current.day_coins).where(
            current.guild_id == guild, current.ladder == ladder, current.day.between(_parameter("first"), LAST_DAY)
        ),
    ).subquery()
    lines = (
        select(sums.c.subject, func.sum(sums.c.coins).label("coins"), func.min(sums.c.day).label("day"))
        .group_by(sums.c.subject)
        .subquery()
    )
    line, of_shows = standings.alias("line"), standings.alias("of_shows")
    same = (line.c.guild_id == guild) & (line.c.ladder == ladder) & (line.c.subject == lines.c.subject)
    is_new = case((line.c.coins <= lines.c.coins, 1), else_=0)
    query = select(func.count(), func.coalesce(func.sum(is_new), 0)).select_from(lines.join(line, same))
    if not of_event:
        return Query(query.where(lines.c.day <= _parameter("last")))
    subjects = select(of_shows.c.subject).where(
        of_shows.c.guild_id == guild, of_shows.c.ladder == _ladder(_parameter("event"))
    )
    return Query(query.where(lines.c.subject.in_(subjects)))


def _ladder(event: Any) -> ColumnElement[int]:  # noqa: ANN401 - a number or a parameter
    """Return the number of the leaderboard of a creator's fans."""
    t = ladders.c
    of_fans = (t.board == Board.GIFTERS.value, t.scope == _parameter("creator"), t.event == event)
    return select(t.ladder).where(t.guild_id == _parameter("guild"), *of_fans).scalar_subquery()


def _at(table: Any, place: Place) -> tuple[ColumnElement[bool], ...]:  # noqa: ANN401 - a table with these columns
    t = table.c
    where = (t.guild_id == place.guild_id, t.creator == place.creator, t.day.between(*place.days))
    return where if place.event is None else (*where, t.event == place.event)


def _sum(column: ColumnElement[int]) -> ColumnElement[int]:
    # PostgreSQL adds 64-bit integers up to a type of its own.
    return cast(func.sum(column), BigInteger)


def _parameter(name: str) -> Any:  # noqa: ANN401 - whatever takes a number
    return bindparam(name, type_=BigInteger)


_GIFTERS, _GIFTERS_OF_EVENT = _gifters_query(of_event=False), _gifters_query(of_event=True)
