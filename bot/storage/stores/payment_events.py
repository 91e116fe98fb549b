"""The store of webhook events, recorded on arrival so that no payment is lost between a provider's call and our work.

Each event has its own count of attempts, its own time of the next one, and its own end: handled, or set aside.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Connection, func, select, update

from bot.storage.sql.rows import columns_of, insert_new
from bot.storage.sql.tables import webhook_events as table


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """One recorded event about a purchase. `external_id` is the provider's id of that purchase."""

    provider: str
    event_id: str
    external_id: str
    received_ms: int
    attempts: int


def record(c: Connection, provider: str, event_id: str, external_id: str, now_ms: int) -> bool:
    """Record an event, which is due at once; return False if it was recorded before."""
    values = {"provider": provider, "event_id": event_id, "external_id": external_id, "received_ms": now_ms}
    return insert_new(c, table, values | {"attempts": 0, "next_ms": now_ms, "handled_ms": None, "aside_ms": None})


def next_due(c: Connection, providers: Collection[str]) -> int | None:
    """Return when the next attempt at an event of these providers is due, None if no event waits for one."""
    is_waiting = (table.c.next_ms.is_not(None), table.c.provider.in_(providers))
    return c.execute(select(func.min(table.c.next_ms)).where(*is_waiting)).scalar()


def claim(
    c: Connection, providers: Collection[str], now_ms: int, *, retry_ms: int, first: int, again: int
) -> list[WebhookEvent]:
    """Return due events, up to `first` new ones and `again` ones that failed before, and count the attempt.

    Unless the outcome is recorded, they are due again at `retry_ms`. Several processes get different events.
    """
    # Each kind has a limit of its own, so that an outage of a provider does not delay new events.
    is_new, has_failed = table.c.attempts == 0, table.c.attempts > 0
    events = [*_due(c, providers, now_ms, is_new, first), *_due(c, providers, now_ms, has_failed, again)]
    for event in events:
        _update(c, event, attempts=event.attempts, next_ms=retry_ms)
    return events


def postpone(c: Connection, event: WebhookEvent, next_ms: int) -> bool:
    """Schedule the next attempt at an event for `next_ms`; return False if the event is final."""
    return _update(c, event, next_ms=next_ms)


def mark_handled(c: Connection, event: WebhookEvent, now_ms: int) -> bool:
    """Record that an event was handled; return False if it was final before."""
    return _update(c, event, next_ms=None, handled_ms=now_ms)


def set_aside(c: Connection, event: WebhookEvent, now_ms: int, cases: int = 0) -> bool:
    """Record that an event will not be tried again, and how many guilds have a case about it.

    Return False if it was final before.
    """
    return _update(c, event, next_ms=None, aside_ms=now_ms, cases=cases)


def without_case(c: Connection, since_ms: int, most: int) -> tuple[int, list[tuple[str, str]]]:
    """Return how many events set aside since a time are in no guild's cases, with the provider and purchase of the
    newest."""
    is_lonely = table.c.aside_ms >= since_ms, table.c.cases == 0
    count = c.execute(select(func.count()).select_from(table).where(*is_lonely)).scalar_one()
    query = select(table.c.provider, table.c.external_id).where(*is_lonely)
    rows = c.execute(query.order_by(table.c.aside_ms.desc(), table.c.event_id).limit(most))
    return count, [(provider, external_id) for provider, external_id in rows]


def _due(
    c: Connection, providers: Collection[str], now_ms: int, condition: ColumnElement[bool], limit: int
) -> list[WebhookEvent]:
    # By skipping locked rows, processes that claim at the same time get different events. SQLite has only one writer.
    query = (
        select(*columns_of(table, WebhookEvent))
        .where(table.c.next_ms <= now_ms, table.c.provider.in_(providers), condition)
        .order_by(table.c.next_ms, table.c.event_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    events = [WebhookEvent(*row) for row in c.execute(query)]
    return [replace(event, attempts=event.attempts + 1) for event in events]


def _update(c: Connection, event: WebhookEvent, **values: int | None) -> bool:
    # An event without a time for the next attempt is final.
    same = table.c.provider == event.provider, table.c.event_id == event.event_id, table.c.next_ms.is_not(None)
    return c.execute(update(table).where(*same).values(values)).rowcount == 1
