"""What payment providers told us: recorded at once, so that no payment is lost between their call and our work.

Each event has its own attempts, its own time for the next one, and its own end: handled, or set aside.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Connection, select, update

from bot.storage.rows import columns_of, insert_new
from bot.storage.tables import webhook_events as table


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """One recorded event about the purchase that its provider knows as `external_id`."""

    provider: str
    event_id: str
    external_id: str
    received_ms: int
    attempts: int


def record(c: Connection, provider: str, event_id: str, external_id: str, now_ms: int) -> bool:
    """Record an event, to be handled at once; return False if it was seen before."""
    values = {"provider": provider, "event_id": event_id, "external_id": external_id, "received_ms": now_ms}
    return insert_new(c, table, values | {"attempts": 0, "next_ms": now_ms, "handled_ms": None, "aside_ms": None})


def has_due(c: Connection, now_ms: int) -> bool:
    """Whether an event waits for an attempt."""
    return c.execute(select(table.c.event_id).where(table.c.next_ms <= now_ms).limit(1)).first() is not None


def claim(
    c: Connection, providers: Collection[str], now_ms: int, *, retry_ms: int, first: int, again: int
) -> list[WebhookEvent]:
    """Return events that are due, up to `first` new ones and `again` that failed before, as attempts begun.

    They are due again at `retry_ms` if nobody says what became of them. Of several processes each gets others.
    """
    new, failed = table.c.attempts == 0, table.c.attempts > 0
    events = [*_due(c, providers, now_ms, new, first), *_due(c, providers, now_ms, failed, again)]
    for event in events:
        _changed(c, event, attempts=event.attempts, next_ms=retry_ms)
    return events


def postpone(c: Connection, event: WebhookEvent, next_ms: int) -> bool:
    """Have an event tried again at `next_ms`; return False if it has had its end."""
    return _changed(c, event, next_ms=next_ms)


def mark_handled(c: Connection, event: WebhookEvent, now_ms: int) -> bool:
    """Note that an event has been dealt with; return False if it has had its end before."""
    return _changed(c, event, next_ms=None, handled_ms=now_ms)


def set_aside(c: Connection, event: WebhookEvent, now_ms: int) -> bool:
    """Note that an event will not be tried any more; return False if it has had its end before."""
    return _changed(c, event, next_ms=None, aside_ms=now_ms)


def _due(
    c: Connection, providers: Collection[str], now_ms: int, which: ColumnElement[bool], limit: int
) -> list[WebhookEvent]:
    query = (
        select(*columns_of(table, WebhookEvent))
        .where(table.c.next_ms <= now_ms, table.c.provider.in_(providers), which)
        .order_by(table.c.next_ms, table.c.event_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    events = [WebhookEvent(*row) for row in c.execute(query)]
    return [replace(event, attempts=event.attempts + 1) for event in events]


def _changed(c: Connection, event: WebhookEvent, **values: int | None) -> bool:
    same = table.c.provider == event.provider, table.c.event_id == event.event_id, table.c.next_ms.is_not(None)
    return c.execute(update(table).where(*same).values(values)).rowcount == 1
