"""What payment providers told us: recorded at once, so that no payment is lost between their call and our work."""

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from bot.storage.rows import insert_new
from bot.storage.tables import webhook_events as table


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """One recorded event; `body` is what the provider's module chose to keep of it."""

    event_id: str
    body: str


def record(c: Connection, provider: str, event_id: str, body: str, now_ms: int) -> bool:
    """Record an event; return False if it was seen before."""
    values = {"provider": provider, "event_id": event_id, "body": body, "received_ms": now_ms}
    return insert_new(c, table, values)


def unhandled(c: Connection, provider: str, limit: int) -> list[WebhookEvent]:
    """Return up to `limit` events of a provider that wait to be handled, in the order they came."""
    query = select(table.c.event_id, table.c.body).where(table.c.provider == provider, table.c.handled_ms.is_(None))
    rows = c.execute(query.order_by(table.c.received_ms, table.c.event_id).limit(limit))
    return [WebhookEvent(event_id, body) for event_id, body in rows]


def mark_handled(c: Connection, provider: str, event_id: str, now_ms: int) -> None:
    """Note that an event has been dealt with."""
    same = (table.c.provider == provider, table.c.event_id == event_id)
    c.execute(update(table).where(*same, table.c.handled_ms.is_(None)).values(handled_ms=now_ms))
