"""Convert between the domain's dataclasses and rows. A field has the name of its column in Python."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import Column, Connection, Table

from bot.storage.sql.statements import insert_or


def columns_of(table: Table, kind: type[Any]) -> list[Column[Any]]:
    """Return the columns for the fields of the dataclass `kind`, in the order of the fields."""
    return [table.c[field.name] for field in fields(kind)]


def values_of(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    """Return the fields of a dataclass as the values of a row."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def upsert(connection: Connection, table: Table, values: Mapping[str, Any]) -> None:
    """Insert a row, or set all `values` in the existing row with the same key."""
    statement = insert_or(connection.dialect.name, table).values(dict(values))
    key = [column.name for column in table.primary_key]
    changes = {name: statement.excluded[name] for name in values if name not in key}
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=changes))


def insert_new(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless its key exists; return whether it was inserted."""
    statement = insert_or(connection.dialect.name, table).values(dict(values)).on_conflict_do_nothing()
    return connection.execute(statement).rowcount == 1
