"""Small facts that outlive the process, such as the hash of the command tree that was synced last."""

from sqlalchemy import Connection, select

from bot.storage.rows import insert_new, upsert
from bot.storage.tables import marks


def get(c: Connection, name: str) -> str | None:
    """Return a fact, None if it was never put."""
    return c.execute(select(marks.c.value).where(marks.c.name == name)).scalar_one_or_none()


def put_new(c: Connection, name: str, value: str) -> None:
    """Keep a fact unless there is one of that name."""
    insert_new(c, marks, {"name": name, "value": value})


def put(c: Connection, name: str, value: str) -> None:
    """Keep a fact, in place of the one of that name."""
    upsert(c, marks, {"name": name, "value": value})
