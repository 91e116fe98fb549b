"""How far back an account is asked for changes: to where it was last asked successfully, however long ago that is.

The operator's own account at a provider is "".
"""

from bot.storage.connect.connection import Connection
from bot.storage.stores import app_state

HOUR_MS = 3_600_000
OVERLAP_MS = HOUR_MS
"""A provider's clock may differ from ours, and its list may lag behind."""
LONGEST_MS = 30 * 24 * HOUR_MS
"""As long as Stripe lists its events."""


def begin_of(connection: Connection, provider: str, account: str, since_ms: int, now_ms: int) -> int:
    """Return from when on an account is asked: `since_ms`, or earlier if it was not asked successfully since then."""
    # Before accounts had marks of their own, their provider had one for all of them.
    marks = dict.fromkeys([_mark(provider, account), _mark(provider, "")])
    marked = next(filter(None, (app_state.get(connection, mark) for mark in marks)), None)
    return min(since_ms, max(int(marked or 0) - OVERLAP_MS, now_ms - LONGEST_MS))


def note(connection: Connection, provider: str, account: str, began_ms: int) -> None:
    """Record that all changes up to `began_ms` are settled, or queued as events."""
    app_state.put(connection, _mark(provider, account), str(began_ms))


def _mark(provider: str, account: str) -> str:
    return f"reconciled:{provider}:{account}" if account else f"reconciled:{provider}"
