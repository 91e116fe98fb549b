"""The store of small facts that outlive the process, such as the hash of the last synced command tree."""

from sqlalchemy import Connection, select

from bot.storage.sql.rows import insert_new, upsert
from bot.storage.sql.tables import marks


def get(c: Connection, name: str) -> str | None:
    """Return the fact `name`, None if it was never stored."""
    return c.execute(select(marks.c.value).where(marks.c.name == name)).scalar_one_or_none()


def put_new(c: Connection, name: str, value: str) -> None:
    """Store a fact unless one of that name exists."""
    insert_new(c, marks, {"name": name, "value": value})


def put(c: Connection, name: str, value: str) -> None:
    """Store a fact, replacing one of that name."""
    upsert(c, marks, {"name": name, "value": value})
