"""Reads of a stage's database from outside the bot, with plain SQL, and changes to it while the bot is stopped."""

import asyncio
import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg

Where = Path | str
"""A SQLite file, or the address of a PostgreSQL database."""


def rows(database: Where, query: str, *values: object) -> list[tuple[Any, ...]]:
    """Return the rows of a query on the committed state of `database`."""
    if isinstance(database, str):
        return _fetch_from_server(database, query, values)
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute(query, values).fetchall()


def _fetch_from_server(address: str, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
    """Run a query with SQLite's placeholders on a PostgreSQL database, and return its rows."""
    numbers = count(1)
    statement = re.sub(r"\?", lambda _: f"${next(numbers)}", query)

    async def fetch() -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(address.replace("+asyncpg", ""))
        try:
            return [tuple(row) for row in await connection.fetch(statement, *values)]
        finally:
            await connection.close()

    # A thread of its own, because this one already runs the tests' event loop.
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, fetch()).result()


def only_value(database: Where, query: str, *values: object) -> Any:
    """Return the only value of the only row."""
    ((value,),) = rows(database, query, *values)
    return value


def gifts(database: Where, guild_id: int) -> list[tuple[int, str]]:
    """Return sequence number and key of every gift of a guild."""
    return rows(database, "SELECT seq, key FROM journal WHERE guild_id = ? AND kind = 'gift' ORDER BY seq", guild_id)


def gift_coins(database: Where, guild_id: int) -> int:
    """Return the coins of all gifts of a guild, from the journal, also of those that were taken back."""
    return _coins_of(database, guild_id, "gift")


def reversed_coins(database: Where, guild_id: int) -> int:
    """Return the coins of a guild that were taken back, from the journal."""
    return _coins_of(database, guild_id, "reversal")


def _coins_of(database: Where, guild_id: int, kind: str) -> int:
    coins = "json_extract(body, '$.coins')" if isinstance(database, Path) else "(body::json ->> 'coins')::bigint"
    query = f"SELECT coalesce(sum({coins}), 0) FROM journal WHERE guild_id = ? AND kind = ?"
    return only_value(database, query, guild_id, kind)


def unshown_posts(database: Where, guild_id: int) -> int:
    """Return the number of announcements that do not show all their gifts yet."""
    return only_value(
        database, "SELECT count(*) FROM announcements WHERE guild_id = ? AND shown_seq < last_seq", guild_id
    )


def leaderboard_coins(database: Where, guild_id: int, board: str, event_id: int = 0) -> int:
    """Return the total coins on the all-time board of a guild, or on that of a live event.

    A running bot counts gifts when it has a moment to itself: poll.
    """
    return only_value(
        database,
        "SELECT coalesce(sum(s.coins), 0) FROM standings AS s JOIN ladders USING (guild_id, ladder)"
        " WHERE guild_id = ? AND board = ? AND scope = 0 AND event = ?",
        guild_id,
        board,
        event_id,
    )


def unbalanced(database: Where) -> list[tuple[Any, ...]]:
    """Return every transaction whose entries do not sum to zero."""
    return rows(
        database, "SELECT guild_id, seq, sum(amount) FROM entries GROUP BY guild_id, seq HAVING sum(amount) <> 0"
    )


def change(database: Where, statement: str) -> None:
    """Change a database from outside, for example to let time pass in it.

    A statement that changes nothing fails: the bot has not written yet what the test wants to change.
    """
    statement += " RETURNING 1"
    if isinstance(database, str):
        changed_rows = _fetch_from_server(database, statement, ())
    else:
        with closing(sqlite3.connect(database)) as connection, connection:
            changed_rows = connection.execute(statement).fetchall()
    assert changed_rows, f"nothing to change: {statement}"


def hasten(database: Where, kind: str, by_ms: int) -> None:
    """Move the deadlines of one kind into the past, together with the rows that they are about."""
    change(database, f"UPDATE deadlines SET at_ms = at_ms - {by_ms} WHERE kind = '{kind}'")
