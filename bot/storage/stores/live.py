"""The store of live events: which shows run, which have ended, and whose they are."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy import insert as insert_into

from bot.domain.deadlines import DeadlineKind, board_of, end_of, recap_of
from bot.domain.ledger.books import Books
from bot.domain.live import LiveEvent, Origin, Outcome
from bot.storage.ledger.batch_cache import BatchCache
from bot.storage.ledger.projections import register
from bot.storage.sql.live_tables import RUNS, TAKES_PART, live_creators, live_sources
from bot.storage.sql.live_tables import live_events as table
from bot.storage.sql.rows import columns_of, upsert, values_of
from bot.storage.sql.statements import Lookup
from bot.storage.stores import clubs, deadlines, matches

_COLUMNS = columns_of(table, LiveEvent)
_SELECT = select(*_COLUMNS)
_SAME = (live_creators.c.guild_id == table.c.guild_id) & (live_creators.c.event_id == table.c.event_id)
_BY_CREATOR = Lookup(
    select(*_COLUMNS, live_creators.c.member_id).select_from(table.join(live_creators, _SAME)).where(TAKES_PART),
    (live_creators.c.guild_id, live_creators.c.member_id),
)
_ON_AIR = Lookup(select(table.c.guild_id).where(RUNS), (table.c.guild_id,))


def running(c: Connection, guild_id: int) -> list[LiveEvent]:
    """Return a guild's events that have not ended, oldest first. The time of some may be over."""
    return _events(c, table.c.guild_id == guild_id, RUNS)


def all_running(c: Connection) -> list[LiveEvent]:
    """Return the events of all guilds that have not ended."""
    return _events(c, RUNS)


def guilds_on_air(c: Connection, guild_ids: Collection[int]) -> set[int]:
    """Return those of `guild_ids` in which an event has not ended."""
    return {guild_id for (guild_id,) in _ON_AIR.rows(c, [(guild_id,) for guild_id in guild_ids])}


def of_creator(c: Connection, guild_id: int, creator_id: int) -> LiveEvent | None:
    """Return the running event in which a creator takes part, None if there is none."""
    return of_creators(c, [(guild_id, creator_id)]).get((guild_id, creator_id))


def of_creators(c: Connection, creators: Collection[tuple[int, int]]) -> dict[tuple[int, int], LiveEvent]:
    """Return the running events of `creators`, (guild id, member id) each."""
    rows = _BY_CREATOR.rows(c, creators)
    return {(row[0], row[-1]): _event(row[:-1]) for row in rows}


def in_channel(c: Connection, guild_id: int, channel_id: int) -> LiveEvent | None:
    """Return the running event of a channel, None if there is none."""
    return _first(_events(c, table.c.guild_id == guild_id, table.c.channel_id == channel_id, RUNS))


def of_source(c: Connection, guild_id: int, source: str) -> LiveEvent | None:
    """Return the event, running or ended, that belongs to a Discord event or Stage."""
    source_event = select(live_sources.c.event_id).where(
        live_sources.c.guild_id == guild_id, live_sources.c.source == source
    )
    return _first(_events(c, table.c.guild_id == guild_id, table.c.event_id == source_event.scalar_subquery()))


def open_sources(c: Connection, guild_id: int, event_id: int) -> set[str]:
    """Return the Discord events and Stages of a live event that are not over."""
    of_event = (live_sources.c.guild_id == guild_id, live_sources.c.event_id == event_id)
    query = select(live_sources.c.source).where(*of_event, live_sources.c.closed_ms.is_(None))
    return {*c.execute(query).scalars()}


def open_sources_of(c: Connection, guild_id: int, thing: str) -> set[str]:
    """Return the occurrences of a Discord event or Stage that are not over. See `bot.domain.live.thing_of`."""
    is_occurrence = (live_sources.c.source == thing) | live_sources.c.source.startswith(f"{thing}:", autoescape=True)
    query = select(live_sources.c.source).where(live_sources.c.guild_id == guild_id, live_sources.c.closed_ms.is_(None))
    return {*c.execute(query.where(is_occurrence)).scalars()}


