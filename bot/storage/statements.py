"""SQL that the writer runs all day: compiled once for each database, then run with plain tuples.

Compiling and binding through Core costs more than the statements themselves: a batch of 1,000 gifts is three times as
fast this way.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Dialect, Row, Select, Table, insert, tuple_
from sqlalchemy.dialects import postgresql, sqlite

type_of_insert = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
"""The one statement that the databases spell differently: INSERT … ON CONFLICT."""

Changes = Callable[[Any], Mapping[str, Any]]
"""From the row that was to be inserted (`excluded`) to what is set in the row that is there."""


class InsertMany:
    """Insert rows, tuples of `columns`; where a key exists, `update` its row instead, if that is given."""

    def __init__(self, columns: Sequence[Column[Any]], update: Changes | None = None) -> None:
        self._table: Table = columns[0].table  # pyright: ignore[reportAttributeAccessIssue] - columns of a Table
        self._names = [column.name for column in columns]
        self._update = update
        self._texts: dict[str, str] = {}

    def run(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Write `rows` with one statement; nothing happens for none."""
        if not rows:
            return
        dialect = connection.dialect
        text = self._texts.get(dialect.name) or self._texts.setdefault(dialect.name, self._compile(dialect))
        connection.exec_driver_sql(text, list(rows))

    def _compile(self, dialect: Dialect) -> str:
        statement = insert(self._table)
        if self._update is not None:
            upsert = type_of_insert[dialect.name](self._table)
            statement = upsert.on_conflict_do_update(
                index_elements=list(self._table.primary_key), set_=self._update(upsert.excluded)
            )
        compiled = statement.compile(dialect=dialect, column_keys=self._names)
        assert compiled.positiontup == self._names, compiled.positiontup
        return str(compiled)


class Lookup:
    """Select the rows of many keys with one statement. `select` has no parameters of its own.

    A statement is compiled for each power of two of keys, so that a handful of texts serve all batches.
    """

    def __init__(self, select: Select[*tuple[Any, ...]], key: Sequence[Column[Any]]) -> None:
        self._select = select
        self._key = key
        self._texts: dict[tuple[str, int], str] = {}

    def rows(self, connection: Connection, keys: Collection[tuple[Any, ...]]) -> Sequence[Row[*tuple[Any, ...]]]:
        """Return the rows of `keys`, tuples of the key's columns, in no order."""
        if not keys:
            return ()
        dialect = connection.dialect
        size = 1 << (len(keys) - 1).bit_length()
        text = self._texts.get((dialect.name, size))
        if text is None:
            text = self._texts[dialect.name, size] = self._compile(dialect, size)
        values = [value for key in keys for value in key]
        values += [*next(iter(keys))] * (size - len(keys))
        return connection.exec_driver_sql(text, tuple(values)).all()

    def _compile(self, dialect: Dialect, size: int) -> str:
        if len(self._key) == 1:
            statement = self._select.where(self._key[0].in_([0] * size))
        else:
            statement = self._select.where(tuple_(*self._key).in_([(0,) * len(self._key)] * size))
        return str(statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True}))
