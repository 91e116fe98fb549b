"""How far back a provider is asked for changes: to where it was last asked successfully, however long ago that is."""

from bot.storage.connect.connection import Connection
from bot.storage.stores import app_state

HOUR_MS = 3_600_000
OVERLAP_MS = HOUR_MS
"""A provider's clock may differ from ours, and its list may lag behind."""
LONGEST_MS = 30 * 24 * HOUR_MS
"""As long as Stripe lists its events."""


def begin_of(connection: Connection, provider: str, since_ms: int, now_ms: int) -> int:
    """Return from when on a provider is asked: `since_ms`, or earlier if it was not asked successfully since then."""
    marked_ms = int(app_state.get(connection, _mark(provider)) or 0)
    return min(since_ms, max(marked_ms - OVERLAP_MS, now_ms - LONGEST_MS))


def note(connection: Connection, provider: str, began_ms: int) -> None:
    """Record that all changes up to `began_ms` are settled, or queued as events."""
    app_state.put(connection, _mark(provider), str(began_ms))


def _mark(provider: str) -> str:
    return f"reconciled:{provider}"
