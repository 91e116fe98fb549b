"""Has a child process work out the slices of a flood, one at a time, while the writer goes on booking."""

import asyncio
import logging
import math
import pickle
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from bot.child_process import ChildClosed, ChildEnded, ChildProcess
from bot.storage.connect.transactions import Transactions
from bot.storage.ledger.fold_steps import PLANNED, UNPLANNED, ApplyPlan, Progress

log = logging.getLogger(__name__)

PLAN_ROWS = 2_000
"""Rows of a planned slice. The writer takes less than a twentieth of a second to write them."""

LIMIT_S = 20.0
"""Seconds that a plan may take, with the start of the process, on a machine that has little time for it."""

PATIENCE_S = 0.5
"""Seconds that gifts may wait for a plan, which is ten times what it usually takes."""

_PAUSE_S = 60.0
"""Seconds without plans after the process has failed, or was too slow."""


class _Plan(NamedTuple):
    """A plan that is under way, or that waits to be applied. Its task returns None if the writer has to fold."""

    guild_id: int
    task: asyncio.Task[bytes | None]


class Planner:
    """Plans slices in a child process, which starts with the first one. `command` runs `bot.storage.folds.child`.

    It has one plan at a time. It makes none for _PAUSE_S after the process has failed or was too slow. `now_s` tells
    the time in seconds.
    """

    def __init__(
        self,
        command: Sequence[str],
        apply: ApplyPlan,
        *,
        patience_s: float = PATIENCE_S,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._child = ChildProcess(command, limit_s=LIMIT_S)
        self._apply = apply
        self._patience_s = patience_s
        self._now_s = now_s
        self._plan: _Plan | None = None
        self._resumes_s = -math.inf

    @property
    def is_free(self) -> bool:
        """Whether a plan can be begun."""
        return self._plan is None and not self._is_pausing

    @property
    def ready_guild(self) -> int | None:
        """The guild whose plan is ready, None while there is none."""
        return self._plan.guild_id if self._plan is not None and self._plan.task.done() else None

    @property
    def pid(self) -> int | None:
        """The id of the process, None while there is none."""
        return self._child.pid

    def begin(self, guild_id: int, now_ms: int | None) -> None:
        """Begin to plan a guild's next slice. The planner must be free."""
        task = asyncio.create_task(self._ask(guild_id, now_ms), name="fold plan")
        self._plan = _Plan(guild_id, task)

    async def fold(self, transactions: Transactions, guild_id: int) -> Progress | None:
        """Wait for a guild's plan, and apply it. Return how far the guild is folded then.

        None if there is no plan that still holds, or if it cannot be written.
        """
        plan = self._plan
        if plan is None or plan.guild_id != guild_id:
            return None
        if not await self._is_in_time(plan):
            return None
        self._plan = None
        if plan.task.cancelled() or (content := plan.task.result()) is None:
            return None
        try:
            return await transactions.run(partial(self._apply, guild_id=guild_id, plan=content))
        except Exception as error:  # noqa: BLE001 - the writer meets the same if it is not the plan's fault
            self._pause()
            log.warning("A plan of guild %s cannot be written, so the writer folds without it: %r", guild_id, error)
            return None

    async def close(self) -> None:
        """Give up the plan that is under way, and end the process. The writer may go on: it folds without plans."""
        self._resumes_s = math.inf
        plan, self._plan = self._plan, None
        if plan is not None:
            plan.task.cancel()
        await self._child.close()

    async def _is_in_time(self, plan: _Plan) -> bool:
        """Wait for a plan as long as gifts may wait. Return whether it is there."""
        # A process that has just been started may take a second, in which nobody waits for it.
        if not plan.task.done() and self._child.has_answered and not self._is_pausing:
            await asyncio.wait([plan.task], timeout=self._patience_s)
            if not plan.task.done():
                self._pause()
        return plan.task.done()

    @property
    def _is_pausing(self) -> bool:
        return self._now_s() < self._resumes_s

    def _pause(self) -> None:
        self._resumes_s = max(self._resumes_s, self._now_s() + _PAUSE_S)

    async def _ask(self, guild_id: int, now_ms: int | None) -> bytes | None:
        request = pickle.dumps((guild_id, PLAN_ROWS, now_ms), pickle.HIGHEST_PROTOCOL)
        try:
            outcome, content = await self._child.ask(request)
        except ChildClosed:
            return None
        except (ChildEnded, TimeoutError) as error:
            self._pause()
            log.warning("The process that plans folds gave no answer, so the writer folds without it: %r", error)
            return None
        if outcome == PLANNED:
            return content
        if outcome != UNPLANNED:
            # If rows are to blame, the writer meets the same, and says more.
            self._pause()
            log.warning("A slice of guild %s cannot be planned, so the writer folds it: %s", guild_id, content.decode())
        return None
