"""Live events: which shows run, and which ran."""

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, Connection, select, update
from sqlalchemy import insert as insert_into

from bot.domain.live import LiveEvent
from bot.storage.rows import columns_of, values_of
from bot.storage.statements import Lookup
from bot.storage.tables import live_events as table

_SELECT = select(*columns_of(table, LiveEvent))
_RUNNING = table.c.ended_ms.is_(None)
_OF_CREATORS = Lookup(_SELECT.where(_RUNNING), (table.c.guild_id, table.c.creator_id))


def running(c: Connection, guild_id: int) -> list[LiveEvent]:
    """Return a guild's events that have not ended, the oldest first. The bell may have rung for some: see `due`."""
    return _events(c, table.c.guild_id == guild_id, _RUNNING)


def all_running(c: Connection) -> list[LiveEvent]:
    """Return the events of all guilds that have not ended."""
    return _events(c, _RUNNING)


def of_creator(c: Connection, guild_id: int, creator_id: int) -> LiveEvent | None:
    """Return the creator's event that has not ended."""
    return _first(_events(c, table.c.guild_id == guild_id, table.c.creator_id == creator_id, _RUNNING))


def of_creators(c: Connection, creators: Collection[tuple[int, int]]) -> dict[tuple[int, int], LiveEvent]:
    """Return the events that have not ended of `creators`, (guild id, member id) each."""
    events = (LiveEvent(*row) for row in _OF_CREATORS.rows(c, creators))
    return {(event.guild_id, event.creator_id): event for event in events}


def in_channel(c: Connection, guild_id: int, channel_id: int) -> LiveEvent | None:
    """Return the channel's event that has not ended."""
    return _first(_events(c, table.c.guild_id == guild_id, table.c.channel_id == channel_id, _RUNNING))


def latest(c: Connection, guild_id: int) -> LiveEvent | None:
    """Return the guild's event that ended last."""
    ended = _SELECT.where(table.c.guild_id == guild_id, table.c.ended_ms.is_not(None))
    row = c.execute(ended.order_by(table.c.ended_ms.desc(), table.c.event_id.desc()).limit(1)).one_or_none()
    return LiveEvent(*row) if row else None


def event(c: Connection, guild_id: int, event_id: int) -> LiveEvent | None:
    """Return one event of a guild, running or ended."""
    return _first(_events(c, table.c.guild_id == guild_id, table.c.event_id == event_id))


def due(c: Connection, now_ms: int) -> list[LiveEvent]:
    """Return the events of all guilds whose time has come and that have not ended."""
    return _events(c, table.c.ends_ms <= now_ms, _RUNNING)


def insert(c: Connection, event: LiveEvent) -> None:
    """Insert an event. The database refuses a second running one of a creator or in a channel."""
    c.execute(insert_into(table).values(values_of(event)))


def end(c: Connection, guild_id: int, event_id: int, now_ms: int) -> bool:
    """End an event at `now_ms`; return False if it had ended."""
    same = (table.c.guild_id == guild_id, table.c.event_id == event_id)
    return c.execute(update(table).where(*same, _RUNNING).values(ended_ms=now_ms)).rowcount == 1


def _events(c: Connection, *conditions: ColumnElement[bool]) -> list[LiveEvent]:
    query = _SELECT.where(*conditions).order_by(table.c.started_ms, table.c.event_id)
    return [LiveEvent(*row) for row in c.execute(query)]


def _first(events: Iterable[LiveEvent]) -> LiveEvent | None:
    return next(iter(events), None)
