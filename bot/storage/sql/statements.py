"""Frequent SQL, compiled once for each database and run on the driver's cursor with plain tuples.

Converting values and rows in Core costs more than most of these statements do. Because Core is bypassed, errors are
those of the driver.
"""

import contextlib
import re
from collections.abc import Callable, Collection, Generator, Mapping, Sequence, Set
from itertools import chain
from typing import Any, cast

from sqlalchemy import (
    Column,
    CompoundSelect,
    Connection,
    Delete,
    Dialect,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    column,
    delete,
    insert,
    update,
)
from sqlalchemy import values as values_of_rows
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import DBAPICursor

MOST_KEYS = 4_096
"""The most keys that one statement looks up. Databases accept some 32,000 parameters, and a key has up to five
parts."""

Changes = Callable[[Any], Mapping[str, Any]]
"""A function from the row that could not be inserted (`excluded`) to the values to set in the existing row."""


def cursor_of(connection: Connection) -> DBAPICursor:
    """Return the connection's driver cursor, which is kept for its lifetime: opening one is a trip to its thread."""
    cursor: DBAPICursor | None = connection.info.get("cursor")
    if cursor is None:
        cursor = connection.info["cursor"] = connection.connection.cursor()
    return cursor


@contextlib.contextmanager
def using_cursor(connection: Connection, cursor: DBAPICursor) -> Generator[None]:
    """Run statements of this module on another cursor, for the length of the block."""
    own = cursor_of(connection)
    connection.info["cursor"] = cursor
    try:
        yield
    finally:
        connection.info["cursor"] = own


def insert_or(dialect: str, table: Table) -> sqlite.Insert:
    """Return an INSERT with ON CONFLICT, the only statement that the two databases spell differently."""
    if dialect == "postgresql":
        # Imported only when needed: books in a file do without 2 MiB of this. Its INSERT has the same methods.
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415

        return cast("sqlite.Insert", postgresql.insert(table))
    return sqlite.insert(table)


