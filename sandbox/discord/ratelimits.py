"""Rate limits: one window per bucket and top-level resource, a global one, and the headers that report them.

Discord does not publish the numbers of most buckets. These are the ones that clients observe.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

from sandbox.discord.jsontypes import JSON
from sandbox.discord.rest.router import Route

GLOBAL_PER_SECOND: Final = 50
KEEP_WINDOWS: Final = 5_000
_BUCKETS: Final[dict[str, tuple[int, float]]] = {
    "create_message": (5, 5.0),
    "edit_message": (5, 5.0),
    "delete_message": (5, 1.0),
    "bulk_delete": (1, 1.0),
    "history": (5, 5.0),
    "get_message": (5, 5.0),
    "pins": (5, 5.0),
    "reactions": (1, 0.25),
    "typing": (5, 5.0),
    "change_channel": (5, 15.0),
    "member_roles": (10, 10.0),
    "followup": (5, 2.0),
    "webhook_message": (5, 2.0),
    "default": (30, 10.0),
}
_MAJOR: Final = ("channel_id", "guild_id", "token")


@dataclass(slots=True)
class _Window:
    ends: float
    remaining: int


@dataclass(slots=True, frozen=True)
class Verdict:
    """Whether a request may pass, the headers of its response, and the body if it may not."""

    allowed: bool
    headers: dict[str, str]
    body: JSON | None = None


_UNLIMITED: Final = Verdict(True, {})


class RateLimits:
    """All rate limit windows. `now` is a clock in seconds since the epoch."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._windows: dict[tuple[str, int | str], _Window] = {}
        self._second = _Window(0.0, GLOBAL_PER_SECOND)
        self._keep = KEEP_WINDOWS
        self.refused = 0

    def check(self, route: Route, ids: dict[str, int], texts: dict[str, str]) -> Verdict:
        """Count a request and decide whether it passes. Callbacks of interactions are not limited."""
        if route.bucket is None or route.bucket == "callback":
            return _UNLIMITED
        now = self._now()
        # Interaction endpoints do not count towards the bot's global limit.
        if not route.anonymous and not self._take_global(now):
            return self._refuse(self._second.ends - now, everywhere=True, headers={})
        limit, seconds = _BUCKETS[route.bucket]
        name = route.bucket if route.bucket != "default" else f"{route.method} {route.template}"
        major = next((ids.get(key) or texts.get(key, "") for key in _MAJOR if key in ids or key in texts), "")
        window = self._windows.get((name, major))
        if window is None or window.ends <= now:
            window = self._open((name, major), now + seconds, limit)
        headers = {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(max(0, window.remaining - 1)),
            "X-RateLimit-Reset": f"{window.ends:.3f}",
            "X-RateLimit-Reset-After": f"{window.ends - now:.3f}",
            "X-RateLimit-Bucket": _hash(name),
        }
        if window.remaining <= 0:
            return self._refuse(window.ends - now, everywhere=False, headers=headers)
        window.remaining -= 1
        return Verdict(True, headers)

    def _open(self, key: tuple[str, int | str], ends: float, limit: int) -> _Window:
        if len(self._windows) >= self._keep:
            now = self._now()
            self._windows = {bucket: window for bucket, window in self._windows.items() if window.ends > now}
            # Twice as many as are in use, so that not every request of a busy minute sweeps.
            self._keep = max(KEEP_WINDOWS, 2 * len(self._windows))
        window = self._windows[key] = _Window(ends, limit)
        return window

    def _take_global(self, now: float) -> bool:
        if self._second.ends <= now:
            self._second = _Window(now + 1.0, GLOBAL_PER_SECOND)
        self._second.remaining -= 1
        return self._second.remaining >= 0

    def _refuse(self, wait: float, *, everywhere: bool, headers: dict[str, str]) -> Verdict:
        self.refused += 1
        wait = max(0.001, round(wait, 3))
        headers["Retry-After"] = str(max(1, round(wait)))
        headers["X-RateLimit-Scope"] = "global" if everywhere else "user"
        if everywhere:
            headers["X-RateLimit-Global"] = "true"
        body: JSON = {"message": "You are being rate limited.", "code": 0, "retry_after": wait, "global": everywhere}
        return Verdict(False, headers, body)


@cache
def _hash(name: str) -> str:
    return hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
