"""Retries of a payment provider's event: with growing pauses, and not forever."""

DAY_MS = 24 * 3600 * 1000

LONGEST_PAUSE_MS = 10 * 60 * 1000

FEWEST_ATTEMPTS = 10
"""Attempts that every event gets. They take about 17 minutes."""

GIVE_UP_AFTER_MS = 3 * DAY_MS
"""How long an event is retried: as long as providers repeat a webhook that nobody accepts."""


def pause_after(attempts: int, age_ms: int, *, is_unknown: bool) -> int | None:
    """Return how many milliseconds to wait after `attempts` failures, None to set the event aside.

    `age_ms` is the time since the event arrived. If the provider does not know the purchase (`is_unknown`), the event
    is given up early: a few minutes are enough for a provider whose replicas lag behind.
    """
    if attempts >= FEWEST_ATTEMPTS and (is_unknown or age_ms >= GIVE_UP_AFTER_MS):
        return None
    return min(1000 << min(attempts, 20), LONGEST_PAUSE_MS)
