"""The store of gift trains that are over, and of who rode them. Riders are holders."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, ColumnElement, Connection, bindparam, delete, func, insert, select, update

from bot.domain.momentum import LEVEL_MS, LEVELS, Ride, Train
from bot.domain.trains import Cutoff, Railway, TrainRecord, levels_of
from bot.storage.sql.live_tables import live_events
from bot.storage.sql.statements import Query
from bot.storage.sql.train_tables import live_trains as table
from bot.storage.sql.train_tables import train_riders
from bot.storage.stores import attendance

_RECORD = Query(
    select(table.c.event_id, table.c.started_seq, table.c.levels, table.c.joint_coins)
    .where(table.c.guild_id == bindparam("guild", type_=BigInteger), table.c.levels > 0)
    .order_by(table.c.joint_coins.desc(), table.c.started_ms, table.c.started_seq)
    .limit(1)
)
_LONGEST_MS = LEVELS * LEVEL_MS
"""No train runs longer."""


def record(c: Connection, guild_id: int) -> TrainRecord | None:
    """Return the guild's record, None before any train has completed a level."""
    rows = _RECORD.rows(c, guild=guild_id)
    return TrainRecord(*rows[0]) if rows else None


def railway(c: Connection, guild_id: int, event_id: int, since_ms: int) -> Railway:
    """Return the guild's record, and trains of other live events that are over, but not long before `since_ms`."""
    columns = (table.c.started_seq, table.c.started_ms, table.c.ended_ms, table.c.coins)
    query = select(*columns).where(table.c.guild_id == guild_id, table.c.started_ms > since_ms - _LONGEST_MS)
    rows = c.execute(query.where(table.c.event_id != event_id).order_by(table.c.started_ms)).all()
    others = tuple(
        Train(row.started_seq, row.started_ms, row.ended_ms, ended_ms=row.ended_ms, total=row.coins) for row in rows
    )
    return Railway(others, record(c, guild_id))


def replace(c: Connection, guild_id: int, event_id: int, rides: Sequence[Ride]) -> None:
    """Write down the trains of a live event that are over, instead of those written before."""
    before_ms = [row.started_ms for row in c.execute(select(table.c.started_ms).where(*_of_event(guild_id, event_id)))]
    riders = train_riders.c
    c.execute(delete(train_riders).where(riders.guild_id == guild_id, riders.event_id == event_id))
    c.execute(delete(table).where(*_of_event(guild_id, event_id)))
    for train, gifters in rides:
        ended_ms = train.level_ends_ms if train.ended_ms is None else train.ended_ms
        key = {"guild_id": guild_id, "event_id": event_id, "started_seq": train.started_seq}
        times = {"started_ms": train.started_ms, "ended_ms": ended_ms}
        sums = {"coins": train.total, "joint_coins": train.total, "levels": levels_of(train.total)}
        c.execute(insert(table).values({**key, **times, **sums}))
        aboard = attendance.between(c, guild_id, event_id, train.started_ms, ended_ms)
        rows = [{**key, "rider": rider} for rider in sorted({*gifters, *aboard})]
        c.execute(insert(train_riders), rows)
    for at_ms in sorted({*before_ms, *(train.started_ms for train, _ in rides)}):
        _join(c, guild_id, at_ms)


def note_cutoff(c: Connection, guild_id: int, event_id: int, cutoff: Cutoff) -> None:
    """Note what the trains of a live event that are written down were worked out from, for the audit."""
    same = (live_events.c.guild_id == guild_id, live_events.c.event_id == event_id)
    c.execute(update(live_events).where(*same).values(trains_seq=cutoff.seq, trains_ms=cutoff.over_ms))


def has_any(c: Connection, guild_id: int, event_id: int) -> bool:
    """Whether a train of a live event was written down."""
    return c.execute(select(table.c.started_seq).where(*_of_event(guild_id, event_id)).limit(1)).first() is not None


def levels_ridden(c: Connection, guild_id: int, rider: int) -> list[int]:
    """Return how many levels each train completed that a member rode."""
    riders = train_riders.c
    same = (
        (riders.guild_id == table.c.guild_id)
        & (riders.event_id == table.c.event_id)
        & (riders.started_seq == table.c.started_seq)
    )
    query = select(table.c.levels).join(train_riders, same)
    return [*c.execute(query.where(riders.guild_id == guild_id, riders.rider == rider)).scalars()]


def _join(c: Connection, guild_id: int, at_ms: int) -> None:
    """Add up again what runs, or may run, beside a train that started at `at_ms`."""
    near = (table.c.started_ms > at_ms - 2 * _LONGEST_MS, table.c.started_ms < at_ms + 2 * _LONGEST_MS)
    beside = table.alias("beside")
    sums = (
        select(func.coalesce(func.sum(beside.c.coins), 0))
        .where(
            beside.c.guild_id == table.c.guild_id,
            beside.c.event_id != table.c.event_id,
            beside.c.started_ms < table.c.ended_ms,
            table.c.started_ms < beside.c.ended_ms,
        )
        .scalar_subquery()
    )
    query = select(table.c.event_id, table.c.started_seq, (table.c.coins + sums).label("joint_coins"))
    for row in c.execute(query.where(table.c.guild_id == guild_id, *near)).all():
        same = (table.c.guild_id == guild_id, table.c.event_id == row.event_id, table.c.started_seq == row.started_seq)
        joint_coins = int(row.joint_coins)
        c.execute(update(table).where(*same).values(joint_coins=joint_coins, levels=levels_of(joint_coins)))


def _of_event(guild_id: int, event_id: int) -> tuple[ColumnElement[bool], ...]:
    return table.c.guild_id == guild_id, table.c.event_id == event_id
