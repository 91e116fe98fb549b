"""Background work that survives its failures: one loop for everything that has to look again from time to time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.domain.errors import ClockDoubtful

log = logging.getLogger(__name__)

_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 60.0


class Worker:
    """Calls `work` when woken, and at least every `interval_s` seconds. After failures it pauses, longer each time.

    `work` may return for how many seconds there is nothing to do, if that is less. `cleanup` is awaited once the loop
    has stopped. discord.py's own task loops would not do: the first exception that they do not know ends them for ever.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], Awaitable[float | None]],
        *,
        interval_s: float,
        cleanup: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.name = name
        self._cleanup = cleanup
        self._work = work
        self._interval_s = interval_s
        self._wake_event = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start the loop. It calls `work` at once."""
        self._task = asyncio.create_task(self._run(), name=self.name)

    def wake(self) -> None:
        """Call `work` soon: at once, or when the call or pause in progress is over."""
        self._wake_event.set()

    async def stop(self) -> None:
        """Cancel the loop, even in the middle of `work`, and wait until it has ended."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._cleanup is not None:
            await self._cleanup()

    async def _run(self) -> None:
        pause_s = _FIRST_PAUSE_S
        while True:
            self._wake_event.clear()
            try:
                rest_s = await self._work()
                pause_s = _FIRST_PAUSE_S
            except ClockDoubtful:
                # The clock itself has logged it, once.
                await asyncio.sleep(_FIRST_PAUSE_S)
                continue
            except (Exception, asyncio.CancelledError):
                # If nobody cancelled this task, the cancellation comes from something that `work` awaited.
                if (task := asyncio.current_task()) is not None and task.cancelling():
                    raise
                log.exception("%s failed; trying again in %.0f s", self.name, pause_s)
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
                continue
            try:
                async with asyncio.timeout(self._interval_s if rest_s is None else min(rest_s, self._interval_s)):
                    await self._wake_event.wait()
            except TimeoutError:
                pass
