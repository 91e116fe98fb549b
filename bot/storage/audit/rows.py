"""How checks read: row by row, never a whole table at once, on either database."""

import struct
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from sqlalchemy import Connection, text

Tick = Callable[[int], None]
"""Called with the number of rows read since the last call."""

Findings = Iterator[tuple[int, str]]
"""What does not add up, as (row, sentence) each. The row is that of the journal, or 0 if it is about none."""

TICK_ROWS = 10_000
"""Rows between two calls of `tick`."""

SENSELESS = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
"""What reading facts that make no sense raises."""

UNREADABLE = (*SENSELESS, OSError, struct.error)
"""What parsing or counting a row raises when its facts make no sense."""

MOST_FINDINGS = 1_000
"""Findings reported by one task at most. A broken table would yield millions."""


IN_ONE_PIECE = "rows are fetched in one piece"
"""Set in a connection's `info` for small books: fetching a piece at a time takes twice as many round trips."""


def rows(c: Connection, query: str, **values: int | str) -> Iterator[Any]:
    """Yield the rows of `query` as they are read. Its parameters are written `:name`."""
    if c.dialect.driver == "pysqlite":
        # The driver's own tuples: building Core's rows would cost as much again as everything done with them.
        return iter(c.connection.cursor().execute(query, values))
    statement = text(query)
    if not c.info.get(IN_ONE_PIECE):
        statement = statement.execution_options(yield_per=1_000)
    return iter(c.execute(statement, values))


def value(c: Connection, query: str, **values: int | str) -> Any:  # noqa: ANN401 - whatever the column holds
    """Return the first column of the only row of `query`."""
    ((first, *_),) = rows(c, query, **values)
    return first


class InOrder:
    """Rows in the order of the holders that they have at `holder_at`, of which each is taken once."""

    def __init__(self, rows: Iterator[tuple[int, ...]], *, holder_at: int) -> None:
        self._rows, self._holder_at = rows, holder_at
        self._next: tuple[int, ...] | None = None

    def up_to(self, last: int) -> Iterator[tuple[int, ...]]:
        """Yield the rows of holders up to `last` that were not taken before."""
        place = self._holder_at
        for row in chain(() if self._next is None else (self._next,), self._rows):
            if row[place] > last:
                self._next = row
                return
            yield row
        self._next = None
