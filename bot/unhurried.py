"""Work that no member waits for takes turns, so that gifts need not queue behind all of it.

After a start, and whenever a lot is due at once, every guild has something to read from the books and to write to them.
In a process that serves hundreds of guilds, a gift that queued behind all of that took a minute.
"""

import asyncio
from collections.abc import Generator
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any, Final

AT_ONCE: Final = 8
"""The most jobs that nobody waits for in front of a gift."""

READS_AT_ONCE: Final = 2
"""The most reads that nobody waits for at the same time. The other connections are left to members."""

_IS_UNHURRIED: ContextVar[bool] = ContextVar("is_unhurried", default=False)


@contextmanager
def unhurried() -> Generator[None]:
    """Mark the tasks that are created in this block, and the tasks that those create."""
    with _marked(True):
        yield


@contextmanager
def hurried() -> Generator[None]:
    """Let the tasks that are created in this block take no turns, because somebody else may wait for them."""
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
    """Whether nobody waits for the current task."""
    return _IS_UNHURRIED.get()


class Turns:
    """Gives turns to unhurried work in the order in which it comes, and at most `at_once` at the same time."""

    def __init__(self, at_once: int) -> None:
        self._semaphore = asyncio.Semaphore(at_once)

    def turn(self) -> AbstractAsyncContextManager[Any]:
        """Return a block that waits for a turn if the current task is unhurried. Other tasks need no turn."""
        return self._semaphore if _IS_UNHURRIED.get() else nullcontext()
