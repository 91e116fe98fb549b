"""How the bot stops: in order, and within a limit. Whatever hangs, the process ends, and logs why, before its service
manager kills it."""

import asyncio
import logging
import os
import threading
from collections.abc import Callable, Sequence

from bot import unseen_receipts
from bot.client import Rosette
from bot.exit_codes import Exit
from bot.payments.provider import Provider
from bot.storage.connect.writer_process import ProcessTransactions
from bot.storage.database import Database
from bot.web.server import WebServer
from bot.workers import Worker

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


async def close(
    client: Rosette,
    gateway: asyncio.Task[None],
    web: WebServer,
    workers: Sequence[Worker],
    providers: Sequence[Provider],
    database: Database,
) -> int:
    """Accept nothing new, finish and answer what was accepted, then close everything.

    Return how many commands were left unfinished by a writer that hangs.
    """
    client.is_closing = True
    await web.stop()
    await client.wait_for_answers(timeout_s=2)
    unsettled = await database.writer.drain()
    if unsettled:
        log.critical("The writer does not answer, so the bot stops. %d commands were not finished.", unsettled)
        await database.writer.abandon()
    await unseen_receipts.save(client.services)
    # The gateway may still be logging in, and would start the workers after they were stopped.
    gateway.cancel()
    await asyncio.gather(gateway, return_exceptions=True)
    for worker in workers:
        await worker.stop()
    await client.close()
    await client.services.pictures.close()
    for provider in providers:
        await provider.close()
    log.info("Stopped")
    return unsettled
