"""How checks read: rows one after the other, never a table at once, on either database."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, text

Tick = Callable[[int], None]
"""Hears how many rows were read since it was last called."""

Seen = Iterator[tuple[int, str]]
"""What does not add up: the row of the journal that it is about, 0 for none, and a sentence."""

EVERY = 10_000
"""Rows between two ticks."""

MOST = 1_000
"""Findings of one task that are told; a broken table would tell millions."""


def rows(c: Connection, query: str, **values: int | str) -> Iterator[Any]:
    """Yield the rows of `query`, whose parameters are written `:name`, as they are read."""
    if c.dialect.driver == "pysqlite":
        # The driver's own tuples: Core's rows would cost as much again as everything that is done with them.
        return iter(c.connection.cursor().execute(query, values))
    return iter(c.execute(text(query).execution_options(yield_per=1_000), values))


def value(c: Connection, query: str, **values: int | str) -> Any:  # noqa: ANN401 - whatever the column holds
    """Return the first column of the only row."""
    ((found, *_),) = rows(c, query, **values)
    return found
