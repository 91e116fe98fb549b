"""The outer limit of a stop: whatever hangs, the process ends, and logs why, before its service manager kills it."""

import asyncio
import logging
import os
import threading
from collections.abc import Callable

from bot.exit_codes import Exit
from bot.storage.connect.writer_process import ProcessTransactions

log = logging.getLogger(__name__)

STOP_S = 9.0
"""Docker kills ten seconds after it asks a process to stop, systemd ninety."""


def end_at_last(
    process: ProcessTransactions | None, *, limit_s: float = STOP_S, end: Callable[[int], None] = os._exit
) -> None:
    """End this process and the one that writes the books after `limit_s`, and log which tasks were left.

    A thread keeps the time, because the event loop itself may be what hangs.
    """
    loop = asyncio.get_running_loop()

    def give_up() -> None:
        tasks = ", ".join(sorted(task.get_name() for task in asyncio.all_tasks(loop))) or "no named task"
        log.critical("Stopping took longer than %.0f s, so the process ends now. Unfinished: %s", limit_s, tasks)
        if process is not None:
            process.kill()
        end(Exit.FAILED)

    timer = threading.Timer(limit_s, give_up)
    timer.daemon = True
    timer.start()
