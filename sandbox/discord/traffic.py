"""Counts a bot's requests by route and status, and per second for each channel that it writes to."""

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Final

from sandbox.discord.jsontypes import JSON

KEEP_SECONDS: Final = 3_600
KEEP_CHANNELS: Final = 1_000
_WRITING: Final = frozenset({"POST", "PATCH", "PUT", "DELETE"})
LIMITED: Final = 429


@dataclass(slots=True)
class Pace:
    """The write requests to one channel. `by_second` holds an hour of seconds as (second of the clock, requests)."""

    requests: int = 0
    limited: int = 0
    by_second: deque[tuple[int, int]] = field(default_factory=lambda: deque[tuple[int, int]](maxlen=KEEP_SECONDS))

    def note(self, second: int, status: int) -> None:
        """Count one request in a second of the clock."""
        self.requests += 1
        self.limited += status == LIMITED
        last, count = self.by_second[-1] if self.by_second else (second - 1, 0)
        if last == second:
            self.by_second[-1] = (second, count + 1)
        else:
            self.by_second.append((second, 1))

    @property
    def busiest_second(self) -> int:
        """The largest number of requests in one second of the clock."""
        return max((count for _, count in self.by_second), default=0)


class Traffic:
    """All requests since the start or the last `forget`."""

    def __init__(self) -> None:
        self.answers: Counter[tuple[str, str, int]] = Counter()
        self.channels: dict[int, Pace] = {}

    def note(self, method: str, route: str, channel_id: int | None, status: int, now: float) -> None:
        """Count one request. `route` has names in place of ids; `now` is in seconds."""
        self.answers[method, route, status] += 1
        if channel_id is not None and method in _WRITING:
            pace = self.channels.get(channel_id)
            if pace is None:
                if len(self.channels) >= KEEP_CHANNELS:
                    del self.channels[next(iter(self.channels))]
                pace = self.channels[channel_id] = Pace()
            pace.note(int(now), status)

    def forget(self) -> None:
        """Reset all counts, such as after a warm-up."""
        self.answers.clear()
        self.channels.clear()

    def requests(self, method: str, route: str) -> int:
        """Return how many requests a route got."""
        return sum(count for (verb, path, _), count in self.answers.items() if (verb, path) == (method, route))

    @property
    def limited(self) -> int:
        """The number of requests that were answered with 429."""
        return sum(count for (_, _, status), count in self.answers.items() if status == LIMITED)

    def to_json(self) -> JSON:
        """Return all counts for a report: requests by route and status, and the pace of each channel."""
        routes: dict[str, dict[str, int]] = {}
        for (method, route, status), count in sorted(self.answers.items()):
            routes.setdefault(f"{method} {route}", {})[str(status)] = count
        channels = {
            str(channel_id): {
                "requests": pace.requests,
                "limited": pace.limited,
                "busiest_second": pace.busiest_second,
            }
            for channel_id, pace in self.channels.items()
        }
        return {"routes": routes, "limited": self.limited, "channels": channels}
