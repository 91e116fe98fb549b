"""Work that no member waits for, and turns for it, so that what members wait for need not queue behind all of it.

After a start, and when much falls due at once, each guild has jobs for the one that writes the books. Where a process
serves hundreds of guilds, a gift that came behind all of them took a minute.
"""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import Final

AT_ONCE: Final = 8
"""So many jobs that nobody waits for may be in front of a gift."""

_IS_UNHURRIED: ContextVar[bool] = ContextVar("is_unhurried", default=False)


@contextmanager
def unhurried() -> Generator[None]:
    """Mark the tasks that are begun within, and whatever those begin."""
    token = _IS_UNHURRIED.set(True)
    try:
        yield
    finally:
        _IS_UNHURRIED.reset(token)


class Turns:
    """Turns for unhurried work, AT_ONCE of them, in the order in which it comes."""

    def __init__(self) -> None:
        self._semaphore = asyncio.Semaphore(AT_ONCE)

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """Wait for a turn if nobody waits for this task. Other tasks need none."""
        if _IS_UNHURRIED.get():
            async with self._semaphore:
                yield
        else:
            yield
