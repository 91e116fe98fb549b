"""Work that no member waits for, and turns for it, so that what members wait for need not queue behind all of it.

After a start, and when much falls due at once, each guild has questions for those that read the books, and jobs for the
one that writes them. Where a process serves hundreds of guilds, a gift that came behind all of them took a minute.
"""

import asyncio
from collections.abc import Generator
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any, Final

AT_ONCE: Final = 8
"""So many jobs that nobody waits for may be in front of a gift."""

READS_AT_ONCE: Final = 2
"""So many reads that nobody waits for may be on their way, fewer than there are connections for members."""

_IS_UNHURRIED: ContextVar[bool] = ContextVar("is_unhurried", default=False)


@contextmanager
def unhurried() -> Generator[None]:
    """Mark the tasks that are begun within, and whatever those begin."""
    with _marked(True):
        yield


@contextmanager
def hurried() -> Generator[None]:
    """Let the tasks that are begun within take no turns: somebody may wait for them who did not begin them."""
    with _marked(False):
        yield


@contextmanager
def _marked(value: bool) -> Generator[None]:
    token = _IS_UNHURRIED.set(value)
    try:
        yield
    finally:
        _IS_UNHURRIED.reset(token)


def is_unhurried() -> bool:
    """Whether nobody waits for the task that asks."""
    return _IS_UNHURRIED.get()


class Turns:
    """Turns for unhurried work, so many `at_once`, in the order in which it comes."""

    def __init__(self, at_once: int) -> None:
        self._semaphore = asyncio.Semaphore(at_once)

    def turn(self) -> AbstractAsyncContextManager[Any]:
        """Return a block that waits for a turn if nobody waits for this task. Other tasks need none."""
        return self._semaphore if _IS_UNHURRIED.get() else nullcontext()
