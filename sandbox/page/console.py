"""The sandbox's own controls for all open pages: bot, storm and log."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any, Final, cast

from sandbox.storm import Storm
from sandbox.storm_plan import Counts, Plan
from sandbox.supervisor import BotProcess

log = logging.getLogger(__name__)

LOG_EVERY_SECONDS: Final = 0.15
Event = dict[str, object]


class Console:
    """Controls for the page. `new_storm` creates a storm that reports to a given function."""

    def __init__(self, new_storm: Callable[[Callable[[Event], None]], Storm]) -> None:
        self._new_storm = new_storm
        self._bot: BotProcess | None = None
        self._listeners: list[Callable[[Event], None]] = []
        self._storm: asyncio.Task[Counts] | None = None
        self._last_storm: Event = Counts().to_json(running=False, now=0.0)
        self._jobs: set[asyncio.Task[None]] = set()
        self._pending_lines: list[str] = []

    def watch(self, bot: BotProcess) -> None:
        """Set the bot process that the buttons control."""
        self._bot = bot

    def listen(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Call `listener` with every event for the page; return a function that ends this."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _tell(self, event: Event) -> None:
        for listener in tuple(self._listeners):
            listener(event)

    # The bot

    def bot_state(self) -> Event:
        """Return the state, exit code and last log lines of the process."""
        return self._bot.to_json() if self._bot else {"state": "starting", "exit_code": None, "lines": []}

    def bot_changed(self) -> None:
        """Tell the pages that the state of the process has changed."""
        self._tell({"t": "bot"})

    def log_lines(self) -> list[str]:
        """Return the lines of the bot's log that are still kept."""
        return list(self._bot.lines) if self._bot else []

    def add_line(self, line: str) -> None:
        """Queue one line of the log. Lines that follow quickly are sent together."""
        self._pending_lines.append(line)
        if len(self._pending_lines) == 1:
            asyncio.get_running_loop().call_later(LOG_EVERY_SECONDS, self._send_lines)

    def _send_lines(self) -> None:
        lines, self._pending_lines = self._pending_lines, []
        self._tell({"t": "log", "lines": lines})

    def restart_bot(self, *, kill: bool) -> None:
        """Restart the bot, after a graceful stop or SIGKILL."""
        if self._bot is not None:
            self._spawn(self._bot.restart(kill=kill))

    def _spawn(self, job: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(job)
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)

    # The storm

    def storm_state(self) -> Event:
        """Return the latest report of the current or last gift storm."""
        return self._last_storm

    def start_storm(self, plan: Plan) -> None:
        """Start a gift storm, unless one is running."""
        if self._storm is not None and not self._storm.done():
            return
        self._storm = asyncio.create_task(self._run_storm(plan), name="gift storm")

    def stop_storm(self) -> None:
        """Stop the gift storm, if one is running."""
        if self._storm is not None:
            self._storm.cancel()

    async def _run_storm(self, plan: Plan) -> Counts:
        storm = self._new_storm(self._report)
        note = ""
        try:
            await storm.run(plan)
        except asyncio.CancelledError:
            note = "stopped"
        except Exception as error:  # noqa: BLE001 - whatever it was, the page says it and the sandbox goes on
            log.warning("the storm ended early: %r", error)
            note = f"ended early: {_reason(error)}"
        self._report(storm.counts.to_json(running=False, now=time.monotonic(), note=note))
        return storm.counts

    def _report(self, event: Event) -> None:
        self._last_storm = event
        self._tell(event)

    async def close(self) -> None:
        """Stop the storm and wait for all tasks to end."""
        self.stop_storm()
        running: list[asyncio.Task[Any]] = [*self._jobs, *([self._storm] if self._storm else [])]
        await asyncio.gather(*running, return_exceptions=True)


def _reason(error: BaseException) -> str:
    """Return the message of an error or, for a group, of its first error."""
    inner: BaseException = error
    while isinstance(inner, BaseExceptionGroup):
        inner = cast("BaseExceptionGroup[BaseException]", inner).exceptions[0]
    return str(inner) or type(inner).__name__
