"""The way to past days: old books are counted again, and then have the days that they had before they were kept."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, insert, inspect

from bot.domain.leaderboards import Board
from bot.domain.periods import Period, Span
from bot.storage.audit.auditor import audit_database
from bot.storage.connect.address import database_url
from bot.storage.database import Database
from bot.storage.folds.leaderboards import past
from bot.storage.maintenance import migrate
from tests.storage.kept import keep_books
from tests.storage.old_databases import LATER_FOLDS, at_revision, on
from tests.storage.test_ladders_migration import fold_all, taken_from
from tests.storage.town import ALICE, DAY, GUILD, Clock

DAYS = (Span(20260205, 20260205), Span(20260307, 20260307), Span(202602, 202602), Span(20260206, 20260307))


async def coins_of_days(address: str) -> list[int]:
    clock = Clock()
    clock.now_ms += 1_000 * DAY
    books = await Database.open(address, clock=clock)
    boards = [
        await books.read(past.leaderboard, GUILD, Board.GIFTERS, Period.ALL, span, viewer_id=ALICE) for span in DAYS
    ]
    await books.close()
    return [board.coins for board in boards]


@pytest.mark.databases("sqlite", "postgresql")
async def test_old_books_have_their_past_days_once_they_are_counted_again(empty: str, tmp_path: Path):
    newest, url = f"sqlite:///{tmp_path / 'new.db'}", database_url(empty)
    migrate.upgrade(database_url(newest))
    await keep_books(newest)
    at_revision(url, "0045")
    books = on(database_url(newest), lambda c: taken_from(c, table_names(c)))
    # No such folds were there, so nothing of them was counted. Nor did anything look for fraud, or recap weeks.
    books["cursors"] = [cursor for cursor in books["cursors"] if cursor["follower"] not in LATER_FOLDS]
    books["deadlines"] = [each for each in books["deadlines"] if each["kind"] not in {"flag_look", "creator_week"}]
    on(url, lambda c: fill(c, books))

    migrate.upgrade(url, dumps=None)
    assert list(audit_database(empty)) == []
    await fold_all(empty)

    assert await coins_of_days(empty) == [150, 50, 150, 50]
    assert list(audit_database(empty)) == []


def table_names(c: Connection) -> set[str]:
    return {*inspect(c).get_table_names()} - {"alembic_version"}


def fill(c: Connection, books: dict[str, list[dict[str, Any]]]) -> None:
    """Write to a database of before what it would hold of `books`."""
    old = MetaData()
    old.reflect(c)
    for table in old.sorted_tables:
        names = table.columns.keys()
        if rows := [{name: row[name] for name in names} for row in books.get(table.name, [])]:
            c.execute(insert(table), rows)
    c.commit()
