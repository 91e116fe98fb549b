"""How a transaction tells its writer that it has set a deadline, even if it runs in another process.

The earliest time is noted on the connection. The writer takes it together with the result, so that no caller has to
remember to wake anybody.
"""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

T = TypeVar("T")

_EARLIEST = "earliest_deadline_ms"


def note(c: Connection, at_ms: int) -> None:
    """Note that the transaction has set a deadline."""
    c.info[_EARLIEST] = min(at_ms, c.info.get(_EARLIEST, at_ms))


def run(c: Connection, work: Callable[[Connection], T]) -> tuple[T, int | None]:
    """Run `work`; return its result, and the earliest deadline that it has set, None without any."""
    c.info.pop(_EARLIEST, None)
    value = work(c)
    return value, c.info.pop(_EARLIEST, None)
