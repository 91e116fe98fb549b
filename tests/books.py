"""Looks into a stage's database from outside, the way an auditor does: read only, with plain SQL."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def rows(database: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    """Return what a query finds in the committed state of `database`."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute(query, values).fetchall()


def one(database: Path, query: str, *values: object) -> Any:
    """Return the only value of the only row."""
    ((value,),) = rows(database, query, *values)
    return value


def gifts(database: Path, guild_id: int) -> list[tuple[int, str]]:
    """Return sequence number and key of every gift of a guild."""
    return rows(database, "SELECT seq, key FROM journal WHERE guild_id = ? AND kind = 'gift' ORDER BY seq", guild_id)


def given(database: Path, guild_id: int) -> int:
    """Return the coins of all gifts of a guild, from the journal."""
    return one(
        database,
        "SELECT coalesce(sum(json_extract(body, '$.coins')), 0) FROM journal WHERE guild_id = ? AND kind = 'gift'",
        guild_id,
    )


def ranked(database: Path, guild_id: int, board: str, period: str = "all") -> int:
    """Return the coins that a board adds up to."""
    return one(
        database,
        "SELECT coalesce(sum(s.coins), 0) FROM standings AS s JOIN ladders USING (guild_id, ladder)"
        " WHERE guild_id = ? AND board = ? AND scope = 0 AND period = ?",
        guild_id,
        board,
        period,
    )


def unbalanced(database: Path) -> list[tuple[Any, ...]]:
    """Return every transaction whose entries do not sum to zero."""
    return rows(
        database, "SELECT guild_id, seq, sum(amount) FROM entries GROUP BY guild_id, seq HAVING sum(amount) <> 0"
    )


def change(database: Path, statement: str) -> None:
    """Change a database whose bot is stopped, say to let time pass in it."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(statement)
