"""One worker for everything that is due at some time: it sleeps until the next deadline, claims it, and runs its
handler.

These loops remain, and poll:

| what | why no deadline can wake it |
|---|---|
| asking for the time | a clock that jumps tells nobody |
| checking the books, probing them, checking the health | damage, and a writer that hangs, tell nobody |
| keeping missed receipts | gathers what replies have shown; what other bots have kept tells nobody |
| announcing gifts | a commit of this process wakes it; a commit of another bot, or an attempt that failed, does not |
| refreshing live boards | sleeps until a board's own time; gifts that went through another bot tell nobody |
| settling payments | sleeps until an event is due; an event has no guild before its provider has been asked |
| reconciling payments | asks providers for what they did not tell |
"""

import asyncio
import logging
import math
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Protocol

from bot.domain.deadlines import CLAIM_MS, Claim, Deadline, DeadlineKind, Outlook
from bot.domain.errors import Refusal
from bot.unhurried import unhurried

log = logging.getLogger(__name__)

LONGEST_REST_S = 5.0
"""The longest time between two looks: another bot may have set a deadline, and the clock may have been corrected."""

LOOK_AGAIN_MS = 1_000
"""The time between two looks while more is due than can be started. After a start, every guild has something due."""

MOST_OF_A_KIND = 128
"""Deadlines of one kind that are handled at a time. If more were claimed, their claims would have to be renewed while
they wait. Once half of them are finished, the next ones are claimed together."""

RENEW_MS = CLAIM_MS * 2 // 3
"""A claim is renewed when it lasts no longer than this."""

AGAIN_MS = 30_000
"""How much later a deadline is tried again if its handler failed …"""

REFUSED_MS = 5_000
"""… and if it found the books closed or busy, or the time in doubt, which is not its fault."""

Handler = Callable[[Deadline], Awaitable[int | None]]
"""Handles a deadline; returns when it is due again, in milliseconds since the epoch, or None if it is not.

It may be cut off anywhere and started again, so its effect must be right however often and however late it runs.
"""

_Key = tuple[int, DeadlineKind, int]


class Queue(Protocol):
    """The deadlines of all guilds. `is_shared` says whether other bots may claim them, too."""

    is_shared: bool

    async def outlook(self, now_ms: int) -> Outlook:
        """Return what is due, claimed or not, and when the next deadline is."""
        ...

    async def claim(self, due: Collection[Deadline], now_ms: int) -> list[Claim]:
        """Claim those that are still due and that no other bot has claimed."""
        ...

    async def renew(self, claims: Collection[Claim], now_ms: int) -> list[Claim]:
        """Renew claims; return those that are still this bot's."""
        ...

    async def finish(self, outcomes: Sequence[tuple[Claim, int | None]]) -> None:
        """Give claims up. Each comes with the time at which it is due again, None for never."""
        ...

    async def release_all(self) -> None:
        """Give up the claims of processes that have ended."""
        ...