def add_source(c: Connection, event: LiveEvent, source: str) -> None:
    """Attach a Discord event or Stage, which is not over, to a live event."""
    key = {"guild_id": event.guild_id, "source": source}
    upsert(c, live_sources, {**key, "event_id": event.event_id, "closed_ms": None})


def close_source(c: Connection, guild_id: int, source: str, now_ms: int) -> None:
    """Record that a Discord event or Stage is over."""
    same = (live_sources.c.guild_id == guild_id, live_sources.c.source == source)
    c.execute(update(live_sources).where(*same, live_sources.c.closed_ms.is_(None)).values(closed_ms=now_ms))


def latest(c: Connection, guild_id: int, channel_id: int | None = None) -> LiveEvent | None:
    """Return the event that ended last in the guild, or in one channel of it."""
    query = _SELECT.where(table.c.guild_id == guild_id, table.c.ended_ms.is_not(None))
    if channel_id is not None:
        query = query.where(table.c.channel_id == channel_id)
    row = c.execute(query.order_by(table.c.ended_ms.desc(), table.c.event_id.desc()).limit(1)).one_or_none()
    return _event(row) if row else None


def latest_of_creator(c: Connection, guild_id: int, creator_id: int) -> LiveEvent | None:
    """Return the event that a creator took part in last, running or ended, None if there is none."""
    is_theirs = (live_creators.c.guild_id == guild_id) & (live_creators.c.member_id == creator_id)
    query = select(*_COLUMNS).select_from(table.join(live_creators, _SAME)).where(is_theirs)
    row = c.execute(query.order_by(live_creators.c.joined_ms.desc(), table.c.event_id.desc()).limit(1)).one_or_none()
    return _event(row) if row else None


def events_of(c: Connection, guild_id: int, event_ids: Collection[int]) -> list[LiveEvent]:
    """Return those of the events that exist, running or ended."""
    return _events(c, table.c.guild_id == guild_id, table.c.event_id.in_(event_ids))


def event(c: Connection, guild_id: int, event_id: int) -> LiveEvent | None:
    """Return one event of a guild, running or ended."""
    return _first(_events(c, table.c.guild_id == guild_id, table.c.event_id == event_id))


def without_recap(c: Connection, guild_id: int, event_id: int) -> LiveEvent | None:
    """Return an event that has ended, None if it has not, or its recap was posted."""
    same = (table.c.guild_id == guild_id, table.c.event_id == event_id)
    return _first(_events(c, *same, table.c.ended_ms.is_not(None), table.c.recap_ms.is_(None)))


def creators_of(c: Connection, guild_id: int, event_id: int) -> list[int]:
    """Return the creators of an event, in the order in which they joined."""
    query = select(live_creators.c.member_id).where(
        live_creators.c.guild_id == guild_id, live_creators.c.event_id == event_id
    )
    # Creators who were removed while the event ran left before its end, and are not among its creators.
    event_end = select(table.c.ended_ms).where(table.c.guild_id == guild_id, table.c.event_id == event_id)
    is_part = live_creators.c.left_ms.is_(None) | (live_creators.c.left_ms == event_end.scalar_subquery())
    return [*c.execute(query.where(is_part).order_by(live_creators.c.joined_ms, live_creators.c.member_id)).scalars()]


def insert(c: Connection, event: LiveEvent) -> None:
    """Insert an event with its first creator. A creator or channel that has a running event raises IntegrityError."""
    c.execute(insert_into(table).values({**values_of(event), "recap_ms": None}))
    deadlines.put(c, end_of(event))
    join(c, event, event.creator_id, event.started_ms)


def join(c: Connection, event: LiveEvent, member_id: int, now_ms: int) -> None:
    """Add a creator to an event, for the first time or again."""
    # The row of an earlier part is reused, because its key is the creator.
    rejoin = _update_creator(event.guild_id, event.event_id, member_id).values(joined_ms=now_ms, left_ms=None)
    if not c.execute(rejoin).rowcount:
        values = (event.guild_id, event.event_id, member_id, now_ms, None)
        c.execute(insert_into(live_creators).values(values))
    deadlines.put(c, board_of(event.guild_id, event.event_id))