class InsertMany:
    """Insert rows, which are tuples of `columns`. If `update` is given, it changes the row of a key that exists."""

    def __init__(self, columns: Sequence[Column[Any]], update: Changes | None = None) -> None:
        self._table = _table_of(columns[0])
        self._names = [column.key for column in columns]
        self._update = update
        self._texts: dict[str, str] = {}

    def run(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Write `rows` with one statement. Without rows, do nothing."""
        if not rows:
            return
        dialect = connection.dialect
        text = self._texts.get(dialect.name) or self._texts.setdefault(dialect.name, self._compile(dialect))
        if dialect.name == "postgresql":
            cursor_of(connection).execute(text, [list(values) for values in zip(*rows, strict=True)])
        else:
            cursor_of(connection).executemany(text, rows)

    def _compile(self, dialect: Dialect) -> str:
        statement = insert(self._table)
        if self._update is not None:
            upsert = insert_or(dialect.name, self._table)
            statement = upsert.on_conflict_do_update(
                index_elements=list(self._table.primary_key), set_=self._update(upsert.excluded)
            )
        compiled = statement.compile(dialect=dialect, column_keys=self._names)
        assert compiled.positiontup == self._names, compiled.positiontup
        return _with_arrays(str(compiled)) if dialect.name == "postgresql" else str(compiled)


def _with_arrays(text: str) -> str:
    """Return an INSERT that takes one array per column. Otherwise rows would go to PostgreSQL one after the other."""
    before, row, after = re.split(r"VALUES \(([^)]*)\)", text, maxsplit=1)
    arrays = ", ".join(f"{value}[]" for value in row.split(", "))
    return f"{before}SELECT * FROM unnest({arrays}){after}"  # noqa: S608 - made of what SQLAlchemy compiled


class ChangeMany:
    """Run `change` on the row of each key: an UPDATE or DELETE of a table, whose parameters are named by `names`."""

    def __init__(self, change: Update | Delete, key: Sequence[Column[Any]], names: Sequence[str] = ()) -> None:
        self._change = change.where(*(part == bindparam(f"key_{part.name}", type_=part.type) for part in key))
        self._names = [*names, *(f"key_{part.name}" for part in key)]
        self._texts: dict[str, str] = {}

    def run(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Run the change for `rows`, which are tuples of its own parameters and of the key."""
        if not rows:
            return
        dialect = connection.dialect
        text = self._texts.get(dialect.name) or self._texts.setdefault(dialect.name, self._compile(dialect))
        cursor_of(connection).executemany(text, rows)

    def _compile(self, dialect: Dialect) -> str:
        compiled = self._change.compile(dialect=dialect)
        assert compiled.positiontup == self._names, compiled.positiontup
        return str(compiled)


def add_many(column: Column[Any], key: Sequence[Column[Any]]) -> ChangeMany:
    """Return the statement that adds to `column`: rows are the number to add, then the key."""
    more = bindparam("more", type_=column.type)
    return ChangeMany(update(_table_of(column)).values({column: column + more}), key, ["more"])


def delete_many(key: Sequence[Column[Any]]) -> ChangeMany:
    """Return the statement that deletes the rows of keys."""
    return ChangeMany(delete(_table_of(key[0])), key)


def _table_of(column: Column[Any]) -> Table:
    table = column.table
    assert isinstance(table, Table)
    return table


class Lookup:
    """Select the rows of many keys with one statement. `select` must not have parameters of its own.

    Statements are compiled for powers of two of keys, so that a few of them serve all batches. More than MOST_KEYS keys
    take several statements. With `lock`, where several processes may write, rows are locked in the order of their keys
    until the transaction ends.
    """

    def __init__(self, select: Select[*tuple[Any, ...]], key: Sequence[Column[Any]], *, lock: bool = False) -> None:
        self._select = select
        self._key = key
        self._lock = lock
        self._texts: dict[tuple[str, int], str] = {}

    def rows(self, connection: Connection, keys: Collection[tuple[Any, ...]]) -> Sequence[Any]:
        """Return the rows of `keys`, which are tuples of the key's columns, in no particular order."""
        if not keys:
            return ()
        # Keys must be unique, because the join would return a row once per duplicate.
        unique_keys = [*keys] if isinstance(keys, Set) else [*{*keys}]
        if len(unique_keys) <= MOST_KEYS:
            return self._rows(connection, unique_keys)
        if self._lock:
            unique_keys.sort()
        chunks = (unique_keys[start : start + MOST_KEYS] for start in range(0, len(unique_keys), MOST_KEYS))
        return [row for chunk in chunks for row in self._rows(connection, chunk)]

    def _rows(self, connection: Connection, keys: Sequence[tuple[Any, ...]]) -> Sequence[Any]:
        size = 1 << (len(keys) - 1).bit_length()
        # Pad with NULL, which equals nothing.
        parameters = [*chain.from_iterable(keys)]
        parameters += [None] * (size * len(self._key) - len(parameters))
        cursor = cursor_of(connection)
        cursor.execute(self.text_for(connection.dialect, size), parameters)
        return cursor.fetchall()

    def text_for(self, dialect: Dialect, size: int) -> str:
        """Return the statement for `size` keys, compiled on first use."""
        text = self._texts.get((dialect.name, size))
        if text is None:
            text = self._texts[dialect.name, size] = self._compile(dialect, size)
        return text

    def _compile(self, dialect: Dialect, size: int) -> str:
        # A join, because SQLite 3.40 answers `(a, b) IN (VALUES …)` by reading the whole table.
        names = [column(part.name, part.type) for part in self._key]
        keys = values_of_rows(*names, name="keys").data([(0,) * len(names)]).cte("keys")
        same = [part == keys.c[part.name] for part in self._key]
        query = self._select.join(keys, and_(*same))
        if self._lock and dialect.name == "postgresql":
            table: Any = self._key[0].table
            query = query.order_by(*table.primary_key).with_for_update(of=table)
        return _repeated(str(query.compile(dialect=dialect)), size, len(names))


def _repeated(text: str, times: int, parameters: int) -> str:
    """Repeat the only row of VALUES, which has `parameters` parameters, `times` times in a statement.

    With 512 keys, compiling the full statement with SQLAlchemy would keep everybody waiting for 40 ms.
    """
    before, row, after = re.split(r"VALUES \(([^)]*)\)", text, maxsplit=1)

    def numbered(copy: int) -> str:
        return re.sub(r"\$(\d+)", lambda match: f"${int(match[1]) + copy * parameters}", row)

    return f"{before}VALUES {', '.join(f'({numbered(copy)})' for copy in range(times))}{after}"


class Query:
    """Any SELECT with named parameters. Those without a value of their own are given to `rows`."""

    def __init__(self, select: Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]) -> None:
        self._select = select
        self._compiled: dict[str, tuple[str, Sequence[str], Mapping[str, Any]]] = {}

    def rows(self, connection: Connection, **values: int | str) -> Sequence[tuple[Any, ...]]:
        """Return the rows for `values`, the values of parameters by name."""
        dialect = connection.dialect
        if dialect.name not in self._compiled:
            self._compiled[dialect.name] = self._compile(dialect)
        text, names, defaults = self._compiled[dialect.name]
        cursor = cursor_of(connection)
        cursor.execute(text, [values[name] if name in values else defaults[name] for name in names])
        return cursor.fetchall()

    def _compile(self, dialect: Dialect) -> tuple[str, Sequence[str], Mapping[str, Any]]:
        compiled = self._select.compile(dialect=dialect)
        return str(compiled), [*(compiled.positiontup or ())], dict(compiled.params)