class Deadlines:
    """Runs the handlers of deadlines, each in a task of its own, in the guilds that this process `reaches`.

    `clock` gives milliseconds since the epoch, UTC, and raises ClockDoubtful while nothing may happen. `wake` is called
    when `fire` has something to do before the time that it has returned.
    """

    def __init__(
        self,
        queue: Queue,
        clock: Callable[[], int],
        reaches: Callable[[int], bool],
        *,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._queue = queue
        self._clock = clock
        self._reaches = reaches
        self.wake = wake
        self._handlers: dict[DeadlineKind, Handler] = {}
        self._claims: dict[_Key, Claim] = {}
        self._tasks: dict[_Key, asyncio.Task[int | None]] = {}
        self._due: list[Deadline] = []
        self._looked_ms = -math.inf
        self._next_ms = math.inf
        self._is_new = True

    def on(self, kind: DeadlineKind, handler: Handler) -> None:
        """Register the `handler` of one kind of deadlines."""
        self._handlers[kind] = handler

    def hear(self, at_ms: int) -> None:
        """Note that a transaction of this process has set a deadline."""
        if at_ms < self._next_ms:
            self.wake()

    async def fire(self) -> float:
        """Start what is due without waiting for it. Return for how many seconds there is nothing to do."""
        now_ms = self._clock()
        if self._is_new and not self._queue.is_shared:
            await self._queue.release_all()
        self._is_new = False
        await self._finish()
        await self._renew(now_ms)
        if not self._due or not 0 <= now_ms - self._looked_ms < LOOK_AGAIN_MS:
            await self._look(now_ms)
        batch = self._next_batch()
        # They may have changed since the look. Only those that are still due can be claimed.
        for claim in await self._queue.claim(batch, now_ms) if batch else ():
            self._begin(claim)
        # The rest is started when others finish, which wakes this worker. The next look finds what is new.
        rest_ms = (self._looked_ms + LOOK_AGAIN_MS if self._due else self._next_ms) - now_ms
        return max(rest_ms, 0) / 1_000

    async def stop(self) -> None:
        """Stop at once. What was not finished is due at once for the next process."""
        tasks = [*self._tasks.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._finish()

    async def _look(self, now_ms: int) -> None:
        """Find out what is due, and when there is more."""
        # Until the next deadline is known, any new one may be it.
        self._next_ms = math.inf
        outlook = await self._queue.outlook(now_ms)
        self._looked_ms = now_ms
        self._due = [deadline for deadline, until_ms in outlook.due if until_ms <= now_ms and self._takes(deadline)]
        expiries = [until_ms for _, until_ms in outlook.due if until_ms > now_ms]
        self._next_ms = min([now_ms + LONGEST_REST_S * 1_000, *expiries, *filter(None, [outlook.next_ms])])

    def _next_batch(self) -> list[Deadline]:
        """Take as many of the due deadlines as can be handled now, the oldest first. The others stay."""
        counts = Counter(kind for _, kind, _ in self._tasks)
        full_kinds = {kind for kind, count in counts.items() if count > MOST_OF_A_KIND // 2}
        batch: list[Deadline] = []
        leftovers: list[Deadline] = []
        for deadline in self._due:
            counts[deadline.kind] += 1
            has_room = deadline.kind not in full_kinds and counts[deadline.kind] <= MOST_OF_A_KIND
            (batch if has_room else leftovers).append(deadline)
        self._due = leftovers
        return batch

    def _takes(self, deadline: Deadline) -> bool:
        return deadline.key not in self._tasks and deadline.kind in self._handlers and self._reaches(deadline.guild_id)

    def _begin(self, claim: Claim) -> None:
        deadline = claim.deadline
        handling = self._handle(self._handlers[deadline.kind], claim)
        with unhurried():
            task = asyncio.create_task(handling, name=f"{deadline.kind} {deadline.subject}")
        self._claims[deadline.key], self._tasks[deadline.key] = claim, task
        task.add_done_callback(lambda _: self.wake())

    async def _handle(self, handler: Handler, claim: Claim) -> int | None:
        deadline = claim.deadline
        try:
            return await handler(deadline)
        except Refusal as refusal:
            log.warning("%s of guild %s has to wait: %r", deadline.kind, deadline.guild_id, refusal)
            return claim.claimed_ms + REFUSED_MS
        except Exception:
            log.exception("%s %s of guild %s failed", deadline.kind, deadline.subject, deadline.guild_id)
            return claim.claimed_ms + AGAIN_MS

    async def _renew(self, now_ms: int) -> None:
        aging = [claim for claim in self._claims.values() if claim.until_ms - now_ms < RENEW_MS]
        if not aging:
            return
        renewed = {claim.deadline.key: claim for claim in await self._queue.renew(aging, now_ms)}
        for key in [claim.deadline.key for claim in aging]:
            if key in renewed:
                self._claims[key] = renewed[key]
            else:
                # This process was so slow that the claim expired, and another bot acts now.
                del self._claims[key]
                self._tasks[key].cancel()

    async def _finish(self) -> None:
        outcome_tasks = {key: task for key, task in self._tasks.items() if task.done()}
        claims = {key: self._claims[key] for key in outcome_tasks if key in self._claims}
        outcomes = [(claim, _outcome(outcome_tasks[key], claim)) for key, claim in claims.items()]
        if outcomes:
            await self._queue.finish(outcomes)
        for key in outcome_tasks:
            self._claims.pop(key, None)
            del self._tasks[key]


def _outcome(task: "asyncio.Task[int | None]", claim: Claim) -> int | None:
    return claim.deadline.at_ms if task.cancelled() else task.result()
