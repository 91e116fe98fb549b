"""`python -m bot recount`: leaderboards that differ from the journal are counted again, and nothing else changes."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, text

from bot.operations.recount import INCOMPLETE
from bot.storage.audit.auditor import audit_database
from bot.storage.database import Database
from tests.operating import operate_from_scratch
from tests.operations.conftest import Run
from tests.storage.kept import KEPT_DAYS, keep_books
from tests.storage.town import DAY, GUILD, OTHER_GUILD, Clock


def spoil(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE standings SET coins = coins + 1")


def spoil_shared(c: Connection) -> None:
    c.execute(text("UPDATE standings SET coins = coins + 1"))


def guilds_astray(address: str) -> set[int]:
    return {finding.guild_id for finding in audit_database(address)}


def rows_of(file: Path, table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return sorted(connection.execute(f"SELECT * FROM {table}"))


def test_spoilt_leaderboards_are_counted_again(books_file: Path):
    address = f"sqlite:///{books_file}"
    tables = ("standings", "ladders", "tallies", "journal", "balances")
    before = [rows_of(books_file, table) for table in tables]
    spoil(books_file)
    assert GUILD in guilds_astray(address)

    run_result = operate_from_scratch(books_file, "recount")

    assert run_result.returncode == 0, run_result.stderr
    assert run_result.stdout.splitlines() == [
        INCOMPLETE,
        "Counted 22 transactions in 2 guilds again. Leaderboards are complete.",
    ]
    assert guilds_astray(address) == set()
    assert [rows_of(books_file, table) for table in tables] == before


def test_only_one_guild_is_counted_if_asked_for(books_file: Path, run: Run):
    spoil(books_file)

    other = run(books_file, "recount", "--guild", OTHER_GUILD)
    assert guilds_astray(f"sqlite:///{books_file}") == {GUILD}
    results = [run(books_file, "recount", "--guild", guild) for guild in (GUILD, 404)]

    assert [other.returncode, *(result.returncode for result in results)] == [0, 0, 3]
    assert "There is no journal of guild 404" in results[1].stderr
    assert guilds_astray(f"sqlite:///{books_file}") == set()


async def test_books_that_a_bot_has_open_are_left_alone(books_file: Path, run: Run):
    spoil(books_file)
    clock = Clock()
    clock.now_ms += KEPT_DAYS * DAY
    books = await Database.open(f"sqlite:///{books_file}", clock=clock)

    run_result = await asyncio.to_thread(run, books_file, "recount")
    await books.close()

    assert run_result.returncode == 3
    assert "is in use by process" in run_result.stderr
    assert guilds_astray(f"sqlite:///{books_file}") == {GUILD}


async def test_a_server_s_leaderboards_are_counted_while_a_bot_has_them_open(shared: str, run: Run):
    await keep_books(shared)
    books = await Database.open(shared, clock=Clock())
    await books.writer.perform(spoil_shared)

    run_result = await asyncio.to_thread(run, shared, "recount")
    await books.close()

    assert run_result.returncode == 0, run_result.stderr
    assert await asyncio.to_thread(guilds_astray, shared) == set()
