"""What waits for the writer: commands, which share a commit, and jobs, which have one each."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection

from bot.domain.ledger import KINDS
from bot.domain.ledger.kinds import Command
from bot.domain.receipts import Receipt
from bot.storage.ledger.batch_cache import cache_of

log = logging.getLogger(__name__)

T = TypeVar("T")
Listener = Callable[[Mapping[int, Sequence[Receipt]]], None]


class Submission(NamedTuple):
    """A command, the future of its receipt, and when it was submitted by the event loop's clock."""

    command: Command
    answer: asyncio.Future[Receipt]
    since_s: float


class Job(NamedTuple):
    """A job, the future of its result, and when it was submitted by the event loop's clock."""

    run: Callable[[Connection], Any]
    answer: asyncio.Future[Any]
    since_s: float


def fail(answer: asyncio.Future[Any], error: Exception) -> None:
    """Fail an answer that is still open."""
    if not answer.done():
        answer.set_exception(error)


def tell(listeners: Iterable[Listener], new_receipts: Mapping[int, Sequence[Receipt]]) -> None:
    """Call `listeners` with the new receipts of each guild. A listener that fails does not stop the next one."""
    for listener in listeners:
        try:
            listener(new_receipts)
        except Exception:
            log.exception("A listener failed after a commit for guilds %s", [*new_receipts])


def run_job(connection: Connection, job: Callable[..., T], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> T:
    """Run a job. Clear the cache first, because a job may change anything that is in it."""
    cache_of(connection).forget()
    return job(connection, *args, **kwargs)


async def await_arrivals(queue: deque[Submission | Job]) -> None:
    """If several wait already, wait for those on their way as well: all that are in a commit share its cost.

    That takes two turns of the event loop: in the first, what has arrived from Discord gets a task, and in the second,
    that task submits its gift. A caller who is alone is not kept waiting.
    """
    if len(queue) > 1:
        for _ in range(2):
            await asyncio.sleep(0)


def take(queue: deque[Submission | Job], most: int) -> list[Submission] | Job:
    """Take the next job off the queue, or up to `most` commands that follow each other.

    A command that must be the first of its batch begins another one.
    """
    item = queue.popleft()
    if isinstance(item, Job):
        return item
    batch = [item]
    while queue and len(batch) < most:
        next_item = queue[0]
        if isinstance(next_item, Job) or KINDS[next_item.command.kind].is_first:
            break
        batch.append(next_item)
        queue.popleft()
    return batch
