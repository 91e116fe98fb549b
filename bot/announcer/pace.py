"""Whose turn it is to speak into a channel: one request after the other, as fast as Discord bears and no faster.

Discord counts what a bot asks of each channel, separately for each verb. A library that only obeys answers with a
queue: in a storm it grows without end, and what matters waits behind what does not. Here everything that the bot says
of its own accord takes a turn first. A turn goes to whoever is due first, and what is shown is put together when the
turn has come, so that waiting makes messages fuller instead of later.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from types import SimpleNamespace

import aiohttp

CHANNEL_GAP_S = 1.0
"""Least seconds from one request into a channel to the next, whatever Discord would allow beyond that."""

BOT_GAP_S = 1 / 40
"""Least seconds between any two turns: Discord takes 50 requests a second from a bot, and it also asks for things."""

KEPT = 1_000
"""Channels that are remembered before those at rest are forgotten."""

_CHANNEL = re.compile(r"/channels/(\d+)/")


class Kind(IntEnum):
    """What a turn is for. The value is how many seconds it may wait for others: who is due first goes first.

    So a large gift passes whatever waits, and nothing waits for ever.
    """

    LOUD = 0
    """An announcement of its own."""
    BOARD = 1
    """The board of a live event."""
    MERGED = 3
    """An announcement of many gifts."""
    TOTALS = 8
    """The totals below a message, pins, tidying up."""


@dataclass(slots=True)
class _Window:
    """What Discord's headers have said about one verb in one channel."""

    limit: int = 0
    length_s: float = 0.0
    opens_at: float = 0.0


@dataclass(slots=True, eq=False)
class _Waiter:
    due_at: float
    kind: Kind
    verb: str
    subject: int
    granted: asyncio.Future[None]


@dataclass(slots=True)
class _Lane:
    """One channel. `usher` is the task that gives out the turns while anybody waits."""

    next_at: float = 0.0
    taken: bool = False
    waiting: list[_Waiter] = field(default_factory=list[_Waiter])
    windows: dict[str, _Window] = field(default_factory=dict[str, _Window])
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    usher: asyncio.Task[None] | None = None

    def opens_at(self, waiter: _Waiter) -> float:
        window = self.windows.get(waiter.verb)
        return max(self.next_at, window.opens_at if window else 0.0)


class Pace:
    """The turns of all channels. `clock` counts seconds, `sleep` waits for some; both are passed in."""

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]], kept: int = KEPT) -> None:
        self._kept = kept
        self._clock = clock
        self._sleep = sleep
        self._lanes: dict[int, _Lane] = {}
        self._next_at = 0.0
        self._shut_until = 0.0

    @asynccontextmanager
    async def turn(
        self, channel_id: int, kind: Kind, *, verb: str = "POST", subject: int | None = None
    ) -> AsyncGenerator[bool]:
        """Wait until one request with `verb` may go to the channel, and hold the turn for the length of the block.

        Gives True, or at once False if somebody of the same kind waits for a turn about the same `subject` already:
        they will show what is newest when their turn comes, so there is nothing left to do.
        """
        lane = self._lane(channel_id)
        if subject is not None and any((one.kind, one.subject) == (kind, subject) for one in lane.waiting):
            yield False
            return
        granted = asyncio.get_running_loop().create_future()
        waiter = _Waiter(self._clock() + kind, kind, verb, subject or 0, granted)
        lane.waiting.append(waiter)
        lane.changed.set()
        if lane.usher is None or lane.usher.done():
            lane.usher = asyncio.create_task(self._give_turns(lane), name=f"pace of {channel_id}")
        try:
            await granted
            yield True
        finally:
            if waiter in lane.waiting:
                lane.waiting.remove(waiter)
            else:
                lane.taken = False
            lane.changed.set()

    def heard(self, verb: str, path: str, status: int, headers: Mapping[str, str]) -> None:
        """Learn from an answer of Discord: how many requests a window takes, how long it is, and what is left."""
        now = self._clock()
        if status == 429 and ("X-RateLimit-Global" in headers or "X-RateLimit-Scope" not in headers):
            # Also an answer that is not Discord's own, but of what stands before it: then nothing gets through.
            self._shut_until = now + float(headers.get("Retry-After", 1))
        found = _CHANNEL.search(path)
        lane = self._lanes.get(int(found[1])) if found else None
        if lane is None or "X-RateLimit-Remaining" not in headers:
            return
        window = lane.windows.setdefault(verb, _Window())
        limit, reset_s = int(headers["X-RateLimit-Limit"]), float(headers["X-RateLimit-Reset-After"])
        window.length_s = reset_s if limit != window.limit else max(window.length_s, reset_s)
        window.limit = limit
        left = int(headers["X-RateLimit-Remaining"])
        window.opens_at = now + (window.length_s / limit if left and status != 429 else reset_s)
        lane.changed.set()

    def trace(self) -> aiohttp.TraceConfig:
        """Return what makes a client's session report every answer to `heard`."""

        async def answered(
            _session: aiohttp.ClientSession, _context: SimpleNamespace, end: aiohttp.TraceRequestEndParams
        ) -> None:
            self.heard(end.method, end.url.path, end.response.status, end.response.headers)

        config = aiohttp.TraceConfig()
        config.on_request_end.append(answered)
        return config

    async def _give_turns(self, lane: _Lane) -> None:
        while lane.waiting:
            lane.changed.clear()
            if lane.taken:
                await lane.changed.wait()
                continue
            now = self._clock()
            ready = [waiter for waiter in lane.waiting if lane.opens_at(waiter) <= now]
            if not ready:
                await self._until(lane, min(map(lane.opens_at, lane.waiting)) - now)
            elif (wait := max(self._next_at, self._shut_until) - now) > 0:
                await self._until(lane, wait)
            else:
                self._grant(lane, min(ready, key=lambda waiter: waiter.due_at), now)

    def _grant(self, lane: _Lane, waiter: _Waiter, now: float) -> None:
        lane.waiting.remove(waiter)
        lane.taken = True
        lane.next_at = now + CHANNEL_GAP_S
        self._next_at = now + BOT_GAP_S
        # Somebody who has just been cancelled gives the turn back in a moment.
        if not waiter.granted.done():
            waiter.granted.set_result(None)

    async def _until(self, lane: _Lane, seconds: float) -> None:
        """Wait for that long, or until something about the lane has changed."""
        changed = asyncio.ensure_future(lane.changed.wait())
        slept = asyncio.ensure_future(self._sleep(seconds))
        await asyncio.wait({changed, slept}, return_when=asyncio.FIRST_COMPLETED)
        changed.cancel()
        slept.cancel()

    def _lane(self, channel_id: int) -> _Lane:
        if len(self._lanes) >= self._kept:
            now = self._clock()
            self._lanes = {one: lane for one, lane in self._lanes.items() if lane.taken or lane.next_at > now}
        return self._lanes.setdefault(channel_id, _Lane())
