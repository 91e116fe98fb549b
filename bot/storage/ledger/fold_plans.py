"""Has a child process work out the slices of a flood, one at a time, while the writer goes on booking."""

import asyncio
import logging
import math
import pickle
from collections.abc import Sequence
from functools import partial

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


class Planner:
    """Plans slices in a child process, which starts with the first one. `command` runs `bot.storage.folds.child`."""

    def __init__(self, command: Sequence[str], apply: ApplyPlan, *, patience_s: float = PATIENCE_S) -> None:
        self._child = ChildProcess(command, limit_s=LIMIT_S)
        self._apply = apply
        self._patience_s = patience_s
        self._guild_id = 0
        self._task: asyncio.Task[bytes | None] | None = None
        self._warm_pid: int | None = None
        self._resumes_s = 0.0

    @property
    def is_free(self) -> bool:
        """Whether a plan can be begun."""
        return self._task is None and asyncio.get_running_loop().time() >= self._resumes_s

    @property
    def ready_guild(self) -> int | None:
        """The guild whose plan is ready, None while there is none."""
        return self._guild_id if self._task is not None and self._task.done() else None

    @property
    def pid(self) -> int | None:
        """The id of the process, None while there is none."""
        return self._child.pid

    def begin(self, guild_id: int, now_ms: int | None) -> None:
        """Begin to plan a guild's next slice. The planner must be free."""
        self._guild_id = guild_id
        self._task = asyncio.create_task(self._plan(guild_id, now_ms), name="fold plan")

    async def fold(self, transactions: Transactions, guild_id: int) -> Progress | None:
        """Wait for a guild's plan, and apply it. Return how far the guild is folded then.

        None if there is no plan that still holds. Whatever keeps it from being written is raised.
        """
        task = self._task
        if task is None or self._guild_id != guild_id:
            return None
        # A process that has just been started may take a second, in which nobody waits for it.
        if not task.done() and self._is_warm:
            await asyncio.wait([task], timeout=self._patience_s)
            if not task.done():
                self._warm_pid = None
                self._pause()
        if not task.done():
            return None
        self._task = None
        if task.cancelled() or (plan := task.result()) is None:
            return None
        return await transactions.run(partial(self._apply, guild_id=guild_id, plan=plan))

    async def close(self) -> None:
        """Give up the plan that is under way, and end the process. The writer may go on: it folds without plans."""
        self._resumes_s = math.inf
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
        await self._child.close()

    def _pause(self) -> None:
        self._resumes_s = max(self._resumes_s, asyncio.get_running_loop().time() + _PAUSE_S)

    @property
    def _is_warm(self) -> bool:
        return self._warm_pid is not None and self._child.pid == self._warm_pid

    async def _plan(self, guild_id: int, now_ms: int | None) -> bytes | None:
        request = pickle.dumps((guild_id, PLAN_ROWS, now_ms), pickle.HIGHEST_PROTOCOL)
        try:
            outcome, content = await self._child.ask(request)
        except ChildClosed:
            return None
        except (ChildEnded, TimeoutError) as error:
            self._pause()
            log.warning("The process that plans folds gave no answer, so the writer folds without it: %r", error)
            return None
        self._warm_pid = self._child.pid
        if outcome == PLANNED:
            return content
        if outcome != UNPLANNED:
            # If rows are to blame, the writer meets the same, and says more.
            self._pause()
            log.warning("A slice of guild %s cannot be planned, so the writer folds it: %s", guild_id, content.decode())
        return None