def leave(c: Connection, event: LiveEvent, member_id: int, now_ms: int) -> None:
    """Remove a creator from a running event. Gifts that were already sent still count."""
    c.execute(_update_creator(event.guild_id, event.event_id, member_id).where(TAKES_PART).values(left_ms=now_ms))
    matches.end_invitations(c, event.guild_id, [member_id], now_ms)
    deadlines.put(c, board_of(event.guild_id, event.event_id))


def change(c: Connection, event: LiveEvent, **values: Any) -> None:  # noqa: ANN401 - fields of LiveEvent
    """Set fields of an event, given by their names. `event` is the event as it is before."""
    c.execute(_update_event(event.guild_id, event.event_id).values(values))
    deadlines.replace(c, event.guild_id, DeadlineKind.LIVE_END, event.event_id, end_of(replace(event, **values)))
    deadlines.put(c, board_of(event.guild_id, event.event_id))


def end(
    c: Connection, guild_id: int, event_id: int, now_ms: int, outcome: Outcome = Outcome.OVER, *, told: bool = False
) -> bool:
    """End an event at `now_ms`; return False if it had ended. `told` means that its recap needs no posting."""
    values = {"ended_ms": now_ms, "outcome": outcome.value, "recap_ms": now_ms if told else None}
    if c.execute(_update_event(guild_id, event_id).where(RUNS).values(values)).rowcount != 1:
        return False
    # Only those who take part at the end leave with it: `creators_of` recognizes them by that time.
    of_event = (live_creators.c.guild_id == guild_id, live_creators.c.event_id == event_id, TAKES_PART)
    creator_ids = c.execute(select(live_creators.c.member_id).where(*of_event)).scalars().all()
    c.execute(update(live_creators).where(*of_event).values(left_ms=now_ms))
    clubs.note_end(c, guild_id, creator_ids, now_ms)
    matches.end_invitations(c, guild_id, creator_ids, now_ms)
    for match in matches.of_event(c, guild_id, event_id):
        if match.round_at(now_ms) is not None:
            matches.end(c, match, now_ms)
    deadlines.clear(c, guild_id, DeadlineKind.LIVE_END, event_id)
    deadlines.put(c, board_of(guild_id, event_id), None if told else recap_of(guild_id, event_id))
    return True


def mark_recap(c: Connection, guild_id: int, event_id: int, now_ms: int) -> None:
    """Record that the recap of an event was posted, or never can be."""
    c.execute(_update_event(guild_id, event_id).values(recap_ms=now_ms))


def _update_event(guild_id: int, event_id: int) -> Any:  # noqa: ANN401 - an UPDATE, which has no plain name
    return update(table).where(table.c.guild_id == guild_id, table.c.event_id == event_id)


def _update_creator(guild_id: int, event_id: int, member_id: int) -> Any:  # noqa: ANN401 - an UPDATE, which has no plain name
    key = (live_creators.c.guild_id, live_creators.c.event_id, live_creators.c.member_id)
    values = (guild_id, event_id, member_id)
    return update(live_creators).where(*(part == value for part, value in zip(key, values, strict=True)))


def _events(c: Connection, *conditions: Any) -> list[LiveEvent]:  # noqa: ANN401 - conditions of a WHERE
    query = _SELECT.where(*conditions).order_by(table.c.started_ms, table.c.event_id)
    return [_event(row) for row in c.execute(query)]


def _event(row: Row[*tuple[Any, ...]] | Sequence[Any]) -> LiveEvent:
    *values, origin, outcome = row
    return LiveEvent(*values, origin=Origin(origin), outcome=Outcome(outcome))


def _first(events: Iterable[LiveEvent]) -> LiveEvent | None:
    return next(iter(events), None)


def _load(c: Connection, commands: Sequence[Any], books: Books, cache: BatchCache) -> None:
    receivers = {(command.guild_id, command.creator_id) for command in commands}
    books.live = cache.look_up(c, "live", receivers, of_creators)


register("live", _load)
