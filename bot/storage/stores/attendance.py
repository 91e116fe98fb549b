"""The store of who attended which live event. Members and creators are holders.

Challenges read `presses`, streaks `weeks`, fan clubs `shows_of` and `last_ms`.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, func, insert, literal, select

from bot.domain.attendance import PRESS_MS, Press, minutes_attended
from bot.storage.sql.attendance_tables import attendance as table
from bot.storage.sql.live_tables import live_creators
from bot.storage.sql.statements import Query
from bot.storage.sql.tables import holders

_ATTENDEE = (bindparam("guild", type_=BigInteger), bindparam("attendee", type_=BigInteger))
_IS_ATTENDEE = (table.c.guild_id == _ATTENDEE[0], table.c.attendee == _ATTENDEE[1])
_WEEKS = Query(select(table.c.week).where(*_IS_ATTENDEE).distinct())

# A creator counts as part of the show if they were on stage at the time of the press.
_ON_STAGE = (
    (live_creators.c.guild_id == table.c.guild_id)
    & (live_creators.c.event_id == table.c.event_id)
    & (live_creators.c.joined_ms <= table.c.from_ms)
    & (live_creators.c.left_ms.is_(None) | (live_creators.c.left_ms > table.c.from_ms))
)
_IS_CREATOR = (holders.c.guild_id == live_creators.c.guild_id) & (holders.c.user_id == live_creators.c.member_id)
_SHOWS = Query(
    select(holders.c.holder_id, func.count(table.c.event_id.distinct()))
    .select_from(table.join(live_creators, _ON_STAGE).join(holders, _IS_CREATOR))
    .where(*_IS_ATTENDEE)
    .group_by(holders.c.holder_id)
)
_LAST = Query(
    select(func.max(table.c.from_ms))
    .select_from(table.join(live_creators, _ON_STAGE).join(holders, _IS_CREATOR))
    .where(*_IS_ATTENDEE, holders.c.holder_id == bindparam("creator", type_=BigInteger))
)


def latest(c: Connection, guild_id: int, event_id: int, attendee: int) -> Press | None:
    """Return the last press of a member in a live event, None before the first."""
    query = select(table.c.from_ms, table.c.until_ms).where(*_of_event(guild_id, event_id))
    rows = c.execute(query.where(table.c.attendee == attendee).order_by(table.c.from_ms.desc()).limit(1))
    row = rows.one_or_none()
    return None if row is None else Press(*row)


def add(c: Connection, guild_id: int, event_id: int, attendee: int, press: Press, week: int) -> None:
    """Add a press that counts."""
    key = {"guild_id": guild_id, "event_id": event_id, "attendee": attendee}
    c.execute(insert(table).values({**key, **press._asdict(), "week": week}))


def minutes_in(c: Connection, guild_id: int, event_id: int, attendee: int) -> int:
    """Return how many minutes of a live event a member has attended."""
    query = select(table.c.from_ms, table.c.until_ms).where(*_of_event(guild_id, event_id))
    presses = [Press(*row) for row in c.execute(query.where(table.c.attendee == attendee))]
    return minutes_attended(presses, 0, max((press.until_ms for press in presses), default=0))


def minutes_of_all(
    c: Connection, guild_id: int, from_ms: int, until_ms: int, attendees: Collection[int] | None = None
) -> dict[int, int]:
    """Return how many minutes of live events members attended up to `until_ms`: all members, or `attendees`."""
    # No press lasts longer, so earlier ones are over when the time begins.
    is_near = (table.c.guild_id == guild_id, table.c.from_ms > from_ms - PRESS_MS, table.c.from_ms < until_ms)
    query = select(table.c.attendee, table.c.from_ms, table.c.until_ms).where(*is_near)
    if attendees is not None:
        query = query.where(table.c.attendee.in_(attendees))
    presses: defaultdict[int, list[Press]] = defaultdict(list)
    for attendee, *times in c.execute(query):
        presses[attendee].append(Press(*times))
    minutes = {attendee: minutes_attended(own, from_ms, until_ms) for attendee, own in presses.items()}
    return {attendee: count for attendee, count in minutes.items() if count}


def presses(
    c: Connection, guild_id: int, from_ms: int, until_ms: int, attendee: int | None, *, is_by_creator: bool
) -> list[tuple[int, int, int, int]]:
    """Return the presses that count within a time, of all or of one member: creator, attendee, from when until when.

    The creator is 0 unless it `is_by_creator`: then there is a row for each creator who was on stage.
    """
    # No press lasts longer, so earlier ones are over when the time begins.
    is_near = (table.c.guild_id == guild_id, table.c.from_ms > from_ms - PRESS_MS, table.c.from_ms < until_ms)
    creator = holders.c.holder_id if is_by_creator else literal(0)
    query = select(creator, table.c.attendee, table.c.from_ms, table.c.until_ms).where(*is_near)
    if is_by_creator:
        query = query.select_from(table.join(live_creators, _ON_STAGE).join(holders, _IS_CREATOR))
    if attendee is not None:
        query = query.where(table.c.attendee == attendee)
    return [(*row,) for row in c.execute(query)]


def weeks(c: Connection, guild_id: int, attendee: int) -> set[int]:
    """Return the weeks in which a member has attended a live event."""
    return {week for (week,) in _WEEKS.rows(c, guild=guild_id, attendee=attendee)}


def shows_of(c: Connection, guild_id: int, attendee: int) -> dict[int, int]:
    """Return how many live events of each creator a member has attended."""
    return dict(_SHOWS.rows(c, guild=guild_id, attendee=attendee))


def last_ms(c: Connection, guild_id: int, attendee: int, creator: int) -> int:
    """Return when a member has last attended a live event of a creator, 0 for never."""
    rows = _LAST.rows(c, guild=guild_id, attendee=attendee, creator=creator)
    return rows[0][0] or 0


def attendees(c: Connection, guild_id: int, event_id: int) -> list[int]:
    """Return who attended a live event."""
    query = select(table.c.attendee).where(*_of_event(guild_id, event_id)).distinct()
    return [*c.execute(query.order_by(table.c.attendee)).scalars()]


def between(c: Connection, guild_id: int, event_id: int, from_ms: int, until_ms: int) -> set[int]:
    """Return who attended a live event at some time from `from_ms` up to `until_ms`."""
    overlaps = (table.c.from_ms < until_ms, table.c.until_ms > from_ms)
    return {*c.execute(select(table.c.attendee).where(*_of_event(guild_id, event_id), *overlaps)).scalars()}


def latest_events(c: Connection, guild_id: int, most: int) -> dict[int, int]:
    """Return the live events that somebody attended last, by their ids, with how many did, latest first."""
    last_ms = func.max(table.c.from_ms)
    query = select(table.c.event_id, func.count(table.c.attendee.distinct())).where(table.c.guild_id == guild_id)
    rows = c.execute(query.group_by(table.c.event_id).order_by(last_ms.desc(), table.c.event_id).limit(most))
    return {row[0]: row[1] for row in rows}


def count(c: Connection, guild_id: int, event_id: int) -> int:
    """Return how many members attended a live event."""
    query = select(func.count(table.c.attendee.distinct())).where(*_of_event(guild_id, event_id))
    return c.execute(query).scalar_one()


def _of_event(guild_id: int, event_id: int) -> tuple[Any, ...]:
    return table.c.guild_id == guild_id, table.c.event_id == event_id
