"""How long a payment provider's event is tried: with growing pauses, and not for ever."""

DAY_MS = 24 * 3600 * 1000

LONGEST_PAUSE_MS = 10 * 60 * 1000

FEWEST_ATTEMPTS = 10
"""Attempts that every event gets, over about 17 minutes."""

GIVE_UP_AFTER_MS = 3 * DAY_MS
"""How long an event is tried: as long as providers repeat one that nobody takes."""


def pause_after(attempts: int, age_ms: int, *, is_unknown: bool) -> int | None:
    """Return how many milliseconds to wait after `attempts` failed ones; None once the event is to be set aside.

    `age_ms` is the time since the event came. One about a purchase that its provider does not know (`is_unknown`) ends
    early: a few minutes are enough for a provider whose own copies lag behind.
    """
    if attempts >= FEWEST_ATTEMPTS and (is_unknown or age_ms >= GIVE_UP_AFTER_MS):
        return None
    return min(1000 << min(attempts, 20), LONGEST_PAUSE_MS)
