"""Takes turns in posting to a channel: one request after the other, as fast as people can read, and no faster.

Discord counts a bot's requests for each channel, separately for each verb, and people stop reading long before its
limits. A library that only obeys those limits lets requests queue: in a storm the queue grows without end, and what
matters waits behind what does not. Here everything that the bot posts of its own accord first takes a turn. Turns are
taken in the order in which they are due, and a message is composed only when its turn has come, so that waiting makes
messages fuller instead of later. The order and the limits are in `bot.domain.turns`; this module keeps the waiting line
and listens to Discord's answers.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from math import isinf
from types import SimpleNamespace

import aiohttp

from bot.domain.turns import TurnKind, Turns, Waiter

__all__ = ["BOT_GAP_S", "MOST_LANES", "Pace", "TurnKind"]

BOT_GAP_S = 1 / 40
"""Least seconds between any two turns: Discord takes 50 requests a second from a bot, and it also asks for things."""

MOST_LANES = 1_000
"""Channels that are remembered before those at rest are forgotten."""

_CHANNEL = re.compile(r"/channels/(\d+)/")


@dataclass(slots=True)
class _Lane:
    """One channel. `usher` is the task that gives out the turns while anybody waits."""

    turns: Turns = field(default_factory=Turns)
    granted: dict[Waiter, asyncio.Future[None]] = field(default_factory=dict[Waiter, "asyncio.Future[None]"])
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    usher: asyncio.Task[None] | None = None


class Pace:
    """The turns of all channels. `clock` counts seconds, `sleep` waits for some; both are passed in."""

    def __init__(
        self, clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]], most_lanes: int = MOST_LANES
    ) -> None:
        self._most_lanes = most_lanes
        self._clock = clock
        self._sleep = sleep
        self._lanes: dict[int, _Lane] = {}
        self._next_at = 0.0
        self._shut_until = 0.0

    @asynccontextmanager
    async def turn(
        self, channel_id: int, kind: TurnKind, *, verb: str = "POST", subject: int | None = None
    ) -> AsyncGenerator[bool]:
        """Wait until one request with `verb` may go to the channel, and hold the turn for the length of the block.

        Gives True, or at once False if somebody of the same kind waits for a turn about the same `subject` already:
        they will show what is newest when their turn comes, so there is nothing left to do.
        """
        lane = self._lane(channel_id)
        if subject is not None and any(
            (waiter.kind, waiter.subject) == (kind, subject) for waiter in lane.turns.waiting
        ):
            yield False
            return
        waiter = lane.turns.queue(kind, verb, subject or 0, self._clock())
        granted = lane.granted[waiter] = asyncio.get_running_loop().create_future()
        lane.changed.set()
        if lane.usher is None or lane.usher.done():
            lane.usher = asyncio.create_task(self._give_turns(lane), name=f"pace of {channel_id}")
        try:
            await granted
            yield True
        finally:
            lane.turns.end(waiter, self._clock())
            del lane.granted[waiter]
            lane.changed.set()

    def recall(self, channel_id: int, ago_s: float, kind: TurnKind) -> None:
        """Count a message that an earlier process posted a number of seconds ago."""
        self._lane(channel_id).turns.note_message(self._clock() - ago_s, is_grand=kind is TurnKind.GRAND)

    def heard(self, verb: str, path: str, status: int, headers: Mapping[str, str]) -> None:
        """Learn from an answer of Discord: how many requests a window takes, how long it is, and what is left."""
        now = self._clock()
        if status == 429 and ("X-RateLimit-Global" in headers or "X-RateLimit-Scope" not in headers):
            # Also an answer that is not Discord's own, but of what stands before it: then nothing gets through.
            self._shut_until = now + float(headers.get("Retry-After", 1))
        match = _CHANNEL.search(path)
        lane = self._lanes.get(int(match[1])) if match else None
        if lane is None or "X-RateLimit-Remaining" not in headers:
            return
        limit, reset_s = int(headers["X-RateLimit-Limit"]), float(headers["X-RateLimit-Reset-After"])
        remaining = int(headers["X-RateLimit-Remaining"])
        lane.turns.note_answer(verb, limit, remaining, reset_s, now, is_refused=status == 429)
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
        while lane.turns.waiting:
            lane.changed.clear()
            now = self._clock()
            waiter, opens_at = lane.turns.next_waiter(now)
            if waiter is None:
                await self._until(lane, opens_at - now)
            elif (wait_s := max(self._next_at, self._shut_until) - now) > 0:
                await self._until(lane, wait_s)
            else:
                self._grant(lane, waiter, now)

    def _grant(self, lane: _Lane, waiter: Waiter, now: float) -> None:
        lane.turns.begin(waiter, now)
        self._next_at = now + BOT_GAP_S
        granted = lane.granted[waiter]
        # Somebody who has just been cancelled gives the turn back in a moment.
        if not granted.done():
            granted.set_result(None)

    async def _until(self, lane: _Lane, seconds: float) -> None:
        """Wait for that long, or until something about the lane has changed."""
        changed = asyncio.ensure_future(lane.changed.wait())
        if isinf(seconds):
            await changed
            return
        slept = asyncio.ensure_future(self._sleep(seconds))
        await asyncio.wait({changed, slept}, return_when=asyncio.FIRST_COMPLETED)
        changed.cancel()
        slept.cancel()

    def _lane(self, channel_id: int) -> _Lane:
        if len(self._lanes) >= self._most_lanes:
            now = self._clock()
            self._lanes = {id_: lane for id_, lane in self._lanes.items() if not lane.turns.is_at_rest(now)}
        return self._lanes.setdefault(channel_id, _Lane())
